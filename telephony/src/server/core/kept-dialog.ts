import type { DialogState } from "../dialog/index.ts";
import { openDialog, restDialog } from "./dialogs.ts";
import { note } from "./effects.ts";
import { isKeptSession, type KeptSession, keptSession, restoreSession } from "./session-timers.ts";
import type { CoreState, Dialog, Endpoint, Listener } from "./state.ts";
import { chooseListener } from "./target.ts";

/** What of a call's dialog outlives the process: enough to speak and be spoken to in it again. */
export interface KeptDialog {
  readonly state: DialogState;
  readonly local: Listener;
  readonly remote: Endpoint;
  readonly detour: Endpoint | null;
  readonly inviteId: string;
  readonly localContact: string | null;
  readonly tags: readonly string[];
  readonly session?: KeptSession | null;
  /** What a TLS peer's certificate must show. */
  readonly name?: string;
}

/** Of a connection that the process before this one had: dead, so the peer is sought anew. */
const GONE = -1;
/** Requests that left between the last write and the end of the process, at most; a gap in CSeq is allowed (RFC 3261 §12.2.2). */
const SEQ_MARGIN = 16;

/** Null: nothing to keep. A connection ends with the process, so the way is kept without it. */
export function keptOf(core: CoreState, dialog: Dialog): KeptDialog | null {
  if (dialog.over || !dialog.confirmed || dialog.method !== "INVITE") return null;
  const { state, flow, detour, inviteId, localContact } = dialog;
  const tags = dialog.client === null ? dialog.ownerTags : (core.clients.get(dialog.client)?.tags ?? []);
  const { transport, address, port } = flow.local;
  const local = { transport, address, port };
  const kept = {
    state,
    local,
    remote: flow.remote,
    detour,
    inviteId,
    localContact,
    tags,
    session: keptSession(dialog),
  };
  return flow.name === undefined ? kept : { ...kept, name: flow.name };
}

/** Dialogs of the process before this one: they wait for their application like those whose application went away. */
export function restore(core: CoreState, kept: readonly unknown[]): void {
  let calls = 0;
  for (const item of kept) {
    if (!isKept(item) || core.dialogById.size >= core.config.maxDialogs) continue;
    const { local: before, remote, detour, inviteId, localContact, state, tags } = item;
    const same = core.config.listeners.find(
      (listener) =>
        listener.transport === before.transport && listener.address === before.address && listener.port === before.port,
    );
    const named = item.name === undefined ? {} : { name: item.name };
    const local =
      same ?? chooseListener(core.config.listeners, { address: remote.address, transport: before.transport });
    if (local === null) continue;
    const dialog = openDialog(core, {
      method: "INVITE",
      state: { ...state, localSeq: state.localSeq === 0 ? 0 : state.localSeq + SEQ_MARGIN },
      flow: {
        transport: local.transport,
        local,
        remote,
        connection: local.transport === "udp" ? null : GONE,
        ...named,
      },
      detour,
      client: null,
      inviteId,
    });
    dialog.confirmed = true;
    dialog.localContact = localContact;
    dialog.ownerTags = tags;
    dialog.orphanedAt = core.now;
    restoreSession(core, dialog, item.session ?? null);
    restDialog(core, dialog);
    calls++;
  }
  if (calls > 0) note(core, "warn", "calls of the process before this one wait for their application", { calls });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isEndpoint = (value: unknown): boolean =>
  isRecord(value) && isText(value.address) && typeof value.port === "number";

/** Sealed by ourselves, but maybe by an older version. */
function isKept(value: unknown): value is KeptDialog {
  if (!isRecord(value) || !isRecord(value.state) || !isRecord(value.local)) return false;
  const { state } = value;
  return (
    [state.callId, state.localTag, state.remoteTag, state.local, state.remote, state.remoteTarget].every(isText) &&
    (state.role === "uas" || state.role === "uac") &&
    areTexts(state.routeSet) &&
    typeof state.localSeq === "number" &&
    isText(value.local.transport) &&
    isEndpoint(value.local) &&
    isEndpoint(value.remote) &&
    (value.detour === null || isEndpoint(value.detour)) &&
    (value.name === undefined || isText(value.name)) &&
    isText(value.inviteId) &&
    (value.localContact === null || isText(value.localContact)) &&
    areTexts(value.tags) &&
    (value.session === undefined || value.session === null || isKeptSession(value.session))
  );
}
