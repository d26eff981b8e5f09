import { messageFrame } from "../control/tell.ts";
import { contactUriOf, dialogIdOf, uacDialog } from "../dialog/index.ts";
import {
  type Essentials,
  header,
  headerOf,
  hostText,
  messageText,
  parseUri,
  type SipResponse,
} from "../message/index.ts";
import { ackForFailure, clientKeyOf } from "../transaction/index.ts";
import { cdrHeard } from "./cdr.ts";
import {
  closeClientTransaction,
  localResponse,
  openClientTransaction,
  reasonHeader,
  releaseCancel,
  startTransaction,
  stepClientTransaction,
  tellAsker,
} from "./client-transactions.ts";
import {
  dialogFlow,
  dialogRequest,
  endDialog,
  keepQuiet,
  newDialog,
  openDialog,
  releaseDelayed,
  removeDialog,
  updateDialog,
} from "./dialogs.ts";
import { frameId, localMeta, networkMeta, send, touch } from "./effects.ts";
import { failOver } from "./fail-over.ts";
import { followBranch, forgetBranches, isNews, turnToBranch } from "./forks.ts";
import { onBranchResponse } from "./proxying.ts";
import { raiseInterval } from "./session-raise.ts";
import { refreshAnswered, sessionAgreed } from "./session-timers.ts";
import type { BranchResponse as Arrival, ClientTransaction, CoreState, Dialog, Endpoint, Flow } from "./state.ts";
import { passBack } from "./stateless-proxy.ts";
import { subscriptionGranted, subscriptionNotified } from "./subscriptions.ts";
import { isPrivateIPv4, literalAddress } from "./target.ts";

/** Responses to requests of ours: the machine first, then the dialog, then the application (protocol §7.1). */
export function onResponse(
  core: CoreState,
  flow: Flow,
  response: SipResponse,
  fields: Essentials,
  bytes: number,
): void {
  const transaction = core.clientByKey.get(clientKeyOf(fields.branch, fields.cseq.method));
  if (transaction === undefined) {
    passBack(core, response);
    return;
  }
  if (fields.viaCount > 1 && transaction.proxied === null) return; // not ours alone: RFC 3261 §8.1.3.3
  const notices = stepClientTransaction(core, transaction, { type: "response", status: response.status });
  if (notices.ack) {
    transaction.ack ??= messageText(ackForFailure(transaction.request, response));
    send(core, transaction.flow, transaction.ack, null);
  }
  if (!notices.pass) return;
  if (response.status < 200) releaseCancel(core, transaction);
  else if (response.status === 503 && failOver(core, transaction, "503")) return;
  else if (response.status === 422 && raiseInterval(core, transaction, response)) return;
  passUp(core, transaction, { response, fields, flow, bytes });
}

function passUp(core: CoreState, transaction: ClientTransaction, arrival: Arrival): void {
  const { status } = arrival.response;
  if (transaction.proxied !== null) {
    onBranchResponse(core, transaction, arrival);
    return;
  }
  if (status === 100) return;
  if (transaction.method === "INVITE") {
    if (status >= 200 && status < 300 && transaction.final) {
      onRepeated2xx(core, transaction, arrival);
      return;
    }
    if (status < 200 && !isNews(transaction, arrival.response, arrival.fields.toTag ?? "")) return;
    cdrHeard(core, transaction, arrival.response, status);
    onInviteResponse(core, transaction, arrival);
  } else {
    const dialog = transaction.dialog;
    if (transaction.method === "SUBSCRIBE" && !transaction.inDialog && status >= 200) {
      subscribeAnswered(core, transaction, arrival);
    } else if (dialog !== null && transaction.inDialog && status >= 200) {
      afterDialogRequest(core, transaction, dialog, arrival);
    }
  }
  if (status >= 200) {
    transaction.final = true;
    core.clientById.delete(transaction.id);
    if (transaction.isRefresh && transaction.dialog !== null) releaseDelayed(transaction.dialog);
  }
  tellResponse(core, transaction, arrival);
}

