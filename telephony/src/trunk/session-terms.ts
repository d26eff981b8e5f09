import type { TrunkInput } from "@intramuros/contracts";
import { splitList } from "../server/message/index.ts";

/**
 * What an INVITE of the PBX asks of the session beside audio, and what we answer to it: extensions (RFC 3261 §8.2.2.3), reliable
 * provisional responses (RFC 3262), session timers (RFC 4028 §9), preconditions (RFC 3312).
 */
export type SessionForm = TrunkInput["session"];

export interface Refusal {
  readonly sipCode: 420 | 421 | 422 | 580;
  readonly headers: Record<string, string>;
  readonly reason: string;
}

export interface SessionTerms {
  /** Of our 200. The SIP server runs the timer that it names. */
  readonly answerHeaders: Record<string, string>;
  /** Before the 200; null: none. */
  readonly provisional: { readonly sipCode: 180 | 183; readonly isReliable: boolean } | null;
  readonly ringMs: number;
}

type HeaderOf = (name: string) => string | undefined;
/** Extensions that we understand whatever the trunk says. */
const UNDERSTOOD = new Set(["timer", "replaces", "histinfo", "norefersub", "from-change", "path", "outbound", "uui"]);

export function sessionTerms(form: SessionForm, header: HeaderOf, sdp: string): SessionTerms | Refusal {
  const required = tagsOf(header("require"));
  const supported = tagsOf(header("supported"));
  const strange = required.filter((tag) => !UNDERSTOOD.has(tag) && (tag !== "100rel" || form.prack === "off"));
  if (strange.length > 0) {
    return refusal(
      420,
      { Unsupported: strange.join(", ") },
      `the PBX requires what we do not do: ${strange.join(", ")}`,
    );
  }
  if (/^a=des:qos\s+mandatory\b/m.test(sdp)) {
    return refusal(580, {}, "the PBX wants bandwidth to be reserved before it rings (RFC 3312), which we do not do");
  }
  const reliable = required.includes("100rel") || supported.includes("100rel");
  if (form.prack === "required" && !reliable) {
    return refusal(421, { Require: "100rel" }, "the trunk requires 100rel, and the PBX does not support it");
  }
  const timer = timerTerms(form, header, supported.includes("timer") || required.includes("timer"));
  if ("reason" in timer) return timer;
  const isReliable = form.prack !== "off" && reliable;
  const rings = form.ringBeforeAnswer !== "none" || form.ringMs > 0;
  const sipCode = form.ringBeforeAnswer === "183" ? 183 : 180;
  return {
    answerHeaders: timer.headers,
    provisional: rings ? { sipCode, isReliable } : null,
    ringMs: rings ? form.ringMs : 0,
  };
}

export const isRefusal = (terms: SessionTerms | Refusal): terms is Refusal => "sipCode" in terms;

/** Headers of the 200 (RFC 4028 §9); nothing when no timer shall run. */
function timerTerms(
  form: SessionForm,
  header: HeaderOf,
  supports: boolean,
): { readonly headers: Record<string, string> } | Refusal {
  if (form.timers === "off") return { headers: {} };
  const wished = /^\s*([0-9]{1,9})\s*(;.*)?$/.exec(header("session-expires") ?? header("x") ?? "");
  const minSe = Math.max(form.minSeSeconds, secondsOf(header("min-se")) ?? 0);
  const seconds = wished === null ? null : Number(wished[1]);
  if (seconds !== null && seconds < form.minSeSeconds && supports) {
    return refusal(
      422,
      { "Min-SE": String(form.minSeSeconds) },
      `the PBX wants to refresh every ${seconds} s, which is less than session.minSeSeconds`,
    );
  }
  // Neither side asks for a timer, and the trunk does not insist on one.
  if (seconds === null && !supports && form.timers === "allow") return { headers: {} };
  const interval = Math.max(minSe, Math.min(seconds ?? form.expiresSeconds, form.expiresSeconds));
  const asked = /;\s*refresher\s*=\s*(uac|uas)/i.exec(wished?.[2] ?? "")?.[1]?.toLowerCase();
  // Who does not know of timers cannot refresh; whoever was named by the caller stays (RFC 4028 §9, table 2).
  const refresher = supports ? (asked ?? (form.refresher === "uas" ? "uas" : "uac")) : "uas";
  return {
    headers: {
      "Session-Expires": `${interval};refresher=${refresher}`,
      ...(refresher === "uac" ? { Require: "timer" } : {}),
      Supported: "timer",
    },
  };
}

/** Headers of our own INVITE (RFC 4028 §7, RFC 3262 §4). */
export function inviteTerms(form: SessionForm): Record<string, string> {
  const supported = [
    "replaces",
    ...(form.timers === "off" ? [] : ["timer"]),
    ...(form.prack === "supported" ? ["100rel"] : []),
  ];
  const required = [...(form.prack === "required" ? ["100rel"] : []), ...(form.timers === "require" ? ["timer"] : [])];
  const refresher = form.refresher === "auto" ? "" : `;refresher=${form.refresher}`;
  return {
    Supported: supported.join(", "),
    ...(required.length === 0 ? {} : { Require: required.join(", ") }),
    ...(form.timers === "off"
      ? {}
      : { "Session-Expires": `${form.expiresSeconds}${refresher}`, "Min-SE": String(form.minSeSeconds) }),
  };
}

const refusal = (sipCode: Refusal["sipCode"], headers: Record<string, string>, reason: string): Refusal => ({
  sipCode,
  headers,
  reason,
});

const tagsOf = (value: string | undefined): readonly string[] =>
  splitList(value ?? "")
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== "");

const secondsOf = (value: string | undefined): number | null => {
  const match = /^\s*([0-9]{1,9})\b/.exec(value ?? "");
  return match === null ? null : Number(match[1]);
};
