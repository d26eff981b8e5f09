import { type MonoMs, monoMs } from "@intramuros/contracts";
import { type Essentials, messageText, readEssentials, type SipRequest } from "../message/index.ts";
import { clientKeyOf } from "../transaction/index.ts";
import { startTransaction } from "./client-transactions.ts";
import { note, sleep } from "./effects.ts";
import { placeKey } from "./next-hop.ts";
import { peerKey, readdress } from "./size-rule.ts";
import type { ClientTransaction, CoreState, Flow } from "./state.ts";

/** What to do when an address fails: the request goes on to the next one as a new transaction under the old name (RFC 3263 §4.3). */

const FAILED_MS = 30_000;
const NO_STREAM_MS = 600_000;
const MAX_REMEMBERED = 1000;

export type Failure = "fault" | "silence" | "503";

/** Sends the request to its next address; false when there is none, or when it would be wrong to try. */
export function failOver(core: CoreState, transaction: ClientTransaction, failure: Failure): boolean {
  const { flow } = transaction;
  if (!transaction.inDialog) remember(core.failedUntil, placeKey(flow), monoMs(core.now + FAILED_MS), core.now);
  if (transaction.cancel !== "none" || transaction.final) return false;
  // It rings somewhere already, or the peer of a call has spoken: another address is not the answer.
  if (transaction.inDialog ? failure === "503" : transaction.dialog !== null) return false;
  // The same machine by another transport has answered already when it said 503.
  const others =
    failure === "503"
      ? transaction.others.filter(
          ({ remote }) => remote.address !== flow.remote.address || remote.port !== flow.remote.port,
        )
      : transaction.others;
  const [next, ...rest] = others;
  if (next === undefined) return false;
  if (flow.transport === "tcp" && next.mayStream === true) {
    remember(core.noStreamUntil, peerKey(next), monoMs(core.now + NO_STREAM_MS), core.now);
  }
  const request = readdress(core, transaction.request, { from: flow, to: next });
  const fields = readEssentials(request);
  if ("missing" in fields) return false;
  if (failure === "503") leaveBehind(core, transaction);
  move(core, transaction, { request, fields, flow: next, others: rest });
  note(core, "info", "request goes on to the next address of its host", { failure, transport: next.transport });
  startTransaction(core, transaction);
  return true;
}

/** A peer that refused by UDP repeats that until its ACK arrives: someone must still be there to send it. */
export function leaveBehind(core: CoreState, transaction: ClientTransaction): void {
  if (transaction.invite === null || transaction.reliable) return;
  const ghost: ClientTransaction = {
    ...transaction,
    id: core.ids.uuid(),
    client: null,
    dialog: null,
    final: true,
    others: [],
    held: [],
    moveOnAt: null,
    wakeAt: null,
    queuedAt: null,
  };
  core.clientByKey.set(ghost.key, ghost);
  sleep(core, ghost, transaction.wakeAt);
}

/** Gives the transaction another request, which {@link startTransaction} sends. */
export function move(
  core: CoreState,
  transaction: ClientTransaction,
  to: {
    readonly request: SipRequest;
    readonly fields: Essentials;
    readonly flow: Flow;
    readonly others: readonly Flow[];
  },
): void {
  if (core.clientByKey.get(transaction.key) === transaction) core.clientByKey.delete(transaction.key);
  transaction.request = to.request;
  transaction.fields = to.fields;
  transaction.key = clientKeyOf(to.fields.branch, to.request.method);
  transaction.text = messageText(to.request);
  transaction.flow = to.flow;
  transaction.others = to.others;
  transaction.reliable = to.flow.transport !== "udp";
  transaction.provisional = false;
  transaction.ack = null;
  transaction.heard = [];
  core.clientByKey.set(transaction.key, transaction);
  core.clientById.set(transaction.id, transaction);
}

/** Notes something for a while; the oldest note goes when there are too many. */
function remember(notes: Map<string, MonoMs>, key: string, until: MonoMs, now: MonoMs): void {
  notes.delete(key);
  if (notes.size >= MAX_REMEMBERED) {
    for (const [old, end] of notes) if (end <= now) notes.delete(old);
    const oldest = notes.size >= MAX_REMEMBERED ? notes.keys().next().value : undefined;
    if (oldest !== undefined) notes.delete(oldest);
  }
  notes.set(key, until);
}
