import { parseNameAddr } from "../server/message/index.ts";
import type { LegMedia } from "./leg-media-driver.ts";
import { ALLOW, type SipDialog, type SipReply, type SipRequest, type SipResponse } from "./sip-types.ts";
import type { TrunkAttempt, TrunkInviteListener } from "./trunk-caller-driver.ts";

/**
 * A PBX asks by REFER (RFC 3515) that its end of a leg be somewhere else. We call the target ourselves with the leg's own audio, tell
 * the PBX how it goes, and when the target answers the leg has another dialog; the old one ends. If the target does not answer, all
 * stays as it was. A PBX that hangs up without waiting for the outcome (blind transfer) does not end the leg before it is known.
 */
export interface ReferOptions {
  readonly dialog: SipDialog;
  readonly media: () => LegMedia | null;
  /** Null: the trunk does not allow it. */
  readonly call: ReferCall | null;
  /** Asks the leg on the other side to go where this one was sent (`refer: "allow"`); false: it does not. Not given: we call. */
  readonly pass?: PassRefer | undefined;
  /** The leg is with the target now. */
  readonly onMoved: (dialog: SipDialog) => void;
  /** The PBX had hung up by then, and the target did not take the leg: nobody is there any more. */
  readonly onGone: () => void;
}
export type PassRefer = (headers: Record<string, string>) => Promise<boolean>;
export interface Refers {
  /** The target is being called. */
  readonly isPending: boolean;
  /** The leg is over: nobody need be called. */
  cancel(): void;
}
export type ReferCall = (
  target: { readonly uri: string; readonly headers: Record<string, string>; readonly localSdp: string },
  listener: TrunkInviteListener,
) => TrunkAttempt;

/** The PBX hangs up when it has heard of the answer; if not, we do. */
const GOODBYE_MS = 2000;
const MAX_TARGET = 512;

export function followRefers(options: ReferOptions): Refers {
  const { dialog, media, call, pass, onMoved, onGone } = options;
  let attempt: TrunkAttempt | null = null;

  dialog.on("refer", (request: SipRequest, response: SipResponse) => {
    const target = targetOf(request.get("refer-to"));
    const leg = media();
    if (target === null) return response.send(400);
    if (call === null || leg === null) return response.send(603);
    if (attempt !== null) return response.send(491);
    response.send(202);
    notify("active;expires=60", "SIP/2.0 100 Trying");
    const referredBy = request.get("referred-by")?.replace(/[\r\n]+/g, " ");
    const origin: Record<string, string> = referredBy === undefined ? {} : { "Referred-By": referredBy };
    const headers = {
      ...(target.replaces === null ? {} : { Replaces: target.replaces }),
      ...{ ...origin, Allow: ALLOW },
    };
    if (pass === undefined) return dial(target.uri, headers, leg, call);
    let isWanted = true;
    attempt = {
      cancel() {
        isWanted = false;
      },
    };
    const referTo = (request.get("refer-to") ?? "").replace(/[\r\n]+/g, " ");
    void pass({ "Refer-To": referTo, ...origin }).then((passed) => {
      if (!isWanted) return;
      attempt = null;
      // The other side goes by itself, and hangs up with us when it is there.
      if (passed) notify("terminated;reason=noresource", "SIP/2.0 200 OK");
      else dial(target.uri, headers, leg, call);
    });
  });

  const dial = (uri: string, headers: Record<string, string>, leg: LegMedia, place: ReferCall): void => {
    attempt = place(
      { uri, headers, localSdp: leg.nextOffer() },
      {
        onProvisional: (sipCode, _sdp, reply) => notify("active;expires=60", statusLine(sipCode, reply)),
        onAnswered: (next, sdp) => {
          attempt = null;
          if (leg.takeAnswer(sdp) === null) {
            next.destroy({ headers: {} }, () => undefined);
            failed("SIP/2.0 488 Not Acceptable Here");
            return;
          }
          onMoved(next);
          notify("terminated;reason=noresource", "SIP/2.0 200 OK");
          setTimeout(() => {
            if (dialog.connected) dialog.destroy({ headers: {} }, () => undefined);
          }, GOODBYE_MS);
        },
        onFailed: (sipCode, _reason, reply) => {
          attempt = null;
          failed(statusLine(sipCode === 0 ? 503 : sipCode, reply));
        },
      },
    );
  };

  const failed = (line: string): void => {
    if (dialog.connected) notify("terminated;reason=noresource", line);
    else onGone();
  };

  const notify = (subscriptionState: string, body: string): void => {
    if (!dialog.connected) return;
    const headers = {
      Event: "refer",
      "Subscription-State": subscriptionState,
      "Content-Type": "message/sipfrag;version=2.0",
    };
    dialog.request({ method: "NOTIFY", headers, body: `${body}\r\n` }, () => undefined);
  };
  return {
    get isPending() {
      return attempt !== null;
    },
    cancel() {
      attempt?.cancel();
      attempt = null;
    },
  };
}

const statusLine = (sipCode: number, reply: SipReply | null): string =>
  `SIP/2.0 ${sipCode} ${(reply?.reason ?? "").replace(/[\r\n]/g, " ") || "Failed"}`;

/** A target by itself, or one that takes the place of a call (`?Replaces=`, RFC 3891); null: none that we can call. */
function targetOf(referTo: string | undefined): { readonly uri: string; readonly replaces: string | null } | null {
  const address = parseNameAddr(referTo ?? "");
  if (address === null || address.uri.length > MAX_TARGET) return null;
  const [uri = "", headers = ""] = address.uri.split("?", 2);
  if (!/^sips?:[^\s<>"|]+$/i.test(uri)) return null;
  const replaces = /(?:^|&)replaces=([^&]*)/i.exec(headers)?.[1];
  if (replaces === undefined) return { uri, replaces: null };
  try {
    const plain = decodeURIComponent(replaces);
    return /[\r\n]/.test(plain) ? null : { uri, replaces: plain };
  } catch {
    return null;
  }
}
