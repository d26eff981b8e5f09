import * as grpc from "@grpc/grpc-js";
import {
  type CallControlClient,
  type CallEventMessage,
  type CommandInit,
  channelOptions,
  type Logger,
  type TelephonyStatusMessage,
  telephonyV1,
} from "@intramuros/contracts";
import type { SetupStore } from "./setup-store.ts";

/** Position in telephony's own event log. */
export interface LogPosition {
  readonly logId: string;
  readonly seq: number;
}

/** Who takes the events. `take` resolves once the event is durable; a rejection ends the attachment, so that it is sent again. */
export interface CallEventTaker {
  position(): LogPosition;
  /** Every event up to here is durable; kept with the next batch, so that a restart asks for no more than it must. */
  acknowledged(position: LogPosition): void;
  take(event: CallEventMessage): Promise<void>;
}

export interface TelephonyClient {
  /** Attaches, and attaches again for ever, with growing pauses. */
  start(taker: CallEventTaker): void;
  /** Goes out at once; false when telephony is away (then its own menus and prompts carry the call). */
  send(command: CommandInit): boolean;
  /** The latest status, at most a few seconds old; null while telephony is not to be reached. */
  status(): TelephonyStatusMessage | null;
  attached(): boolean;
  commission(
    request: { readonly say?: string; readonly to?: string; readonly language?: string; readonly timeoutMs: number },
    onProgress: (line: string) => void,
  ): Promise<string>;
  /** TrunkStatus as JSON, of one trunk or of all; rejects with a gRPC fault while telephony is away. */
  trunkStatus(trunkId: string): Promise<string>;
  /** Tries a trunk out; resolves with the DoctorReport as JSON. */
  doctorTrunk(
    request: { readonly trunkId: string; readonly requestJson: string; readonly timeoutMs: number },
    onFinding: (json: string) => void,
  ): Promise<string>;
  onStatus(listener: (status: TelephonyStatusMessage | null) => void): void;
  /** A trunk came up, went down, or changed why. */
  onTrunkState(listener: (trunkId: string) => void): void;
  close(): Promise<void>;
}

const RETRY_FIRST_MS = 200;
const RETRY_LAST_MS = 5_000;
const STATUS_EVERY_MS = 2_000;
const STATUS_DEADLINE_MS = 1_500;
const TRUNK_STATUS_DEADLINE_MS = 3_000;
/** Events taken but not yet durable; more of them make telephony wait (HTTP/2 flow control), not our memory grow. */
const MAX_PENDING = 1_000;

