import { randomBytes, randomUUID } from "node:crypto";
import { lookup } from "node:dns";
import { type Logger, type MonoMs, monoMs } from "@intramuros/contracts";
import { type Core, type CoreFigures, createCore } from "./core/core.ts";
import type { CoreConfig, CoreInput, CoreOutput, Flow, Ids, SleeperOwner } from "./core/state.ts";
import { literalPlace } from "./core/target.ts";
import { openDialogJournal } from "./dialog-journal-store.ts";
import { createTimerQueue } from "./timer-queue.ts";
import { type ControlServer, openControlServer } from "./transport/control-server.ts";
import { openTcp, TCP_LIMITS, type TcpTransport } from "./transport/tcp-driver.ts";
import { openUdp, type UdpTransport } from "./transport/udp-driver.ts";

/** Sees each message as it is on the wire. */
export type WireTap = (out: boolean, flow: Flow, bytes: Buffer) => void;

export interface SipServerDriver {
  readonly figures: () => CoreFigures & {
    readonly bugs: number;
    readonly connections: number;
    readonly timers: number;
    readonly journalBytes: number;
  };
  close(): Promise<void>;
}

/** Runs the core: gives it what arrives, performs what it says, and holds the one timer of the process. */
export async function openSipServer(
  config: CoreConfig,
  control: { readonly host: string; readonly port: number },
  log: Logger,
  folder: string | null = null,
  tap: WireTap = () => {},
): Promise<SipServerDriver> {
  const core: Core = createCore(config, randomIds());
  const journal = openDialogJournal({ folder, secret: config.secret, log, core });
  const queue = createTimerQueue<SleeperOwner>();
  const udp = new Map<string, UdpTransport>();
  let applications: ControlServer | null = null;
  let timer: NodeJS.Timeout | null = null;
  let timerAt: number = Number.POSITIVE_INFINITY;
  let bugs = 0;
  let open = true;

  const mono = (): MonoMs => monoMs(performance.now());
  const clock = () => {
    const at = performance.now();
    return { monoMs: at, unixMs: performance.timeOrigin + at };
  };

  const handle = (input: CoreInput): void => {
    if (!open) return;
    if (input.type === "message") tap(false, input.flow, input.bytes);
    run(input);
    schedule();
  };

  /** A bug of ours costs the message that met it, not the calls of the others: the process goes on, and says so loudly. */
  const run = (input: CoreInput): void => {
    let outputs: readonly CoreOutput[];
    try {
      outputs = core.handle(input, clock());
    } catch (error) {
      bugs++;
      log.error(
        { error: error instanceof Error ? error.stack : String(error), input: input.type },
        "bug in the SIP core",
      );
      return;
    }
    perform(outputs);
    journal.follow();
  };

  const perform = (outputs: readonly CoreOutput[]): void => {
    for (const output of outputs) {
      switch (output.type) {
        case "send":
          send(output);
          break;
        case "frame":
          applications?.send(output.client, output.text);
          break;
        case "sleep":
          queue.add(output.sleeper);
          break;
        case "close-client":
          applications?.closeClient(output.client);
          break;
        case "trust-client":
          applications?.trust(output.client);
          break;
        case "resolve":
          resolve(output);
          break;
        case "note":
          log[output.level](output.fields, output.what);
      }
    }
  };

  const send = ({ flow, text, transaction }: Extract<CoreOutput, { type: "send" }>): void => {
    const bytes = Buffer.from(text, "latin1");
    tap(true, flow, bytes);
    const onFault = (): void => {
      if (transaction !== null) handle({ type: "send-failed", transaction });
    };
    if (flow.transport === "tcp") {
      tcp.send(flow, bytes, onFault);
      return;
    }
    const socket = udp.get(`${flow.local.address}:${flow.local.port}`);
    if (socket === undefined) setImmediate(onFault);
    else socket.send(bytes, flow.remote, onFault);
  };

  const resolve = ({ lookup: id, hop }: Extract<CoreOutput, { type: "resolve" }>): void => {
    lookup(
      hop.host,
      { family: config.listeners.some(({ address }) => address.includes(":")) ? 0 : 4 },
      (error, address) =>
        handle({ type: "resolved", lookup: id, places: error === null ? [literalPlace(hop, address)] : [] }),
    );
  };

  const schedule = (): void => {
    const nextAt = queue.nextAt;
    if (nextAt === null || nextAt >= timerAt) return;
    if (timer !== null) clearTimeout(timer);
    timerAt = nextAt;
    timer = setTimeout(wake, Math.max(1, Math.ceil(nextAt - mono())));
  };

  const wake = (): void => {
    timer = null;
    timerAt = Number.POSITIVE_INFINITY;
    const now = mono();
    // All that is due first, then their wakes: one that asks for the same moment again waits for the next turn, so nothing can spin here.
    const due: SleeperOwner[] = [];
    for (let sleeper = queue.due(now); sleeper !== null; sleeper = queue.due(now)) due.push(sleeper);
    for (const sleeper of due) run({ type: "wake", sleeper });
    schedule();
  };

  const tcp: TcpTransport = openTcp(
    {
      message: (flow, bytes) => handle({ type: "message", flow, bytes }),
      opened: (connection) => handle({ type: "connection-opened", connection }),
      closed: (connection) => handle({ type: "connection-closed", connection }),
    },
    { ...TCP_LIMITS, maxMessageBytes: config.messageLimits.maxBytes },
  );

  const close = async (): Promise<void> => {
    open = false;
    if (timer !== null) clearTimeout(timer);
    journal.close();
    await applications?.close();
    await tcp.close();
    await Promise.all([...udp.values()].map((socket) => socket.close()));
  };

  if (journal.found.length > 0) handle({ type: "restored", dialogs: journal.found });
  try {
    for (const local of config.listeners) {
      if (local.transport === "tcp") {
        await tcp.listen(local);
        continue;
      }
      const socket = await openUdp(local, (bytes, remote) =>
        handle({ type: "message", flow: { transport: "udp", local, remote, connection: null }, bytes }),
      );
      udp.set(`${local.address}:${local.port}`, socket);
    }
    applications = await openControlServer(control, {
      opened: (client, address) => handle({ type: "client-opened", client, address }),
      frame: (client, payload) => handle({ type: "frame", client, payload }),
      closed: (client) => handle({ type: "client-closed", client }),
    });
  } catch (error) {
    await close();
    throw error;
  }

  return {
    figures: () => ({
      ...core.figures(),
      bugs,
      connections: tcp.connectionCount,
      timers: queue.size,
      journalBytes: journal.bytes,
    }),
    close,
  };
}

const POOL_BYTES = 4096;
/** Random names from a pool, because one call for each would cost more than the rest of a small message. */
function randomIds(): Ids {
  let pool = "";
  let at = 0;
  return {
    token() {
      if (at + 18 > pool.length) {
        pool = randomBytes(POOL_BYTES).toString("hex");
        at = 0;
      }
      at += 18;
      return pool.slice(at - 18, at);
    },
    uuid: () => randomUUID(),
  };
}
