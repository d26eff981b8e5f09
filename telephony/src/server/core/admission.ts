import { isScanner } from "../defence/scanner.ts";
import { sourceOf } from "../defence/source-guard.ts";
import type { Essentials, SipRequest } from "../message/index.ts";
import { RETRY_AFTER, respondStateless } from "./server-transactions.ts";
import type { CoreState, Flow } from "./state.ts";

/** Whom we hear and answer at all (`../defence`). */

/** Before a message is read; false: it is dropped. */
export function isHeard(core: CoreState, flow: Flow, bytes: Uint8Array): boolean {
  if (core.sources.hears(sourceOf(flow), bytes, core.now)) return true;
  core.counters.ignored++;
  return false;
}

/** A request that nothing of ours belongs to: whether it goes on. When not, it has been answered, or must not be. */
export function isAdmitted(core: CoreState, flow: Flow, request: SipRequest, fields: Essentials): boolean {
  if (isScanner(request, fields, core.config.scanners)) {
    core.counters.scanners++;
    return false;
  }
  switch (core.sources.admits(sourceOf(flow), core.now)) {
    case "pass":
      return true;
    case "refuse":
      core.counters.limited++;
      respondStateless(core, flow, request, { status: 503, headers: [RETRY_AFTER] });
      return false;
    case "ignore":
      core.counters.ignored++;
      return false;
  }
}

/** What is malformed gets its 400 only as long as its source is below its rate: else we would answer noise for ever. */
export function mayRefuse(core: CoreState, flow: Flow): boolean {
  if (core.sources.admits(sourceOf(flow), core.now) === "pass") return true;
  core.counters.ignored++;
  return false;
}
