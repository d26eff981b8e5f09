import type { TrunkPeer } from "@intramuros/contracts";
import type { CodecName } from "../../rtp/rtp-endpoint.ts";
import type { OptionsFacts } from "./judge-reach.ts";
import type { AgreedFacts, AnsweredFacts } from "./judge-signalling.ts";

/** What the doctor needs of SIP and audio; `doctor-line-driver.ts` has it from the running telephony. */
export interface DoctorLine {
  /** OPTIONS to one peer. */
  options(peer: TrunkPeer): Promise<OptionsFacts>;
  /** REGISTER at one peer and, when it was taken, our binding as it was before. */
  register(peer: TrunkPeer): Promise<AnsweredFacts>;
  /** A call to a number of the PBX. Resolves when it was answered or refused. */
  call(number: string, wish: CallWish): Promise<CallOutcome>;
  /** Takes the next call from the trunk to this number as the far end of a loop; null when none comes in time. */
  expect(number: string): Expected;
}

export interface CallWish {
  readonly codecs: readonly CodecName[];
}

export type CallOutcome = {
  readonly answer: AnsweredFacts;
  readonly setupMs: number;
  readonly sipCallId: string;
  /** Null: refused. */
  readonly leg: PlacedLeg | null;
};

/** One end of a call that is up. */
export interface DoctorLeg {
  readonly sipCallId: string;
  readonly dtmfNegotiated: boolean;
  /** Where the other side's SDP says it listens, where its signalling comes from, what our SDP says, and whether we have it. */
  readonly addresses: {
    readonly sdp: string;
    readonly signalling: string;
    readonly ours: string;
    readonly oursIsLocal: boolean;
  };
  /** Sends a tone; what comes back is heard from here on. */
  sendTone(hz: number, ms: number): void;
  hasHeard(hz: number): boolean;
  sendDigit(digit: string): void;
  digits(): string;
  counts(): {
    readonly sent: number;
    readonly received: number;
    readonly strangers: number;
    readonly lossFraction: number;
  };
  /** Final status of the re-INVITE. */
  hold(on: boolean): Promise<number>;
  hangUp(): Promise<void>;
}

/** The end that called, which has seen what the PBX agreed to. */
export interface PlacedLeg extends DoctorLeg {
  readonly agreed: AgreedFacts;
}

export interface Expected {
  readonly leg: Promise<DoctorLeg | null>;
  cancel(): void;
}
