import { keyOf } from "./header-name.ts";
import {
  EMPTY_BODY,
  MESSAGE_LIMITS,
  type MessageLimits,
  type SipFault,
  type SipHeader,
  type SipMessage,
  type SipRequest,
} from "./sip-message.ts";

/**
 * Reads a message from the bytes of one datagram or of one frame of a stream. Never throws.
 *
 * Tolerant: lines may end in LF alone, empty lines may come first, header names may have blanks before the colon and any case,
 * values may be folded. Not tolerated, for a later element would read them differently: a second blank in the request line, a
 * header without colon, a body shorter than Content-Length.
 */
export function parseMessage(bytes: Buffer, limits: MessageLimits = MESSAGE_LIMITS): SipMessage | SipFault {
  if (bytes.length > limits.maxBytes) return fault("too-large", `Message over ${limits.maxBytes} bytes`, null);
  let start = 0;
  while (start < bytes.length && (bytes[start] === 0x0d || bytes[start] === 0x0a)) start++;
  if (start === bytes.length) return fault("empty", "no message", null);

  const found = endOfHead(bytes, start);
  const end = found ?? { head: bytes.length, body: bytes.length };
  const head = bytes.toString("latin1", start, end.head);
  let body = end.body === bytes.length ? EMPTY_BODY : bytes.subarray(end.body);

  let at = head.indexOf("\n");
  if (at === -1) at = head.length;
  const startLine = head.slice(0, head.charCodeAt(at - 1) === 0x0d ? at - 1 : at);
  const opening = parseStartLine(startLine);
  if ("code" in opening && opening.method === null) return fault(opening.code, opening.reason, null);

  const headers: SipHeader[] = [];
  const asRequest = (): SipRequest | null => {
    if (!("code" in opening)) return opening.kind === "request" ? { ...opening, headers, body: EMPTY_BODY } : null;
    return opening.method === null
      ? null
      : { kind: "request", method: opening.method, uri: "", headers, body: EMPTY_BODY };
  };
  let contentLength = -1;
  let broken: string | null = null;
  at++;
  while (at < head.length) {
    let stop = head.indexOf("\n", at);
    if (stop === -1) stop = head.length;
    let folded = false;
    // A line that begins with a blank continues the header before it (RFC 3261 §7.3.1).
    while (stop < head.length) {
      const next = head.charCodeAt(stop + 1);
      if (next !== 0x20 && next !== 0x09) break;
      folded = true;
      const further = head.indexOf("\n", stop + 1);
      stop = further === -1 ? head.length : further;
    }
    if (stop - at > limits.maxLineBytes) {
      return fault("too-large", `A header over ${limits.maxLineBytes} bytes`, asRequest());
    }
    const line = head.slice(at, head.charCodeAt(stop - 1) === 0x0d ? stop - 1 : stop);
    at = stop + 1;
    if (headers.length >= limits.maxHeaders) {
      return fault("too-many-headers", `More than ${limits.maxHeaders} headers`, asRequest());
    }
    const header = parseHeaderLine(line, folded);
    if (header === null) {
      broken ??= "Malformed header";
      continue;
    }
    if (header.key === "content-length") {
      const length = /^\d{1,9}$/.test(header.value) ? Number(header.value) : -2;
      if (length === -2 || (contentLength >= 0 && contentLength !== length)) contentLength = -2;
      else if (contentLength !== -2) contentLength = length;
    }
    headers.push(header);
  }
  if ("code" in opening) return fault(opening.code, opening.reason, asRequest());
  if (broken !== null) return fault("header", broken, asRequest());
  if (found === null) return fault("no-end", "No end of the headers", asRequest());
  if (contentLength === -2) return fault("content-length", "Bad Content-Length", asRequest());
  if (contentLength > body.length) {
    return fault("content-length", "Content-Length larger than the body", asRequest());
  }
  // Bytes beyond Content-Length in a datagram are discarded (RFC 3261 §18.3).
  if (contentLength >= 0 && contentLength < body.length) body = body.subarray(0, contentLength);
  return { ...opening, headers, body };
}

function fault(code: SipFault["code"], reason: string, partial: SipRequest | null): SipFault {
  return { kind: "fault", code, reason, partial };
}

/** Where the head ends and the body begins; null when there is no empty line. */
export function endOfHead(bytes: Buffer, start: number): { readonly head: number; readonly body: number } | null {
  const strict = bytes.indexOf("\r\n\r\n", start, "latin1");
  const loose = bytes.indexOf("\n\n", start, "latin1");
  if (strict !== -1 && (loose === -1 || strict < loose)) return { head: strict, body: strict + 4 };
  if (loose !== -1) return { head: loose, body: loose + 2 };
  return null;
}

type Opening =
  | { readonly kind: "request"; readonly method: string; readonly uri: string }
  | { readonly kind: "response"; readonly status: number; readonly reason: string }
  /** `method` is null when the line does not even begin as a request: then nobody waits for an answer. */
  | { readonly code: "start-line" | "version"; readonly reason: string; readonly method: string | null };

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+) ([^\s<>"]+) SIP\/(\d+\.\d+)$/i;
/** What a line that is no request line was meant to be. */
const MEANT_REQUEST = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t].*SIP\/\d+\.\d+[ \t]*$/i;
const STATUS_LINE = /^SIP\/(\d+\.\d+) ([1-6]\d\d)(?: ([^\r\n]*))?$/i;

function parseStartLine(line: string): Opening {
  if (line.startsWith("SIP/") || line.startsWith("sip/")) {
    const match = STATUS_LINE.exec(line);
    if (match === null) return { code: "start-line", reason: "Malformed status line", method: null };
    if (match[1] !== "2.0") return { code: "version", reason: "Version Not Supported", method: null };
    return { kind: "response", status: Number(match[2]), reason: match[3] ?? "" };
  }
  const match = REQUEST_LINE.exec(line);
  if (match === null) {
    return { code: "start-line", reason: "Malformed request line", method: MEANT_REQUEST.exec(line)?.[1] ?? null };
  }
  if (match[3] !== "2.0") return { code: "version", reason: "Version Not Supported", method: match[1] ?? "" };
  return { kind: "request", method: match[1] ?? "", uri: match[2] ?? "" };
}

function parseHeaderLine(line: string, folded: boolean): SipHeader | null {
  const colon = line.indexOf(":");
  if (colon < 1) return null;
  const last = line.charCodeAt(colon - 1);
  const name = last === 0x20 || last === 0x09 ? line.slice(0, colon).trimEnd() : line.slice(0, colon);
  const key = keyOf(name);
  if (key === null) return null;
  const raw = line.slice(colon + 1);
  if (raw.includes("\r") && !folded) return null; // a bare CR would end a line for others
  const value = folded ? raw.replace(/[ \t]*\r?\n[ \t]+/g, " ").trim() : raw.trim();
  if (folded && value.includes("\r")) return null;
  return { key, value, line: folded ? line.replace(/\r?\n/g, "\r\n") : line };
}
