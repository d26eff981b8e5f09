import type { LegMedia, OfferOutcome } from "./leg-media-driver.ts";
import type { SipDialog, SipRequest, SipResponse } from "./sip-types.ts";

/**
 * Takes re-INVITEs of a dialog, and UPDATEs with an offer (RFC 3311), to its media. drachtio-srf would look at a re-INVITE's body
 * before anyone else may, and cannot do without one (a late offer in the middle of a call).
 */
export function followReInvites(
  dialog: SipDialog,
  media: () => LegMedia | null,
  onChanged: (outcome: Extract<OfferOutcome, { type: "answer" }>) => void,
): void {
  const handle = dialog.handle.bind(dialog);
  dialog.handle = (request: SipRequest, response: SipResponse): void => {
    const isOffer = request.method === "INVITE" || (request.method === "UPDATE" && Boolean(request.body));
    if (isOffer) answer(dialog, media(), request, response, onChanged);
    else handle(request, response);
  };
}

function answer(
  dialog: SipDialog,
  media: LegMedia | null,
  request: SipRequest,
  response: SipResponse,
  onChanged: (outcome: Extract<OfferOutcome, { type: "answer" }>) => void,
): void {
  const headers: Record<string, string> = dialog.local.contact ? { Contact: dialog.local.contact } : {};
  if (media === null) {
    response.send(481);
  } else if (!request.body) {
    response.send(200, { body: media.nextOffer(), headers });
  } else {
    const outcome = media.takeOffer(request.body);
    if (outcome.type === "refused") {
      response.send(outcome.sipCode);
      return;
    }
    response.send(200, { body: outcome.sdp, headers });
    onChanged(outcome);
  }
}
