import { parse } from "sdp-transform";
import type { CodecName, RtpAddress } from "../rtp/rtp-endpoint.ts";

/** The caller's offer: G.711 both ways and keys as events (RFC 4733). */
export function makeOffer(at: RtpAddress): string {
  return [
    "v=0",
    `o=commissioning 1 1 IN IP4 ${at.address}`,
    "s=-",
    `c=IN IP4 ${at.address}`,
    "t=0 0",
    `m=audio ${at.port} RTP/AVP 8 0 101`,
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:0 PCMU/8000",
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
  const payloadType = payloads.find((type) => type === 8 || type === 0);
  if (payloadType === undefined) return { type: "faulty", problem: "the answer has neither PCMA nor PCMU" };
  const events = audio.rtp.find((entry) => entry.codec.toLowerCase() === "telephone-event");
  return {
    type: "ok",
    remote: { address, port: audio.port },
    codec: payloadType === 8 ? "PCMA" : "PCMU",
    payloadType,
    dtmfPayloadType: events?.payload ?? null,
  };
}
