import type { MonoMs } from "@intramuros/contracts";
import { monoMs } from "@intramuros/contracts";
import {
  header,
  makeResponse,
  messageText,
  readEssentials,
  reasonOf,
  type SipRequest,
  type SipResponse,
} from "../message/index.ts";
import {
  type ClientInput,
  cancelFor,
  clientKeyOf,
  giveUpMs,
  type InviteClientInput,
  startClient,
  startInviteClient,
  stepClient,
  stepInviteClient,
} from "../transaction/index.ts";
import { send, sleep, tell } from "./effects.ts";
import { readdress, sizeFlow } from "./size-rule.ts";
import type { ClientTransaction, CoreState, Dialog, Flow } from "./state.ts";
import { forgetSubscription } from "./subscriptions.ts";

/** Registers a transaction for a request; {@link startTransaction} sends it. Null: the request lacks an essential header. */
export function openClientTransaction(
  core: CoreState,
  opening: {
    readonly request: SipRequest;
    readonly flow: Flow;
    readonly client: number | null;
    readonly dialog: Dialog | null;
    /** More ways to the same host (RFC 3263 §4.3). */
    readonly others?: readonly Flow[];
  },
): ClientTransaction | null {
  const { client, dialog } = opening;
  let { request, flow, others = [] } = opening;
  let text = messageText(request);
  const stream = sizeFlow(core, flow, text.length);
  if (stream !== null) {
    request = readdress(core, request, { from: flow, to: stream });
    text = messageText(request);
    others = [flow, ...others];
    flow = stream;
  }
  const fields = readEssentials(request);
  if ("missing" in fields) return null;
  const transaction: ClientTransaction = {
    kind: "client",
    id: core.ids.uuid(),
    key: clientKeyOf(fields.branch, request.method),
    method: request.method,
    invite: null,
    plain: null,
    reliable: flow.transport !== "udp",
    request,
    fields,
    text,
    flow,
    client,
    dialog,
    inDialog: dialog !== null,
    isRefresh: false,
    provisional: false,
    final: false,
    cancel: "none",
    heldCancel: null,
    cancelBy: null,
    ack: null,
    heard: [],
    answerTag: null,
    ended: [],
    quietUntil: monoMs(0),
    held: [],
    others,
    moveOnAt: null,
    proxied: null,
    wakeAt: null,
    queuedAt: null,
  };
  core.clientByKey.set(transaction.key, transaction);
  core.clientById.set(transaction.id, transaction);
  return transaction;
}

/**
 * `srf.request` gives its caller the request by a promise, so the caller listens for responses a turn after our echo was read, and a
 * response read in the same turn is dropped. On a loopback both would often lie in one segment. Calls and requests in dialogs listen at
 * once.
 */
const QUIET_MS = 2;
/**
 * RFC 3263 leaves an address after a time-out, 64·T1 = 32 s: a caller has hung up by then. An address that says nothing at all is left
 * after four transmissions (4 s), while there are others; any response, 100 too, ends that wait.
 */
const SILENT_T1S = 8;

export function startTransaction(core: CoreState, transaction: ClientTransaction): void {
  if (transaction.client !== null && !transaction.inDialog && transaction.method !== "INVITE") {
    transaction.quietUntil = monoMs(core.now + QUIET_MS);
  }
  transaction.moveOnAt =
    transaction.others.length === 0 ? null : monoMs(core.now + SILENT_T1S * core.config.timers.t1Ms);
  const config = { reliable: transaction.reliable, timers: core.config.timers };
  if (transaction.method === "INVITE") {
    const answer = startInviteClient(core.now, config);
    transaction.invite = answer.state;
    sleepClient(core, transaction, answer.wakeAt);
  } else {
    const answer = startClient(core.now, config);
    transaction.plain = answer.state;
    sleepClient(core, transaction, answer.wakeAt);
  }
  send(core, transaction.flow, transaction.text, transaction);
}

export interface ClientNotices {
  pass: boolean;
  ack: boolean;
  timeout: boolean;
  fault: boolean;
}

/** Runs the machine; repeats the request itself, tells the caller the rest. */
export function stepClientTransaction(
  core: CoreState,
  transaction: ClientTransaction,
  input: InviteClientInput | ClientInput | { readonly type: "wake" },
): ClientNotices {
  const notices: ClientNotices = { pass: false, ack: false, timeout: false, fault: false };
  const config = { reliable: transaction.reliable, timers: core.config.timers };
  let wakeAt: MonoMs | null = null;
  let terminated = false;
  if (transaction.invite !== null) {
    const answer = stepInviteClient(transaction.invite, input, core.now, config);
    transaction.invite = answer.state;
    wakeAt = answer.wakeAt;
    terminated = answer.state.at === "terminated";
    for (const { type } of answer.outputs) {
      if (type === "send") send(core, transaction.flow, transaction.text, transaction);
      else notices[type] = true;
    }
  } else if (transaction.plain !== null) {
    const answer = stepClient(transaction.plain, input, core.now, config);
    transaction.plain = answer.state;
    wakeAt = answer.wakeAt;
    terminated = answer.state.at === "terminated";
    for (const { type } of answer.outputs) {
      if (type === "send") send(core, transaction.flow, transaction.text, transaction);
      else notices[type] = true;
    }
  }
  if (terminated) {
    if (transaction.method === "SUBSCRIBE") forgetSubscription(core, transaction);
    if (core.clientByKey.get(transaction.key) === transaction) core.clientByKey.delete(transaction.key);
    sleepClient(core, transaction, null);
  } else sleepClient(core, transaction, wakeAt);
  return notices;
}

