import { type DialogState, dialogKeyOf } from "../dialog/index.ts";
import { headerOf, type SipResponse } from "../message/index.ts";
import type { ClientTransaction, CoreState, Dialog, Endpoint, Flow } from "./state.ts";

/**
 * Several early dialogs of one INVITE (RFC 3261 §12.1.2, §13.2.2.4). Applications know one dialog, named by our own tag; behind it stands
 * the branch that spoke last, and the others are kept so that each gets its own PRACKs and is understood when it asks something.
 */

/** Reliable provisional responses of one branch (RFC 3262 §4). */
export interface Heard {
  readonly tag: string;
  readonly rseq: number;
  /** Whether the application has acknowledged it. */
  readonly isAcknowledged: boolean;
}

const MAX_FORKS = 16;
const MAX_HEARD = 32;

/** Whether a reliable provisional response is to be passed up: not when it comes again, nor when one before it is missing. */
export function isNews(transaction: ClientTransaction, response: SipResponse, tag: string): boolean {
  const value = headerOf(response, "rseq");
  if (value === null || !/^\d{1,10}$/.test(value)) return true;
  const rseq = Number(value);
  let last: number | null = null;
  for (const item of transaction.heard) if (item.tag === tag && (last === null || item.rseq > last)) last = item.rseq;
  if (last !== null && rseq !== last + 1) return false;
  if (transaction.heard.length >= MAX_HEARD) return false;
  transaction.heard = [...transaction.heard, { tag, rseq, isAcknowledged: false }];
  return true;
}

/** A branch has spoken: the dialog stands for it from here on. */
export function followBranch(
  core: CoreState,
  dialog: Dialog,
  branch: { readonly state: DialogState; readonly flow: Flow; readonly detour: Endpoint | null },
): void {
  const { state, flow, detour } = branch;
  const localSeq = Math.max(state.localSeq, dialog.state.localSeq);
  const isSame = state.remoteTag === dialog.state.remoteTag;
  if (!isSame && dialog.forks.length >= MAX_FORKS) return;
  if (!isSame) dialog.forks = [...without(dialog, state.remoteTag), standing(dialog)];
  const remoteSeq = isSame ? dialog.state.remoteSeq : state.remoteSeq;
  stand(core, dialog, { state: { ...state, localSeq, remoteSeq }, flow, detour });
}

/** Lets the dialog stand for the branch of that tag, when it has one. */
export function turnToBranch(core: CoreState, dialog: Dialog, tag: string): void {
  if (dialog.state.remoteTag === tag) return;
  const fork = dialog.forks.find(({ state }) => state.remoteTag === tag);
  if (fork === undefined) return;
  const localSeq = Math.max(fork.state.localSeq, dialog.state.localSeq);
  dialog.forks = [...without(dialog, tag), standing(dialog)];
  stand(core, dialog, { ...fork, state: { ...fork.state, localSeq } });
}

const without = (dialog: Dialog, tag: string) => dialog.forks.filter(({ state }) => state.remoteTag !== tag);
const standing = ({ state, flow, detour }: Dialog) => ({ state, flow, detour });

function stand(core: CoreState, dialog: Dialog, branch: ReturnType<typeof standing>): void {
  dialog.state = branch.state;
  dialog.flow = branch.flow;
  dialog.detour = branch.detour;
  dialog.key = keyOf(branch.state);
  core.dialogByKey.set(dialog.key, dialog);
}

const keyOf = (state: DialogState): string => dialogKeyOf(state.callId, state.localTag, state.remoteTag);

/** One branch has answered, or the call is over: the others are heard no more. */
export function forgetBranches(core: CoreState, dialog: Dialog): void {
  if (dialog.forks.length === 0) return;
  for (const { state } of dialog.forks) {
    const key = keyOf(state);
    if (key !== dialog.key && core.dialogByKey.get(key) === dialog) core.dialogByKey.delete(key);
  }
  dialog.forks = [];
}

/** The application acknowledges a provisional response: which branch sent the one that its RAck names. */
export function turnToAcknowledged(core: CoreState, dialog: Dialog, rack: string): void {
  const invite = dialog.openOut;
  const rseq = Number(rack.trim().split(/\s+/)[0]);
  const item = invite?.heard.find((heard) => heard.rseq === rseq && !heard.isAcknowledged);
  if (invite === null || item === undefined) return;
  invite.heard = invite.heard.map((heard) => (heard === item ? { ...heard, isAcknowledged: true } : heard));
  if (!dialog.confirmed) turnToBranch(core, dialog, item.tag);
}
