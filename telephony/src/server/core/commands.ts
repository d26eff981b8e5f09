import { type Command, parseCommand } from "../control/command.ts";
import { sameSecret } from "../control/secret.ts";
import { okFrame } from "../control/tell.ts";
import { onAppCancel, onDialogAppRequest, onNewAppRequest } from "./app-request.ts";
import { onAppResponse } from "./app-response.ts";
import { onDialled, onRouteAnswer } from "./application-routes.ts";
import { cancelInvite, closeClientTransaction } from "./client-transactions.ts";
import { removeDialog } from "./dialogs.ts";
import { frameId, hostport, no, nok, note, tell } from "./effects.ts";
import { onProxy } from "./proxying.ts";
import { respondSelf } from "./server-transactions.ts";
import type { ControlClient, CoreState } from "./state.ts";
import { adoptByTags, adoptUntagged, listOwned, orphan, repark } from "./takeover.ts";

/** What applications say, from the frame to the deed (protocol §3–§7). */
export function onFrame(core: CoreState, clientId: number, payload: string): void {
  const client = core.clients.get(clientId);
  if (client === undefined) return;
  const command = parseCommand(payload);
  if (!client.authenticated) {
    if (command.type === "authenticate") authenticate(core, client, command);
    else {
      no(core, clientId, command.id, command.type === "invalid" ? "Invalid message format" : "not authenticated");
      core.out.push({ type: "close-client", client: clientId });
    }
    return;
  }
  switch (command.type) {
    case "authenticate":
      authenticate(core, client, command);
      return;
    case "ping":
      tell(core, clientId, okFrame(frameId(core), command.id, "pong"));
      return;
    case "route":
      if (command.verb === "takeover") {
        tell(core, clientId, okFrame(frameId(core), command.id, `takeover\r\n${listOwned(core, client)}`));
        return;
      }
      core.routes.add(command.verb, clientId);
      tell(core, clientId, okFrame(frameId(core), command.id));
      if (command.verb === "invite") adoptUntagged(core, client);
      return;
    case "remove-route":
      core.routes.remove(command.verb, clientId);
      tell(core, clientId, okFrame(frameId(core), command.id));
      return;
    case "sip":
      onSip(core, clientId, command);
      return;
    case "proxy":
      onProxy(core, { ...command, client: clientId });
      return;
    case "unknown":
      no(core, clientId, command.id, "Unknown message type");
      core.out.push({ type: "close-client", client: clientId });
      return;
    case "invalid":
      no(core, clientId, command.id, "Invalid message format");
      core.out.push({ type: "close-client", client: clientId });
  }
}

function authenticate(
  core: CoreState,
  client: ControlClient,
  command: Extract<Command, { type: "authenticate" }>,
): void {
  // Nobody on this machine is locked out: one application with an old secret would take the right one with it.
  const isBlocked = !isLoopback(client.address) && core.attempts.isBlocked(client.address, core.now);
  if (isBlocked || !sameSecret(command.secret, core.config.secret)) {
    core.attempts.failed(client.address, core.now);
    note(core, "warn", "application refused: wrong secret", { address: client.address });
    no(core, client.id, command.id, "incorrect secret");
    core.out.push({ type: "close-client", client: client.id });
    return;
  }
  core.attempts.succeeded(client.address);
  client.authenticated = true;
  core.out.push({ type: "trust-client", client: client.id });
  client.tags = command.tags;
  const { external = null, listeners, version } = core.config;
  const places = listeners.map((item) => `${item.transport}/${hostport(item)}`).join(",");
  const advertised = listeners
    .map(({ transport, address, port }) => {
      const isOutside = external !== null && external.address.includes(":") === address.includes(":");
      return `${transport}/${hostport({ address: isOutside ? external.address : address, port })}`;
    })
    .join(",");
  tell(core, client.id, okFrame(frameId(core), command.id, `${advertised}|${version}|${places}`));
  note(core, "info", "application connected", { address: client.address });
  adoptByTags(core, client);
  onDialled(core, client);
}

const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);

/** The order of the cases is the protocol's (§7). */
function onSip(core: CoreState, client: number, command: Extract<Command, { type: "sip" }>): void {
  const { id, transactionId, dialogId, routeUrl, message } = command;
  if (message === null) {
    nok(core, client, id, "invalid sip message");
    return;
  }
  const { start } = message;
  if (start.kind === "response") {
    if (transactionId === "") {
      no(core, client, id, "transaction id missing");
      core.out.push({ type: "close-client", client });
      return;
    }
    onAppResponse(core, { client, id, transactionId, message, status: start.status, reason: start.reason });
    return;
  }
  const request = { client, id, method: start.method, uri: start.uri, message, routeUrl };
  if (dialogId !== "") {
    onDialogAppRequest(core, request, core.dialogById.get(dialogId));
    return;
  }
  if (transactionId !== "") {
    if (start.method === "CANCEL") onAppCancel(core, { client, id, transactionId, message });
    else nok(core, client, id, "transaction id not allowed with this request");
    return;
  }
  const callId = message.headers.find(({ key }) => key === "call-id")?.value;
  const dialog = callId === undefined ? undefined : core.dialogByCallId.get(callId);
  if (dialog !== undefined) onDialogAppRequest(core, request, dialog);
  else onNewAppRequest(core, request);
}

/** An application is gone: callers that wait for it are told so, calls that it leads wait for it to come back. */
export function onClientClosed(core: CoreState, clientId: number): void {
  const client = core.clients.get(clientId);
  if (client === undefined) return;
  core.clients.delete(clientId);
  core.routes.forget(clientId);
  if (client.ask !== null) onRouteAnswer(core, client.ask, { type: "unreachable" });
  if (!client.authenticated) return;
  let calls = 0;
  for (const transaction of [...core.serverById.values()]) {
    if (transaction.client !== clientId) continue;
    transaction.client = null;
    if (repark(core, transaction, client.tags)) continue;
    const { dialog } = transaction;
    if (transaction.method === "BYE") respondSelf(core, transaction, 200);
    else respondSelf(core, transaction, 503);
    if (dialog !== null && !dialog.confirmed) removeDialog(core, dialog);
  }
  for (const transaction of [...core.clientById.values()]) {
    if (transaction.client !== clientId) continue;
    transaction.client = null;
    if (transaction.method === "INVITE" && !transaction.inDialog) cancelInvite(core, transaction);
    else if (transaction.method !== "BYE" && transaction.method !== "INVITE") closeClientTransaction(core, transaction);
  }
  for (const dialog of [...core.dialogById.values()]) {
    if (dialog.client !== clientId) continue;
    calls++;
    if (dialog.confirmed && dialog.method === "INVITE") orphan(core, dialog, client.tags);
    else dialog.client = null;
  }
  for (const dialog of [...core.dialogById.values()]) {
    if (dialog.client === null && dialog.method === "SUBSCRIBE") removeDialog(core, dialog);
  }
  note(core, "warn", "application gone", { address: client.address, calls });
}
