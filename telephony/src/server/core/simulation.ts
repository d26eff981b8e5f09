import { monoMs } from "@intramuros/contracts";
import { expect } from "vitest";
import { createFrameReader } from "../control/frame.ts";
import { headerOf, MESSAGE_LIMITS, parseMessage, type SipMessage } from "../message/index.ts";
import { createTimerQueue } from "../timer-queue.ts";
import { SIP_TIMERS } from "../transaction/index.ts";
import { createCore } from "./core.ts";
import {
  type ClientTransaction,
  CORE_LIMITS,
  type CoreConfig,
  type CoreInput,
  type CoreOutput,
  type Flow,
  type ServerTransaction,
  type SleeperOwner,
} from "./state.ts";

/** A core with a clock of its own, a peer at 10.0.0.9 and applications, for tests: an hour takes milliseconds. */
export interface Told {
  readonly client: number;
  readonly tokens: readonly string[];
  readonly message: string;
}

export const UDP_LOCAL = { transport: "udp", address: "10.0.0.1", port: 5060 } as const;
export const TCP_LOCAL = { transport: "tcp", address: "10.0.0.1", port: 5060 } as const;

/** What applications send may be longer than what we take from strangers. */
const SENT_LIMITS = { maxBytes: 2_000_000, maxHeaders: 2000, maxLineBytes: 1_100_000 };

export function simulate(changes: Partial<CoreConfig> = {}) {
  const config: CoreConfig = {
    listeners: [UDP_LOCAL, TCP_LOCAL],
    secret: "secret",
    version: "v0.9.10-test",
    timers: SIP_TIMERS,
    messageLimits: MESSAGE_LIMITS,
    ...CORE_LIMITS,
    ...changes,
  };
  let names = 0;
  const core = createCore(config, { token: () => `tok${++names}`, uuid: () => `uuid-${++names}` });
  const queue = createTimerQueue<SleeperOwner>();
  let nowMs = 1000;
  let frames = 0;
  const sent: { readonly at: number; readonly text: string; readonly message: SipMessage; readonly flow: Flow }[] = [];
  const told: Told[] = [];
  const others: CoreOutput[] = [];
  const transactions: (ServerTransaction | ClientTransaction)[] = [];

  const perform = (outputs: readonly CoreOutput[]): void => {
    for (const output of outputs) {
      switch (output.type) {
        case "send": {
          const message = parseMessage(Buffer.from(output.text, "latin1"), SENT_LIMITS);
          if (message.kind === "fault") throw new Error(`sent what is no message: ${message.reason}`);
          if (output.transaction !== null) transactions.push(output.transaction);
          sent.push({ at: nowMs, text: output.text, message, flow: output.flow });
          break;
        }
        case "frame": {
          const { frames: payloads, fault } = createFrameReader().push(Buffer.from(output.text, "latin1"));
          expect(fault).toBe(null);
          const payload = payloads[0] ?? "";
          const end = payload.indexOf("\r\n");
          const meta = end === -1 ? payload : payload.slice(0, end);
          told.push({
            client: output.client,
            tokens: meta.split("|"),
            message: end === -1 ? "" : payload.slice(end + 2),
          });
          break;
        }
        case "sleep":
          queue.add(output.sleeper);
          break;
        default:
          others.push(output);
      }
    }
  };
  const input = (value: CoreInput): void =>
    perform(core.handle(value, { monoMs: nowMs, unixMs: 1_795_400_000_000 + nowMs }));

  return {
    core,
    sent,
    told,
    others,
    /** Of the messages sent, for a fault. */
    transactions,
    input,
    now: () => nowMs,
    /** Lets time pass, waking who asked for it. */
    pass(ms: number) {
      const end = nowMs + ms;
      for (;;) {
        const next = queue.nextAt;
        if (next === null || next > end) break;
        nowMs = Math.max(nowMs, next);
        const sleeper = queue.due(monoMs(nowMs));
        if (sleeper === null) continue;
        input({ type: "wake", sleeper });
        // A sleeper that asks for the time it was just woken at would spin for ever.
        if (sleeper.wakeAt !== null && sleeper.wakeAt <= nowMs) {
          const states =
            sleeper.kind === "dialog"
              ? sleeper.accept?.machine
              : sleeper.kind === "search"
                ? sleeper.search
                : [sleeper.invite, sleeper.plain];
          throw new Error(`a ${sleeper.kind} spins at ${nowMs}: ${JSON.stringify(states)}`);
        }
      }
      nowMs = end;
    },
    /** An application connects and asks for verbs. */
    application(client: number, ...verbs: string[]) {
      input({ type: "client-opened", client, address: "127.0.0.1" });
      this.frame(client, "authenticate|secret|");
      for (const verb of verbs) this.frame(client, `route|${verb}`);
      told.length = 0;
    },
    frame(client: number, rest: string): string {
      const id = `m${++frames}`;
      input({ type: "frame", client, payload: `${id}|${rest}` });
      return id;
    },
    /** The peer sends a text of lines. */
    peer(text: string, flow: Flow = udpFlow()) {
      input({ type: "message", flow, bytes: Buffer.from(text, "latin1") });
    },
    /** What was sent since the last time, as start lines. */
    drainSent(): string[] {
      return sent.splice(0).map(({ text }) => text.slice(0, text.indexOf("\r\n")));
    },
    drainTold(): Told[] {
      return told.splice(0);
    },
    last(): SipMessage {
      const entry = sent.at(-1);
      if (entry === undefined) throw new Error("nothing was sent");
      return entry.message;
    },
  };
}
export type Simulation = ReturnType<typeof simulate>;

