import { CODECS } from "@intramuros/contracts";
import { parse } from "sdp-transform";
import type { CodecName, RtpAddress } from "../rtp/rtp-endpoint.ts";

/** Static payload types (RFC 3551 §6); G.722's clock is written as 8000 (§4.5.2). */
const PAYLOAD_TYPE: Readonly<Record<CodecName, number>> = { PCMU: 0, PCMA: 8, G722: 9 };

/** The caller's offer: these codecs, best first, and keys as events (RFC 4733). */
export function makeOffer(at: RtpAddress, codecs: readonly CodecName[]): string {
  return [
    "v=0",
    `o=commissioning 1 1 IN IP4 ${at.address}`,
    "s=-",
    `c=IN IP4 ${at.address}`,
    "t=0 0",
    `m=audio ${at.port} RTP/AVP ${codecs.map((codec) => PAYLOAD_TYPE[codec]).join(" ")} 101`,
    ...codecs.map((codec) => `a=rtpmap:${PAYLOAD_TYPE[codec]} ${codec}/8000`),
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-16",
    "a=ptime:20",
    "a=sendrecv",
    "",
  ].join("\r\n");
}

export type AnswerResult =
  | {
      readonly type: "ok";
      readonly remote: RtpAddress;
      readonly codec: CodecName;
      readonly payloadType: number;
      readonly dtmfPayloadType: number | null;
    }
  | { readonly type: "faulty"; readonly problem: string };

/** Reads the answer to that offer. */
export function readAnswer(text: string): AnswerResult {
  const description = parse(text);
  const audio = description.media.find((media) => media.type === "audio");
  if (audio === undefined || audio.port === 0) return { type: "faulty", problem: "the answer has no audio" };
  const address = audio.connection?.ip ?? description.connection?.ip;
  if (address === undefined) return { type: "faulty", problem: "the answer has no address" };
  const payloads = String(audio.payloads ?? "")
    .split(" ")
    .map(Number);
  const codec = CODECS.find((name) => payloads.includes(PAYLOAD_TYPE[name]) && payloads[0] === PAYLOAD_TYPE[name]);
  if (codec === undefined) return { type: "faulty", problem: "the answer has none of the codecs offered" };
  const events = audio.rtp.find((entry) => entry.codec.toLowerCase() === "telephone-event");
  return {
    type: "ok",
    remote: { address, port: audio.port },
    codec,
    payloadType: PAYLOAD_TYPE[codec],
    dtmfPayloadType: events?.payload ?? null,
  };
}