function tellResponse(core: CoreState, transaction: ClientTransaction, { response, flow, bytes }: Arrival): void {
  if (transaction.client === null) return;
  const inDialog = transaction.inDialog || transaction.method === "INVITE" || transaction.method === "SUBSCRIBE";
  const dialogId = inDialog
    ? (transaction.dialog?.id ?? dialogIdOf(transaction.fields.callId, transaction.fields.fromTag))
    : "";
  const sound = response.headers.some(({ key }) => key === "content-length")
    ? response
    : { ...response, headers: [...response.headers, header("Content-Length", String(response.body.length))] };
  tellAsker(
    core,
    transaction,
    messageFrame({
      id: frameId(core),
      meta: bytes === 0 ? localMeta(core, flow) : networkMeta(core, flow, bytes),
      transactionId: transaction.id,
      dialogId,
      message: messageText(sound),
    }),
  );
}

function onInviteResponse(core: CoreState, transaction: ClientTransaction, arrival: Arrival): void {
  const { response, fields } = arrival;
  const { status } = response;
  const dialog = transaction.dialog;
  if (status < 200) {
    if (!transaction.inDialog && fields.toTag !== null) early(core, transaction, arrival);
    return;
  }
  if (dialog?.openOut === transaction) dialog.openOut = null;
  if (status >= 300) {
    if (dialog !== null && transaction.isRefresh) refreshAnswered(core, dialog, transaction, response);
    if (dialog !== null && !transaction.inDialog && !dialog.confirmed) removeDialog(core, dialog);
    return;
  }
  transaction.answerTag = fields.toTag;
  if (transaction.inDialog && dialog !== null) {
    const target = contactUriOf(response);
    if (target !== null) dialog.state = { ...dialog.state, remoteTarget: target };
    touch(core, dialog);
    dialog.unacked = transaction;
    sessionAgreed(core, dialog, transaction.request, response);
  } else {
    confirm(core, transaction, arrival);
    if (transaction.dialog !== null) {
      transaction.dialog.unacked = transaction;
      sessionAgreed(core, transaction.dialog, transaction.request, response);
    }
  }
  if (transaction.client === null && transaction.inDialog && dialog !== null && !dialog.over) {
    // The application that changed the call is gone; the call is not.
    const sent = acknowledge(core, dialog, transaction, []);
    if (sent !== null) send(core, sent.flow, sent.text, null);
    return;
  }
  if (transaction.client === null || transaction.dialog === null) {
    ackAndEnd(core, transaction, arrival, "application gone");
  }
}

/** First provisional response with a tag: the dialog exists from here on, and follows the latest branch until one answers. */
function early(core: CoreState, transaction: ClientTransaction, arrival: Arrival): void {
  const state = uacDialog(arrival.response, arrival.fields, { fallbackTarget: knownTarget(transaction, arrival) });
  if (transaction.dialog === null) {
    if (core.dialogById.size >= core.config.maxDialogs) return;
    transaction.dialog = openDialog(core, {
      method: "INVITE",
      state,
      flow: arrival.flow,
      detour: detourOf(arrival, state.routeSet),
      client: transaction.client,
      inviteId: transaction.id,
    });
    transaction.dialog.openOut = transaction;
  } else {
    const detour = detourOf(arrival, state.routeSet);
    followBranch(core, transaction.dialog, { state, flow: arrival.flow, detour });
  }
}

