/** What a call sees of its media. The driver behind it is `rtp-endpoint-driver.ts`. */
import type { PacketTap } from "./packet-tap.ts";
import type { Quality } from "./quality.ts";
import type { SrtpKeys } from "./srtp.ts";

export type CodecName = "PCMA" | "PCMU" | "G722";

/** Result of the SDP negotiation, as far as media cares. */
export interface RtpEndpointOptions {
  /** Local IPv4/IPv6 address to bind; the port comes from the pool. */
  readonly localAddress: string;
  /** This port and no other: the peer knows it from before. */
  readonly localPort?: number;
  readonly codec: CodecName;
  /** Payload type that the peer wants for audio, 0..127. */
  readonly payloadType: number;
  /** Payload type of telephone-event (RFC 4733) with the codec's clock, or null: none negotiated. */
  readonly dtmfPayloadType: number | null;
  /** Where the SDP says that the peer listens; null: not known yet (late offer). */
  readonly remote: RtpAddress | null;
  /** Source addresses that symmetric RTP may latch on to, besides `remote`'s own. Packets of others are dropped and counted. */
  readonly allowedSources: readonly string[];
  readonly onFrame: (frame: AudioFrame) => void;
  /** Once for each key pressed, when its event begins (not on each retransmission), or its tone is sure. */
  readonly onDigit: (digit: string, via: DigitVia) => void;
  /** Length of the packets that we send; 20 when not told. */
  readonly ptimeMs?: number;
  /** Keys as tones in the audio, both ways: never, when no telephone-event was negotiated, or always. */
  readonly tones?: TonesWish;
  /** False: no RTCP is sent. */
  readonly rtcp?: boolean;
  /** False: packets go to the signalled address even if the peer sends from elsewhere. */
  readonly symmetric?: boolean;
  readonly srtp?: SrtpKeys | null;
  /** Where packets are kept for captures. */
  readonly tap?: PacketTap | null;
  /** A callback of this call's threw: our bug, which ends this call and no other. Without it the fault goes up as an uncaught one. */
  readonly onFault?: (fault: unknown) => void;
}

export type DigitVia = "rfc4733" | "inband";
export type TonesWish = "off" | "fallback" | "always";

export interface RtpAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * 20 ms of the peer's voice, in order, each once. Frames come as soon as they are there: after a stall several at once, and at most
 * 120 ms behind real time, for a peer that sends nothing is heard as silence. In a bridge they go to the other side instead.
 */
export interface AudioFrame {
  /** 16-bit linear PCM at `sampleRateHz` of the endpoint: 160 samples at 8 kHz, 320 at 16 kHz. Not to be kept. */
  readonly samples: Int16Array;
  /** Media time since the endpoint started, ms. */
  readonly atMs: number;
  readonly concealed: boolean;
}

export interface RtpReport {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly lostIn: number;
  readonly lateIn: number;
  /** Packets from an address that may not speak here. */
  readonly strangerIn: number;
  /** Packets of an encrypted call that were not under the peer's key, or came twice. */
  readonly undecipheredIn: number;
  readonly jitterInMs: number;
  readonly roundTripMs: number;
  readonly lossOutFraction: number;
  readonly jitterOutMs: number;
  readonly concealedMs: number;
  /** Milliseconds since the last packet of the peer; Infinity before the first. */
  readonly silentForMs: number;
}

export interface RtpEndpoint {
  readonly localPort: number;
  readonly codec: CodecName;
  /** 8000 for G.711, 16000 for G.722. What `play` expects and `onFrame` gives. */
  readonly sampleRateHz: 8000 | 16000;
  /** Appends audio to what is being played; paced in packets of 20 ms. False when more than 60 s are queued: nothing was taken. */
  play(samples: Int16Array): boolean;
  /** Calls back when everything queued up to now has left, or at once when nothing is queued. Dropped by `stopPlaying`. */
  whenPlayed(callback: () => void): void;
  /** Barge-in: drops everything queued; the next packet is silence. Returns the milliseconds of audio that were dropped. */
  stopPlaying(): { readonly droppedMs: number };
  /** Sends one key as RFC 4733 events, or as tones where they are wished for; null: neither may be, or too many wait. */
  sendDigit(digit: string, durationMs?: number): DigitVia | null;
  /** A re-INVITE's answer: new address, codec or direction. `sending: false` stops our packets (hold, RFC 3264 §8.4). */
  update(change: {
    readonly remote?: RtpAddress;
    readonly payloadType?: number;
    readonly dtmfPayloadType?: number | null;
    readonly codec?: CodecName;
    readonly sending?: boolean;
    /** By signalling the peer may send: its silence is a fault then. */
    readonly receiving?: boolean;
    readonly ptimeMs?: number;
    /** No packet longer than this is relayed to the peer, nor sent. */
    readonly maxPtimeMs?: number;
    readonly srtp?: SrtpKeys | null;
    /** Where the peer wants RTCP, when not one above its RTP. */
    readonly rtcpRemote?: RtpAddress | null;
  }): void;
  /** The call is up: from now on, silence of one side only is told as one-way audio. */
  answered(): void;
  report(): RtpReport;
  quality(): Quality;
  readonly ptimeMs: number;
  /** Where packets go now. */
  readonly remote: RtpAddress | null;
  /** RTCP BYE, sockets closed, port back in the pool. Safe to call twice. */
  close(): Promise<void>;
}

/** Joins two endpoints: packets of one go to the other, re-framed when codecs are equal, transcoded when not. Undo restores `onFrame`. */
export type BridgeEndpoints = (a: RtpEndpoint, b: RtpEndpoint) => { readonly undo: () => void };
