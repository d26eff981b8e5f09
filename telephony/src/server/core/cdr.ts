import { cdrFrame } from "../control/tell.ts";
import { messageText, type SipMessage } from "../message/index.ts";
import { clockText, frameId, tell } from "./effects.ts";
import type { ClientTransaction, CoreState, Dialog, ServerTransaction } from "./state.ts";

/**
 * Call detail records (protocol §11): each new INVITE is an attempt, each 2xx to one a start, each refusal, CANCEL and BYE a stop. They
 * go to one application at a time of those that asked for the verb, and cost nothing while the site has not asked for them.
 */
type Source = "network" | "application";
type Role = "uac" | "uas" | "proxy-uac" | "proxy-uas";
export type StopReason =
  | "call-rejected"
  | "call-canceled"
  | "normal-release"
  | "session-expired"
  | "system-initiated-termination"
  | "system-error-initiated-termination";

function emit(
  core: CoreState,
  what: "attempt" | "start" | "stop",
  source: Source,
  detail: Role | StopReason | null,
  message: string,
): void {
  const client = core.routes.next(`cdr:${what}`);
  if (client === null) return;
  const time = clockText(core.unixMs);
  tell(core, client, cdrFrame({ id: frameId(core), what, source, time, detail, message }));
}

export function cdrAttempt(core: CoreState, source: Source, invite: SipMessage): void {
  if (core.config.cdrs === true) emit(core, "attempt", source, null, messageText(invite));
}

/** What we answered, as an application or as a proxy, to an INVITE outside of any dialog. */
export function cdrAnswered(core: CoreState, transaction: ServerTransaction, status: number, text: string): void {
  if (core.config.cdrs !== true || status < 200 || transaction.invite === null || transaction.fields.toTag !== null)
    return;
  const source: Source = transaction.proxied === null ? "application" : "network";
  if (status >= 300) {
    emit(core, "stop", source, status === 487 ? "call-canceled" : "call-rejected", text);
    return;
  }
  if (transaction.proxied === null) {
    emit(core, "start", source, "uas", text);
    return;
  }
  emit(core, "start", source, "proxy-uac", text);
  emit(core, "start", source, "proxy-uas", text);
}

/** The answer to an INVITE of an application. */
export function cdrHeard(core: CoreState, transaction: ClientTransaction, response: SipMessage, status: number): void {
  if (core.config.cdrs !== true || status < 200 || transaction.invite === null || transaction.inDialog) return;
  if (status < 300) emit(core, "start", "network", "uac", messageText(response));
  else {
    const reason = transaction.cancel === "none" ? "call-rejected" : "call-canceled";
    emit(core, "stop", "network", reason, messageText(response));
  }
}

/** A BYE, once for each call: one that was challenged comes again. */
export function cdrReleased(
  core: CoreState,
  dialog: Dialog | null,
  source: Source,
  bye: SipMessage,
  reason: StopReason = "normal-release",
): void {
  if (core.config.cdrs !== true) return;
  if (dialog !== null) {
    if (dialog.released || dialog.method !== "INVITE") return;
    dialog.released = true;
  }
  emit(core, "stop", source, reason, messageText(bye));
}

/** Why the server ended a call by itself, in the words of the protocol. */
export function stopReasonOf(why: string): StopReason {
  switch (why) {
    case "Session timer expired":
      return "session-expired";
    case "application gone":
      return "system-error-initiated-termination";
    default:
      return "system-initiated-termination";
  }
}
