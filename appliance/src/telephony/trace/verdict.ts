import { type CallVerdict, type VerdictCode, wordsOfCode } from "@intramuros/contracts";
import { causeOf, reasonText } from "./sip-text.ts";

/** What a call looks like from outside, and what telephony itself told of its end. */
export interface VerdictInput {
  readonly direction: "inbound" | "outbound";
  readonly peer: "trunk" | "phone" | "unknown";
  /** 0: none yet. */
  readonly finalStatus: number;
  readonly ended: boolean;
  readonly endedBy: CallVerdict["endedBy"];
  /** Reason header of what ended it. */
  readonly reason: string;
  /** So long after its beginning nobody can answer any more. */
  readonly isStale: boolean;
  readonly told: ToldEnd | null;
  readonly seen: SeenFacts;
}

export interface ToldEnd {
  readonly side: CallVerdict["side"];
  readonly reason: string;
  readonly sipCode: number;
  readonly q850: number;
}

/** What only the messages themselves show; nothing of it in a list. */
export interface SeenFacts {
  readonly provisional: boolean;
  readonly passwordTried: boolean;
  readonly prackAsked: boolean;
  readonly encryptionDiffers: boolean;
  readonly retryAfter: boolean;
}
export const NOTHING_SEEN: SeenFacts = {
  provisional: false,
  passwordTried: false,
  prackAsked: false,
  encryptionDiffers: false,
  retryAfter: false,
};

/** Undefined: the call is still being set up, or is up. */
export function judge(input: VerdictInput): CallVerdict | undefined {
  const { finalStatus } = input;
  if (finalStatus === 0 && !input.ended) {
    return input.isStale && input.direction === "outbound" && !input.seen.provisional
      ? verdict(input, "no-answer-to-invite", "carrier")
      : undefined;
  }
  if (finalStatus === 0 || (finalStatus === 487 && input.endedBy !== "callee")) {
    // Of an outbound call we are the caller; `server` is our own proxy that gave its branches up.
    return input.direction === "inbound" && input.endedBy === "caller"
      ? verdict(input, "cancelled-by-caller", "customer")
      : verdict(input, "cancelled-by-us", "us");
  }
  if (finalStatus < 300) return input.ended ? judgeAnswered(input) : undefined;
  return judgeFailed(input);
}

/** Sentences of telephony and of the SIP server that say more than a code. One that is not known costs the finer name only. */
const TOLD: readonly (readonly [pattern: RegExp, code: VerdictCode])[] = [
  [/telephony (restarted|was stopped)|SIP server (went away|was lost|or telephony was away)/, "restarted"],
  [/no audio came/, "media-timeout"],
  [/did not confirm our answer/, "no-ack"],
  [/session timer expired/i, "session-timer-expired"],
];

function judgeAnswered(input: VerdictInput): CallVerdict {
  const { told } = input;
  const cause = causeOf(input.reason) || told?.q850 || 0;
  const sentences = `${told?.reason ?? ""} ${reasonText(input.reason)}`;
  const special = TOLD.find(([pattern]) => pattern.test(sentences))?.[1];
  if (special !== undefined) return verdict(input, special, told?.side ?? "unknown");
  const byPeer = (input.endedBy === "caller") === (input.direction === "inbound");
  const side = told?.side ?? (!byPeer || input.peer === "phone" ? "us" : "customer");
  if (cause !== 0 && cause !== 16 && cause !== 31) return verdict(input, `q850-${cause}`, side);
  if (!byPeer) return verdict(input, "answered-hung-up-by-us", side);
  return verdict(
    input,
    input.direction === "inbound" ? "answered-hung-up-by-caller" : "answered-hung-up-by-callee",
    side,
  );
}

/** Refusals of ours that have their ground in what the other side sent. */
const THEIR_REQUEST = new Set([
  400, 401, 403, 405, 406, 407, 413, 414, 415, 416, 420, 421, 422, 423, 482, 483, 484, 485, 488, 493, 494, 505, 580,
  606,
]);
/** Answers to our calls that tell of the person called. */
const THE_CALLED = new Set([433, 480, 486, 600, 603, 607, 608]);
/** Answers to our calls whose ground is what we sent, or how we are set up. */
const OUR_REQUEST = new Set([
  400, 401, 402, 403, 404, 405, 407, 410, 413, 414, 415, 416, 420, 421, 422, 423, 428, 436, 437, 438, 481, 482, 483,
  484, 485, 489, 494, 505, 604,
]);

function judgeFailed(input: VerdictInput): CallVerdict {
  const { finalStatus: status, direction, peer } = input;
  const isInbound = direction === "inbound";
  const side = (): CallVerdict["side"] => {
    if (isInbound) return THEIR_REQUEST.has(status) ? "carrier" : "us";
    if (peer === "phone") return "us";
    if (THE_CALLED.has(status)) return "customer";
    return OUR_REQUEST.has(status) ? "us" : "carrier";
  };
  return verdict(input, failureCode(input, isInbound), side());
}

function failureCode({ finalStatus: status, peer, seen }: VerdictInput, isInbound: boolean): VerdictCode {
  switch (status) {
    case 401:
    case 407:
      return seen.passwordTried ? "password-refused" : "challenge-not-answered";
    case 403:
      return isInbound && peer === "unknown" ? "source-unknown" : "sip-403";
    case 404:
      return isInbound ? "number-not-mapped" : "sip-404";
    case 420:
    case 421:
      return seen.prackAsked ? "prack-required" : `sip-${status}`;
    case 488:
    case 606:
      return seen.encryptionDiffers ? "encryption-mismatch" : "no-codec-in-common";
    case 503:
      if (!isInbound) return "sip-503";
      return seen.retryAfter ? "above-limit" : "no-application";
    default:
      return `sip-${status}`;
  }
}

function verdict(input: VerdictInput, code: VerdictCode, side: CallVerdict["side"]): CallVerdict {
  const { told } = input;
  const words = wordsOfCode(code)?.what ?? "ended for a reason that no standard lists";
  const more = reasonText(input.reason) || (told !== null && side !== "customer" ? told.reason : "");
  return {
    side,
    code,
    sipCode: input.finalStatus || told?.sipCode || 0,
    q850: causeOf(input.reason) || told?.q850 || 0,
    endedBy: input.endedBy,
    what: more === "" || words.includes(more) ? words : `${words} ("${more}")`,
  };
}
