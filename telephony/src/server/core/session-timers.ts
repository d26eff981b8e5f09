import { monoMs } from "@intramuros/contracts";
import { type AppMessage, appHeaderOf } from "../control/command.ts";
import {
  agreeAsUac,
  agreeAsUas,
  MIN_SESSION_SECONDS,
  type SessionInput,
  type SessionTerms,
  startSession,
  stepSession,
} from "../dialog/index.ts";
import { header, headerOf, type SipHeader, type SipRequest, type SipResponse } from "../message/index.ts";
import { openClientTransaction, startTransaction } from "./client-transactions.ts";
import { dialogFlow, dialogRequest, endDialog, restDialog } from "./dialogs.ts";
import { ownContact, touch } from "./effects.ts";
import type { ClientTransaction, CoreState, Dialog, Flow } from "./state.ts";

/** Session timers of established calls (protocol §10): the application hears of them only when a call ends by one. */

const EXPIRED = "Session timer expired";
const SDP = "application/sdp";
/** Larger bodies than this are not kept for a refresh; the call then needs a peer that allows UPDATE. */
const MAX_KEPT_BODY = 16_384;

/** What an application's 2xx to the peer's INVITE or UPDATE agrees on; adds to `headers` what the application left out. */
export function answerTerms(request: SipRequest, message: AppMessage, headers: SipHeader[]): SessionTerms | null {
  const agreed = agreeAsUas(request, message);
  if (agreed === null) return null;
  if (agreed.add !== null) headers.push(header("Session-Expires", agreed.add));
  if (agreed.requireTimer) headers.push(header("Require", "timer"));
  return agreed.terms;
}

/** Our answer is out. */
export function sessionAnswered(
  core: CoreState,
  dialog: Dialog,
  answered: { readonly terms: SessionTerms | null; readonly request: SipRequest; readonly message: AppMessage },
): void {
  const { terms, request, message } = answered;
  if (terms === null && dialog.session === null) return;
  arm(core, dialog, terms, {
    peer: request,
    own: { type: appHeaderOf(message, "content-type") ?? SDP, body: message.body },
  });
}

/** The peer's 2xx to an INVITE or UPDATE of ours. */
export function sessionAgreed(core: CoreState, dialog: Dialog, request: SipRequest, response: SipResponse): void {
  const terms = agreeAsUac(response);
  if (terms === null && dialog.session === null) return;
  arm(core, dialog, terms, {
    peer: response,
    own: { type: headerOf(request, "content-type") ?? SDP, body: request.body },
  });
}

interface Body {
  readonly type: string;
  readonly body: Buffer;
}

function arm(
  core: CoreState,
  dialog: Dialog,
  terms: SessionTerms | null,
  said: { readonly peer: SipRequest | SipResponse; readonly own: Body },
): void {
  const before = dialog.session;
  if (terms === null) {
    dialog.session = null;
  } else {
    const allow = said.peer.headers.filter(({ key }) => key === "allow");
    const takesUpdate =
      allow.length === 0 ? (before?.takesUpdate ?? false) : allow.some(({ value }) => /\bUPDATE\b/.test(value));
    const { body } = said.own;
    const fits = body.length > 0 && body.length <= MAX_KEPT_BODY;
    dialog.session = {
      timer: startSession(terms, core.now, spreadOf(dialog)).state,
      takesUpdate,
      body: fits ? said.own : (before?.body ?? null),
      minSeconds: before?.minSeconds ?? MIN_SESSION_SECONDS,
    };
  }
  touch(core, dialog);
  restDialog(core, dialog);
}

/** The answer of a late offer went with the ACK. */
export function rememberOffer(dialog: Dialog, body: Buffer, type: string | null): void {
  if (dialog.session === null || body.length === 0 || body.length > MAX_KEPT_BODY) return;
  dialog.session = { ...dialog.session, body: { type: type ?? SDP, body } };
}

/** An application that changes a call with a running timer need not know of it. */
export function sessionHeaders(dialog: Dialog, method: string, message: AppMessage): readonly SipHeader[] {
  const { session } = dialog;
  if (session === null || (method !== "INVITE" && method !== "UPDATE")) return [];
  if (appHeaderOf(message, "session-expires") !== null) return [];
  const headers = termHeaders(session.timer.seconds, session.minSeconds, session.timer.weRefresh ? "uac" : "uas");
  const supported = message.headers.some(({ key, value }) => key === "supported" && /\btimer\b/i.test(value));
  return supported ? headers : [...headers, header("Supported", "timer")];
}

const termHeaders = (seconds: number, minSeconds: number, refresher: "uac" | "uas"): SipHeader[] => [
  header("Session-Expires", `${seconds};refresher=${refresher}`),
  header("Min-SE", String(minSeconds)),
];

/** Does what the session's time asks for; false when the call is over. */
export function wakeSession(core: CoreState, dialog: Dialog): boolean {
  const { session } = dialog;
  if (session === null) return true;
  const { timer } = session;
  const isDue = core.now >= timer.expireAt || (timer.refreshAt !== null && core.now >= timer.refreshAt);
  return isDue ? step(core, dialog, { type: "wake" }) : true;
}

