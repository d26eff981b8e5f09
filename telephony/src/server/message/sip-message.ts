/**
 * A SIP message as a value. Texts are byte strings: each character stands for one byte (latin1), so that what came in leaves
 * unchanged whatever its encoding was; {@link textOf} reads one as UTF-8.
 */
export interface SipHeader {
  /** Lower-case full name, compact forms expanded: `call-id`, `via`. */
  readonly key: string;
  /** Unfolded and trimmed. */
  readonly value: string;
  /** The header as it stands on the wire, without the final CRLF; folded lines keep their breaks. */
  readonly line: string;
}

export interface SipRequest {
  readonly kind: "request";
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly SipHeader[];
  readonly body: Buffer;
}

export interface SipResponse {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly SipHeader[];
  readonly body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;

/** Why bytes are not a SIP message. `partial` holds what could be read of a request, so that 400, or 505, can be answered. */
export interface SipFault {
  readonly kind: "fault";
  readonly code:
    | "empty"
    | "too-large"
    | "start-line"
    | "version"
    | "header"
    | "too-many-headers"
    | "content-length"
    | "no-end";
  readonly reason: string;
  readonly partial: SipRequest | null;
}

export interface MessageLimits {
  readonly maxBytes: number;
  readonly maxHeaders: number;
  /** Of one header with its folded lines. */
  readonly maxLineBytes: number;
}
export const MESSAGE_LIMITS: MessageLimits = { maxBytes: 65_536, maxHeaders: 200, maxLineBytes: 16_384 };

export const EMPTY_BODY = Buffer.alloc(0);

/** First value of a header (several on one line stay together), or null. */
export function headerOf(message: { readonly headers: readonly SipHeader[] }, key: string): string | null {
  for (const header of message.headers) if (header.key === key) return header.value;
  return null;
}

/** Reads a byte string as UTF-8. */
export const textOf = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
/** Turns a text into a byte string (UTF-8). */
export const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
