import { splitList } from "./field.ts";
import type { SipMessage } from "./sip-message.ts";

/** Option tags that a standard has defined: one of them in Require is for the application to understand or refuse. */
const KNOWN = new Set([
  "100rel",
  "199",
  "answermode",
  "early-session",
  "eventlist",
  "explicitsub",
  "from-change",
  "geolocation-http",
  "geolocation-sip",
  "gin",
  "gruu",
  "histinfo",
  "ice",
  "join",
  "multiple-refer",
  "norefersub",
  "nosub",
  "outbound",
  "path",
  "policy",
  "precondition",
  "pref",
  "privacy",
  "recipient-list-invite",
  "recipient-list-message",
  "recipient-list-subscribe",
  "record-aware",
  "replaces",
  "resource-priority",
  "sdp-anat",
  "sec-agree",
  "siprec",
  "tdialog",
  "timer",
  "trickle-ice",
  "uui",
  "vq-rtcpxr",
]);

/** Option tags in Require that no standard defines, hence nobody behind us supports (RFC 3261 §8.2.2.3). */
export function unknownRequired(request: SipMessage): readonly string[] {
  let unknown: string[] | null = null;
  for (const { key, value } of request.headers) {
    if (key !== "require") continue;
    for (const tag of splitList(value)) {
      if (!KNOWN.has(tag.toLowerCase())) {
        unknown ??= [];
        unknown.push(tag);
      }
    }
  }
  return unknown ?? [];
}