function step(core: CoreState, dialog: Dialog, input: SessionInput | { readonly type: "wake" }): boolean {
  const { session } = dialog;
  if (session === null || dialog.over) return true;
  const answer = stepSession(session.timer, input, core.now, spreadOf(dialog));
  dialog.session = { ...session, timer: answer.state };
  for (const { type } of answer.outputs) {
    if (type === "expire") {
      endDialog(core, dialog, EXPIRED);
      return false;
    }
    if (!refresh(core, dialog)) return step(core, dialog, { type: "busy" });
  }
  restDialog(core, dialog);
  return true;
}

/** Sends the refresh: an UPDATE where the peer takes it, else the last INVITE's session again; false when it cannot be sent now. */
function refresh(core: CoreState, dialog: Dialog): boolean {
  const { session } = dialog;
  if (session === null) return false;
  const isInvite = !session.takesUpdate;
  if (dialog.openIn !== null || dialog.openOut !== null || dialog.unacked !== null || dialog.accept !== null)
    return false;
  const flow = dialogFlow(core, dialog);
  if (flow === null || flow === "not-literal" || (isInvite && session.body === null)) return false;
  if (dialog.state.localSeq === 0) dialog.state = { ...dialog.state, localSeq: 1 };
  const method = isInvite ? "INVITE" : "UPDATE";
  const request = dialogRequest(core, dialog, {
    method,
    flow,
    headers: refreshHeaders(core, dialog, session, flow, isInvite),
    ...(isInvite && session.body !== null ? { body: session.body.body } : {}),
  });
  const transaction = openClientTransaction(core, { request, flow, client: null, dialog });
  if (transaction === null) return false;
  transaction.isRefresh = true;
  if (isInvite) dialog.openOut = transaction;
  else dialog.updateOut = transaction;
  startTransaction(core, transaction);
  return true;
}

function refreshHeaders(
  core: CoreState,
  dialog: Dialog,
  session: NonNullable<Dialog["session"]>,
  flow: Flow,
  isInvite: boolean,
): SipHeader[] {
  const headers = [
    header("Contact", dialog.localContact ?? ownContact(core, flow)),
    header("Supported", "timer"),
    ...termHeaders(session.timer.seconds, session.minSeconds, "uac"),
  ];
  if (isInvite && session.body !== null) headers.push(header("Content-Type", session.body.type));
  return headers;
}

/** The final answer to a refresh of ours; a 2xx has begun the session anew before. */
export function refreshAnswered(
  core: CoreState,
  dialog: Dialog,
  transaction: ClientTransaction,
  response: SipResponse,
): void {
  const { session } = dialog;
  const { status } = response;
  if (session === null || status < 300) return;
  if (status === 422) {
    const minSeconds = Number(headerOf(response, "min-se") ?? 0);
    if (minSeconds > session.minSeconds) dialog.session = { ...session, minSeconds };
    step(core, dialog, { type: "too-short", minSeconds });
    return;
  }
  if (transaction.method === "UPDATE" && (status === 405 || status === 501 || status === 420)) {
    // It said that it takes UPDATE, but does not.
    dialog.session = { ...session, takesUpdate: false };
    step(core, dialog, { type: "busy" });
    return;
  }
  if (status === 401 || status === 407) {
    step(core, dialog, { type: "challenged" });
    return;
  }
  const isBusy = status === 491 || (status === 500 && headerOf(response, "retry-after") !== null);
  step(core, dialog, { type: isBusy ? "busy" : "failed" });
}

/** What outlives the process of a session timer. */
export interface KeptSession {
  readonly seconds: number;
  readonly weRefresh: boolean;
  readonly takesUpdate: boolean;
  readonly minSeconds: number;
  /** A byte string. */
  readonly body: string | null;
  readonly bodyType: string;
}

export function keptSession({ session }: Dialog): KeptSession | null {
  if (session === null) return null;
  const { timer, takesUpdate, minSeconds, body } = session;
  return {
    seconds: timer.seconds,
    weRefresh: timer.weRefresh,
    takesUpdate,
    minSeconds,
    body: body?.body.toString("latin1") ?? null,
    bodyType: body?.type ?? SDP,
  };
}

/** After a restart nobody knows how much of the interval has gone, so our refresh follows within seconds. */
export function restoreSession(core: CoreState, dialog: Dialog, kept: KeptSession | null): void {
  if (kept === null) return;
  const { seconds, weRefresh, takesUpdate, minSeconds, body, bodyType } = kept;
  const { state } = startSession({ seconds, weRefresh }, core.now, 0);
  dialog.session = {
    timer: weRefresh ? { ...state, refreshAt: monoMs(core.now + 1000 + spreadOf(dialog) * 9000) } : state,
    takesUpdate,
    minSeconds,
    body: body === null ? null : { type: bodyType, body: Buffer.from(body, "latin1") },
  };
}

export function isKeptSession(value: unknown): value is KeptSession {
  if (typeof value !== "object" || value === null) return false;
  const { seconds, weRefresh, takesUpdate, minSeconds, body, bodyType } = value as Record<string, unknown>;
  return (
    typeof seconds === "number" &&
    typeof minSeconds === "number" &&
    typeof weRefresh === "boolean" &&
    typeof takesUpdate === "boolean" &&
    (body === null || typeof body === "string") &&
    typeof bodyType === "string"
  );
}

/** A fixed share for each call, which has no other source of chance. */
function spreadOf(dialog: Dialog): number {
  let hash = 0;
  for (let i = 0; i < dialog.id.length; i++) hash = (Math.imul(hash, 31) + dialog.id.charCodeAt(i)) | 0;
  return (hash >>> 0) / 2 ** 32;
}
