import type { Logger } from "@intramuros/contracts";
import { reasonHeader } from "./sip-fields.ts";
import type { SipAgent, SipDialog } from "./sip-types.ts";

/**
 * After each (re)connection: which calls the SIP server has for us (`route|takeover`, README of the server, the one word that the
 * library does not know), and what the library holds on to of the connection before.
 */
interface Internals {
  readonly app: {
    readonly client: {
      readonly wp: { send(socket: object, payload: string): string };
      readonly mapServer: ReadonlyMap<object, { readonly pendingRequests: Map<string, Reply> }>;
      request(options: object, callback: (error: unknown) => void): void;
    };
  };
  readonly _dialogs: ReadonlyMap<string, SipDialog & { readonly req: { socket: object | null } }>;
}
type Reply = (tokens: readonly string[], list: string | undefined) => void;

const ANSWER_MS = 5000;
/** A call that was answered a moment ago may be on the list before the library has its dialog. */
const STRANGER_MS = 2000;

/** Dialog ids; null: the server is another one and cannot say, or it is gone again. */
export function askOwned(agent: SipAgent): Promise<ReadonlySet<string> | null> {
  const { client } = (agent as unknown as Internals).app;
  const entry = client.mapServer.entries().next().value;
  if (entry === undefined) return Promise.resolve(null);
  const [socket, { pendingRequests }] = entry;
  return new Promise((resolve) => {
    const id = client.wp.send(socket, "route|takeover");
    const timer = setTimeout(() => {
      pendingRequests.delete(id);
      resolve(null);
    }, ANSWER_MS);
    pendingRequests.set(id, ([status, word], list) => {
      clearTimeout(timer);
      const isList = status === "OK" && word === "takeover";
      resolve(isList ? new Set((list ?? "").split("\n").filter((line) => line !== "")) : null);
    });
  });
}

/** Dialogs send by the connection that there is now, not by the one that they were made on. */
export function rebind(agent: SipAgent): void {
  for (const dialog of (agent as unknown as Internals)._dialogs.values()) dialog.req.socket = null;
}

/** Calls that the server has for us and nobody here knows: the caller is not left in silence. */
export function endStrangers(agent: SipAgent, owned: ReadonlySet<string>, log: Logger): void {
  const { _dialogs, app } = agent as unknown as Internals;
  const strangers = [...owned].filter((id) => !_dialogs.has(id));
  if (strangers.length === 0) return;
  setTimeout(() => {
    const ids = strangers.filter((id) => !_dialogs.has(id));
    if (ids.length > 0) log.warn({ calls: ids.length }, "calls that could not be resumed are ended");
    for (const stackDialogId of ids) {
      const headers = { Reason: reasonHeader(41, "the call could not be resumed after a restart") };
      try {
        app.client.request({ method: "BYE", stackDialogId, headers }, () => undefined);
      } catch {
        return; // the connection is gone again; the next one brings the list anew
      }
    }
  }, STRANGER_MS);
}
