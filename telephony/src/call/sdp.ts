import { isIP, isIPv6 } from "node:net";
import { parse, type SdpMedia } from "sdp-transform";
import type { CodecName, RtpAddress } from "../rtp/rtp-endpoint.ts";
import type { SrtpSuite } from "../rtp/srtp.ts";
import { type MediaTerms, plainTerms } from "./media-terms.ts";
import { cryptoLine, readCrypto, type SdesKey } from "./sdes.ts";

/**
 * Offer and answer of one audio stream (RFC 3264, RFC 4566, RFC 4733), encrypted by SDES where the terms allow it: as RTP/SAVP, and as
 * RTP/AVP with keys (RFC 8643). Other streams of an offer are refused with port 0.
 */

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
  /** The peer's key, by which it sends; null: in the open. */
  readonly crypto: SdesKey | null;
  /** Length of packets that it wants, and the longest that it takes; null: it does not say. */
  readonly ptimeMs: number | null;
  readonly maxPtimeMs: number | null;
  /** Where it wants RTCP; null: one above its RTP. */
  readonly rtcp: RtpAddress | null;
  readonly comfortNoise: boolean;
}

export interface SdpFault {
  /** `not-encrypted`: the terms want encryption, and the peer does not offer what we know. */
  readonly fault: "malformed" | "no-audio" | "encrypted-only" | "not-encrypted" | "no-common-codec";
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
  /** Ours, by which we send: one for each suite. */
  readonly keys?: readonly SdesKey[];
}

const MAX_BYTES = 16_384;
const MAX_LINES = 16;
const STATIC: Readonly<Record<number, CodecName>> = { 0: "PCMU", 8: "PCMA", 9: "G722" };
const PAYLOAD_TYPES: Readonly<Record<CodecName, number>> = { PCMU: 0, PCMA: 8, G722: 9 };
const COMFORT_NOISE = 13;
const PTIME_MS = { min: 10, max: 40 };
const PLAIN = new Set(["RTP/AVP", "RTP/AVPF"]);
const SECURE = new Set(["RTP/SAVP", "RTP/SAVPF"]);

/** `terms`: what we may encrypt by. */
export function parseSdp(
  text: string,
  terms: Pick<MediaTerms, "srtp" | "suites"> = { srtp: "off", suites: [] },
): RemoteAudio | SdpFault {
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
  const picked = pick(audio, terms);
  if ("fault" in picked) return picked;
  const { line, crypto } = picked;
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
    crypto,
    ptimeMs: wholeOf(line.ptime),
    maxPtimeMs: wholeOf(line.maxptime),
    rtcp: rtcpOf(line, address),
    comfortNoise: String(line.payloads ?? "")
      .split(" ")
      .includes(String(COMFORT_NOISE)),
  };
}

/** The stream to talk by: an encrypted one where there may be one, else a plain one where that may be. */
function pick(
  audio: readonly SdpMedia[],
  terms: Pick<MediaTerms, "srtp" | "suites">,
): { readonly line: SdpMedia; readonly crypto: SdesKey | null } | SdpFault {
  const plain = audio.filter((line) => PLAIN.has(line.protocol));
  if (terms.srtp !== "off") {
    for (const line of [...audio.filter((item) => SECURE.has(item.protocol)), ...plain]) {
      const crypto = (line.crypto ?? [])
        .map(readCrypto)
        .find((key): key is SdesKey => key !== null && terms.suites.includes(key.suite));
      if (crypto !== undefined) return { line, crypto };
    }
    if (terms.srtp === "require") return { fault: "not-encrypted" };
  }
  const [line] = plain;
  return line === undefined ? { fault: "encrypted-only" } : { line, crypto: null };
}

function wholeOf(value: number | string | undefined): number | null {
  const number = Number(value);
  return value !== undefined && Number.isFinite(number) && number > 0 ? number : null;
}

function rtcpOf(line: SdpMedia, address: string): RtpAddress | null {
  if (line.rtcp === undefined) return null;
  const port = Number(line.rtcp.port);
  const named = line.rtcp.address ?? address;
  return Number.isInteger(port) && port > 0 && port <= 65535 && isIP(named) !== 0 ? { address: named, port } : null;
}

/** How long our packets to this peer are: what it asks for, as far as we can and it takes them. */
export function ptimeFor(remote: RemoteAudio, terms: Pick<MediaTerms, "ptimeMs">): number {
  const wished = Math.min(remote.ptimeMs ?? terms.ptimeMs, remote.maxPtimeMs ?? PTIME_MS.max);
  return Math.min(PTIME_MS.max, Math.max(PTIME_MS.min, Math.floor(wished / 10) * 10));
}

