import { endDialog, restDialog } from "./dialogs.ts";
import { note, send, tell, touch } from "./effects.ts";
import { inDialogFrame } from "./network.ts";
import { acknowledge } from "./responses.ts";
import { respondSelf } from "./server-transactions.ts";
import type { ControlClient, CoreState, Dialog, ServerTransaction } from "./state.ts";

/**
 * Calls whose application went away, and who gets them (README, "Taking over").
 *
 * | dialog   | application gone | request of the peer              | application comes    | time is over       |
 * | -------- | ---------------- | -------------------------------- | -------------------- | ------------------ |
 * | owned    | → orphaned       | told                             | –                    | –                  |
 * | orphaned | –                | parked; BYE and OPTIONS answered | → owned, parked told | BYE, parked get 503 |
 *
 * The application that comes must share a tag with the one that went; one that had no tags is followed by the next that asks for
 * `invite`.
 */

/** Requests that wait for an application in one dialog, and in all. */
const MAX_PARKED = 8;
const MAX_PARKED_IN_ALL = 20_000;
/** Peers that hung up while no application was there, not told yet. */
const MAX_FAREWELLS = 20_000;

/** The application that owned the dialog is gone. */
export function orphan(core: CoreState, dialog: Dialog, tags: readonly string[]): void {
  dialog.ownerTags = tags;
  dialog.client = null;
  dialog.orphanedAt = core.now;
  const told = dialog.held;
  dialog.held = [];
  for (const { text } of told) park(core, dialog, null, text);
  if (core.config.takeoverMs === 0) {
    endDialog(core, dialog, "application gone", 503);
    return;
  }
  if (!acknowledgeForIt(core, dialog)) return;
  touch(core, dialog);
  restDialog(core, dialog);
}

/** A 2xx that the application did not acknowledge any more. Without an offer of ours there is nothing to say in the ACK. */
function acknowledgeForIt(core: CoreState, dialog: Dialog): boolean {
  const invite = dialog.unacked;
  if (invite === null) return true;
  const sent = invite.request.body.length === 0 ? null : acknowledge(core, dialog, invite, []);
  if (sent === null) {
    endDialog(core, dialog, "application gone", 503);
    return false;
  }
  send(core, sent.flow, sent.text, null);
  return true;
}

/** Whether a dialog without an application still waits for one. */
export const isOrphaned = (dialog: Dialog): boolean => dialog.client === null && dialog.orphanedAt !== null;

/** A request of the peer for which no application is there now; `text` is the frame that tells it. */
export function whileOrphaned(core: CoreState, dialog: Dialog, transaction: ServerTransaction, text: string): void {
  switch (transaction.method) {
    case "BYE":
      bidFarewell(core, dialog.ownerTags, text);
      respondSelf(core, transaction, 200);
      return;
    case "OPTIONS":
      respondSelf(core, transaction, 200);
      return;
    default:
      if (!park(core, dialog, transaction, text)) respondSelf(core, transaction, 503);
  }
}

/** An ACK, which needs no answer. */
export function parkAck(core: CoreState, dialog: Dialog, text: string): void {
  if (isOrphaned(dialog)) park(core, dialog, null, text);
}

function park(core: CoreState, dialog: Dialog, transaction: ServerTransaction | null, text: string): boolean {
  if (dialog.parked.length >= MAX_PARKED || core.parkedCount >= MAX_PARKED_IN_ALL) return false;
  dialog.parked = [...dialog.parked, { transaction, text }];
  core.parkedCount++;
  return true;
}

function bidFarewell(core: CoreState, tags: readonly string[], text: string): void {
  if (core.farewells.length >= MAX_FAREWELLS) core.farewells.shift();
  core.farewells.push({ tags, text, until: core.now + core.config.takeoverMs });
}

/** The application of this request is gone before it answered: the next one will, if the call can wait for it. */
export function repark(core: CoreState, transaction: ServerTransaction, tags: readonly string[]): boolean {
  const { dialog, flow, request, id, fields } = transaction;
  if (dialog === null || fields.toTag === null || !dialog.confirmed || dialog.method !== "INVITE") return false;
  if (core.config.takeoverMs === 0 || (dialog.over && transaction.method !== "BYE")) return false;
  dialog.ownerTags = tags;
  const told = { flow, request, bytes: request.body.length, transactionId: id, dialogId: dialog.id };
  transaction.client = null;
  whileOrphaned(core, dialog, transaction, inDialogFrame(core, told));
  return true;
}

/** The dialog is over: nobody will answer what is parked. */
export function releaseParked(core: CoreState, dialog: Dialog): void {
  const { parked } = dialog;
  if (parked.length === 0) return;
  dialog.parked = [];
  core.parkedCount -= parked.length;
  for (const { transaction } of parked) {
    if (transaction !== null && isOpen(core, transaction)) respondSelf(core, transaction, 503);
  }
}

const isOpen = (core: CoreState, transaction: ServerTransaction): boolean =>
  core.serverById.get(transaction.id) === transaction;

/** An application has shown the secret, and with it its tags. One that we dialled came for one call only. */
export function adoptByTags(core: CoreState, client: ControlClient): void {
  if (client.tags.length > 0 && client.ask === null) adoptWhere(core, client, (tags) => sharesTag(client, tags));
}

/** An application asks for `invite`. */
export function adoptUntagged(core: CoreState, client: ControlClient): void {
  adoptWhere(core, client, (tags) => tags.length === 0);
}

const sharesTag = (client: ControlClient, tags: readonly string[]): boolean =>
  tags.some((tag) => client.tags.includes(tag));

/**
 * The one extension of the protocol, `route|takeover`: the application gets all that it may take over, and by name whatever call it
 * owns from now on, one dialog id a line.
 */
export function listOwned(core: CoreState, client: ControlClient): string {
  adoptWhere(core, client, (tags) => tags.length === 0 || sharesTag(client, tags));
  const ids: string[] = [];
  for (const dialog of core.dialogById.values()) {
    if (dialog.client === client.id && dialog.confirmed && dialog.method === "INVITE") ids.push(dialog.id);
  }
  return ids.join("\n");
}

function adoptWhere(core: CoreState, client: ControlClient, mayHave: (tags: readonly string[]) => boolean): void {
  let calls = 0;
  for (const dialog of core.dialogById.values()) {
    if (!isOrphaned(dialog) || !mayHave(dialog.ownerTags)) continue;
    calls++;
    adopt(core, dialog, client);
  }
  const farewells = core.farewells.filter(({ until }) => until > core.now);
  core.farewells = farewells.filter(({ tags }) => !mayHave(tags));
  for (const { tags, text } of farewells) if (mayHave(tags)) tell(core, client.id, text);
  if (calls > 0) note(core, "info", "application took over calls", { address: client.address, calls });
}

function adopt(core: CoreState, dialog: Dialog, client: ControlClient): void {
  const { parked } = dialog;
  dialog.client = client.id;
  dialog.ownerTags = client.tags;
  dialog.orphanedAt = null;
  dialog.parked = [];
  core.parkedCount -= parked.length;
  restDialog(core, dialog);
  touch(core, dialog);
  for (const { transaction, text } of parked) {
    if (transaction !== null) {
      if (!isOpen(core, transaction)) continue;
      transaction.client = client.id;
    }
    tell(core, client.id, text);
  }
}