/** The earliest of the machine's wake, the end of a CANCEL and the end of the quiet. */
function sleepClient(core: CoreState, transaction: ClientTransaction, machineAt: MonoMs | null): void {
  const { cancelBy, held, moveOnAt, quietUntil } = transaction;
  let wakeAt = machineAt;
  if (cancelBy !== null && !transaction.final && wakeAt !== null && cancelBy < wakeAt) wakeAt = cancelBy;
  if (moveOnAt !== null && wakeAt !== null && moveOnAt < wakeAt) wakeAt = moveOnAt;
  if (held.length > 0 && (wakeAt === null || quietUntil < wakeAt)) wakeAt = quietUntil;
  sleep(core, transaction, wakeAt);
}

/** Tells the application that asked, now or when it listens. */
export function tellAsker(core: CoreState, transaction: ClientTransaction, text: string): void {
  if (transaction.client === null) return;
  if (core.now >= transaction.quietUntil && transaction.held.length === 0) {
    tell(core, transaction.client, text);
    return;
  }
  transaction.held = [...transaction.held, text];
  if (transaction.wakeAt === null || transaction.quietUntil < transaction.wakeAt) {
    sleep(core, transaction, transaction.quietUntil);
  }
}

/** Passes on what was held, when its time has come. */
export function releaseHeld(core: CoreState, transaction: ClientTransaction): void {
  if (transaction.held.length === 0 || core.now < transaction.quietUntil) return;
  const { client, held } = transaction;
  transaction.held = [];
  if (client !== null) for (const text of held) tell(core, client, text);
}

/** Ends a transaction that nobody waits for any more. */
export function closeClientTransaction(core: CoreState, transaction: ClientTransaction): void {
  if (transaction.method === "SUBSCRIBE") forgetSubscription(core, transaction);
  if (core.clientByKey.get(transaction.key) === transaction) core.clientByKey.delete(transaction.key);
  core.clientById.delete(transaction.id);
  transaction.invite = transaction.invite === null ? null : { at: "terminated" };
  transaction.plain = transaction.plain === null ? null : { at: "terminated" };
  sleep(core, transaction, null);
}

/** Cancels an INVITE, at once or when a provisional response has come (RFC 3261 §9.1). */
export function cancelInvite(core: CoreState, invite: ClientTransaction, cancel = cancelFor(invite.request)): void {
  if (invite.final || invite.cancel === "sent") return;
  if (!invite.provisional) {
    invite.cancel = "held";
    invite.heldCancel = cancel;
    return;
  }
  sendCancel(core, invite, cancel);
}

function sendCancel(core: CoreState, invite: ClientTransaction, cancel: SipRequest): void {
  invite.cancel = "sent";
  invite.heldCancel = null;
  const transaction = openClientTransaction(core, { request: cancel, flow: invite.flow, client: null, dialog: null });
  if (transaction !== null) startTransaction(core, transaction);
  invite.cancelBy = monoMs(core.now + giveUpMs(core.config.timers));
  if (invite.wakeAt === null || invite.cancelBy < invite.wakeAt) sleep(core, invite, invite.cancelBy);
}

/** A provisional response came: a held CANCEL may go. */
export function releaseCancel(core: CoreState, invite: ClientTransaction): void {
  invite.provisional = true;
  invite.moveOnAt = null;
  if (invite.heldCancel !== null && !invite.final) sendCancel(core, invite, invite.heldCancel);
}

/** A response made here because none came: 408 after a timeout, 503 when nothing could be sent (RFC 3261 §8.1.3.1). */
export function localResponse(
  core: CoreState,
  request: SipRequest,
  status: 408 | 503,
  why: string | null = null,
): SipResponse {
  // Why a connection did not come about is worth knowing to the application (RFC 3261 §20.43).
  const headers = why === null ? [] : [header("Warning", `399 intramuros "${why.replace(/["\\\r\n]/g, "'")}"`)];
  return makeResponse(request, { status, reason: reasonOf(status), toTag: core.ids.token(), headers });
}

/** Why the server ends a call by itself, in the form that drachtio-srf reads (protocol §9.4). */
export const reasonHeader = (text: string, cause = 200) => header("Reason", `SIP ;cause=${cause} ;text="${text}"`);