function confirm(core: CoreState, transaction: ClientTransaction, arrival: Arrival): void {
  const state = uacDialog(arrival.response, arrival.fields, { fallbackTarget: knownTarget(transaction, arrival) });
  const detour = detourOf(arrival, state.routeSet);
  let dialog = transaction.dialog;
  if (dialog === null || dialog.over) {
    dialog = openDialog(core, {
      method: transaction.method === "SUBSCRIBE" ? "SUBSCRIBE" : "INVITE",
      state,
      flow: arrival.flow,
      detour,
      client: transaction.client,
      inviteId: transaction.id,
    });
    transaction.dialog = dialog;
  } else {
    turnToBranch(core, dialog, state.remoteTag);
    const isSame = dialog.state.remoteTag === state.remoteTag;
    updateDialog(core, dialog, {
      ...state,
      localSeq: Math.max(state.localSeq, dialog.state.localSeq),
      remoteSeq: isSame ? dialog.state.remoteSeq : null,
    });
    dialog.detour = detour;
    dialog.flow = arrival.flow;
    forgetBranches(core, dialog);
  }
  keepQuiet(core, dialog);
  dialog.confirmed = true;
  touch(core, dialog);
  dialog.openOut = null;
  const contact = transaction.request.headers.find(({ key }) => key === "contact");
  dialog.localContact = contact?.value ?? null;
}

function subscribeAnswered(core: CoreState, transaction: ClientTransaction, arrival: Arrival): void {
  const { response } = arrival;
  if (response.status < 300) {
    confirm(core, transaction, arrival);
    const { dialog, request } = transaction;
    if (dialog !== null) subscriptionGranted(core, dialog, { request, expires: headerOf(response, "expires") });
  } else if (transaction.dialog !== null) removeDialog(core, transaction.dialog);
}

/** For a response without Contact: what the same branch has said before, else where it came from. */
function knownTarget({ dialog }: ClientTransaction, { fields, flow }: Arrival): string {
  const isSame = dialog !== null && !dialog.over && dialog.state.remoteTag === fields.toTag;
  return isSame ? dialog.state.remoteTarget : targetOf(flow);
}

const targetOf = (flow: Flow): string =>
  `sip:${hostText(flow.remote.address)}:${flow.remote.port}${flow.transport === "udp" ? "" : `;transport=${flow.transport}`}`;

/** UAC rule of protocol §12: a Contact that is not where the answer came from, or a private address in the route, is not trusted. */
function detourOf({ response, flow }: Arrival, routeSet: readonly string[]): Endpoint | null {
  const first = routeSet[0];
  if (first !== undefined) {
    const host = parseUri(/<([^>]*)>/.exec(first)?.[1] ?? first)?.host ?? "";
    return isPrivateIPv4(host) && host !== flow.remote.address ? flow.remote : null;
  }
  const target = contactUriOf(response);
  const host = target === null ? null : (parseUri(target)?.host ?? null);
  if (host === null) return flow.remote;
  const address = literalAddress(host);
  return address === flow.remote.address ? null : flow.remote;
}

/** The 2xx again: our ACK was lost, or another branch answered too. */
function onRepeated2xx(core: CoreState, transaction: ClientTransaction, arrival: Arrival): void {
  if (arrival.fields.toTag !== transaction.answerTag) {
    endUnwanted(core, transaction, arrival, "another branch has answered");
    return;
  }
  if (transaction.ack !== null) send(core, transaction.flow, transaction.ack, null);
}

/** A 2xx of a branch that nobody waits for, or its repetition: the BYE of the first time is repeated by itself. */
export function endUnwanted(core: CoreState, transaction: ClientTransaction, arrival: Arrival, reason: string): void {
  const ended = transaction.ended.find(({ tag }) => tag === arrival.fields.toTag);
  if (ended !== undefined) send(core, ended.flow, ended.ack, null);
  else ackAndEnd(core, transaction, arrival, reason);
}

