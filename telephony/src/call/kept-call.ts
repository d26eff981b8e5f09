import type { MonoMs } from "@intramuros/contracts";
import type { CodecName } from "../rtp/rtp-endpoint.ts";
import type { PassedHeaders } from "../trunk/caller-identity.ts";
import type { FlowMessage } from "../trunk/set-up.ts";
import { type CallPhase, type CallState, resumedCall } from "./call-machine.ts";
import type { DigitsConfig } from "./digits-machine.ts";
import type { MediaTerms } from "./media-terms.ts";
import type { SdesKey } from "./sdes.ts";
import type { MediaChoice, RemoteAudio } from "./sdp.ts";

/** What the next process must know to go on with a call: written at each change, sealed (`call-journal-store.ts`). */
export interface KeptCall {
  readonly format: typeof KEPT_FORMAT;
  readonly offer: OfferFacts;
  readonly language: string;
  /** Number of the latest utterance. */
  readonly turn: number;
  readonly onHold: boolean;
  /** Unix milliseconds. */
  readonly answeredAt: number;
  readonly phase: KeptPhase;
  readonly customer: KeptLeg;
}

/** What a call's INVITE told and where it leads. */
export interface OfferFacts {
  readonly callId: string;
  readonly trunkId: string;
  readonly numberId: string;
  readonly flow: FlowMessage;
  readonly dtmf: DigitsConfig["via"];
  readonly from: string;
  readonly to: string;
  readonly displayName: string;
  /** The caller asked that the number be shown to nobody. */
  readonly isPrivate: boolean;
  /** Headers that go on to whom we call for the caller. */
  readonly passed: PassedHeaders;
  readonly sourceAddress: string;
  readonly sipCallId: string;
}

/** A hand-over that has reached nobody yet begins anew. */
export type KeptPhase =
  | { readonly at: "assistant" }
  | { readonly at: "handing-over"; readonly queueId: string }
  | { readonly at: "bridged"; readonly leg: KeptAgentLeg }
  | { readonly at: "message" };

export interface KeptLeg {
  readonly dialog: KeptDialog;
  readonly media: KeptMedia;
}

export type KeptAgentLeg = KeptLeg & { readonly legId: string; readonly party: KeptParty };
/** A phone, or a number behind a trunk. */
export type KeptParty = Readonly<Record<"phoneId" | "target" | "trunkId", string>>;

/** What drachtio-srf's Dialog knows. */
export interface KeptDialog {
  readonly id: string;
  readonly type: "uas" | "uac";
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly localUri: string;
  readonly localContact: string;
  readonly localSdp: string;
  readonly remoteUri: string;
  readonly remoteSdp: string;
  readonly auth: { readonly username: string; readonly password: string } | null;
}

export interface KeptMedia {
  readonly port: number;
  readonly bindAddress: string;
  readonly sdpAddress: string;
  readonly preference: readonly CodecName[];
  readonly signallingSource: string;
  readonly terms: MediaTerms;
  /** Ours of SRTP, as our SDP names them. */
  readonly keys: readonly SdesKey[];
  readonly audio: RemoteAudio;
  readonly choice: MediaChoice;
  readonly sessionId: number;
  readonly version: number;
}

export const KEPT_FORMAT = 1;

/** Sealed by ourselves, so only the version is asked for. */
export const isKeptCall = (value: unknown): value is KeptCall =>
  typeof value === "object" && value !== null && "format" in value && value.format === KEPT_FORMAT;

/** How a phase is kept; null: the call is not answered yet, or over. */
export function keptPhaseOf(phase: CallPhase, legOf: (legId: string) => KeptAgentLeg | null): KeptPhase | null {
  switch (phase.at) {
    case "answering":
    case "ended":
      return null;
    case "assistant":
    case "message":
      return { at: phase.at };
    case "handing-off":
    case "ringing":
      return { at: "handing-over", queueId: phase.queueId };
    case "bridged": {
      const leg = legOf(phase.legId);
      return leg === null ? { at: "message" } : { at: "bridged", leg };
    }
  }
}

/** Where the call machine of the next process begins. */
export function resumedState(
  { phase, onHold, answeredAt }: KeptCall,
  now: { readonly mono: MonoMs; readonly unixMs: number },
): CallState {
  const answeredMsAgo = Math.max(0, now.unixMs - answeredAt);
  const since = now.mono;
  if (phase.at !== "bridged") {
    return resumedCall(
      { phase: { at: phase.at === "message" ? "message" : "assistant" }, onHold, answeredMsAgo },
      since,
    );
  }
  const { legId, party } = phase.leg;
  return resumedCall({ phase: { at: "bridged", legId, phoneId: party.phoneId, since }, onHold, answeredMsAgo }, since);
}
