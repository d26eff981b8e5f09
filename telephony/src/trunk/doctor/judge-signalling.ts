import type { TrunkInput } from "@intramuros/contracts";
import { type Finding, found, skipped } from "./findings.ts";

/** Whether the PBX takes our registration and our calls, and what it agrees to. */

/** A request that may be challenged, as it went. */
export interface AnsweredFacts {
  /** Last final response; 0: none. */
  readonly status: number;
  readonly line: string;
  /** Whether a 401 or 407 came first, and the realm that it named. */
  readonly challenged: boolean;
  readonly realm: string;
  /** Q.850 and text of a Reason header, and text of a Warning header. */
  readonly reason: string;
  readonly required: string;
}

export function judgeRegistration(trunk: TrunkInput, facts: AnsweredFacts): Finding {
  const common = shared("registration", trunk, facts);
  if (common !== null) return common;
  const { status, line } = facts;
  if (status >= 200 && status < 300) {
    return found("registration", "passed", {
      code: "registered",
      what: "the PBX takes our registration",
      evidence: line,
    });
  }
  if (status === 423) {
    return found("registration", "failed", {
      code: "registration-too-brief",
      what: "the PBX wants a longer registration",
      change: "raise the expiry to what the PBX's Min-Expires says",
      field: "account.expiresSeconds",
      evidence: line,
    });
  }
  return found("registration", "failed", {
    code: "registration-refused",
    what: `the PBX refuses our registration with ${status}`,
    change: "is there an account of this name on the PBX, and may it register from our address?",
    field: "account.username",
    evidence: line,
  });
}

/** What registration and calls have in common; null: none of it. */
function shared(step: "registration" | "call", trunk: TrunkInput, facts: AnsweredFacts): Finding | null {
  const { status, line, challenged, realm } = facts;
  const evidence = realm === "" ? line : `${line} (realm "${realm}")`;
  if (status === 0 || status === 408) {
    return found(step, "failed", {
      code: "no-answer",
      what: `the PBX does not answer our ${step === "call" ? "INVITE" : "REGISTER"}`,
      change: "it is silent to requests that it does not know: check our address in its list of trunks",
      field: "peers",
      evidence,
    });
  }
  if ((status === 401 || status === 407) && trunk.account.password === "") {
    return found(step, "failed", {
      code: "password-missing",
      what: "the PBX asks for a password and the trunk has none",
      change: "enter the user name and password of the account on the PBX",
      field: "account.password",
      evidence,
    });
  }
  if (status === 401 || status === 407 || (status === 403 && challenged)) {
    return found(step, "failed", {
      code: "password-wrong",
      what: "the PBX does not accept our user name and password",
      change:
        "enter the account's password as it is on the PBX (and its authentication name, if the PBX has one besides the user name)",
      field: "account.password",
      evidence,
    });
  }
  if (status === 404 && (step === "registration" || trunk.account.domain !== "")) {
    return found(step, "failed", {
      code: "domain-wrong",
      what: `the PBX is not at home in the domain ${trunk.account.domain || trunk.peers[0]?.host || ""}`,
      change:
        realm === ""
          ? "enter the SIP domain that the PBX uses for its users"
          : `enter the SIP domain that the PBX uses for its users; its realm is "${realm}"`,
      field: "account.domain",
      evidence,
    });
  }
  if (status === 403) {
    return found(step, "failed", {
      code: "forbidden",
      what: "the PBX refuses us without asking for a password",
      change: "add our address to the PBX's list of trunks, or allow this domain and number there",
      field: trunk.account.domain === "" ? "peers" : "account.domain",
      evidence,
    });
  }
  if (status === 421) {
    const isPrack = /100rel/i.test(facts.required);
    return found(step === "call" && isPrack ? "prack" : step, "failed", {
      code: isPrack ? "prack-required" : "extension-required",
      what: isPrack
        ? "the PBX insists on PRACK (100rel) and the trunk has it switched off"
        : `the PBX insists on ${facts.required}`,
      change: isPrack
        ? "set PRACK to supported in the trunk's session section, or switch it off on the PBX (CUCM: SIP profile, Rel1XX Options)"
        : "switch this requirement off in the PBX's SIP profile",
      field: isPrack ? "session.prack" : "session",
      evidence,
    });
  }
  return null;
}
export interface CallFacts extends AnsweredFacts {
  readonly setupMs: number;
  readonly offeredCodecs: readonly string[];
  /** Codecs that a second call with all that we know was answered with; empty: it was not tried or failed as well. */
  readonly wouldTake: readonly string[];
}

