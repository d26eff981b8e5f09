import { messageFrame, newRequestFrame } from "../control/tell.ts";
import { dialogIdOf, dialogKeyOf, isTooShort } from "../dialog/index.ts";
import {
  type Essentials,
  header,
  headerOf,
  markVia,
  messageText,
  parseMessage,
  parseNameAddr,
  parseVia,
  readEssentials,
  requestUriFault,
  type SipFault,
  type SipHeader,
  type SipRequest,
  splitList,
  unknownRequired,
} from "../message/index.ts";
import { serverKeyOf } from "../transaction/index.ts";
import { isAdmitted, isHeard, mayRefuse } from "./admission.ts";
import { askApplication } from "./application-routes.ts";
import { cdrAttempt } from "./cdr.ts";
import { frameId, networkMeta, note, tell } from "./effects.ts";
import { MIN_SE, onAck, onCancel, onDialogRequest } from "./in-dialog.ts";
import { onResponse } from "./responses.ts";
import {
  inviteKeyOf,
  openServerTransaction,
  RETRY_AFTER,
  respondSelf,
  respondStateless,
  stepServerTransaction,
} from "./server-transactions.ts";
import type { CoreState, Flow, ServerTransaction } from "./state.ts";
import { passOn } from "./stateless-proxy.ts";
import { dialogOfEarlyNotify } from "./subscriptions.ts";

/** Methods that an application can ask for (protocol §9.1; REFER besides). */
const TO_APPLICATIONS = new Set([
  "INVITE",
  "REGISTER",
  "MESSAGE",
  "OPTIONS",
  "INFO",
  "NOTIFY",
  "SUBSCRIBE",
  "PUBLISH",
  "REFER",
]);
const IN_DIALOG_ONLY = new Set(["BYE", "UPDATE", "PRACK"]);
const ALLOW = header(
  "Allow",
  "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO, MESSAGE, NOTIFY, SUBSCRIBE, PUBLISH, REFER, UPDATE, PRACK",
);

/** What the peer sent, from the wire to the transaction, dialog or application it concerns. */
export function onMessage(core: CoreState, flow: Flow, bytes: Buffer): void {
  core.counters.received++;
  if (!isHeard(core, flow, bytes)) return;
  const message = parseMessage(bytes, core.config.messageLimits);
  if (message.kind === "fault") {
    onFault(core, flow, message);
    return;
  }
  const fields = readEssentials(message);
  if ("missing" in fields) {
    core.counters.malformed++;
    if (message.kind === "request") refuse(core, flow, message, `Bad ${fields.missing}`);
    return;
  }
  if (message.kind === "response") {
    onResponse(core, flow, message, fields, bytes.length);
    return;
  }
  onRequest(core, flow, markReceived(message, flow, fields), fields, bytes.length);
}

function onFault(core: CoreState, flow: Flow, fault: SipFault): void {
  if (fault.code === "empty") return;
  core.counters.malformed++;
  if (fault.partial !== null) refuse(core, flow, fault.partial, fault.reason, fault.code === "version" ? 505 : 400);
}

/** 400 with the reason, when there is a Via to send it by; never for ACK. */
function refuse(core: CoreState, flow: Flow, request: SipRequest, reason: string, status: 400 | 505 = 400): void {
  if (request.method === "ACK") return;
  const via = headerOf(request, "via");
  // Another version of SIP has another Via, which goes back as it came.
  if (via === null || (status !== 505 && parseVia(via) === null)) return;
  if (!mayRefuse(core, flow)) return;
  core.counters.refused++;
  respondStateless(core, flow, markReceived(request, flow, null), { status, reason });
}

/** Notes in the top Via where the request came from; `rport` even unasked, so that answers find their way back (protocol §5). */
function markReceived(request: SipRequest, flow: Flow, fields: Essentials | null): SipRequest {
  const headers: SipHeader[] = [];
  let done = false;
  for (const item of request.headers) {
    if (done || item.key !== "via") {
      headers.push(item);
      continue;
    }
    done = true;
    const host = fields?.via.host ?? parseVia(item.value)?.host;
    const received = host === flow.remote.address && !asksRport(item.value) ? null : flow.remote.address;
    headers.push(header("Via", markVia(item.value, { received, rport: flow.remote.port })));
  }
  return { ...request, headers };
}

const asksRport = (via: string): boolean => /;\s*rport\s*(;|,|$)/i.test(via);

function onRequest(core: CoreState, flow: Flow, request: SipRequest, fields: Essentials, bytes: number): void {
  const { method } = request;
  if (fields.callId.includes("|") || fields.fromTag.includes("|") || (fields.toTag ?? "").includes("|")) {
    // The application protocol could not carry it (protocol §3).
    if (method !== "ACK") respondStateless(core, flow, request, { status: 400, reason: "Bad Call-ID or tag" });
    return;
  }
  if (method === "ACK") {
    onAck(core, flow, request, fields, bytes);
    return;
  }
  if (method === "CANCEL") {
    onCancel(core, flow, request, fields, bytes);
    return;
  }
  const key = serverKeyOf(fields, method);
  const known = core.serverByKey.get(key);
  if (known !== undefined) {
    core.counters.retransmitted++;
    stepServerTransaction(core, known, { type: "request" });
    return;
  }
  if (core.serverByKey.size >= core.config.maxTransactions) {
    respondStateless(core, flow, request, { status: 503, headers: [RETRY_AFTER] });
    return;
  }
  if (fields.toTag !== null) {
    let dialog = core.dialogByKey.get(dialogKeyOf(fields.callId, fields.toTag, fields.fromTag));
    if (dialog === undefined && method === "NOTIFY") dialog = dialogOfEarlyNotify(core, request, fields, flow);
    if (dialog !== undefined && onDialogRequest(core, dialog, { key, request, fields, flow, bytes })) return;
    if (dialog === undefined && passOn(core, flow, request, fields)) return;
    if (dialog === undefined && (method === "INVITE" || method === "REFER")) {
      if (!isAdmitted(core, flow, request, fields)) return;
      respondSelf(core, openServerTransaction(core, { key, request, fields, flow }), 481);
      return;
    }
  }
  if (!isAdmitted(core, flow, request, fields)) return;
  onNewRequest(core, { key, request, fields, flow }, bytes);
}