/** Our key for the suite that was agreed on. */
export const ownKey = (keys: readonly SdesKey[], suite: SrtpSuite): SdesKey | null =>
  keys.find((key) => key.suite === suite) ?? null;

/** The first codec of our preference that the peer takes. */
export function choose(
  remote: RemoteAudio,
  preference: readonly CodecName[],
  terms: Pick<MediaTerms, "dtmfPayloadType"> = { dtmfPayloadType: remote.dtmfPayloadType },
): MediaChoice | SdpFault {
  const dtmfPayloadType = terms.dtmfPayloadType === null ? null : remote.dtmfPayloadType;
  for (const name of preference) {
    const match = remote.codecs.find((codec) => codec.name === name);
    if (match !== undefined) return { codec: name, payloadType: match.payloadType, dtmfPayloadType };
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

export function answerSdp(
  remote: RemoteAudio,
  choice: MediaChoice,
  local: LocalAudio,
  terms: MediaTerms = plainTerms([choice.codec]),
): string {
  const { crypto } = remote;
  const own = crypto === null ? null : ownKey(local.keys ?? [], crypto.suite);
  const lines = remote.lines.flatMap((line, index) =>
    index === remote.audioIndex
      ? audioLines([{ name: choice.codec, payloadType: choice.payloadType }], choice.dtmfPayloadType, {
          port: local.port,
          direction: mirrored(remote.direction),
          protocol: line.protocol,
          // An answer carries the tag of the line that it takes (RFC 4568 §5.1.2).
          keys: crypto === null || own === null ? [] : [{ ...own, tag: crypto.tag }],
          ptimeMs: remote.ptimeMs === null ? terms.ptimeMs : ptimeFor(remote, terms),
          comfortNoise: terms.comfortNoise && remote.comfortNoise,
        })
      : [`m=${line.type} 0 ${line.protocol} ${line.formats}`],
  );
  return [...head(local), ...lines, ""].join("\r\n");
}

export function offerSdp(
  preference: readonly CodecName[],
  local: LocalAudio,
  direction: Direction = "sendrecv",
  terms: MediaTerms = plainTerms(preference),
): string {
  const codecs = preference.map((name) => ({ name, payloadType: PAYLOAD_TYPES[name] }));
  const lines = audioLines(codecs, terms.dtmfPayloadType, {
    port: local.port,
    direction,
    protocol: terms.srtp === "require" ? "RTP/SAVP" : "RTP/AVP",
    keys: terms.srtp === "off" ? [] : (local.keys ?? []),
    ptimeMs: terms.ptimeMs,
    comfortNoise: terms.comfortNoise,
  });
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
  line: {
    readonly port: number;
    readonly direction: Direction;
    readonly protocol: string;
    readonly keys: readonly SdesKey[];
    readonly ptimeMs: number;
    readonly comfortNoise: boolean;
  },
): string[] {
  const noise = line.comfortNoise ? [COMFORT_NOISE] : [];
  const types = [...codecs.map((codec) => codec.payloadType), ...noise, ...(dtmf === null ? [] : [dtmf])];
  return [
    `m=audio ${line.port} ${line.protocol} ${types.join(" ")}`,
    ...codecs.map((codec) => `a=rtpmap:${codec.payloadType} ${codec.name}/8000`),
    ...noise.map((type) => `a=rtpmap:${type} CN/8000`),
    // All our codecs run at one clock, so one telephone-event is enough; more than one confuses phones.
    ...(dtmf === null ? [] : [`a=rtpmap:${dtmf} telephone-event/8000`, `a=fmtp:${dtmf} 0-15`]),
    ...line.keys.map(cryptoLine),
    `a=ptime:${line.ptimeMs}`,
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
  // An rtpmap of a type that the m= line does not list offers nothing (RFC 8866 §6.6).
  const listed = new Set(String(line.payloads ?? "").split(" "));
  const events = line.rtp.filter(
    (item) => item.codec.toLowerCase() === "telephone-event" && item.payload <= 127 && listed.has(String(item.payload)),
  );
  return events.find((item) => item.rate === undefined || item.rate === 8000)?.payload ?? null;
}

function directionOf(text: string | undefined): Direction {
  return text === "sendonly" || text === "recvonly" || text === "inactive" ? text : "sendrecv";
}

const withoutReceiving = (direction: Direction): Direction =>
  direction === "sendrecv" || direction === "sendonly" ? "sendonly" : "inactive";
