import type { Logger } from "@intramuros/contracts";
import type { SetupMessage } from "../trunk/set-up.ts";
import type { CallJournal } from "./call-journal-store.ts";
import type { Inbound } from "./inbound-driver.ts";

/**
 * The calls of a process that was killed, taken over: first all their audio, at the ports that the peers know, then, once the library
 * can send for them, their dialogs and machines. What cannot be resumed is ended: in the books here, at the peer when the SIP server
 * tells that it still has the dialog (`takeover-client.ts`).
 */
export interface Resuming {
  /** Calls that will go on. */
  readonly callIds: ReadonlySet<string>;
  /** After `connect` of the SIP link, in the same turn of the event loop. */
  goOn(): void;
}

export async function prepareCalls(deps: {
  readonly journal: CallJournal;
  readonly inbound: Inbound;
  readonly setup: SetupMessage | null;
  readonly log: Logger;
}): Promise<Resuming> {
  const { journal, inbound, setup, log } = deps;
  const ready = new Map<string, () => void>();
  await Promise.all(
    journal.found.map(async (kept) => {
      const { callId } = kept.offer;
      try {
        if (setup === null) throw new Error("there is no set-up to work by");
        ready.set(callId, await inbound.prepare(kept, setup));
      } catch (error) {
        log.error({ err: error, callId }, "a call cannot be resumed");
        journal.settle(callId);
      }
    }),
  );
  return {
    callIds: new Set(ready.keys()),
    goOn() {
      for (const [callId, resume] of ready) {
        try {
          resume();
        } catch (error) {
          log.error({ err: error, callId }, "a call met a fault as it was resumed");
        }
        journal.settle(callId);
      }
      if (ready.size > 0) log.warn({ calls: ready.size }, "calls of the process before this one go on");
    },
  };
}
