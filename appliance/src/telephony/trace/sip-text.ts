/** A captured SIP message taken apart as far as its explanation needs it. Never throws; what is not there is empty. */
export interface SipText {
  readonly line: string;
  /** Empty in a response. */
  readonly method: string;
  /** 0 in a request. */
  readonly status: number;
  readonly phrase: string;
  readonly callId: string;
  readonly seq: number;
  readonly seqMethod: string;
  readonly fromTag: string;
  readonly toTag: string;
  /** First value of a header by its lower-case full name. */
  header(name: string): string;
  readonly text: string;
  /** The session description in its body, alone or as a part of several. */
  readonly sdp: string | null;
}

const COMPACT: Readonly<Record<string, string>> = {
  i: "call-id",
  f: "from",
  t: "to",
  v: "via",
  m: "contact",
  c: "content-type",
  l: "content-length",
  k: "supported",
  s: "subject",
  r: "refer-to",
  b: "referred-by",
  x: "session-expires",
};
const HEADERS_MAX = 300;

export function readSipText(data: Buffer): SipText | null {
  const text = data.toString("utf8");
  const start = /^(?:SIP\/2\.0 (\d{3}) ?(.*)|([A-Z][A-Za-z0-9.!%*_+`'~-]{0,31}) \S+ SIP\/2\.0)\r?$/m.exec(text);
  if (start === null || start.index > 8) return null;
  const bodyAt = /\r?\n\r?\n/.exec(text);
  const head = text.slice(0, bodyAt?.index ?? text.length).replace(/\r?\n[ \t]+/g, " ");
  const body = bodyAt === null ? "" : text.slice(bodyAt.index + bodyAt[0].length);
  const headers = new Map<string, string>();
  for (const line of head.split(/\r?\n/).slice(1, HEADERS_MAX)) {
    const colon = line.indexOf(":");
    const given = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const name = COMPACT[given] ?? given;
    if (name !== "" && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  const header = (name: string): string => headers.get(name) ?? "";
  const [, seq = "0", seqMethod = ""] = /^(\d{1,10})\s+(\S+)/.exec(header("cseq")) ?? [];
  return {
    line: start[0].trim(),
    method: start[3] ?? "",
    status: Number(start[1] ?? 0),
    phrase: (start[2] ?? "").trim(),
    callId: header("call-id"),
    seq: Number(seq),
    seqMethod: seqMethod.toUpperCase(),
    fromTag: tagOf(header("from")),
    toTag: tagOf(header("to")),
    header,
    text,
    sdp: sdpOf(header("content-type"), body),
  };
}

const tagOf = (value: string): string => /;\s*tag=([^;>\s,]+)/i.exec(value)?.[1] ?? "";

function sdpOf(type: string, body: string): string | null {
  if (/^application\/sdp\b/i.test(type)) return body;
  const boundary = /^multipart\/[^;]+;.*boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary === undefined) return null;
  for (const part of body.split(`--${boundary}`)) {
    const split = /\r?\n\r?\n/.exec(part);
    if (split !== null && /content-type:\s*application\/sdp/i.test(part.slice(0, split.index))) {
      return part.slice(split.index + split[0].length);
    }
  }
  return null;
}

/** Q.850 cause of a Reason header (RFC 3326); 0: none. */
export function causeOf(reason: string): number {
  const cause = /\bq\.850\s*;[^,]*?\bcause\s*=\s*"?(\d{1,3})/i.exec(reason)?.[1];
  return cause === undefined || Number(cause) > 127 ? 0 : Number(cause);
}

export const reasonText = (reason: string): string => /\btext\s*=\s*"([^"]{0,200})"/i.exec(reason)?.[1] ?? "";
