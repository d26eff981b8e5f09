import { type MonoMs, monoMs } from "@intramuros/contracts";
import { sourceOf } from "../defence/source-guard.ts";
import {
  type Essentials,
  header,
  makeResponse,
  messageText,
  reasonOf,
  type SipHeader,
  type SipRequest,
  type SipResponse,
} from "../message/index.ts";
import {
  INVITE_SERVER_START,
  type InviteServerInput,
  type ServerInput,
  startServer,
  stepInviteServer,
  stepServer,
} from "../transaction/index.ts";
import { cdrAnswered } from "./cdr.ts";
import { send, sleep } from "./effects.ts";
import type { CoreState, Flow, ServerTransaction } from "./state.ts";

/** How long an INVITE waits for the first response of its application (protocol §9.1). */
const ANSWER_MS = 64_000;

const NO_REQUEST: SipRequest = { kind: "request", method: "", uri: "", headers: [], body: Buffer.alloc(0) };

export const inviteKeyOf = (fields: Essentials): string => `${fields.callId}\n${fields.fromTag}\n${fields.cseq.number}`;

export function openServerTransaction(
  core: CoreState,
  opening: { readonly key: string; readonly request: SipRequest; readonly fields: Essentials; readonly flow: Flow },
): ServerTransaction {
  const { key, request, fields, flow } = opening;
  const isInvite = request.method === "INVITE";
  const reliable = flow.transport !== "udp";
  const transaction: ServerTransaction = {
    kind: "server",
    id: core.ids.uuid(),
    key,
    method: request.method,
    invite: isInvite ? INVITE_SERVER_START : null,
    plain: null,
    reliable,
    request,
    fields,
    flow,
    client: null,
    dialog: null,
    toTag: fields.toTag,
    last: null,
    answerBy: null,
    answered: false,
    proxied: null,
    wakeAt: null,
    queuedAt: null,
  };
  const former = core.serverByKey.get(key);
  if (former !== undefined) core.sources.closed(sourceOf(former.flow));
  core.serverByKey.set(key, transaction);
  core.sources.opened(sourceOf(flow), core.now);
  core.serverById.set(transaction.id, transaction);
  if (isInvite) {
    transaction.answerBy = monoMs(core.now + ANSWER_MS);
    sleep(core, transaction, transaction.answerBy);
    if (fields.toTag === null) core.openInvites.set(inviteKeyOf(fields), transaction);
  } else {
    const start = startServer(core.now, { reliable, timers: core.config.timers });
    transaction.plain = start.state;
    sleep(core, transaction, start.wakeAt);
  }
  return transaction;
}

/** Runs the machine and does what it says, but for `pass-ack`, `timeout` and `fault`, which are told to the caller. */
export function stepServerTransaction(
  core: CoreState,
  transaction: ServerTransaction,
  input: InviteServerInput | ServerInput | { readonly type: "wake" },
): "pass-ack" | "timeout" | "fault" | null {
  const config = { reliable: transaction.reliable, timers: core.config.timers };
  let notice: "pass-ack" | "timeout" | "fault" | null = null;
  let wakeAt: MonoMs | null;
  let terminated: boolean;
  let outputs: readonly { readonly type: "send" | "resend" | "pass-ack" | "timeout" | "fault" }[];
  if (transaction.invite !== null) {
    const answer = stepInviteServer(transaction.invite, input, core.now, config);
    transaction.invite = answer.state;
    terminated = answer.state.at === "terminated";
    outputs = answer.outputs;
    wakeAt = answer.wakeAt;
    if (answer.state.at === "proceeding") wakeAt = transaction.answerBy;
  } else if (transaction.plain !== null && input.type !== "ack") {
    const answer = stepServer(transaction.plain, input, core.now, config);
    transaction.plain = answer.state;
    terminated = answer.state.at === "terminated";
    outputs = answer.outputs;
    wakeAt = answer.wakeAt;
  } else return null;
  for (const { type } of outputs) {
    if (type === "send" || type === "resend") {
      if (transaction.last !== null) send(core, transaction.flow, transaction.last, transaction);
    } else notice = type;
  }
  if (terminated) {
    closeServerTransaction(core, transaction);
    sleep(core, transaction, null);
  } else sleep(core, transaction, wakeAt);
  return notice;
}

export function closeServerTransaction(core: CoreState, transaction: ServerTransaction): void {
  if (core.serverByKey.get(transaction.key) === transaction) {
    core.serverByKey.delete(transaction.key);
    core.sources.closed(sourceOf(transaction.flow));
  }
  settle(core, transaction);
}

/** The application has no more to say; what stays is only there to absorb retransmissions. */
function settle(core: CoreState, transaction: ServerTransaction): void {
  core.serverById.delete(transaction.id);
  if (transaction.invite !== null) {
    const key = inviteKeyOf(transaction.fields);
    if (core.openInvites.get(key) === transaction) core.openInvites.delete(key);
    if (transaction.dialog?.openIn === transaction) transaction.dialog.openIn = null;
  }
  transaction.request = NO_REQUEST;
}

/** Sends a response that is ready; a final one settles the transaction. */
export function respond(core: CoreState, transaction: ServerTransaction, response: SipResponse): string {
  const text = messageText(response);
  respondText(core, transaction, response.status, text);
  return text;
}

export function respondText(core: CoreState, transaction: ServerTransaction, status: number, text: string): void {
  transaction.last = text;
  cdrAnswered(core, transaction, status, text);
  stepServerTransaction(core, transaction, { type: "respond", status });
  if (status >= 200) settle(core, transaction);
  // A 2xx to an INVITE is repeated by its dialog.
  if (transaction.invite?.at === "accepted") transaction.last = null;
}

/** A response of the server's own making. */
export function respondSelf(
  core: CoreState,
  transaction: ServerTransaction,
  status: number,
  headers: readonly SipHeader[] = [],
  reason = reasonOf(status),
): void {
  if (status > 100 && transaction.toTag === null) transaction.toTag = core.ids.token();
  const toTag = status === 100 ? null : transaction.toTag;
  respond(core, transaction, makeResponse(transaction.request, { status, reason, toTag, headers }));
}

/** Answers without keeping anything: for what is malformed or not wanted. */
export function respondStateless(
  core: CoreState,
  flow: Flow,
  request: SipRequest,
  response: { readonly status: number; readonly reason?: string; readonly headers?: readonly SipHeader[] },
): void {
  const { status, reason = reasonOf(status), headers = [] } = response;
  // The tag must be the same each time (RFC 3261 §8.2.7): it is a function of the request.
  const toTag = statelessTag(request);
  send(core, flow, messageText(makeResponse(request, { status, reason, toTag, headers })), null);
}

function statelessTag(request: SipRequest): string {
  let hash = 0x811c9dc5;
  for (const { key, value } of request.headers) {
    if (key !== "via" && key !== "call-id" && key !== "from") continue;
    for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  }
  return `s${(hash >>> 0).toString(36)}`;
}

export const RETRY_AFTER: SipHeader = header("Retry-After", "5");
