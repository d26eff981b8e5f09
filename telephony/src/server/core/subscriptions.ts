import { type MonoMs, monoMs } from "@intramuros/contracts";
import { contactUriOf, type DialogState, recordRoutesOf } from "../dialog/index.ts";
import { type Essentials, headerOf, paramOf, type SipMessage, type SipRequest } from "../message/index.ts";
import { giveUpMs } from "../transaction/index.ts";
import { openDialog, restDialog } from "./dialogs.ts";
import type { ClientTransaction, CoreState, Dialog, Flow } from "./state.ts";

/**
 * How long a subscription lives (RFC 6665): what was granted, made longer by each renewal and NOTIFY, and a little more for the last
 * NOTIFY to arrive. Applications end subscriptions by themselves; this is for those that forget.
 */

const DEFAULT_SECONDS = 3600;
const MAX_SECONDS = 30 * 86_400;

const secondsIn = (text: string | null): number | null =>
  text !== null && /^\d{1,10}$/.test(text.trim()) ? Math.min(MAX_SECONDS, Number(text)) : null;

function live(core: CoreState, dialog: Dialog, seconds: number): void {
  dialog.subscribedUntil = monoMs(core.now + seconds * 1000 + giveUpMs(core.config.timers));
  restDialog(core, dialog);
}

/** A 2xx to SUBSCRIBE went out for an application, or came in. */
export function subscriptionGranted(
  core: CoreState,
  dialog: Dialog,
  granted: { readonly request: SipMessage; readonly expires: string | null },
): void {
  if (dialog.method !== "SUBSCRIBE") return;
  live(core, dialog, secondsIn(granted.expires) ?? secondsIn(headerOf(granted.request, "expires")) ?? DEFAULT_SECONDS);
}

/** A NOTIFY, theirs or ours, says how long the rest is. */
export function subscriptionNotified(core: CoreState, dialog: Dialog, notify: SipMessage): void {
  if (dialog.method !== "SUBSCRIBE") return;
  const state = headerOf(notify, "subscription-state") ?? "";
  const seconds = secondsIn(paramOf(state.slice(Math.max(0, state.indexOf(";"))), "expires"));
  if (seconds !== null) live(core, dialog, seconds);
}

/** The last NOTIFY came before the application could know the dialog, which must hear it there. */
export const endSoon = (core: CoreState, dialog: Dialog): void => live(core, dialog, 0);

/** Whether nobody has renewed it in time. */
export const isLapsed = (core: CoreState, { subscribedUntil }: Dialog): boolean =>
  subscribedUntil !== null && core.now >= subscribedUntil;

const openKey = (callId: string, ourTag: string): string => `${callId}\n${ourTag}`;

/** A SUBSCRIBE of ours is on its way. */
export function awaitSubscription(core: CoreState, transaction: ClientTransaction): void {
  core.openSubscribes.set(openKey(transaction.fields.callId, transaction.fields.fromTag), transaction);
}

/** Its transaction is over. */
export function forgetSubscription(core: CoreState, transaction: ClientTransaction): void {
  const key = openKey(transaction.fields.callId, transaction.fields.fromTag);
  if (core.openSubscribes.get(key) === transaction) core.openSubscribes.delete(key);
}

/**
 * A NOTIFY that overtook the 2xx to our SUBSCRIBE makes the dialog (RFC 6665 §4.1.2.4); the application hears it once it knows the
 * subscription.
 */
export function dialogOfEarlyNotify(
  core: CoreState,
  notify: SipRequest,
  fields: Essentials,
  flow: Flow,
): Dialog | undefined {
  const transaction = core.openSubscribes.get(openKey(fields.callId, fields.toTag ?? ""));
  if (transaction === undefined || transaction.final || transaction.dialog !== null) return undefined;
  if (core.dialogById.size >= core.config.maxDialogs) return undefined;
  const state: DialogState = {
    role: "uac",
    callId: fields.callId,
    localTag: fields.toTag ?? "",
    remoteTag: fields.fromTag,
    local: transaction.fields.from,
    remote: fields.from,
    remoteTarget: contactUriOf(notify) ?? transaction.request.uri,
    routeSet: recordRoutesOf(notify),
    localSeq: transaction.fields.cseq.number,
    remoteSeq: null,
  };
  const dialog = openDialog(core, {
    method: "SUBSCRIBE",
    state,
    flow,
    detour: null,
    client: transaction.client,
    inviteId: transaction.id,
  });
  dialog.confirmed = true;
  const until: MonoMs = monoMs(core.now + giveUpMs(core.config.timers));
  dialog.quietUntil = until;
  transaction.dialog = dialog;
  live(core, dialog, 0);
  return dialog;
}
