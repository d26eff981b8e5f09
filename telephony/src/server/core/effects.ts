import type { MonoMs } from "@intramuros/contracts";
import { type Meta, noFrame, nokFrame, timeOfDay } from "../control/tell.ts";
import { hostText } from "../message/index.ts";
import type {
  ClientTransaction,
  CoreState,
  Dialog,
  Flow,
  NoteFields,
  ServerTransaction,
  SleeperOwner,
  Transport,
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

/** Of each text ten lines a second at most, for whoever can make us write could fill the disk. */
export function note(core: CoreState, level: "info" | "warn", what: string, fields: NoteFields = {}): void {
  const noted = core.noted.get(what);
  if (noted === undefined || core.now - noted.since >= 1000) core.noted.set(what, { since: core.now, count: 1 });
  else if (noted.count++ >= 10) return;
  core.out.push({ type: "note", level, what, fields });
}

/** What is kept of a dialog has changed. */
export function touch(core: CoreState, dialog: Dialog): void {
  core.touched.add(dialog);
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

/** Our place as the peer of a flow must write it: the external address for those outside of our networks. */
export function ownHostport(core: CoreState, flow: Flow): string {
  const { external } = core.config;
  if (external === undefined || external === null) return hostport(flow.local);
  const { remote, local } = flow;
  const isOtherFamily = external.address.includes(":") !== local.address.includes(":");
  if (isOtherFamily || external.isLocal(remote.address)) return hostport(local);
  return hostport({ address: external.address, port: local.port });
}

/** Our Contact towards the peer of a flow; UDP is the default and not named. `secure`: for a request to a `sips:` URI (RFC 3261 §8.1.1.8). */
export function ownContact(core: CoreState, flow: Flow, secure = false): string {
  const { transport } = flow.local;
  const parameter = transport === "udp" || (secure && transport === "tls") ? "" : `;transport=${transport}`;
  return `<${secure ? "sips" : "sip"}:${ownHostport(core, flow)}${parameter}>`;
}

const VIA_NAMES: Readonly<Record<Transport, string>> = { udp: "UDP", tcp: "TCP", tls: "TLS", ws: "WS", wss: "WSS" };
export const topVia = (core: CoreState, flow: Flow, branch: string): string =>
  `SIP/2.0/${VIA_NAMES[flow.transport]} ${ownHostport(core, flow)};rport;branch=${branch}`;

let lastSecond = -1;
let lastClock = "";
/** {@link timeOfDay}, with the second's text kept. */
export function clockText(unixMs: number): string {
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
