import type { CodecName, RtpEndpoint, RtpEndpointOptions } from "../rtp/rtp-endpoint.ts";
import { openRtpEndpoint, type RtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import type { KeptMedia } from "./kept-call.ts";
import {
  answerSdp,
  choose,
  type Direction,
  isHold,
  isSdpFault,
  type LocalAudio,
  type MediaChoice,
  offerSdp,
  parseSdp,
  type RemoteAudio,
} from "./sdp.ts";

/** One leg's media through all its offers and answers: the endpoint follows what was agreed last. */
export interface LegMediaOptions {
  readonly pool: RtpPortPool;
  readonly bindAddress: string;
  /** Written in SDP. */
  readonly sdpAddress: string;
  readonly preference: readonly CodecName[];
  /** The offer that began the leg; null: we offer. */
  readonly remote: { readonly audio: RemoteAudio; readonly choice: MediaChoice } | null;
  readonly signallingSource: string;
  /** A leg that the process before this one had: its port and where its SDP stood. */
  readonly before?: Pick<KeptMedia, "port" | "sessionId" | "version">;
  readonly onFrame: RtpEndpointOptions["onFrame"];
  readonly onDigit: RtpEndpointOptions["onDigit"];
}

export type OfferOutcome =
  | { readonly type: "answer"; readonly sdp: string; readonly hold: boolean; readonly rateChanged: boolean }
  | { readonly type: "refused"; readonly sipCode: number };

export class LegMedia {
  readonly endpoint: RtpEndpoint;
  readonly #options: LegMediaOptions;
  readonly #sessionId: number;
  #version: number;
  /** What was agreed last; null: nothing yet. */
  #agreed: { readonly audio: RemoteAudio; readonly choice: MediaChoice } | null;
  #direction: Direction = "sendrecv";

  private constructor(endpoint: RtpEndpoint, options: LegMediaOptions) {
    this.endpoint = endpoint;
    this.#options = options;
    this.#sessionId = options.before?.sessionId ?? Math.trunc(Date.now() / 1000);
    this.#version = options.before?.version ?? 1;
    this.#agreed = options.remote;
    if (options.remote !== null) this.#direction = options.remote.audio.direction;
  }

  static async open(options: LegMediaOptions): Promise<LegMedia> {
    const { remote } = options;
    const codec = remote?.choice.codec ?? options.preference[0]!;
    const first = parsedOffer(options, codec);
    const endpoint = await openRtpEndpoint(options.pool, {
      localAddress: options.bindAddress,
      ...(options.before === undefined ? {} : { localPort: options.before.port }),
      codec,
      payloadType: first.payloadType,
      dtmfPayloadType: first.dtmfPayloadType,
      remote: remote === null ? null : { address: remote.audio.address, port: remote.audio.port },
      allowedSources: [options.signallingSource],
      onFrame: options.onFrame,
      onDigit: options.onDigit,
    });
    const media = new LegMedia(endpoint, options);
    if (remote !== null && isHold(remote.audio.direction)) endpoint.update({ sending: false });
    return media;
  }

  #local(): LocalAudio {
    const { sdpAddress } = this.#options;
    return { address: sdpAddress, port: this.endpoint.localPort, sessionId: this.#sessionId, version: this.#version };
  }

  /** SDP of the first answer, or of our offer. */
  firstSdp(): string {
    const { remote, preference } = this.#options;
    return remote === null
      ? offerSdp(preference, this.#local())
      : answerSdp(remote.audio, remote.choice, this.#local());
  }

  /** An offer of ours in the middle: the peer sent a re-INVITE without SDP. */
  nextOffer(): string {
    this.#version++;
    return offerSdp(this.#ownFirst(), this.#local());
  }

  /** A peer's new offer. */
  takeOffer(sdp: string): OfferOutcome {
    const audio = parseSdp(sdp);
    if (isSdpFault(audio)) return { type: "refused", sipCode: audio.fault === "malformed" ? 400 : 488 };
    const choice = choose(audio, this.#ownFirst());
    if (isSdpFault(choice)) return { type: "refused", sipCode: 488 };
    this.#version++;
    const rateChanged = this.#agree(audio, choice);
    return {
      type: "answer",
      sdp: answerSdp(audio, choice, this.#local()),
      hold: isHold(audio.direction),
      rateChanged,
    };
  }

  /** A peer's answer to our offer; false: it cannot be worked with. */
  takeAnswer(sdp: string): { readonly hold: boolean; readonly rateChanged: boolean } | null {
    const audio = parseSdp(sdp);
    if (isSdpFault(audio)) return null;
    const choice = choose(
      audio,
      audio.codecs.map((codec) => codec.name),
    );
    if (isSdpFault(choice)) return null;
    return { rateChanged: this.#agree(audio, choice), hold: isHold(audio.direction) };
  }

  /** What the next process must know of it; null before anything was agreed. */
  kept(): KeptMedia | null {
    if (this.#agreed === null) return null;
    const { bindAddress, sdpAddress, preference, signallingSource } = this.#options;
    return {
      ...{ port: this.endpoint.localPort, bindAddress, sdpAddress, preference, signallingSource },
      ...this.#agreed,
      ...{ sessionId: this.#sessionId, version: this.#version },
    };
  }

  get isOnHold(): boolean {
    return isHold(this.#direction);
  }

  #agree(audio: RemoteAudio, choice: MediaChoice): boolean {
    const before = this.endpoint.sampleRateHz;
    const hold = isHold(audio.direction);
    // A held peer may write 0.0.0.0; packets that we do not send need no address.
    const remote = audio.address === "0.0.0.0" || audio.address === "::" ? {} : { remote: audio };
    this.#direction = audio.direction;
    this.#agreed = { audio, choice };
    this.endpoint.update({
      ...remote,
      codec: choice.codec,
      payloadType: choice.payloadType,
      dtmfPayloadType: choice.dtmfPayloadType,
      sending: !hold,
    });
    return this.endpoint.sampleRateHz !== before;
  }

  /** No needless change of codec in the middle of a call. */
  #ownFirst(): readonly CodecName[] {
    const { codec } = this.endpoint;
    return [codec, ...this.#options.preference.filter((name) => name !== codec)];
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }
}

/** Payload types of the beginning: the peer's, or those of our own offer until it is answered. */
function parsedOffer(options: LegMediaOptions, codec: CodecName): MediaChoice {
  if (options.remote !== null) return options.remote.choice;
  const own = parseSdp(offerSdp([codec], { address: "127.0.0.1", port: 9, sessionId: 1, version: 1 }));
  const choice = isSdpFault(own) ? own : choose(own, [codec]);
  return isSdpFault(choice) ? { codec, payloadType: 0, dtmfPayloadType: null } : choice;
}
