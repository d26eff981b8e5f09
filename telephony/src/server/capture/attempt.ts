import { type MessageHead, tagOf, userOf } from "./head.ts";
import type { Captured } from "./segment.ts";

/**
 * One INVITE with what became of it, folded from its messages in the order of the wire. Times are Unix milliseconds, 0: not yet.
 *
 * | what comes                              | what it changes                                                   |
 * | --------------------------------------- | ----------------------------------------------------------------- |
 * | INVITE without To tag                   | a new attempt; a later one (after 401, 407, 422) opens it again   |
 * | 180, 183 to it                          | ringing                                                           |
 * | final response to it                    | final; from 300 on also the end, by the called side               |
 * | CANCEL                                  | who gave up: the end, unless a 2xx was faster                     |
 * | BYE                                     | the end, by whoever sent it                                       |
 *
 * A call that we pass on as a proxy has both of its sides under one Call-ID: responses count on the caller's side only, where they are
 * the last word, and a BYE is told by its From tag.
 */
export interface Attempt {
  readonly callId: string;
  readonly atMs: number;
  readonly direction: "inbound" | "outbound";
  readonly from: string;
  readonly to: string;
  readonly transport: string;
  readonly local: string;
  readonly remote: string;
  readonly seq: number;
  readonly callerTag: string;
  readonly ringingMs: number;
  readonly finalMs: number;
  readonly finalStatus: number;
  readonly endMs: number;
  readonly endedBy: "caller" | "callee" | "server" | "nobody";
  readonly reason: string;
}

export const endpointText = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  `${address.includes(":") ? `[${address}]` : address}:${port}`;

export function noteMessage(attempt: Attempt | null, head: MessageHead, message: Captured): Attempt | null {
  if (attempt === null) return head.method === "INVITE" && tagOf(head.to) === "" ? begin(head, message) : null;
  if (head.method === "INVITE" && tagOf(head.to) === "" && head.seq > attempt.seq) {
    return { ...attempt, seq: head.seq, finalMs: 0, finalStatus: 0, endMs: 0, endedBy: "nobody", reason: "" };
  }
  if (head.status !== 0) return noteResponse(attempt, head, message);
  if (head.method === "CANCEL" && head.seq === attempt.seq && attempt.endMs === 0 && attempt.finalStatus === 0) {
    // One that does not come from the caller's side is our own: as a proxy we gave the branches up.
    const endedBy = message.out === (attempt.direction === "outbound") ? "caller" : "server";
    return { ...attempt, endMs: message.atMs, endedBy, reason: head.reason };
  }
  if (head.method === "BYE" && (attempt.endMs === 0 || attempt.finalMs > attempt.endMs)) {
    const endedBy = tagOf(head.from) === attempt.callerTag ? "caller" : "callee";
    return { ...attempt, endMs: message.atMs, endedBy, reason: head.reason };
  }
  return attempt;
}

function begin(head: MessageHead, message: Captured): Attempt {
  return {
    callId: head.callId,
    atMs: message.atMs,
    direction: message.out ? "outbound" : "inbound",
    from: userOf(head.from),
    to: userOf(head.to),
    transport: message.transport,
    local: endpointText(message.local),
    remote: endpointText(message.remote),
    seq: head.seq,
    callerTag: tagOf(head.from),
    ...{ ringingMs: 0, finalMs: 0, finalStatus: 0, endMs: 0 },
    endedBy: "nobody",
    reason: "",
  };
}

function noteResponse(attempt: Attempt, head: MessageHead, { atMs, out }: Captured): Attempt {
  if (out !== (attempt.direction === "inbound")) return attempt;
  if (head.seqMethod !== "INVITE" || head.seq !== attempt.seq) return attempt;
  if (head.status < 200) {
    return attempt.ringingMs === 0 && head.status > 100 ? { ...attempt, ringingMs: atMs } : attempt;
  }
  if (attempt.finalStatus !== 0) return attempt;
  const final = { ...attempt, finalStatus: head.status, finalMs: atMs };
  if (head.status < 300) return { ...final, endMs: 0, endedBy: "nobody", reason: "" }; // it was faster than the CANCEL
  if (attempt.endMs !== 0) return { ...final, reason: attempt.reason || head.reason };
  return { ...final, endMs: atMs, endedBy: "callee", reason: head.reason };
}
