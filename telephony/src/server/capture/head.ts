/** What the list of calls needs of a message, found without reading the whole. */
export interface MessageHead {
  /** Empty in a response. */
  readonly method: string;
  /** 0 in a request. */
  readonly status: number;
  readonly callId: string;
  readonly seq: number;
  readonly seqMethod: string;
  readonly from: string;
  readonly to: string;
  /** Reason header (RFC 3326). */
  readonly reason: string;
}

const HEAD_MAX = 16_384;
const START = /^(?:SIP\/2\.0 (\d{3})|([A-Za-z0-9.!%*_+`'~-]{1,32}) )/;
const CALL_ID = /^(?:call-id|i)[ \t]*:[ \t]*(\S{1,255})[ \t]*$/im;
const CSEQ = /^cseq[ \t]*:[ \t]*(\d{1,10})[ \t]+(\S{1,32})/im;
const FROM = /^(?:from|f)[ \t]*:[ \t]*(.{0,500})/im;
const TO = /^(?:to|t)[ \t]*:[ \t]*(.{0,500})/im;
const REASON = /^reason[ \t]*:[ \t]*(.{0,300})/im;

/** Null: not a message of a call. */
export function readHead(data: Buffer): MessageHead | null {
  const end = data.indexOf("\r\n\r\n");
  const head = data.toString("latin1", 0, Math.min(end === -1 ? data.length : end, HEAD_MAX));
  const start = START.exec(head);
  const callId = CALL_ID.exec(head)?.[1];
  const cseq = CSEQ.exec(head);
  if (start === null || callId === undefined || cseq === null) return null;
  return {
    method: start[2] ?? "",
    status: Number(start[1] ?? 0),
    callId,
    seq: Number(cseq[1]),
    seqMethod: (cseq[2] ?? "").toUpperCase(),
    from: FROM.exec(head)?.[1] ?? "",
    to: TO.exec(head)?.[1] ?? "",
    reason: REASON.exec(head)?.[1]?.trim() ?? "",
  };
}

/** User part of the address in a From or To value; empty when there is none. */
export const userOf = (value: string): string => /(?:sips?|tel):([^@;>\s]{1,80})[@;>]?/i.exec(value)?.[1] ?? "";
export const tagOf = (value: string): string => /;\s*tag=([^;>\s,]+)/i.exec(value)?.[1] ?? "";
