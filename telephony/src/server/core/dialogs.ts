import { monoMs } from "@intramuros/contracts";
import { messageFrame } from "../control/tell.ts";
import { type DialogState, dialogIdOf, dialogKeyOf, pathOf, startAccept, stepAccept } from "../dialog/index.ts";
import { header, makeRequest, messageText, parseUri, type SipHeader, type SipRequest } from "../message/index.ts";
import { BRANCH_COOKIE, giveUpMs } from "../transaction/index.ts";
import { cdrReleased, stopReasonOf } from "./cdr.ts";
import { openClientTransaction, reasonHeader, startTransaction } from "./client-transactions.ts";
import { refuseOpenInvite } from "./early.ts";
import { frameId, nok, note, send, sentRequestMeta, sleep, tell, topVia, touch } from "./effects.ts";
import { forgetBranches } from "./forks.ts";
import { registeredFlow } from "./next-hop.ts";
import { nextProvisionalWake, wakeProvisionals } from "./provisionals.ts";
import { wakeSession } from "./session-timers.ts";
import type { ClientTransaction, CoreState, Dialog, Endpoint, Flow } from "./state.ts";
import { isLapsed } from "./subscriptions.ts";
import { releaseParked } from "./takeover.ts";
import { flowTo, hopOf, isLive, literalAddress, literalPlace } from "./target.ts";

export const NO_DIALOG = "Server error: unable to find dialog for dialog id provided";

export interface DialogOpening {
  readonly method: Dialog["method"];
  readonly state: DialogState;
  readonly flow: Flow;
  readonly detour: Endpoint | null;
  readonly client: number | null;
  readonly inviteId: string;
}

/** A dialog that requests will find. */
export function openDialog(core: CoreState, opening: DialogOpening): Dialog {
  const dialog = newDialog(opening);
  core.dialogById.set(dialog.id, dialog);
  core.dialogByKey.set(dialog.key, dialog);
  core.dialogByCallId.set(dialog.state.callId, dialog);
  return dialog;
}

/** A dialog that is registered nowhere. */
export function newDialog(opening: DialogOpening): Dialog {
  const { state } = opening;
  return {
    kind: "dialog",
    id: dialogIdOf(state.callId, state.role === "uas" ? state.remoteTag : state.localTag),
    method: opening.method,
    key: dialogKeyOf(state.callId, state.localTag, state.remoteTag),
    state,
    confirmed: false,
    over: false,
    flow: opening.flow,
    detour: opening.detour,
    client: opening.client,
    inviteId: opening.inviteId,
    localContact: null,
    accept: null,
    provisionals: [],
    lastRSeq: null,
    unacked: null,
    openOut: null,
    openIn: null,
    updateOut: null,
    updateIn: null,
    session: null,
    delayed: [],
    forks: [],
    subscribedUntil: null,
    released: false,
    orphanedAt: null,
    ownerTags: [],
    parked: [],
    quietUntil: monoMs(0),
    held: [],
    wakeAt: null,
    queuedAt: null,
  };
}

/** The peer's side of a dialog is known better: another tag, another target. */
export function updateDialog(core: CoreState, dialog: Dialog, state: DialogState): void {
  dialog.state = state;
  const key = dialogKeyOf(state.callId, state.localTag, state.remoteTag);
  if (key === dialog.key) return;
  if (core.dialogByKey.get(dialog.key) === dialog) core.dialogByKey.delete(dialog.key);
  dialog.key = key;
  core.dialogByKey.set(key, dialog);
}

export function removeDialog(core: CoreState, dialog: Dialog): void {
  if (dialog.over) return;
  dialog.over = true;
  releaseParked(core, dialog);
  touch(core, dialog);
  dialog.accept = null;
  dialog.provisionals = [];
  if (dialog.openOut !== null) letGo(core, dialog.openOut);
  for (const { client, id } of dialog.delayed) nok(core, client, id, NO_DIALOG);
  dialog.delayed = [];
  if (core.dialogById.get(dialog.id) === dialog) core.dialogById.delete(dialog.id);
  if (core.dialogByKey.get(dialog.key) === dialog) core.dialogByKey.delete(dialog.key);
  forgetBranches(core, dialog);
  if (core.dialogByCallId.get(dialog.state.callId) === dialog) core.dialogByCallId.delete(dialog.state.callId);
  sleep(core, dialog, dialog.held.length === 0 ? null : dialog.quietUntil);
}

/** What the application's requests in a dialog waited for has happened; one that must wait for something else waits on. */
export function releaseDelayed(dialog: Dialog): void {
  const { delayed } = dialog;
  if (delayed.length === 0) return;
  dialog.delayed = [];
  for (const { send } of delayed) send();
}

