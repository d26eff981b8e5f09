import { monoMs } from "@intramuros/contracts";
import { createRouteTable } from "../control/route-table.ts";
import { createAttempts } from "../control/secret.ts";
import { createSourceGuard, sourceOf } from "../defence/source-guard.ts";
import { onRouteAnswer } from "./application-routes.ts";
import { releaseHeld, stepClientTransaction } from "./client-transactions.ts";
import { onClientClosed, onFrame } from "./commands.ts";
import { removeDialog, wakeDialog } from "./dialogs.ts";
import { note } from "./effects.ts";
import { failOver } from "./fail-over.ts";
import { type KeptDialog, keptOf, restore } from "./kept-dialog.ts";
import { onMessage } from "./network.ts";
import { cancelSearch, wakeSearch } from "./proxying.ts";
import { answerLocally } from "./responses.ts";
import { respondSelf, stepServerTransaction } from "./server-transactions.ts";
import type {
  ClientTransaction,
  CoreConfig,
  CoreInput,
  CoreOutput,
  CoreState,
  Counters,
  Dialog,
  Flow,
  Ids,
  ServerTransaction,
} from "./state.ts";
import { isOrphaned } from "./takeover.ts";

/** The whole SIP server but for its sockets and its clock. */
export interface Core {
  /** Takes one input at a time; all outputs must be performed, in order, before the next. */
  handle(input: CoreInput, now: { readonly monoMs: number; readonly unixMs: number }): readonly CoreOutput[];
  figures(): CoreFigures;
  /** Whether this message of a source that floods will not even be read. */
  isSilenced(flow: Flow, bytes: Uint8Array): boolean;
  /** Dialogs to be kept anew, or no more; the driver clears it. */
  readonly touched: Set<Dialog>;
  kept(dialog: Dialog): KeptDialog | null;
  dialog(id: string): Dialog | undefined;
  dialogIds(): Iterable<string>;
}

export interface CoreFigures extends Counters {
  readonly applications: number;
  readonly routed: boolean;
  readonly dialogs: number;
  /** Dialogs that wait for an application. */
  readonly orphaned: number;
  readonly serverTransactions: number;
  readonly clientTransactions: number;
  /** Transactions that an application, and merges that a caller, still wait for. */
  readonly waiting: number;
  /** Sources of requests that are remembered. */
  readonly sources: number;
}

export function createCore(config: CoreConfig, ids: Ids): Core {
  const core: CoreState = {
    config,
    ids,
    now: monoMs(0),
    unixMs: 0,
    out: [],
    clients: new Map(),
    routes: createRouteTable(),
    attempts: createAttempts(),
    sources: createSourceGuard({
      maxRequestsPerSecond: config.maxRequestsPerSecond,
      maxTransactions: config.maxTransactionsPerSource,
    }),
    serverByKey: new Map(),
    serverById: new Map(),
    clientByKey: new Map(),
    clientById: new Map(),
    dialogById: new Map(),
    dialogByKey: new Map(),
    dialogByCallId: new Map(),
    openInvites: new Map(),
    connections: new Set(),
    contacts: new Map(),
    lookups: new Map(),
    searches: new Map(),
    openSubscribes: new Map(),
    affinities: new Map(),
    raisedSeqs: new Map(),
    lookupCount: 0,
    frameCount: 0,
    failedUntil: new Map(),
    noStreamUntil: new Map(),
    ownHostports: new Set(
      config.listeners.flatMap(({ transport, address, port }) => [
        `${transport} ${address}:${port}`,
        ...(config.external ? [`${transport} ${config.external.address}:${port}`] : []),
      ]),
    ),
    counters: {
      received: 0,
      malformed: 0,
      refused: 0,
      retransmitted: 0,
      timeouts: 0,
      scanners: 0,
      limited: 0,
      ignored: 0,
    },
    asks: new Map(),
    askCount: 0,
    parkedCount: 0,
    farewells: [],
    noted: new Map(),
    touched: new Set(),
  };
  return {
    isSilenced: (flow, bytes) => core.sources.isSilenced(sourceOf(flow), bytes, core.now),
    handle(input, now) {
      core.now = monoMs(now.monoMs);
      core.unixMs = now.unixMs;
      core.out = [];
      dispatch(core, input);
      return core.out;
    },
    touched: core.touched,
    kept: (dialog) => keptOf(core, dialog),
    dialog: (id) => core.dialogById.get(id),
    dialogIds: () => core.dialogById.keys(),
    figures: () => ({
      ...core.counters,
      sources: core.sources.size,
      applications: [...core.clients.values()].filter((client) => client.authenticated).length,
      routed: !core.routes.isEmpty,
      dialogs: core.dialogById.size,
      orphaned: [...core.dialogById.values()].filter(isOrphaned).length,
      serverTransactions: core.serverByKey.size,
      clientTransactions: core.clientByKey.size,
      waiting:
        core.serverById.size +
        core.clientById.size +
        core.openInvites.size +
        core.lookups.size +
        core.asks.size +
        core.searches.size,
    }),
  };
}

