import { monoMs } from "@intramuros/contracts";
import { startAccept, stepAccept } from "../dialog/index.ts";
import { headerOf, type SipRequest } from "../message/index.ts";
import { send } from "./effects.ts";
import type { CoreState, Dialog, Flow, ServerTransaction } from "./state.ts";

/**
 * Reliable provisional responses that we send (RFC 3262 §3): each is repeated, its interval doubling without a cap, until its PRACK comes.
 * The machine is the one of a 2xx that waits for its ACK.
 */

/** First RSeq of a call: below 2^31 and not the same each time. */
export const firstRSeq = (core: CoreState): number => (Math.floor(core.unixMs) % 1_000_000) + 1;

const uncapped = (core: CoreState) => ({ ...core.config.timers, t2Ms: Number.POSITIVE_INFINITY });

export function awaitPrack(
  core: CoreState,
  dialog: Dialog,
  sent: { readonly text: string; readonly flow: Flow; readonly rseq: number; readonly seq: number },
): void {
  const start = startAccept(core.now, { reliable: false, timers: uncapped(core) });
  dialog.provisionals = [...dialog.provisionals, { ...sent, machine: start.state, wakeAt: start.wakeAt }];
}

/** Whether a PRACK names a response that waits for one; that one is no longer repeated. */
export function prackArrived(dialog: Dialog, prack: SipRequest): boolean {
  const [rseq, seq, method] = (headerOf(prack, "rack") ?? "").split(/\s+/);
  const match = dialog.provisionals.find((item) => String(item.rseq) === rseq && String(item.seq) === seq);
  if (match === undefined || method !== "INVITE") return false;
  dialog.provisionals = dialog.provisionals.filter((item) => item !== match);
  return true;
}

/** The final response is out: nothing provisional is repeated any more, but a late PRACK still finds its response (§3). */
export function quietProvisionals(dialog: Dialog): void {
  dialog.provisionals = dialog.provisionals.map((item) => ({ ...item, machine: { at: "over" }, wakeAt: null }));
}

/** Repeats what is due; answers true when a PRACK did not come within 64·T1: the INVITE must be refused. */
export function wakeProvisionals(core: CoreState, dialog: Dialog): boolean {
  let gaveUp = false;
  dialog.provisionals = dialog.provisionals.map((item) => {
    if (item.wakeAt === null || core.now < item.wakeAt) return item;
    const answer = stepAccept(item.machine, { type: "wake" }, core.now, uncapped(core));
    for (const { type } of answer.outputs) {
      if (type === "resend") send(core, item.flow, item.text, null);
      else if (type === "give-up") gaveUp = true;
    }
    return { ...item, machine: answer.state, wakeAt: answer.wakeAt };
  });
  return gaveUp;
}

export function nextProvisionalWake(dialog: Dialog): Dialog["wakeAt"] {
  let next: Dialog["wakeAt"] = null;
  for (const { wakeAt } of dialog.provisionals) if (wakeAt !== null && (next === null || wakeAt < next)) next = wakeAt;
  return next === null ? null : monoMs(next);
}

export const requires100rel = ({ request }: ServerTransaction): boolean =>
  request.headers.some(({ key, value }) => key === "require" && /\b100rel\b/i.test(value));

export const supports100rel = (transaction: ServerTransaction): boolean =>
  transaction.request.headers.some(
    ({ key, value }) => (key === "supported" || key === "require") && /\b100rel\b/i.test(value),
  );
