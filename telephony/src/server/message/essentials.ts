import { type CSeq, paramOf, parseCSeq, parseNameAddr, parseVia, type Via } from "./field.ts";
import type { SipMessage } from "./sip-message.ts";

/** The fields every message must have, read once (RFC 3261 §8.1.1). */
export interface Essentials {
  readonly via: Via;
  readonly viaCount: number;
  /** Empty when an RFC 2543 element made the message. */
  readonly branch: string;
  readonly from: string;
  readonly fromTag: string;
  readonly to: string;
  readonly toTag: string | null;
  readonly callId: string;
  readonly cseq: CSeq;
}

export interface MissingEssential {
  readonly missing: "Via" | "From" | "To" | "Call-ID" | "CSeq";
}

/** Reads the essentials; names the first header that is absent, doubled or malformed. */
export function readEssentials(message: SipMessage): Essentials | MissingEssential {
  let via: Via | null = null;
  let viaCount = 0;
  let from: string | null = null;
  let to: string | null = null;
  let callId: string | null = null;
  let cseqText: string | null = null;
  for (const { key, value } of message.headers) {
    switch (key) {
      case "via":
        if (viaCount++ === 0) via = EMPTY_PARAM.test(value) ? null : parseVia(value);
        break;
      case "from":
        if (from !== null) return { missing: "From" };
        from = value;
        break;
      case "to":
        if (to !== null) return { missing: "To" };
        to = value;
        break;
      case "call-id":
        if (callId !== null) return { missing: "Call-ID" };
        callId = value;
        break;
      case "cseq":
        if (cseqText !== null) return { missing: "CSeq" };
        cseqText = value;
        break;
    }
  }
  if (via === null) return { missing: "Via" };
  const fromTag = from === null ? undefined : tagIn(from);
  if (from === null || fromTag === undefined) return { missing: "From" };
  const toTag = to === null ? undefined : tagIn(to);
  if (to === null || toTag === undefined) return { missing: "To" };
  if (callId === null || callId === "" || /\s/.test(callId)) return { missing: "Call-ID" };
  const cseq = cseqText === null ? null : parseCSeq(cseqText);
  if (cseq === null) return { missing: "CSeq" };
  if (message.kind === "request" && cseq.method !== message.method) return { missing: "CSeq" };
  const branch = branchOf(via.params);
  return { via, viaCount, branch, from, fromTag: fromTag ?? "", to, toTag, callId, cseq };
}

/** Two separators with nothing between them, which no two readers understand alike. */
const EMPTY_PARAM = /[;,]\s*[;,]/;

/** The tag, null without one, undefined when the value is no address. */
function tagIn(value: string): string | null | undefined {
  const address = parseNameAddr(value);
  if (address === null || address.uri === "") return undefined;
  const tag = address.params === "" ? null : paramOf(address.params, "tag");
  return tag === "" ? null : tag;
}

const BRANCH = /;\s*branch\s*=\s*([^;\s,]+)/i;
function branchOf(params: string): string {
  return BRANCH.exec(params)?.[1] ?? "";
}