export const udpFlow = (port = 5066): Flow => ({
  transport: "udp",
  local: UDP_LOCAL,
  remote: { address: "10.0.0.9", port },
  connection: null,
});
export const tcpFlow = (connection: number): Flow => ({
  transport: "tcp",
  local: TCP_LOCAL,
  remote: { address: "10.0.0.9", port: 40_000 + connection },
  connection,
});

export interface RequestShape {
  readonly method: string;
  readonly uri?: string;
  readonly branch?: string;
  readonly toTag?: string;
  readonly seq?: number;
  readonly callId?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly transport?: string;
}

/** A request of the peer. */
export function request(shape: RequestShape): string {
  const { method, seq = 1, toTag, body = "", headers = [] } = shape;
  const branch = shape.branch ?? `z9hG4bK-${method === "ACK" || method === "CANCEL" ? "INVITE" : method}-${seq}`;
  return [
    `${method} ${shape.uri ?? "sip:svc@10.0.0.1"} SIP/2.0`,
    `Via: SIP/2.0/${shape.transport ?? "UDP"} 10.0.0.9:5066;branch=${branch}`,
    "Max-Forwards: 70",
    "From: peer <sip:peer@10.0.0.9>;tag=peertag",
    `To: svc <sip:svc@10.0.0.1>${toTag === undefined ? "" : `;tag=${toTag}`}`,
    `Call-ID: ${shape.callId ?? "call-1"}`,
    `CSeq: ${seq} ${method}`,
    ...(method === "INVITE" ? ["Contact: <sip:peer@10.0.0.9:5066>"] : []),
    ...headers,
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}

/** A response of the peer to a request of ours. */
export function answer(
  to: SipMessage,
  status: number,
  { toTag = "theirs", headers = [] }: { readonly toTag?: string | null; readonly headers?: readonly string[] } = {},
): string {
  const copy = (key: string, name: string): string => `${name}: ${headerOf(to, key)}`;
  const given = headerOf(to, "to") ?? "";
  return [
    `SIP/2.0 ${status} Whatever`,
    ...to.headers.filter(({ key }) => key === "via").map(({ line }) => line),
    copy("from", "From"),
    `To: ${toTag === null || given.includes(";tag=") ? given : `${given};tag=${toTag}`}`,
    copy("call-id", "Call-ID"),
    copy("cseq", "CSeq"),
    ...headers,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
