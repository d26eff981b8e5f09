import type { SessionTerms } from "../trunk/session-terms.ts";
import type { LegMedia } from "./leg-media-driver.ts";
import type { SipRequest, SipResponse } from "./sip-types.ts";
import { RING_BACK_MS, ringBack } from "./tones.ts";

/**
 * Rings before we answer, as the trunk's form says. A reliable response (RFC 3262) with SDP must be confirmed by PRACK before our 200;
 * where the PBX made no offer, the first reliable one carries ours and PRACK the answer (RFC 3261 §13.2.1: delayed offer with "Rel1XX
 * all" of Cisco).
 */
export type Rung =
  /** Go on to 200: with the SDP given; null: it was agreed already. */
  | { readonly type: "rung"; readonly localSdp: string | null; readonly agreed: boolean }
  | { readonly type: "failed"; readonly sipCode: number; readonly reason: string };

const PRACK_MS = 8000;

export async function ringFirst(
  invite: { readonly request: SipRequest; readonly response: SipResponse },
  session: SessionTerms,
  leg: { readonly media: LegMedia; readonly lateOffer: boolean },
): Promise<Rung> {
  const { media, lateOffer } = leg;
  const localSdp = media.firstSdp();
  const { provisional } = session;
  if (provisional === null) return { type: "rung", localSdp, agreed: !lateOffer };
  const { sipCode, isReliable } = provisional;
  // 180 is for the caller's own ring tone; it has SDP only where the protocol leaves no choice.
  const withSdp = isReliable ? lateOffer || sipCode === 183 : sipCode === 183 && !lateOffer;
  const startedAt = performance.now();
  const acknowledged = await send(invite.response, { sipCode, isReliable, body: withSdp ? localSdp : "" });
  if (isReliable && acknowledged === null) {
    return { type: "failed", sipCode: 504, reason: "the PBX did not confirm our reliable ringing (PRACK)" };
  }
  const answer = lateOffer && withSdp ? (acknowledged?.body ?? "") : null;
  if (answer !== null && media.takeAnswer(answer) === null) {
    return { type: "failed", sipCode: 488, reason: "the answer in PRACK has no audio that we know" };
  }
  const left = session.ringMs - (performance.now() - startedAt);
  if (left > 0) {
    // With 183 the caller hears what we send instead of a tone of his own network.
    if (withSdp)
      for (let ms = 0; ms < left; ms += RING_BACK_MS) media.endpoint.play(ringBack(media.endpoint.sampleRateHz));
    await new Promise((resolve) => setTimeout(resolve, left));
    media.endpoint.stopPlaying();
  }
  return { type: "rung", localSdp: isReliable && withSdp ? null : localSdp, agreed: !lateOffer || answer !== null };
}

/** Resolves with the PRACK; null: none came. An unreliable one is not waited for. */
function send(
  response: SipResponse,
  ring: { readonly sipCode: number; readonly isReliable: boolean; readonly body: string },
): Promise<SipRequest | null> {
  const { sipCode, isReliable, body } = ring;
  const options = { headers: isReliable ? { Require: "100rel" } : {}, ...(body === "" ? {} : { body }) };
  if (!isReliable) {
    response.send(sipCode, options);
    return Promise.resolve(null);
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), PRACK_MS);
    const settle = (prack: SipRequest | null): void => {
      clearTimeout(timer);
      resolve(prack);
    };
    response.send(
      sipCode,
      options,
      (error) => {
        if (error) settle(null);
      },
      settle,
    );
  });
}
