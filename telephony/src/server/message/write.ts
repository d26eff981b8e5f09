import { tagOf } from "./field.ts";
import { canonicalName, keyOf } from "./header-name.ts";
import { EMPTY_BODY, type SipHeader, type SipMessage, type SipRequest, type SipResponse } from "./sip-message.ts";

/** A header spelt as given. Line breaks cannot get in: a value is one line. */
export function header(name: string, value: string): SipHeader {
  const clean = /[\r\n]/.test(value) ? value.replace(/[\r\n]+[ \t]*/g, " ").trim() : value;
  return { key: keyOf(name) ?? name.toLowerCase(), value: clean, line: `${name}: ${clean}` };
}

/** A header in its canonical spelling. */
export const canonicalHeader = (name: string, value: string): SipHeader => header(canonicalName(name), value);

/** Whole message as a byte string; header order and spelling as in the value. */
export function messageText(message: SipMessage): string {
  let text =
    message.kind === "request"
      ? `${message.method} ${message.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  for (const { line } of message.headers) text += `${line}\r\n`;
  text += "\r\n";
  return message.body.length === 0 ? text : text + message.body.toString("latin1", 0, message.body.length);
}

export const serialise = (message: SipMessage): Buffer => Buffer.from(messageText(message), "latin1");

/** A request with Content-Length computed; other headers as given. */
export function makeRequest(request: {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly SipHeader[];
  readonly body?: Buffer;
}): SipRequest {
  const body = request.body ?? EMPTY_BODY;
  const headers = [...request.headers, header("Content-Length", String(body.length))];
  return { kind: "request", method: request.method, uri: request.uri, headers, body };
}

/** A response to a request: Via, From, Call-ID, CSeq of the request, To with `toTag` unless it has one (RFC 3261 §8.2.6). */
export function makeResponse(
  request: SipRequest,
  response: {
    readonly status: number;
    readonly reason: string;
    readonly toTag: string | null;
    readonly headers?: readonly SipHeader[];
    readonly body?: Buffer;
  },
): SipResponse {
  const body = response.body ?? EMPTY_BODY;
  const headers: SipHeader[] = [];
  for (const item of request.headers) {
    switch (item.key) {
      case "via":
      case "from":
      case "call-id":
      case "cseq":
        headers.push(item);
        break;
      case "to":
        headers.push(
          response.toTag === null || tagOf(item.value) !== null
            ? item
            : header("To", `${item.value};tag=${response.toTag}`),
        );
        break;
      case "timestamp":
        if (response.status === 100) headers.push(item);
        break;
    }
  }
  if (response.headers !== undefined) headers.push(...response.headers);
  headers.push(header("Content-Length", String(body.length)));
  return { kind: "response", status: response.status, reason: response.reason, headers, body };
}
