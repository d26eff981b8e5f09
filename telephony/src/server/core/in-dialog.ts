import { contactUriOf, dialogKeyOf, isTooShort, MIN_SESSION_SECONDS } from "../dialog/index.ts";
import {
  type Essentials,
  header,
  headerOf,
  type SipHeader,
  type SipRequest,
  unknownRequired,
} from "../message/index.ts";
import { serverKeyOf } from "../transaction/index.ts";
import { cdrReleased } from "./cdr.ts";
import { ackArrived, endDialog, releaseDelayed, removeDialog, tellOfDialog } from "./dialogs.ts";
import { refuseOpenInvite, tellCancel } from "./early.ts";
import { tell, touch } from "./effects.ts";
import { turnToBranch } from "./forks.ts";
import { inDialogFrame } from "./network.ts";
import { prackArrived } from "./provisionals.ts";
import { cancelSearch } from "./proxying.ts";
import {
  closeServerTransaction,
  openServerTransaction,
  RETRY_AFTER,
  respondSelf,
  respondStateless,
  stepServerTransaction,
} from "./server-transactions.ts";
import type { CoreState, Dialog, Flow, ServerTransaction } from "./state.ts";
import { passOn } from "./stateless-proxy.ts";
import { endSoon, subscriptionNotified } from "./subscriptions.ts";
import { isOrphaned, parkAck, whileOrphaned } from "./takeover.ts";

/** Requests inside dialogs, ACK and CANCEL (protocol §9.2, §9.3). */

interface Arrival {
  readonly key: string;
  readonly request: SipRequest;
  readonly fields: Essentials;
  readonly flow: Flow;
  readonly bytes: number;
}

/** Handled as new requests while the INVITE is open, because applications know no dialog yet. */
const NEW_WHILE_EARLY = new Set(["NOTIFY", "OPTIONS", "INFO", "MESSAGE", "PUBLISH", "SUBSCRIBE"]);

/** Answers false when the request must be treated as a new one. */
export function onDialogRequest(core: CoreState, dialog: Dialog, arrival: Arrival): boolean {
  const { request, fields, flow, bytes } = arrival;
  const { method } = request;
  if (!dialog.confirmed && NEW_WHILE_EARLY.has(method)) return false;

  if (!dialog.confirmed) turnToBranch(core, dialog, fields.fromTag);
  const busy = method === "INVITE" || method === "UPDATE" ? glare(core, dialog, request) : null;
  const transaction = openServerTransaction(core, arrival);
  const lastSeq = dialog.state.remoteSeq;
  if (lastSeq !== null && fields.cseq.number < lastSeq) {
    respondSelf(core, transaction, 500); // RFC 3261 §12.2.2
    return true;
  }
  dialog.state = { ...dialog.state, remoteSeq: fields.cseq.number };
  if (dialog.client === null && !isOrphaned(dialog)) {
    if (method === "BYE") removeDialog(core, dialog);
    respondSelf(core, transaction, 481);
    return true;
  }
  const unknown = unknownRequired(request);
  if (unknown.length > 0) {
    respondSelf(core, transaction, 420, [header("Unsupported", unknown.join(", "))]);
    return true;
  }
  if ((method === "INVITE" || method === "UPDATE") && isTooShort(request)) {
    respondSelf(core, transaction, 422, [MIN_SE]);
    return true;
  }
  if (busy !== null) {
    respondSelf(core, transaction, busy, busy === 500 ? [RETRY_AFTER] : []);
    return true;
  }
  // A new path or address of the peer: later requests follow it.
  if (flow.connection !== null) dialog.flow = flow;
  else if (dialog.detour !== null && flow.transport === "udp") {
    if (flow.remote.port !== dialog.detour.port || flow.remote.address !== dialog.detour.address) touch(core, dialog);
    dialog.detour = flow.remote;
  }
  if (method === "BYE" && !dialog.confirmed && dialog.state.role === "uas") {
    byeBeforeAnswer(core, dialog, transaction);
    return true;
  }
  if (method === "PRACK" && !prackArrived(dialog, request)) {
    respondSelf(core, transaction, 481);
    return true;
  }
  transaction.client = dialog.client;
  transaction.dialog = dialog;
  if (method === "INVITE") {
    dialog.openIn = transaction;
    respondSelf(core, transaction, 100);
  } else if (method === "UPDATE") dialog.updateIn = transaction;
  if (method === "NOTIFY" && dialog.method === "SUBSCRIBE") notified(core, dialog, request);
  if (method === "BYE") {
    cdrReleased(core, dialog, "network", request);
    const { openIn } = dialog;
    if (openIn !== null) respondSelf(core, openIn, 487); // RFC 3261 §15.1.2
    removeDialog(core, dialog);
  }
  const told = { flow, request, bytes, transactionId: transaction.id, dialogId: dialog.id };
  if (dialog.client === null) whileOrphaned(core, dialog, transaction, inDialogFrame(core, told));
  else tellOfDialog(core, dialog, dialog.client, inDialogFrame(core, told));
  return true;
}