export function openTelephonyClient(deps: {
  readonly address: string;
  readonly setup: SetupStore;
  readonly log: Logger;
}): TelephonyClient {
  const client: CallControlClient = new telephonyV1.CallControl(
    deps.address,
    grpc.credentials.createInsecure(),
    channelOptions,
  );
  type Stream = ReturnType<CallControlClient["attach"]>;
  let stream: Stream | null = null;
  let taker: CallEventTaker | null = null;
  let retryMs = RETRY_FIRST_MS;
  let retryTimer: NodeJS.Timeout | null = null;
  let statusTimer: NodeJS.Timeout | null = null;
  let status: TelephonyStatusMessage | null = null;
  let heard = false;
  let closed = false;
  const statusListeners: ((status: TelephonyStatusMessage | null) => void)[] = [];
  const trunkListeners: ((trunkId: string) => void)[] = [];

  const attach = (): void => {
    retryTimer = null;
    if (closed || taker === null) return;
    const mine = client.attach();
    const from = taker;
    stream = mine;
    heard = false;
    let logId = "";
    const ledger = openAckLedger((seq) => {
      if (stream !== mine) return;
      from.acknowledged({ logId, seq });
      mine.write({ ack: { seq } });
    });
    mine.on("data", (event: CallEventMessage) => {
      if (stream !== mine) return;
      if (!heard) {
        heard = true;
        retryMs = RETRY_FIRST_MS;
      }
      logId = event.logId;
      ledger.taken(event.seq);
      if (event.phoneState) poll();
      if (event.trunkState) for (const listener of trunkListeners) listener(event.trunkState.trunkId);
      if (ledger.pending() >= MAX_PENDING) mine.pause();
      from.take(event).then(
        () => {
          ledger.durable(event.seq);
          if (mine.isPaused() && ledger.pending() < MAX_PENDING / 2) mine.resume();
        },
        (error: unknown) => {
          deps.log.error({ err: error, seq: event.seq }, "an event of telephony could not be kept; attaching again");
          lost(mine);
        },
      );
    });
    mine.on("error", () => lost(mine));
    mine.on("end", () => lost(mine));
    const stored = from.position();
    mine.write({ hello: { lastStoredSeq: stored.seq, logId: stored.logId, setup: deps.setup.message() } });
  };
  const lost = (mine: Stream): void => {
    if (stream !== mine) return;
    stream = null;
    mine.cancel();
    if (closed) return;
    if (heard) deps.log.warn({ retryMs }, "telephony is not attached any more");
    retryTimer = setTimeout(attach, retryMs * (0.75 + Math.random() / 2));
    retryMs = Math.min(RETRY_LAST_MS, retryMs * 2);
  };
  const poll = (): void => {
    if (statusTimer !== null) clearTimeout(statusTimer);
    // Set before the answer comes, so that a poll out of turn moves the next one instead of adding to it.
    statusTimer = setTimeout(poll, STATUS_EVERY_MS);
    client.getStatus({}, { deadline: Date.now() + STATUS_DEADLINE_MS }, (error, reply) => {
      if (closed) return;
      status = error === null && reply !== undefined ? reply : null;
      for (const listener of statusListeners) listener(status);
    });
  };
  deps.setup.onChanged(() => {
    stream?.write({ setup: deps.setup.message() });
  });

  return {
    start(eventTaker) {
      taker = eventTaker;
      attach();
      poll();
    },
    send(command) {
      if (stream === null) return false;
      stream.write(command);
      return true;
    },
    status: () => status,
    attached: () => stream !== null && (heard || status !== null),
    commission(request, onProgress) {
      return new Promise((resolve, reject) => {
        const call = client.runCommissioningCall(request, { deadline: Date.now() + request.timeoutMs + 10_000 });
        let report: string | null = null;
        call.on("data", (event) => {
          if (event.body === "progress" && event.progress !== undefined) onProgress(event.progress);
          if (event.body === "reportJson" && event.reportJson !== undefined) report = event.reportJson;
        });
        call.on("error", reject);
        call.on("end", () => {
          if (report === null) reject(new Error("telephony ended the commissioning call without a report"));
          else resolve(report);
        });
      });
    },
    trunkStatus(trunkId) {
      return new Promise((resolve, reject) => {
        client.getTrunkStatus({ trunkId }, { deadline: Date.now() + TRUNK_STATUS_DEADLINE_MS }, (error, reply) => {
          if (error !== null) reject(error);
          else resolve(reply?.statusJson ?? "[]");
        });
      });
    },
    doctorTrunk({ trunkId, requestJson, timeoutMs }, onFinding) {
      return new Promise((resolve, reject) => {
        const call = client.runTrunkDoctor({ trunkId, requestJson }, { deadline: Date.now() + timeoutMs });
        let report: string | null = null;
        call.on("data", (event) => {
          if (event.body === "findingJson" && event.findingJson !== undefined) onFinding(event.findingJson);
          if (event.body === "reportJson" && event.reportJson !== undefined) report = event.reportJson;
        });
        call.on("error", reject);
        call.on("end", () => {
          if (report === null) reject(new Error("telephony ended the trial of the trunk without a report"));
          else resolve(report);
        });
      });
    },
    onStatus(listener) {
      statusListeners.push(listener);
    },
    onTrunkState(listener) {
      trunkListeners.push(listener);
    },
    async close() {
      closed = true;
      if (retryTimer !== null) clearTimeout(retryTimer);
      if (statusTimer !== null) clearTimeout(statusTimer);
      const last = stream;
      stream = null;
      last?.on("error", () => undefined);
      last?.cancel();
      client.close();
    },
  };
}

/** Tells telephony the highest number up to which everything is durable, though calls finish in any order. */
export function openAckLedger(send: (seq: number) => void): {
  taken(seq: number): void;
  durable(seq: number): void;
  pending(): number;
} {
  const open = new Set<number>();
  let highest = 0;
  let acked: number | null = null;
  return {
    taken(seq) {
      if (seq === 0) return;
      acked ??= seq - 1; // telephony knows what we have: it begins after that
      open.add(seq);
      highest = Math.max(highest, seq);
    },
    durable(seq) {
      if (!open.delete(seq)) return;
      let upTo = highest;
      for (const waiting of open) upTo = Math.min(upTo, waiting - 1);
      if (acked !== null && upTo > acked) {
        acked = upTo;
        send(upTo);
      }
    },
    pending: () => open.size,
  };
}
