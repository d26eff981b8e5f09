import { isIP, isIPv6 } from "node:net";
import { parse, type SdpMedia } from "sdp-transform";
import type { CodecName } from "../rtp/rtp-endpoint.ts";

/** Offer and answer of one audio stream (RFC 3264, RFC 4566, RFC 4733). Other streams of an offer are refused with port 0. */

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

export interface RemoteAudio {
  readonly address: string;
  readonly port: number;
  /** What the peer can take, in its order of preference. */
  readonly codecs: readonly { readonly name: CodecName; readonly payloadType: number }[];
  /** Payload type of telephone-event at 8000 Hz, the clock of all our codecs; G.722 counts as 8000 too (RFC 3551 §4.5.2). */
  readonly dtmfPayloadType: number | null;
  readonly direction: Direction;
  /** Every `m=` line of the offer in order, so that the answer can have as many (RFC 3264 §6). */
  readonly lines: readonly { readonly type: string; readonly protocol: string; readonly formats: string }[];
  readonly audioIndex: number;
}

export interface SdpFault {
  readonly fault: "malformed" | "no-audio" | "encrypted-only" | "no-common-codec";
}
export const isSdpFault = (value: object): value is SdpFault => "fault" in value;

export interface MediaChoice {
  readonly codec: CodecName;
  readonly payloadType: number;
  readonly dtmfPayloadType: number | null;
}

export interface LocalAudio {
  readonly address: string;
  readonly port: number;
  readonly sessionId: number;
  /** One more for each change (RFC 3264 §8). */
  readonly version: number;
}

const MAX_BYTES = 16_384;
const MAX_LINES = 16;
const STATIC: Readonly<Record<number, CodecName>> = { 0: "PCMU", 8: "PCMA", 9: "G722" };
const PAYLOAD_TYPES: Readonly<Record<CodecName, number>> = { PCMU: 0, PCMA: 8, G722: 9 };
/** What most phones use, and what we offer. */
const DTMF_PAYLOAD_TYPE = 101;
const PTIME_MS = 20;

export function parseSdp(text: string): RemoteAudio | SdpFault {
  if (text.length > MAX_BYTES || !text.startsWith("v=0")) return { fault: "malformed" };
  let session: ReturnType<typeof parse>;
  try {
    session = parse(text);
  } catch {
    return { fault: "malformed" };
  }
  const { media } = session;
  if (!Array.isArray(media) || media.length > MAX_LINES) return { fault: "malformed" };
  const audio = media.filter((line) => line.type === "audio" && line.port !== 0);
  if (audio.length === 0) return { fault: "no-audio" };
  const line = audio.find((item) => item.protocol === "RTP/AVP");
  if (line === undefined) return { fault: "encrypted-only" };
  const address = line.connection?.ip ?? session.connection?.ip ?? "";
  const port = Number(line.port);
  if (isIP(address) === 0 || !Number.isInteger(port) || port < 1 || port > 65535) return { fault: "malformed" };
  const direction = directionOf(line.direction ?? session.direction);
  return {
    address,
    port,
    codecs: codecsOf(line),
    dtmfPayloadType: dtmfOf(line),
    // The old way to say "do not send to me" (RFC 2543), still seen.
    direction: address === "0.0.0.0" || address === "::" ? withoutReceiving(direction) : direction,
    lines: media.map((item) => ({
      type: item.type,
      protocol: item.protocol,
      formats: String(item.payloads ?? "0"),
    })),
    audioIndex: media.indexOf(line),
  };
}

/** The first codec of our preference that the peer takes. */
export function choose(remote: RemoteAudio, preference: readonly CodecName[]): MediaChoice | SdpFault {
  for (const name of preference) {
    const match = remote.codecs.find((codec) => codec.name === name);
    if (match !== undefined) {
      return { codec: name, payloadType: match.payloadType, dtmfPayloadType: remote.dtmfPayloadType };
    }
  }
  return { fault: "no-common-codec" };
}

