import { endOfHead } from "../message/parse.ts";

/**
 * Cuts a TCP stream into messages by Content-Length (RFC 3261 §18.3). CRLFs between messages are keepalives: a pair asks for an
 * answer (RFC 5626 §3.5.1). A stream that cannot be cut is a fault: the connection must be closed.
 */
export type StreamPiece =
  | { readonly type: "message"; readonly bytes: Buffer }
  | { readonly type: "ping" }
  | { readonly type: "fault"; readonly reason: string };

export interface StreamFramer {
  push(chunk: Buffer): readonly StreamPiece[];
  /** Bytes of a message that has begun. */
  readonly heldBytes: number;
}

const LENGTH = /^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*$/im;

export function createStreamFramer(maxBytes: number): StreamFramer {
  let rest: Buffer = Buffer.alloc(0);
  let failed = false;
  let waitFor = 0;
  const parts: Buffer[] = [];
  let held = 0;
  return {
    get heldBytes() {
      return held;
    },
    push(chunk) {
      if (failed) return [];
      const pieces: StreamPiece[] = [];
      parts.push(chunk);
      held += chunk.length;
      if (held < waitFor) return pieces;
      rest = parts.length === 1 ? chunk : Buffer.concat(parts, held);
      parts.length = 0;
      waitFor = 0;
      const fail = (reason: string): void => {
        failed = true;
        pieces.push({ type: "fault", reason });
      };
      while (rest.length > 0) {
        let blank = 0;
        while (blank < rest.length && (rest[blank] === 0x0d || rest[blank] === 0x0a)) blank++;
        if (blank > 0) {
          if (blank === rest.length && blank < 4) break; // may become a pair
          if (blank >= 4) pieces.push({ type: "ping" });
          rest = rest.subarray(blank);
          continue;
        }
        const end = endOfHead(rest, 0);
        if (end === null) {
          if (rest.length > maxBytes) fail("headers too long");
          break;
        }
        const head = rest.toString("latin1", 0, end.head);
        const match = LENGTH.exec(head);
        if (match === null) {
          fail("no Content-Length");
          break;
        }
        const total = end.body + Number(match[1]);
        if (total > maxBytes) {
          fail("message too long");
          break;
        }
        if (rest.length < total) {
          waitFor = total;
          break;
        }
        pieces.push({ type: "message", bytes: rest.subarray(0, total) });
        rest = rest.subarray(total);
      }
      if (failed) rest = Buffer.alloc(0);
      held = rest.length;
      if (held > 0) parts.push(rest);
      return pieces;
    },
  };
}
