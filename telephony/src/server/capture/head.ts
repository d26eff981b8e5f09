/** What the list of calls needs of a message, found without reading the whole. */
export interface MessageHead {
  /** Empty in a response. */
  readonly method: string;
  /** 0 in a request. */
  readonly status: number;
  readonly callId: string;
  readonly seq: number;
  readonly seqMethod: string;
  /** Of INVITE and BYE only: nobody asks for that of other messages. */
  readonly from: string;
  /** Of an INVITE only. */
  readonly to: string;
  /** Reason header (RFC 3326) of what can end a call. */
  readonly reason: string;
}

const HEAD_MAX = 16_384;
const START = /^(?:SIP\/2\.0 (\d{3})|([A-Za-z0-9.!%*_+`'~-]{1,32}) )/;
const CALL_ID = fieldReader("Call-ID", /\n(?:call-id|i)[ \t]*:(.*)/i);
const CSEQ = fieldReader("CSeq", /\ncseq[ \t]*:(.*)/i);
const FROM = fieldReader("From", /\n(?:from|f)[ \t]*:(.*)/i);
const TO = fieldReader("To", /\n(?:to|t)[ \t]*:(.*)/i);
const REASON = fieldReader("Reason", /\nreason[ \t]*:(.*)/i);
const CALL_ID_MAX = 255;
const VALUE_MAX = 500;

/** Null: not a message of a call. */
export function readHead(data: Buffer): MessageHead | null {
  const end = data.indexOf("\r\n\r\n");
  const head = data.toString("latin1", 0, Math.min(end === -1 ? data.length : end, HEAD_MAX));
  const start = START.exec(head);
  if (start === null) return null;
  const callId = CALL_ID(head);
  const cseq = /^(\d{1,10})[ \t]+(\S{1,32})$/.exec(CSEQ(head));
  if (callId === "" || callId.length > CALL_ID_MAX || cseq === null) return null;
  const method = start[2] ?? "";
  const status = Number(start[1] ?? 0);
  return {
    method,
    status,
    callId,
    seq: Number(cseq[1]),
    seqMethod: (cseq[2] ?? "").toUpperCase(),
    from: method === "INVITE" || method === "BYE" ? FROM(head).slice(0, VALUE_MAX) : "",
    to: method === "INVITE" ? TO(head).slice(0, VALUE_MAX) : "",
    reason: method === "BYE" || method === "CANCEL" || status >= 300 ? REASON(head).slice(0, VALUE_MAX) : "",
  };
}

/** Value of a header: found at once as nearly everybody writes its name, by the pattern in every other form. */
function fieldReader(name: string, anyForm: RegExp): (head: string) => string {
  const usual = `\n${name}:`;
  return (head) => {
    const at = head.indexOf(usual);
    if (at === -1) return anyForm.exec(head)?.[1]?.trim() ?? "";
    const end = head.indexOf("\n", at + 1);
    return head.slice(at + usual.length, end === -1 ? undefined : end).trim();
  };
}

/** User part of the address in a From or To value; empty when there is none. */
export const userOf = (value: string): string => /(?:sips?|tel):([^@;>\s]{1,80})[@;>]?/i.exec(value)?.[1] ?? "";
export const tagOf = (value: string): string => /;\s*tag=([^;>\s,]+)/i.exec(value)?.[1] ?? "";
