import { randomBytes } from "node:crypto";
import { isIPv6 } from "node:net";
import type { LegMediaReport } from "@intramuros/contracts";
import type { DirectionQuality } from "../rtp/quality.ts";
import type { CodecName, DigitVia, RtpAddress, RtpEndpoint, RtpEndpointOptions } from "../rtp/rtp-endpoint.ts";
import { openRtpEndpoint, type RtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import type { SrtpKeys } from "../rtp/srtp.ts";
import type { CallMediaStore, LegFigures, LegName, LegRecord } from "./call-media-store.ts";
import type { KeptMedia } from "./kept-call.ts";
import { type MediaTerms, plainTerms, tonesOf } from "./media-terms.ts";
import { isSameKey, KEY_SALT_BYTES, keyOf, type SdesKey } from "./sdes.ts";
import {
  answerSdp,
  choose,
  type Direction,
  isHold,
  isSdpFault,
  type LocalAudio,
  type MediaChoice,
  offerSdp,
  ownKey,
  parseSdp,
  ptimeFor,
  type RemoteAudio,
} from "./sdp.ts";

/** One leg's media through all its offers and answers: the endpoint follows what was agreed last. */
export interface LegMediaOptions {
  readonly pool: RtpPortPool;
  readonly bindAddress: string;
  /** Written in SDP. */
  readonly sdpAddress: string;
  readonly preference: readonly CodecName[];
  /** What the trunk's form says; not given: a phone's. */
  readonly terms?: MediaTerms;
  /** The offer that began the leg; null: we offer. */
  readonly remote: { readonly audio: RemoteAudio; readonly choice: MediaChoice } | null;
  readonly signallingSource: string;
  /** A leg that the process before this one had: its port, its keys, and where its SDP stood. */
  readonly before?: Pick<KeptMedia, "port" | "keys" | "sessionId" | "version">;
  readonly onFrame: RtpEndpointOptions["onFrame"];
  readonly onDigit: RtpEndpointOptions["onDigit"];
  /** Where its figures and packets are kept. */
  readonly record?: { readonly store: CallMediaStore; readonly leg: LegName };
}

export type OfferOutcome =
  | { readonly type: "answer"; readonly sdp: string; readonly hold: boolean; readonly rateChanged: boolean }
  | { readonly type: "refused"; readonly sipCode: number };

const MAX_DIGITS_SEEN = 200;

export class LegMedia {
  readonly endpoint: RtpEndpoint;
  readonly #options: LegMediaOptions;
  readonly #terms: MediaTerms;
  readonly #record: LegRecord | null;
  readonly #sessionId: number;
  readonly #ownKeys: readonly SdesKey[];
  #version: number;
  /** What was agreed last; null: nothing yet. */
  #agreed: LegMediaOptions["remote"] = null;
  #direction: Direction = "sendrecv";
  #crypto: { readonly theirs: SdesKey; readonly keys: SrtpKeys } | null = null;
  readonly #digitsSeen: LegMediaReport["dtmfSeen"] = [];

  private constructor(
    endpoint: RtpEndpoint,
    options: LegMediaOptions,
    own: { readonly terms: MediaTerms; readonly keys: readonly SdesKey[]; readonly record: LegRecord | null },
  ) {
    this.endpoint = endpoint;
    this.#options = options;
    this.#terms = own.terms;
    this.#ownKeys = own.keys;
    this.#record = own.record;
    this.#sessionId = options.before?.sessionId ?? Math.trunc(Date.now() / 1000);
    this.#version = options.before?.version ?? 1;
    this.#record?.report(() => this.#figures());
  }

  static async open(options: LegMediaOptions): Promise<LegMedia> {
    const { remote, preference } = options;
    const terms: MediaTerms = { ...(options.terms ?? plainTerms(preference)), preference };
    const codec = remote?.choice.codec ?? preference[0]!;
    const first = parsedOffer(options, codec, terms);
    const record = options.record === undefined ? null : options.record.store.begin(options.record.leg);
    const made: { media: LegMedia | null } = { media: null };
    const endpoint = await openRtpEndpoint(options.pool.within(terms.ports), {
      localAddress: options.bindAddress,
      ...(options.before === undefined ? {} : { localPort: options.before.port }),
      codec,
      payloadType: first.payloadType,
      dtmfPayloadType: first.dtmfPayloadType,
      remote: remote === null ? null : { address: remote.audio.address, port: remote.audio.port },
      allowedSources: [options.signallingSource],
      onFrame: options.onFrame,
      onDigit: (digit, via) => {
        made.media?.digitSeen(digit, via);
        options.onDigit(digit, via);
      },
      ptimeMs: terms.ptimeMs,
      tones: tonesOf(terms),
      rtcp: terms.rtcp,
      symmetric: terms.symmetric,
      tap: record?.tap ?? null,
    }).catch((error: unknown) => {
      record?.end();
      throw error;
    });
    const media = new LegMedia(endpoint, options, { terms, keys: options.before?.keys ?? newKeys(terms), record });
    made.media = media;
    if (remote !== null) media.#agree(remote.audio, remote.choice);
    if (options.before !== undefined) media.answered();
    return media;
  }

  #local(): LocalAudio {
    const { sdpAddress } = this.#options;
    return {
      ...{ address: sdpAddress, port: this.endpoint.localPort, sessionId: this.#sessionId, version: this.#version },
      keys: this.#ownKeys,
    };
  }

  /** SDP of the first answer, or of our offer. */
  firstSdp(): string {
    const { remote, preference } = this.#options;
    return remote === null
      ? offerSdp(preference, this.#local(), "sendrecv", this.#terms)
      : answerSdp(remote.audio, remote.choice, this.#local(), this.#terms);
  }

  /** An offer of ours in the middle: the peer sent a re-INVITE without SDP, or we hold and resume. */
  nextOffer(direction: Direction = "sendrecv"): string {
    this.#version++;
    return offerSdp(this.#ownFirst(), this.#local(), direction, this.#terms);
  }

  /** A peer's new offer. */
  takeOffer(sdp: string): OfferOutcome {
    const audio = parseSdp(sdp, this.#terms);
    if (isSdpFault(audio)) return { type: "refused", sipCode: audio.fault === "malformed" ? 400 : 488 };
    const choice = choose(audio, this.#ownFirst(), this.#terms);
    if (isSdpFault(choice)) return { type: "refused", sipCode: 488 };
    this.#version++;
    const rateChanged = this.#agree(audio, choice);
    return {
      type: "answer",
      sdp: answerSdp(audio, choice, this.#local(), this.#terms),
      hold: isHold(audio.direction),
      rateChanged,
    };
  }

  /** A peer's answer to our offer; null: it cannot be worked with. */
  takeAnswer(sdp: string): { readonly hold: boolean; readonly rateChanged: boolean } | null {
    const audio = parseSdp(sdp, this.#terms);
    if (isSdpFault(audio)) return null;
    const names = audio.codecs.map((codec) => codec.name);
    const choice = choose(audio, names, this.#terms);
    if (isSdpFault(choice)) return null;
    return { rateChanged: this.#agree(audio, choice), hold: isHold(audio.direction) };
  }

  /** What the next process must know of it; null before anything was agreed. */
  kept(): KeptMedia | null {
    if (this.#agreed === null) return null;
    const { bindAddress, sdpAddress, preference, signallingSource } = this.#options;
    return {
      ...{ port: this.endpoint.localPort, bindAddress, sdpAddress, preference, signallingSource },
      ...{ terms: this.#terms, keys: this.#ownKeys, ...this.#agreed },
      ...{ sessionId: this.#sessionId, version: this.#version },
    };
  }

  get isOnHold(): boolean {
    return isHold(this.#direction);
  }
  /** Suite by which it is encrypted; empty: it is not. */
  get srtp(): string {
    return this.#crypto?.theirs.suite ?? "";
  }

  /** The dialog is there: from now on silence of one side is told. */
  answered(sipCallId = ""): void {
    this.named(sipCallId);
    this.endpoint.answered();
  }

  named(sipCallId: string): void {
    this.#record?.named(sipCallId);
  }

  /** A key that came by another way than the audio, or one of those that did. */
  digitSeen(digit: string, via: DigitVia | "info"): void {
    if (this.#digitsSeen.length < MAX_DIGITS_SEEN) this.#digitsSeen.push({ at: Date.now(), digit, via });
  }

  /** Whether a bridge carries the other side's keys into this leg's audio by itself. */
  get takesKeys(): boolean {
    return (
      this.#terms.dtmf !== "info" && (tonesOf(this.#terms) !== "off" || this.#agreed?.choice.dtmfPayloadType != null)
    );
  }

  /** Sends a key the trunk's way; `info`: the caller has to send it in the dialog. */
  sendDigit(digit: string, durationMs?: number): DigitVia | "info" {
    if (this.#terms.dtmf === "info") return "info";
    return this.endpoint.sendDigit(digit, durationMs) ?? "info";
  }

  #agree(audio: RemoteAudio, choice: MediaChoice): boolean {
    const before = this.endpoint.sampleRateHz;
    // A held peer may write 0.0.0.0; packets that we do not send need no address.
    const remote = audio.address === "0.0.0.0" || audio.address === "::" ? {} : { remote: audio };
    this.#direction = audio.direction;
    this.#agreed = { audio, choice };
    this.#crypto = this.#cryptoOf(audio.crypto);
    this.endpoint.update({
      ...remote,
      codec: choice.codec,
      payloadType: choice.payloadType,
      dtmfPayloadType: choice.dtmfPayloadType,
      sending: !isHold(audio.direction),
      receiving: audio.direction === "sendrecv",
      maxPtimeMs: audio.maxPtimeMs ?? Number.POSITIVE_INFINITY,
      ptimeMs: ptimeFor(audio, this.#terms),
      rtcpRemote: audio.rtcp,
      srtp: this.#crypto?.keys ?? null,
    });
    return this.endpoint.sampleRateHz !== before;
  }

  /** A key that is said again is the same one, and its counters go on. */
  #cryptoOf(theirs: SdesKey | null): { readonly theirs: SdesKey; readonly keys: SrtpKeys } | null {
    if (theirs === null) return null;
    if (this.#crypto !== null && isSameKey(this.#crypto.theirs, theirs)) return this.#crypto;
    const ours = ownKey(this.#ownKeys, theirs.suite);
    if (ours === null) return null;
    const isSameSuite = this.#crypto?.theirs.suite === theirs.suite;
    const send = isSameSuite && this.#crypto !== null ? this.#crypto.keys.send : keyOf(ours);
    return { theirs, keys: { send, receive: keyOf(theirs) } };
  }

  /** No needless change of codec in the middle of a call. */
  #ownFirst(): readonly CodecName[] {
    const { codec } = this.endpoint;
    return [codec, ...this.#options.preference.filter((name) => name !== codec)];
  }

  #figures(): LegFigures {
    const { endpoint } = this;
    const quality = endpoint.quality();
    const local = { address: this.#options.bindAddress, port: endpoint.localPort };
    return {
      codec: endpoint.codec,
      srtp: this.srtp,
      ptimeMs: endpoint.ptimeMs,
      dtmfSeen: [...this.#digitsSeen],
      local: addressText(local),
      remote: endpoint.remote === null ? "" : addressText(endpoint.remote),
      in: directionOf(quality.in),
      out: directionOf(quality.out),
      oneWay: quality.oneWaySide !== "",
      oneWaySide: quality.oneWaySide,
      strangers: endpoint.report().strangerIn,
    };
  }

  close(): Promise<void> {
    this.#record?.end();
    return this.endpoint.close();
  }
}

/** Payload types of the beginning: the peer's, or those of our own offer until it is answered. */
function parsedOffer(options: LegMediaOptions, codec: CodecName, terms: MediaTerms): MediaChoice {
  if (options.remote !== null) return options.remote.choice;
  const local = { address: "127.0.0.1", port: 9, sessionId: 1, version: 1 };
  const own = parseSdp(offerSdp([codec], local, "sendrecv", { ...terms, srtp: "off" }));
  const choice = isSdpFault(own) ? own : choose(own, [codec]);
  return isSdpFault(choice) ? { codec, payloadType: 0, dtmfPayloadType: null } : choice;
}

const newKeys = ({ srtp, suites }: MediaTerms): readonly SdesKey[] =>
  srtp === "off"
    ? []
    : suites.map((suite, i) => ({
        ...{ tag: i + 1, suite, mki: null },
        keySalt: randomBytes(KEY_SALT_BYTES).toString("base64"),
      }));

const addressText = ({ address, port }: RtpAddress): string => `${isIPv6(address) ? `[${address}]` : address}:${port}`;

/** Figures that are not known are left out, as the contract wants. */
function directionOf(quality: DirectionQuality): LegFigures["in"] {
  const { samples, roundTripMs, mos, ...rest } = quality;
  return {
    ...rest,
    ...(roundTripMs === null ? {} : { roundTripMs }),
    ...(mos === null ? {} : { mos }),
    samples: samples.map(({ atMs, roundTripMs: trip, mos: score, ...sample }) => ({
      ...{ at: atMs, ...sample },
      ...(trip === null ? {} : { roundTripMs: trip }),
      ...(score === null ? {} : { mos: score }),
    })),
  };
}
