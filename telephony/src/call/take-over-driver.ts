import type { LegMedia } from "./leg-media-driver.ts";
import { reasonHeader } from "./sip-fields.ts";
import { ALLOW, type SipAgent, type SipDialog, type SipRequest, type SipResponse } from "./sip-types.ts";

/** An INVITE with Replaces (RFC 3891): the leg's audio goes on with the new dialog, the old one gets a BYE. */
export interface ReplacedDialog {
  readonly callId: string;
  /** Tags from our side. */
  readonly localTag: string;
  readonly remoteTag: string;
}

export const sameDialog = ({ sip }: SipDialog, { callId, localTag, remoteTag }: ReplacedDialog): boolean =>
  sip.callId === callId && sip.localTag === localTag && sip.remoteTag === remoteTag;

/** `adopt`: makes the new dialog the leg's; false: the leg is over by now. */
export function takeOver(
  sip: SipAgent,
  leg: {
    readonly dialog: SipDialog;
    readonly media: LegMedia;
    readonly invite: { readonly request: SipRequest; readonly response: SipResponse };
  },
  adopt: (next: SipDialog) => boolean,
): void {
  const { dialog, media, invite } = leg;
  const { request, response } = invite;
  let localSdp: string;
  if (request.body) {
    const outcome = media.takeOffer(request.body);
    if (outcome.type === "refused") {
      response.send(outcome.sipCode);
      return;
    }
    localSdp = outcome.sdp;
  } else localSdp = media.nextOffer();
  sip.createUAS(request, response, { localSdp, headers: { Allow: ALLOW } }, (error, next) => {
    if (error) return; // taken back, or refused by the SIP server: the leg stays as it was
    if (adopt(next)) dialog.destroy({ headers: { Reason: reasonHeader(16, "replaced") } }, () => undefined);
    else next.destroy({ headers: { Reason: reasonHeader(16, "the call has ended") } }, () => undefined);
  });
}