export function judgeCall(trunk: TrunkInput, facts: CallFacts): Finding {
  const { status, line, reason } = facts;
  const evidence = [line, reason].filter(Boolean).join("; ");
  if (status >= 200 && status < 300) {
    return found("call", "passed", {
      code: "call-answered",
      what: `the call was answered after ${Math.round(facts.setupMs)} ms`,
      evidence,
    });
  }
  const common = shared("call", trunk, facts);
  if (common !== null) return common;
  switch (status) {
    case 404:
    case 484:
    case 604:
      return found("call", "failed", {
        code: "number-unknown",
        what: "the PBX does not know the number that was dialled",
        change:
          "try another test number, or compare the outbound number rules with what the PBX expects (prefix, + or national)",
        field: "numbering.outbound",
        evidence,
      });
    case 415:
    case 488:
    case 606:
      return found("codec", "failed", {
        code: facts.wouldTake.length > 0 ? "codec-other" : "codec-none-in-common",
        what: `the PBX takes none of ${facts.offeredCodecs.join(", ")}`,
        change:
          facts.wouldTake.length > 0
            ? `add ${facts.wouldTake.join(", ")} to the trunk's codecs: the PBX takes it`
            : "allow G.711 A-law on the PBX's trunk (its region, codec preference or media resource decides); SRTP set to require on one side only gives the same answer",
        field: "codecs",
        evidence,
      });
    case 422:
      return found("timers", "failed", {
        code: "session-interval-small",
        what: "the PBX wants a longer session interval",
        change: "raise Session-Expires to what its Min-SE says",
        field: "session.expiresSeconds",
        evidence,
      });
    case 480:
    case 486:
    case 600:
      return found("call", "warning", {
        code: "callee-busy",
        what: "the number that was dialled is busy or switched off",
        change: "try again, or name another test number",
        evidence,
      });
    case 503:
      return found("call", "failed", {
        code: "congestion",
        what: "the PBX has no free line for this trunk",
        change: "look at the trunk's channel limit on the PBX",
        field: "limits.maxOutbound",
        evidence,
      });
    default:
      return found("call", "failed", {
        code: "call-refused",
        what: `the PBX refuses the call with ${status}`,
        change: "the PBX's own trace of this call names its reason",
        evidence,
      });
  }
}
export interface AgreedFacts {
  readonly codec: string;
  readonly wished: string;
  readonly srtp: boolean;
  readonly srtpWanted: "off" | "allow" | "require";
  /** Whether the PBX named 100rel as supported, and how many of its provisional responses were reliable. */
  readonly supports100rel: boolean;
  readonly reliable: number;
  /** `Session-Expires` of its answer; 0: none. */
  readonly sessionExpires: number;
}

export function judgeCodec({ codec, wished, srtp, srtpWanted }: AgreedFacts): Finding {
  if (codec !== wished) {
    return found("codec", "warning", {
      code: "codec-not-preferred",
      what: `the PBX chose ${codec} although ${wished} stands first`,
      change: `nothing is wrong; if ${wished} matters, move it to the front on the PBX's trunk as well`,
      field: "codecs",
    });
  }
  if (srtpWanted === "allow" && !srtp) {
    return found("codec", "warning", {
      code: "srtp-not-used",
      what: `${codec}, not encrypted: the PBX did not take SRTP`,
      change: "switch SRTP on for this trunk on the PBX if the audio must be encrypted",
      field: "media.srtp",
    });
  }
  return found("codec", "passed", { code: "codec-agreed", what: srtp ? `${codec}, encrypted (SRTP)` : codec });
}

export function judgePrack(trunk: TrunkInput, { supports100rel, reliable }: AgreedFacts): Finding {
  if (trunk.session.prack === "off") return skipped("prack", "prack-off", "PRACK is switched off in the trunk");
  if (reliable > 0)
    return found("prack", "passed", { code: "prack-works", what: "a reliable provisional response was confirmed" });
  if (trunk.session.prack === "required" && !supports100rel) {
    return found("prack", "warning", {
      code: "prack-unsupported",
      what: "the trunk requires PRACK and the PBX shows no sign of knowing it",
      change: "set PRACK to supported, or switch Rel1XX on in the PBX's SIP profile",
      field: "session.prack",
    });
  }
  return skipped("prack", "prack-unused", "the PBX sent no provisional response that had to be confirmed");
}

export function judgeTimers(trunk: TrunkInput, { sessionExpires }: AgreedFacts): Finding {
  if (trunk.session.timers === "off")
    return skipped("timers", "timers-off", "session timers are switched off in the trunk");
  if (sessionExpires > 0) {
    return found("timers", "passed", {
      code: "timers-agreed",
      what: `the session is refreshed within ${sessionExpires} s`,
    });
  }
  return found("timers", trunk.session.timers === "require" ? "failed" : "warning", {
    code: "timers-refused",
    what: "the PBX agreed to no session timer: a call whose end gets lost stays up until the media time-out",
    change: "switch session refresh on in the PBX's SIP profile",
    field: "session.timers",
  });
}
