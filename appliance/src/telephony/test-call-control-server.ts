import { rmSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { type CallEventInit, type CommandMessage, telephonyAddress, telephonyV1 } from "@intramuros/contracts";

/** The serving end of telephony.proto, for tests of ours: it keeps an event log and sends again what was not acknowledged. */
export interface CallControlServer {
  readonly commands: CommandMessage[];
  readonly attachments: () => number;
  acked(): number;
  /** Appends to the log and sends it if somebody is attached. */
  log(callId: string, body: Omit<CallEventInit, "seq" | "logId" | "callId" | "atMs">): number;
  /** Breaks the attachment. */
  drop(): void;
  next(fits: (command: CommandMessage) => boolean): Promise<CommandMessage>;
  status: Record<string, unknown>;
  /** What `GetTrunkStatus` answers; null: it is not served, as by an older telephony. */
  trunkStatusJson: string | null;
  /** What `RunTrunkDoctor` finds, one after the other, and its report. */
  doctor: { readonly findings: readonly object[]; readonly report: object };
  close(): Promise<void>;
}

export async function serveCallControl(root: string, logId = "log-1"): Promise<CallControlServer> {
  const address = telephonyAddress(root);
  rmSync(address.replace("unix:", ""), { force: true });
  const events: CallEventInit[] = [];
  const commands: CommandMessage[] = [];
  let stream: grpc.ServerDuplexStream<CommandMessage, CallEventInit> | null = null;
  let acked = 0;
  let attachments = 0;
  const wakes: (() => void)[] = [];
  const server = new grpc.Server();
  const self: CallControlServer = {
    commands,
    attachments: () => attachments,
    acked: () => acked,
    log(callId, body) {
      const event = { ...body, seq: events.length + 1, logId, callId, atMs: Date.now() };
      events.push(event);
      stream?.write(event);
      return event.seq;
    },
    drop() {
      stream?.emit("error", { code: grpc.status.UNAVAILABLE, details: "dropped" });
      stream = null;
    },
    async next(fits) {
      const deadline = Date.now() + 5_000;
      for (;;) {
        const found = commands.find(fits);
        if (found !== undefined) return found;
        if (Date.now() > deadline) throw new Error(`no such command among ${JSON.stringify(commands).slice(0, 2000)}`);
        await new Promise<void>((resolve) => {
          wakes.push(resolve);
          setTimeout(resolve, 100);
        });
      }
    },
    status: { sipConnected: true, calls: 0, maxCalls: 77, phones: [], setupRevision: 0, unacknowledgedEvents: 0 },
    trunkStatusJson: null,
    doctor: { findings: [], report: {} },
    close: async () => server.forceShutdown(),
  };
  server.addService(telephonyV1.CallControl.service, {
    attach(call: grpc.ServerDuplexStream<CommandMessage, CallEventInit>) {
      attachments += 1;
      stream = call;
      call.on("error", () => undefined);
      call.on("data", (command: CommandMessage) => {
        commands.push(command);
        if (command.ack) acked = Math.max(acked, command.ack.seq);
        if (command.hello) {
          const from = command.hello.logId === logId ? command.hello.lastStoredSeq : 0;
          for (const event of events) if (Number(event.seq) > from) call.write(event);
        }
        for (const wake of wakes.splice(0)) wake();
      });
      call.on("end", () => call.end());
    },
    getStatus(_call: unknown, reply: grpc.sendUnaryData<object>) {
      reply(null, self.status);
    },
    getTrunkStatus(_call: unknown, reply: grpc.sendUnaryData<object>) {
      if (self.trunkStatusJson === null) reply({ code: grpc.status.UNAVAILABLE, details: "not here yet" });
      else reply(null, { statusJson: self.trunkStatusJson });
    },
    runTrunkDoctor(call: grpc.ServerWritableStream<{ trunkId: string; requestJson: string }, object>) {
      for (const finding of self.doctor.findings) call.write({ findingJson: JSON.stringify(finding) });
      call.write({ reportJson: JSON.stringify({ ...self.doctor.report, trunkId: call.request.trunkId }) });
      call.end();
    },
    runCommissioningCall(call: grpc.ServerWritableStream<{ say: string }, object>) {
      call.write({ progress: `INVITE for ${call.request.say}` });
      call.write({ reportJson: JSON.stringify({ not: "a report" }) });
      call.end();
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  return self;
}