/** A change of the call that the peer has not answered when the call ends: it should get a 487, but a peer may forget it. */
function letGo(core: CoreState, invite: ClientTransaction): void {
  if (invite.final || !invite.inDialog || invite.cancelBy !== null) return;
  invite.cancelBy = monoMs(core.now + giveUpMs(core.config.timers));
  if (invite.wakeAt === null || invite.cancelBy < invite.wakeAt) sleep(core, invite, invite.cancelBy);
}

/**
 * drachtio-srf hands its application the dialog a turn after it has read our frame, and drops what it reads in the same turn. A BYE that
 * follows the 200 at once would be lost on the application, so it waits for a moment.
 */
const QUIET_MS = 20;

/** The application is about to learn of the dialog. */
export function keepQuiet(core: CoreState, dialog: Dialog): void {
  dialog.quietUntil = monoMs(core.now + QUIET_MS);
}

/** Tells an application what the peer asked in a dialog, now or when it can know the dialog. */
export function tellOfDialog(core: CoreState, dialog: Dialog, client: number, text: string): void {
  if (core.now >= dialog.quietUntil && dialog.held.length === 0) {
    tell(core, client, text);
    return;
  }
  dialog.held = [...dialog.held, { client, text }];
  const wakeAt = dialog.wakeAt;
  sleep(core, dialog, wakeAt !== null && wakeAt < dialog.quietUntil ? wakeAt : dialog.quietUntil);
}

/** Where the next request of a dialog goes: the connection it lives on, else its route or target (RFC 3261 §12.2.1.1). */
export function dialogFlow(core: CoreState, dialog: Dialog): Flow | "not-literal" | null {
  const { flow } = dialog;
  if (flow.connection !== null) {
    if (isLive(core, flow)) return flow;
    // A browser comes back by another connection and registers there.
    const target = parseUri(dialog.state.remoteTarget);
    const registered = target === null ? null : registeredFlow(core, target);
    if (registered !== null) return registered;
    if (flow.transport === "ws" || flow.transport === "wss") return null;
  }
  // A dead connection cannot be opened again from this side, so its peer is sought at its Contact.
  if (dialog.detour !== null && (flow.connection === null || dialog.state.role === "uac")) {
    return { ...flow, remote: dialog.detour, connection: null };
  }
  const uri = parseUri(pathOf(dialog.state).nextHop);
  const hop = uri === null ? null : hopOf(uri);
  if (hop === null) return null;
  const address = literalAddress(hop.host);
  if (address === null) return "not-literal";
  const place = literalPlace(hop, address);
  const { transport } = place;
  const remote = { address, port: place.port };
  if (transport === "tls") {
    const found = flowTo(core, remote, transport);
    // The peer of the call at its own address is the one whose certificate was checked by name.
    const isPeer = address === flow.remote.address && place.port === flow.remote.port;
    return found === null ? null : { ...found, name: (isPeer ? flow.name : undefined) ?? hop.host };
  }
  const mayStream = transport === "udp" && hop.transport === null;
  // Stay on the listener the dialog began on when it can reach the next hop.
  if (transport === flow.local.transport) return { transport, local: flow.local, remote, connection: null, mayStream };
  return flowTo(core, remote, transport);
}

/** A request in the dialog, complete but for what `headers` adds; counts the sequence up, unless for an ACK. */
export function dialogRequest(
  core: CoreState,
  dialog: Dialog,
  request: {
    readonly method: string;
    readonly flow: Flow;
    readonly headers: readonly SipHeader[];
    readonly body?: Buffer;
    /** Of the application, when it is not a placeholder. */
    readonly uri?: string | null;
    /** For ACK: the number of the INVITE it acknowledges. */
    readonly seq?: number;
  },
): SipRequest {
  const { method, flow } = request;
  let seq = request.seq;
  if (seq === undefined) {
    seq = dialog.state.localSeq + 1;
    dialog.state = { ...dialog.state, localSeq: seq };
    touch(core, dialog);
  }
  const path = pathOf(dialog.state);
  const headers: SipHeader[] = [
    header("Via", topVia(core, flow, BRANCH_COOKIE + core.ids.token())),
    ...path.routes.map((route) => header("Route", route)),
    header("Max-Forwards", "70"),
    header("From", dialog.state.local),
    header("To", dialog.state.remote),
    header("Call-ID", dialog.state.callId),
    header("CSeq", `${seq} ${method}`),
    ...request.headers,
  ];
  const uri = request.uri ?? path.uri;
  return makeRequest(
    request.body === undefined ? { method, uri, headers } : { method, uri, headers, body: request.body },
  );
}