/** A 2xx that no application wants: ACK and BYE by ourselves (RFC 3261 §13.2.2.4). */
function ackAndEnd(core: CoreState, transaction: ClientTransaction, arrival: Arrival, reason: string): void {
  const state = uacDialog(arrival.response, arrival.fields, { fallbackTarget: targetOf(arrival.flow) });
  const isOwn = transaction.dialog !== null && transaction.dialog.state.remoteTag === state.remoteTag;
  if (isOwn && transaction.dialog !== null) {
    const sent = acknowledge(core, transaction.dialog, transaction, []);
    if (sent !== null) send(core, sent.flow, sent.text, null);
    endDialog(core, transaction.dialog, reason, 503);
    return;
  }
  // The other branch's dialog exists only as long as it takes to end it.
  const fork = newDialog({
    method: "INVITE",
    state,
    flow: arrival.flow,
    detour: detourOf(arrival, state.routeSet),
    client: null,
    inviteId: transaction.id,
  });
  const flow = dialogFlow(core, fork);
  if (flow === null || flow === "not-literal") return;
  const ack = dialogRequest(core, fork, { method: "ACK", flow, headers: [], seq: transaction.fields.cseq.number });
  const ackText = messageText(ack);
  transaction.ended = [...transaction.ended, { tag: arrival.fields.toTag, ack: ackText, flow }];
  send(core, flow, ackText, null);
  const bye = dialogRequest(core, fork, { method: "BYE", flow, headers: [reasonHeader(reason)] });
  const opened = openClientTransaction(core, { request: bye, flow, client: null, dialog: null });
  if (opened !== null) startTransaction(core, opened);
}

/** Sends the ACK of a 2xx and keeps it for repetition; gives the message and its way, null when there is none. */
export function acknowledge(
  core: CoreState,
  dialog: Dialog,
  transaction: ClientTransaction,
  headers: Parameters<typeof dialogRequest>[2]["headers"],
  body?: Buffer,
): { readonly text: string; readonly flow: Flow } | null {
  const flow = dialogFlow(core, dialog);
  if (flow === null || flow === "not-literal") return null;
  // Credentials of the INVITE go with its ACK (RFC 3261 §22.1).
  const credentials = transaction.request.headers.filter(
    ({ key }) => key === "authorization" || key === "proxy-authorization",
  );
  const ack = dialogRequest(core, dialog, {
    method: "ACK",
    flow,
    headers: [...credentials, ...headers],
    seq: transaction.fields.cseq.number,
    ...(body === undefined ? {} : { body }),
  });
  const text = messageText(ack);
  transaction.ack = text;
  dialog.unacked = null;
  return { text, flow };
}

function afterDialogRequest(
  core: CoreState,
  transaction: ClientTransaction,
  dialog: Dialog,
  { response }: Arrival,
): void {
  const { status } = response;
  switch (transaction.method) {
    case "BYE":
      // A challenge is not the end: the application comes again with credentials.
      if (status !== 401 && status !== 407) removeDialog(core, dialog);
      return;
    case "NOTIFY":
      if (dialog.method !== "SUBSCRIBE") return;
      if (isTerminated(transaction) || status === 481) removeDialog(core, dialog);
      else if (status < 300) subscriptionNotified(core, dialog, transaction.request);
      return;
    case "SUBSCRIBE":
      if (dialog.method !== "SUBSCRIBE") return;
      if (status === 481)
        removeDialog(core, dialog); // RFC 6665 §4.1.2.3
      else if (status < 300) {
        subscriptionGranted(core, dialog, { request: transaction.request, expires: headerOf(response, "expires") });
      }
      return;
    case "UPDATE": {
      const target = status < 300 ? contactUriOf(response) : null;
      if (target !== null) dialog.state = { ...dialog.state, remoteTarget: target };
      touch(core, dialog);
      if (status < 300) sessionAgreed(core, dialog, transaction.request, response);
      else if (transaction.isRefresh) refreshAnswered(core, dialog, transaction, response);
    }
  }
}

const isTerminated = (transaction: ClientTransaction): boolean =>
  transaction.request.headers.some(
    ({ key, value }) => key === "subscription-state" && value.toLowerCase().startsWith("terminated"),
  );

/** No response came, or nothing could be sent: the application hears 408 or 503 all the same. */
export function answerLocally(
  core: CoreState,
  transaction: ClientTransaction,
  status: 408 | 503,
  why: string | null = null,
): void {
  if (transaction.final) return;
  if (status === 408) core.counters.timeouts++;
  closeClientTransaction(core, transaction);
  const response = localResponse(core, transaction.request, status, why);
  passUp(core, transaction, {
    response,
    fields: { ...transaction.fields, toTag: null },
    flow: transaction.flow,
    bytes: 0,
  });
}