function onNewRequest(
  core: CoreState,
  opening: { readonly key: string; readonly request: SipRequest; readonly fields: Essentials; readonly flow: Flow },
  bytes: number,
): void {
  const { request, fields } = opening;
  const { method } = request;
  const merged = method === "INVITE" && fields.toTag === null ? mergeStatus(core, fields) : null;
  const transaction = openServerTransaction(core, opening);
  if (method === "INVITE") cdrAttempt(core, "network", request);
  if (!TO_APPLICATIONS.has(method)) {
    if (IN_DIALOG_ONLY.has(method)) respondSelf(core, transaction, 481);
    else respondSelf(core, transaction, 501, [ALLOW]);
    return;
  }
  const uriFault = requestUriFault(request.uri);
  if (uriFault !== null) {
    respondSelf(core, transaction, uriFault, [], uriFault === 400 ? "Bad Request-URI" : undefined);
    return;
  }
  const unknown = unknownRequired(request);
  if (unknown.length > 0) {
    respondSelf(core, transaction, 420, [header("Unsupported", unknown.join(", "))]);
    return;
  }
  if (method === "INVITE" && isTooShort(request)) {
    respondSelf(core, transaction, 422, [MIN_SE]);
    return;
  }
  if (merged !== null) {
    respondSelf(core, transaction, merged);
    return;
  }
  const registerFault = method === "REGISTER" ? registerFaultOf(request) : null;
  if (registerFault !== null) {
    respondSelf(core, transaction, 400, [], registerFault);
    return;
  }
  if (askApplication(core, transaction, bytes)) return;
  const client = core.routes.next(method.toLowerCase());
  if (client === null) {
    core.counters.refused++;
    note(core, "warn", "no application for a request", { method });
    respondSelf(core, transaction, 503);
    return;
  }
  transaction.client = client;
  if (method === "INVITE") respondSelf(core, transaction, 100);
  tellNewRequest(core, transaction, request, bytes);
}

/** The same call by a second path (RFC 3261 §8.2.2.2): 491 while the first is open or unacknowledged, 482 after. */
function mergeStatus(core: CoreState, fields: Essentials): 491 | 482 | null {
  if (core.openInvites.has(inviteKeyOf(fields))) return 491;
  const dialog = core.dialogById.get(dialogIdOf(fields.callId, fields.fromTag));
  if (dialog === undefined) return null;
  return dialog.confirmed && dialog.accept === null ? 482 : 491;
}

/** A new request, or the CANCEL of one that the application has not answered. */
export function tellNewRequest(
  core: CoreState,
  transaction: ServerTransaction,
  request: SipRequest,
  bytes: number,
): void {
  if (transaction.client === null) return;
  const { flow } = transaction;
  tell(
    core,
    transaction.client,
    newRequestFrame({
      id: frameId(core),
      meta: networkMeta(core, flow, bytes),
      transactionId: transaction.id,
      receivedOn: flow.local,
      message: handUp(request),
    }),
  );
}

/** The frame of a request inside a dialog. */
export function inDialogFrame(
  core: CoreState,
  told: {
    readonly flow: Flow;
    readonly request: SipRequest;
    readonly bytes: number;
    readonly transactionId: string;
    readonly dialogId: string;
  },
): string {
  return messageFrame({
    id: frameId(core),
    meta: networkMeta(core, told.flow, told.bytes),
    transactionId: told.transactionId,
    dialogId: told.dialogId,
    message: handUp(told.request),
  });
}

/** As received; Content-Length is added when it is missing, because applications read a body by it (protocol §3). */
function handUp(request: SipRequest): string {
  if (request.headers.some(({ key }) => key === "content-length")) return messageText(request);
  return messageText({
    ...request,
    headers: [...request.headers, header("Content-Length", String(request.body.length))],
  });
}

/** To names a SIP user; Contacts can be read; `*` stands alone and only to forget everything (RFC 3261 §10.2, §10.3). */
function registerFaultOf(request: SipRequest): string | null {
  if (!/^(sips?|tel):/i.test(parseNameAddr(headerOf(request, "to") ?? "")?.uri ?? "")) return "Bad To";
  for (const { key, value } of request.headers) {
    if (key !== "contact") continue;
    if (value === "*") {
      if (headerOf(request, "expires") !== "0") return "Bad Contact";
      continue;
    }
    for (const contact of splitList(value)) {
      const close = contact.indexOf(">");
      const open = contact.indexOf("<");
      const uri = open === -1 ? (contact.split(";")[0] ?? "") : contact.slice(open + 1, close === -1 ? 0 : close);
      if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(uri.trim())) return "Bad Contact";
      // Without angle brackets nobody could tell whose the headers are (RFC 3261 §20.10).
      if (open === -1 && uri.includes("?")) return "Bad Contact";
    }
  }
  return null;
}