/** The server ends a dialog by itself and tells the application (protocol §9.4). */
export function endDialog(core: CoreState, dialog: Dialog, reason: string, cause = 200): void {
  if (dialog.over) return;
  const flow = dialogFlow(core, dialog);
  if (flow === null || flow === "not-literal") note(core, "warn", "no way to the peer for a BYE");
  const used = flow === null || flow === "not-literal" ? { ...dialog.flow, connection: null } : flow;
  if (dialog.state.localSeq === 0) dialog.state = { ...dialog.state, localSeq: 1 };
  const bye = dialogRequest(core, dialog, { method: "BYE", flow: used, headers: [reasonHeader(reason, cause)] });
  const transaction = openClientTransaction(core, { request: bye, flow: used, client: null, dialog: null });
  if (transaction !== null) startTransaction(core, transaction);
  cdrReleased(core, dialog, "application", bye, stopReasonOf(reason));
  if (dialog.client !== null && core.clients.has(dialog.client)) {
    const message = messageText(bye);
    tell(
      core,
      dialog.client,
      messageFrame({
        id: frameId(core),
        meta: sentRequestMeta(core, used, message.length),
        transactionId: "unsolicited",
        dialogId: dialog.id,
        message,
      }),
    );
  }
  note(core, "info", "dialog ended by the server", { reason });
  removeDialog(core, dialog);
}

/** Our 2xx went out: wait for the ACK. */
export function awaitAck(
  core: CoreState,
  dialog: Dialog,
  answer: { readonly text: string; readonly flow: Flow; readonly seq: number; readonly transactionId: string },
): void {
  const start = startAccept(core.now, { reliable: answer.flow.transport !== "udp", timers: core.config.timers });
  dialog.accept = { machine: start.state, ...answer };
  sleepDialog(core, dialog, start.wakeAt);
}

/** An ACK for `seq` came; answers whether it is the first, and for which transaction. */
export function ackArrived(core: CoreState, dialog: Dialog, seq: number): { readonly transactionId: string } | null {
  const { accept } = dialog;
  if (accept === null || accept.seq !== seq) return null;
  dialog.accept = null;
  sleepDialog(core, dialog, null);
  return { transactionId: accept.transactionId };
}

/** A provisional response was sent reliably. */
export function sleepForPrack(core: CoreState, dialog: Dialog): void {
  const at = nextProvisionalWake(dialog);
  if (at !== null && (dialog.wakeAt === null || at < dialog.wakeAt)) sleep(core, dialog, at);
}

function sleepDialog(core: CoreState, dialog: Dialog, acceptAt: Dialog["wakeAt"]): void {
  const orphanAt = dialog.orphanedAt === null ? null : monoMs(dialog.orphanedAt + core.config.takeoverMs);
  const heldAt = dialog.held.length === 0 ? null : dialog.quietUntil;
  let wakeAt: Dialog["wakeAt"] = null;
  for (const at of [acceptAt, orphanAt, heldAt, nextProvisionalWake(dialog)]) {
    if (at !== null && (wakeAt === null || at < wakeAt)) wakeAt = at;
  }
  if (dialog.subscribedUntil !== null && (wakeAt === null || dialog.subscribedUntil < wakeAt)) {
    wakeAt = dialog.subscribedUntil;
  }
  if (dialog.session !== null) {
    const { refreshAt, expireAt } = dialog.session.timer;
    for (const at of [refreshAt, expireAt]) if (at !== null && (wakeAt === null || at < wakeAt)) wakeAt = at;
  }
  sleep(core, dialog, wakeAt);
}

/** Sets the wake anew after something that the dialog waits for has changed. */
export function restDialog(core: CoreState, dialog: Dialog): void {
  const machine = dialog.accept?.machine;
  if (machine?.at !== "waiting") {
    sleepDialog(core, dialog, null);
    return;
  }
  const { resendAt, giveUpAt } = machine;
  sleepDialog(core, dialog, resendAt !== null && resendAt < giveUpAt ? resendAt : giveUpAt);
}

export function wakeDialog(core: CoreState, dialog: Dialog): void {
  if (dialog.held.length > 0 && core.now >= dialog.quietUntil) {
    for (const { client, text } of dialog.held) tell(core, client, text);
    dialog.held = [];
  }
  if (dialog.over) {
    sleep(core, dialog, null);
    return;
  }
  const { accept } = dialog;
  if (dialog.orphanedAt !== null && core.now >= dialog.orphanedAt + core.config.takeoverMs) {
    endDialog(core, dialog, "application gone", 503);
    return;
  }
  if (dialog.provisionals.length > 0 && wakeProvisionals(core, dialog)) {
    const invite = dialog.openIn;
    if (invite !== null) refuseOpenInvite(core, dialog, invite, 504);
    if (dialog.over) return;
  }
  if (isLapsed(core, dialog)) {
    removeDialog(core, dialog);
    return;
  }
  if (!wakeSession(core, dialog)) return;
  if (accept === null) {
    sleepDialog(core, dialog, null);
    return;
  }
  const answer = stepAccept(accept.machine, { type: "wake" }, core.now, core.config.timers);
  accept.machine = answer.state;
  for (const { type } of answer.outputs) {
    if (type === "resend") send(core, accept.flow, accept.text, null);
    else if (type === "give-up") {
      endDialog(core, dialog, "ACK timeout");
      return;
    }
  }
  sleepDialog(core, dialog, answer.wakeAt);
}
