import { MIN_SESSION_SECONDS, readSessionExpires } from "../dialog/index.ts";
import {
  header,
  headerOf,
  readEssentials,
  type SipHeader,
  type SipRequest,
  type SipResponse,
} from "../message/index.ts";
import { BRANCH_COOKIE } from "../transaction/index.ts";
import { startTransaction } from "./client-transactions.ts";
import { note, topVia } from "./effects.ts";
import { leaveBehind, move } from "./fail-over.ts";
import type { ClientTransaction, CoreState } from "./state.ts";

const MAX_SECONDS = 86_400;
const MAX_RAISED = 1000;

/**
 * A peer finds the session interval of an application's INVITE or UPDATE too short (422): it goes out again with the peer's own, as RFC
 * 4028 §7.3 wants, and the application hears what becomes of that. False: the 422 is for the application.
 */
export function raiseInterval(core: CoreState, transaction: ClientTransaction, response: SipResponse): boolean {
  const { request, flow, dialog, isRefresh, proxied, cancel } = transaction;
  if (isRefresh || proxied !== null || cancel !== "none" || transaction.client === null) return false;
  const least = Number(headerOf(response, "min-se") ?? Number.NaN);
  const asked = readSessionExpires(headerOf(request, "session-expires"));
  if (asked === null || !(least > asked.seconds && least >= MIN_SESSION_SECONDS && least <= MAX_SECONDS)) return false;
  const seq = transaction.inDialog && dialog !== null ? dialog.state.localSeq + 1 : transaction.fields.cseq.number + 1;
  const via = header("Via", topVia(core, flow, BRANCH_COOKIE + core.ids.token()));
  const raised = withInterval(request, { seconds: least, refresher: asked.refresher, seq, via });
  const fields = readEssentials(raised);
  if ("missing" in fields) return false;
  leaveBehind(core, transaction);
  move(core, transaction, { request: raised, fields, flow, others: transaction.others });
  if (transaction.inDialog && dialog !== null) dialog.state = { ...dialog.state, localSeq: seq };
  else rememberSeq(core, fields.callId, seq);
  note(core, "info", "session interval raised to what the peer accepts", { seconds: least });
  startTransaction(core, transaction);
  return true;
}

function withInterval(
  request: SipRequest,
  next: {
    readonly seconds: number;
    readonly refresher: "uac" | "uas" | null;
    readonly seq: number;
    readonly via: SipHeader;
  },
): SipRequest {
  const refresher = next.refresher === null ? "" : `;refresher=${next.refresher}`;
  const headers = request.headers.flatMap((item) => {
    switch (item.key) {
      case "via":
        return [next.via];
      case "cseq":
        return [header("CSeq", `${next.seq} ${request.method}`)];
      case "session-expires":
        return [header("Session-Expires", `${next.seconds}${refresher}`), header("Min-SE", String(next.seconds))];
      case "min-se":
        return [];
      default:
        return [item];
    }
  });
  return { ...request, headers };
}

function rememberSeq(core: CoreState, callId: string, seq: number): void {
  core.raisedSeqs.delete(callId);
  core.raisedSeqs.set(callId, seq);
  if (core.raisedSeqs.size <= MAX_RAISED) return;
  const oldest = core.raisedSeqs.keys().next().value;
  if (oldest !== undefined) core.raisedSeqs.delete(oldest);
}