/** What we say to the peer's direction: we send whenever it listens and listen whenever it sends. */
export function mirrored(direction: Direction): Direction {
  if (direction === "sendonly") return "recvonly";
  if (direction === "recvonly") return "sendonly";
  return direction;
}

/** The peer does not want to hear us: it has put us on hold (RFC 3264 §8.4). */
export const isHold = (direction: Direction): boolean => direction === "sendonly" || direction === "inactive";

export function answerSdp(remote: RemoteAudio, choice: MediaChoice, local: LocalAudio): string {
  const lines = remote.lines.flatMap((line, index) =>
    index === remote.audioIndex
      ? audioLines([{ name: choice.codec, payloadType: choice.payloadType }], choice.dtmfPayloadType, {
          port: local.port,
          direction: mirrored(remote.direction),
        })
      : [`m=${line.type} 0 ${line.protocol} ${line.formats}`],
  );
  return [...head(local), ...lines, ""].join("\r\n");
}

export function offerSdp(
  preference: readonly CodecName[],
  local: LocalAudio,
  direction: Direction = "sendrecv",
): string {
  const codecs = preference.map((name) => ({ name, payloadType: PAYLOAD_TYPES[name] }));
  const lines = audioLines(codecs, DTMF_PAYLOAD_TYPE, { port: local.port, direction });
  return [...head(local), ...lines, ""].join("\r\n");
}

export const isCodecName = (name: string): name is CodecName => name === "PCMA" || name === "PCMU" || name === "G722";

/** A trunk's wish as codecs; all three when it names none. */
export function preferenceOf(names: readonly string[]): readonly CodecName[] {
  const known = names.filter(isCodecName);
  return known.length > 0 ? known : ["PCMA", "PCMU", "G722"];
}

function head(local: LocalAudio): string[] {
  const net = `IN ${isIPv6(local.address) ? "IP6" : "IP4"} ${local.address}`;
  return ["v=0", `o=intramuros ${local.sessionId} ${local.version} ${net}`, "s=-", `c=${net}`, "t=0 0"];
}

function audioLines(
  codecs: RemoteAudio["codecs"],
  dtmf: number | null,
  line: { readonly port: number; readonly direction: Direction },
): string[] {
  const types = [...codecs.map((codec) => codec.payloadType), ...(dtmf === null ? [] : [dtmf])];
  return [
    `m=audio ${line.port} RTP/AVP ${types.join(" ")}`,
    ...codecs.map((codec) => `a=rtpmap:${codec.payloadType} ${codec.name}/8000`),
    ...(dtmf === null ? [] : [`a=rtpmap:${dtmf} telephone-event/8000`, `a=fmtp:${dtmf} 0-15`]),
    `a=ptime:${PTIME_MS}`,
    `a=${line.direction}`,
  ];
}

function codecsOf(line: SdpMedia): RemoteAudio["codecs"] {
  const types = String(line.payloads ?? "")
    .split(" ")
    .filter((text) => /^[0-9]{1,3}$/.test(text))
    .map(Number);
  const named = new Map(line.rtp.map((item) => [item.payload, item]));
  return types.flatMap((payloadType) => {
    const map = named.get(payloadType);
    if (map === undefined) {
      const name = STATIC[payloadType];
      return name === undefined ? [] : [{ name, payloadType }];
    }
    const name = map.codec.toUpperCase();
    return isCodecName(name) && (map.rate === undefined || map.rate === 8000) ? [{ name, payloadType }] : [];
  });
}

function dtmfOf(line: SdpMedia): number | null {
  const events = line.rtp.filter((item) => item.codec.toLowerCase() === "telephone-event" && item.payload <= 127);
  return events.find((item) => item.rate === undefined || item.rate === 8000)?.payload ?? null;
}

function directionOf(text: string | undefined): Direction {
  return text === "sendonly" || text === "recvonly" || text === "inactive" ? text : "sendrecv";
}

const withoutReceiving = (direction: Direction): Direction =>
  direction === "sendrecv" || direction === "sendonly" ? "sendonly" : "inactive";