function dispatch(core: CoreState, input: CoreInput): void {
  switch (input.type) {
    case "message":
      onMessage(core, input.flow, input.bytes);
      return;
    case "frame":
      onFrame(core, input.client, input.payload);
      return;
    case "wake":
      onWake(core, input.sleeper);
      return;
    case "client-opened":
      core.clients.set(input.client, {
        id: input.client,
        address: input.address,
        ask: input.ask ?? null,
        authenticated: false,
        tags: [],
      });
      return;
    case "application-answer":
      onRouteAnswer(core, input.ask, input.answer);
      return;
    case "restored":
      restore(core, input.dialogs);
      return;
    case "client-closed":
      onClientClosed(core, input.client);
      return;
    case "connection-opened":
      core.connections.add(input.connection);
      return;
    case "connection-closed":
      core.connections.delete(input.connection);
      for (const [name, { flow }] of core.contacts) {
        if (flow.connection === input.connection) core.contacts.delete(name);
      }
      return;
    case "send-failed":
      onSendFailed(core, input.transaction, input.why ?? null);
      return;
    case "resolved": {
      const lookup = core.lookups.get(input.lookup);
      core.lookups.delete(input.lookup);
      lookup?.resume(input.places);
    }
  }
}

function onWake(core: CoreState, sleeper: Extract<CoreInput, { type: "wake" }>["sleeper"]): void {
  switch (sleeper.kind) {
    case "dialog":
      wakeDialog(core, sleeper);
      return;
    case "client":
      wakeClient(core, sleeper);
      return;
    case "search":
      wakeSearch(core, sleeper);
      return;
    case "server":
      wakeServer(core, sleeper);
  }
}

function wakeClient(core: CoreState, transaction: ClientTransaction): void {
  releaseHeld(core, transaction);
  if (transaction.cancelBy !== null && core.now >= transaction.cancelBy && !transaction.final) {
    answerLocally(core, transaction, 408);
    return;
  }
  const { moveOnAt } = transaction;
  if (moveOnAt !== null && core.now >= moveOnAt) {
    transaction.moveOnAt = null;
    if (!transaction.provisional && !transaction.final && failOver(core, transaction, "silence")) return;
  }
  if (stepClientTransaction(core, transaction, { type: "wake" }).timeout) {
    if (!failOver(core, transaction, "silence")) answerLocally(core, transaction, 408);
  }
}

function wakeServer(core: CoreState, transaction: ServerTransaction): void {
  const isUnanswered = transaction.invite?.at === "proceeding" && !transaction.answered;
  if (isUnanswered && transaction.answerBy !== null && core.now >= transaction.answerBy) {
    // The daemon forgets such a call in silence; a caller who got a 100 would then wait for ever.
    note(core, "warn", "application did not answer an INVITE");
    core.counters.timeouts++;
    respondSelf(core, transaction, 408);
    return;
  }
  if (transaction.invite?.at === "proceeding" && transaction.answered && transaction.answerBy !== null) {
    if (core.now >= transaction.answerBy) {
      note(core, "warn", "application left an INVITE open too long");
      core.counters.timeouts++;
      respondSelf(core, transaction, 408);
      if (transaction.dialog !== null && !transaction.dialog.confirmed) removeDialog(core, transaction.dialog);
      return;
    }
  }
  const notice = stepServerTransaction(core, transaction, { type: "wake" });
  if (notice === "timeout") core.counters.timeouts++;
}

function onSendFailed(core: CoreState, transaction: ServerTransaction | ClientTransaction, why: string | null): void {
  if (transaction.kind === "client") {
    if (stepClientTransaction(core, transaction, { type: "transport-fault" }).fault) {
      if (!failOver(core, transaction, "fault")) answerLocally(core, transaction, 503, why);
    }
    return;
  }
  stepServerTransaction(core, transaction, { type: "transport-fault" });
  if (transaction.proxied !== null) cancelSearch(core, transaction.proxied);
  const { dialog } = transaction;
  if (dialog !== null && !dialog.confirmed) removeDialog(core, dialog);
}