/**
 * Two changes of a call at once: theirs is still open → 500, ours is → 491 (RFC 3261 §14.2, RFC 3311 §5.2). An UPDATE without an offer
 * changes nothing, and one before the answer is the application's to judge, which alone knows what was offered.
 */
function glare(core: CoreState, dialog: Dialog, { method, body }: SipRequest): 500 | 491 | null {
  const { openIn, openOut, updateIn, updateOut } = dialog;
  if (updateIn !== null && core.serverById.get(updateIn.id) === updateIn) return 500;
  if (method === "UPDATE" && (body.length === 0 || !dialog.confirmed)) return null;
  if (openIn !== null) return 500;
  const isOffered = updateOut !== null && !updateOut.final && updateOut.request.body.length > 0;
  return isOffered || (openOut !== null && !openOut.final) ? 491 : null;
}

export const MIN_SE: SipHeader = header("Min-SE", String(MIN_SESSION_SECONDS));

function notified(core: CoreState, dialog: Dialog, notify: SipRequest): void {
  if (!isLastNotify(notify)) subscriptionNotified(core, dialog, notify);
  else if (core.now < dialog.quietUntil) endSoon(core, dialog);
  else removeDialog(core, dialog);
}

const isLastNotify = (request: SipRequest): boolean =>
  /^terminated/i.test(headerOf(request, "subscription-state") ?? "");

/** BYE in an early dialog (RFC 3261 §15.1.2). */
function byeBeforeAnswer(core: CoreState, dialog: Dialog, bye: ServerTransaction): void {
  const invite = core.serverById.get(dialog.inviteId);
  respondSelf(core, bye, 200);
  if (invite !== undefined) refuseOpenInvite(core, dialog, invite, 487);
}

export function onCancel(core: CoreState, flow: Flow, request: SipRequest, fields: Essentials, bytes: number): void {
  const invite = core.serverByKey.get(serverKeyOf(fields, "INVITE"));
  if (invite === undefined || invite.invite === null) {
    if (!passOn(core, flow, request, fields)) respondStateless(core, flow, request, { status: 481 });
    return;
  }
  // The CANCEL is answered without a transaction: a repeated one finds the INVITE settled and gets the same 200.
  const dialog = invite.dialog;
  switch (invite.invite.at) {
    case "proceeding": {
      invite.toTag ??= core.ids.token();
      respondCancel(core, invite, request, flow, 200);
      tellCancel(core, invite, request, bytes);
      respondSelf(core, invite, 487);
      if (invite.proxied !== null) cancelSearch(core, invite.proxied);
      if (dialog !== null && !dialog.confirmed) removeDialog(core, dialog);
      return;
    }
    case "accepted":
      respondCancel(core, invite, request, flow, 481);
      // Only the call's own INVITE ends it; a CANCEL too late for a re-INVITE changes nothing.
      if (dialog !== null && !dialog.over && dialog.inviteId === invite.id) {
        endDialog(core, dialog, "CANCEL after 200 OK");
      }
      return;
    case "completed":
    case "confirmed":
      respondCancel(core, invite, request, flow, 200);
      return;
    case "terminated":
      respondCancel(core, invite, request, flow, 481);
  }
}

function respondCancel(
  core: CoreState,
  invite: ServerTransaction,
  cancel: SipRequest,
  flow: Flow,
  status: 200 | 481,
): void {
  const transaction = openServerTransaction(core, {
    key: `${invite.key} CANCEL`,
    request: cancel,
    fields: { ...invite.fields, cseq: { number: invite.fields.cseq.number, method: "CANCEL" } },
    flow,
  });
  transaction.toTag = invite.toTag;
  respondSelf(core, transaction, status);
  closeServerTransaction(core, transaction);
}

export function onAck(core: CoreState, flow: Flow, request: SipRequest, fields: Essentials, bytes: number): void {
  const invite = core.serverByKey.get(serverKeyOf(fields, "INVITE"));
  if (invite !== undefined && stepServerTransaction(core, invite, { type: "ack" }) !== "pass-ack") return;
  const dialog =
    fields.toTag === null ? undefined : core.dialogByKey.get(dialogKeyOf(fields.callId, fields.toTag, fields.fromTag));
  if (dialog === undefined) {
    passOn(core, flow, request, fields);
    return;
  }
  const acked = ackArrived(core, dialog, fields.cseq.number);
  if (acked === null) return;
  const isFirst = acked.transactionId === dialog.inviteId;
  const transactionId = isFirst ? dialog.inviteId : core.ids.uuid();
  const frame = inDialogFrame(core, { flow, request, bytes, transactionId, dialogId: dialog.id });
  // An ACK is expected, so it needs no wait.
  if (dialog.client === null) parkAck(core, dialog, frame);
  else tell(core, dialog.client, frame);
  releaseDelayed(dialog);
}

/** A 2xx to a target refresh request moves the remote target (RFC 3261 §12.2.2). */
export function refreshTarget(core: CoreState, dialog: Dialog, request: SipRequest): void {
  if (request.method !== "INVITE" && request.method !== "UPDATE") return;
  const target = contactUriOf(request);
  if (target !== null) dialog.state = { ...dialog.state, remoteTarget: target };
  touch(core, dialog);
}
