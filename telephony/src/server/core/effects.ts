import type { MonoMs } from "@intramuros/contracts";
import { type Meta, noFrame, nokFrame, timeOfDay } from "../control/tell.ts";
import { hostText } from "../message/index.ts";
import type {
  ClientTransaction,
  CoreState,
  Flow,
  Listener,
  NoteFields,
  ServerTransaction,
  SleeperOwner,
} from "./state.ts";

/** Small verbs that put outputs on the list. */
export function send(
  core: CoreState,
  flow: Flow,
  text: string,
  transaction: ServerTransaction | ClientTransaction | null,
): void {
  core.out.push({ type: "send", flow, text, transaction });
}

export function tell(core: CoreState, client: number, text: string): void {
  core.out.push({ type: "frame", client, text });
}

export const nok = (core: CoreState, client: number, commandId: string, reason: string): void =>
  tell(core, client, nokFrame(frameId(core), commandId, reason));
export const no = (core: CoreState, client: number, commandId: string, reason: string): void =>
  tell(core, client, noFrame(frameId(core), commandId, reason));

export function note(core: CoreState, level: "info" | "warn", what: string, fields: NoteFields = {}): void {
  core.out.push({ type: "note", level, what, fields });
}

/** Asks for a wake at `wakeAt`, or for none. */
export function sleep(core: CoreState, sleeper: SleeperOwner, wakeAt: MonoMs | null): void {
  sleeper.wakeAt = wakeAt;
  if (wakeAt !== null && (sleeper.queuedAt === null || wakeAt < sleeper.queuedAt)) {
    core.out.push({ type: "sleep", sleeper });
  }
}

/** Names a frame of the server: nobody answers it, so a counter in the shape of a uuid will do. */
export function frameId(core: CoreState): string {
  core.frameCount = (core.frameCount + 1) % 0xffff_ffff;
  return `${core.frameCount.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
}

export const hostport = (listener: { readonly address: string; readonly port: number }): string =>
  `${hostText(listener.address)}:${listener.port}`;

/** Our Contact on a listener; UDP is the default and not named. */
export const ownContact = (listener: Listener): string =>
  listener.transport === "udp"
    ? `<sip:${hostport(listener)}>`
    : `<sip:${hostport(listener)};transport=${listener.transport}>`;

export const topVia = (listener: Listener, branch: string): string =>
  `SIP/2.0/${listener.transport === "udp" ? "UDP" : "TCP"} ${hostport(listener)};rport;branch=${branch}`;

let lastSecond = -1;
let lastClock = "";
/** {@link timeOfDay}, with the second's text kept. */
function clockText(unixMs: number): string {
  const second = Math.floor(unixMs / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastClock = timeOfDay(second * 1000).slice(0, 9);
  }
  return lastClock + String(Math.floor((unixMs - second * 1000) * 1000)).padStart(6, "0");
}

/** Of a message received. */
export const networkMeta = (core: CoreState, flow: Flow, bytes: number): Meta => ({
  source: "network",
  bytes,
  protocol: flow.transport,
  address: flow.remote.address,
  port: flow.remote.port,
  time: clockText(core.unixMs),
});

/** Of a request sent for an application: the local address (protocol §7.1). */
export const sentRequestMeta = (core: CoreState, flow: Flow, bytes: number): Meta => ({
  source: "application",
  bytes,
  protocol: flow.transport,
  address: flow.local.address,
  port: flow.local.port,
  time: clockText(core.unixMs),
});

/** Of a response sent for an application: the peer's address (protocol §7.3). */
export const sentResponseMeta = (core: CoreState, flow: Flow, bytes: number): Meta => ({
  ...networkMeta(core, flow, bytes),
  source: "application",
});

/** Of a response that the server made by itself: no peer, no bytes (protocol §7.1). */
export const localMeta = (core: CoreState, flow: Flow): Meta => ({
  source: "network",
  bytes: 0,
  protocol: flow.transport,
  address: "",
  port: 0,
  time: clockText(core.unixMs),
});
