import { randomBytes, randomUUID } from "node:crypto";
import { type Logger, type MonoMs, monoMs } from "@intramuros/contracts";
import { type Core, type CoreFigures, createCore } from "./core/core.ts";
import type { CoreConfig, CoreInput, CoreOutput, Flow, Ids, SleeperOwner } from "./core/state.ts";
import { openDialogJournal } from "./dialog-journal-store.ts";
import { createTimerQueue } from "./timer-queue.ts";
import { askRoute } from "./transport/application-route-client.ts";
import { type ControlPlace, type ControlServer, openControlServer } from "./transport/control-server.ts";
import {
  openTransports,
  type TransportFigures,
  type TransportOptions,
  type Transports,
} from "./transport/transports-driver.ts";

/** Sees each message as it is on the wire. */
export type WireTap = (out: boolean, flow: Flow, bytes: Buffer) => void;

export interface SipServerDriver {
  readonly figures: () => CoreFigures &
    TransportFigures & {
      readonly bugs: number;
      readonly timers: number;
      readonly journalBytes: number;
    };
  close(): Promise<void>;
}

/** Runs the core: gives it what arrives, performs what it says, and holds the one timer of the process. */
export async function openSipServer(
  config: CoreConfig,
  control: ControlPlace,
  sockets: Omit<TransportOptions, "listeners" | "maxMessageBytes">,
  log: Logger,
  folder: string | null = null,
  tap: WireTap = () => {},
): Promise<SipServerDriver> {
  const core: Core = createCore(config, randomIds());
  const journal = openDialogJournal({ folder, secret: config.secret, log, core });
  const queue = createTimerQueue<SleeperOwner>();
  let transports: Transports | null = null;
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
    // What a flood sends would only push the messages of calls out of the capture.
    if (input.type === "message" && !core.isSilenced(input.flow, input.bytes)) tap(false, input.flow, input.bytes);
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
        case "ask-application":
          askApplication(output);
          break;
        case "dial-application":
          applications?.dial(output.ask, output.place);
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
    const onFault = (why: string | null): void => {
      if (transaction !== null) handle({ type: "send-failed", transaction, why });
    };
    transports?.send(flow, bytes, onFault);
  };

  const resolve = ({ lookup, hop }: Extract<CoreOutput, { type: "resolve" }>): void => {
    const places = transports?.resolve(hop) ?? Promise.resolve([]);
    void places.then((found) => handle({ type: "resolved", lookup, places: found }));
  };

  const askApplication = (output: Extract<CoreOutput, { type: "ask-application" }>): void => {
    const { ask, url, httpMethod, query, body } = output;
    const userAgent = `Drachtio/${config.version}`;
    void askRoute({ url, httpMethod, query, body, userAgent }).then((answer) =>
      handle({ type: "application-answer", ask, answer }),
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

  const close = async (): Promise<void> => {
    open = false;
    if (timer !== null) clearTimeout(timer);
    journal.close();
    await applications?.close();
    await transports?.close();
  };

  if (journal.found.length > 0) handle({ type: "restored", dialogs: journal.found });
  try {
    transports = await openTransports(
      { ...sockets, listeners: config.listeners, maxMessageBytes: config.messageLimits.maxBytes },
      {
        message: (flow, bytes) => handle({ type: "message", flow, bytes }),
        opened: (connection) => handle({ type: "connection-opened", connection }),
        closed: (connection) => handle({ type: "connection-closed", connection }),
      },
      log,
    );
    applications = await openControlServer(control, {
      opened: (client, address, ask) =>
        handle({ type: "client-opened", client, address, ...(ask === undefined ? {} : { ask }) }),
      dialFailed: (ask) => handle({ type: "application-answer", ask, answer: { type: "unreachable" } }),
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
      ...(transports?.figures() ?? NO_TRANSPORTS),
      timers: queue.size,
      journalBytes: journal.bytes,
    }),
    close,
  };
}

const NO_TRANSPORTS: TransportFigures = { connections: 0, connectionsRefused: 0, tlsRefused: 0 };

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
