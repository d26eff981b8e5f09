import type { Logger } from "@intramuros/contracts";
import { openJournal } from "../journal-store.ts";
import { isKeptCall, type KeptCall } from "./kept-call.ts";

/** Calls that are up, on disk, so that the next process can go on with them. Sealed: it holds numbers and keys. */
export interface CallJournal {
  /** Of the process before this one. */
  readonly found: readonly KeptCall[];
  touch(callId: string): void;
  /** What was found of a call counts no more: this process has it, or has given it up. */
  settle(callId: string): void;
  close(): void;
}

export function openCallJournal(options: {
  readonly file: string;
  readonly masterKeyHex: string;
  readonly log: Logger;
  /** What is to be kept of a call of this process; null: it is not up. */
  readonly current: (callId: string) => KeptCall | null;
  readonly callIds: () => Iterable<string>;
}): CallJournal {
  const unsettled = new Map<string, unknown>();
  const journal = openJournal({
    file: options.file,
    secretHex: options.masterKeyHex,
    purpose: "telephony calls",
    log: options.log,
    current: (callId) => unsettled.get(callId) ?? options.current(callId),
    keys: () => new Set([...unsettled.keys(), ...options.callIds()]),
  });
  for (const [callId, value] of journal.found) unsettled.set(callId, value);
  return {
    found: [...journal.found.values()].filter(isKeptCall),
    touch: (callId) => journal.touch(callId),
    settle(callId) {
      unsettled.delete(callId);
      journal.touch(callId);
    },
    close: () => journal.close(),
  };
}
