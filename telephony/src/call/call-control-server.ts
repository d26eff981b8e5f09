import * as grpc from "@grpc/grpc-js";
import {
  type CallEventInit,
  type CommandMessage,
  channelOptions,
  isLanguage,
  type Logger,
  type TrunkStatus,
  telephonyV1,
} from "@intramuros/contracts";
import { HealthImplementation } from "grpc-health-check";
import type { RingPacket } from "../rtp/packet-ring.ts";
import type { DoctorHandler } from "../trunk/doctor/doctor-server.ts";
import type { WireSetup } from "../trunk/set-up.ts";
import { closeServer, serveOnUnixSocket } from "../unix-server.ts";
import type { CallDriver } from "./call-driver.ts";
import type { CallMediaStore } from "./call-media-store.ts";
import type { EventBody, EventLog } from "./event-log-store.ts";
import type { Answer, Then } from "./turn.ts";

/** Serves the appliance: one attachment at a time, events in order from where it left off, commands to the calls. */
export type StatusInit = Parameters<typeof telephonyV1.CallControl.service.GetStatus.responseSerialize>[0];
export type CommissioningRequestMessage = ReturnType<
  typeof telephonyV1.CallControl.service.RunCommissioningCall.requestDeserialize
>;
/** Runs one call and resolves with the report as JSON. */
export type RunCommissioning = (
  request: CommissioningRequestMessage,
  onProgress: (line: string) => void,
) => Promise<string>;

export interface CallControlDeps {
  readonly address: string;
  readonly eventLog: EventLog;
  readonly log: Logger;
  readonly calls: () => ReadonlyMap<string, CallDriver>;
  readonly onSetup: (setup: WireSetup) => void;
  readonly onAttached: (on: boolean) => void;
  readonly status: () => StatusInit;
  readonly trunkStatus: (trunkId: string) => readonly TrunkStatus[];
  readonly callMedia: CallMediaStore;
  readonly commission: RunCommissioning;
  readonly doctor: DoctorHandler;
}

export interface CallControlServer {
  readonly isAttached: boolean;
  /** An event was appended: send it on. */
  wake(): void;
  /** An event that is not kept. */
  tell(body: EventBody): void;
  close(): Promise<void>;
}

type Stream = grpc.ServerDuplexStream<CommandMessage, CallEventInit>;
const SERVICE = "intramuros.telephony.v1.CallControl";
/** Without hello for so long, a stream is given up. */
const HELLO_MS = 10_000;
const CLOSE_MS = 2000;

export async function openCallControl(deps: CallControlDeps): Promise<CallControlServer> {
  const { eventLog, log } = deps;
  let attachment: { readonly stream: Stream; sentSeq: number } | null = null;
  let waitsForDrain = false;
  let isCommissioning = false;

  const pump = (): void => {
    while (attachment !== null && !waitsForDrain) {
      const next = eventLog.after(attachment.sentSeq);
      if (next === null) return;
      attachment.sentSeq = next.seq;
      if (!attachment.stream.write(next.event)) {
        waitsForDrain = true;
        attachment.stream.once("drain", () => {
          waitsForDrain = false;
          pump();
        });
      }
    }
  };
  const detach = (stream: Stream): void => {
    if (attachment?.stream !== stream) return;
    attachment = null;
    waitsForDrain = false;
    log.info("the appliance is not attached any more");
    deps.onAttached(false);
  };
  const hello = (stream: Stream, given: NonNullable<CommandMessage["hello"]>): void => {
    if (attachment !== null && attachment.stream !== stream) {
      const { stream: old } = attachment;
      attachment = null;
      old.end();
    }
    const isSameLog = given.logId === eventLog.logId;
    if (isSameLog) {
      eventLog.skipTo(given.lastStoredSeq);
      eventLog.acknowledge(given.lastStoredSeq);
    }
    attachment = { stream, sentSeq: isSameLog ? given.lastStoredSeq : 0 };
    waitsForDrain = false;
    log.info({ unacknowledged: eventLog.unacknowledged }, "the appliance is attached");
    if (given.setup) deps.onSetup(given.setup);
    deps.onAttached(true);
    pump();
  };
  const command = (stream: Stream, message: CommandMessage): void => {
    if (message.hello) hello(stream, message.hello);
    if (attachment?.stream !== stream) return;
    const call = (callId: string): CallDriver | undefined => deps.calls().get(callId);
    if (message.ack) eventLog.acknowledge(message.ack.seq);
    else if (message.setup) deps.onSetup(message.setup);
    else if (message.say) call(message.say.callId)?.say(answerOf(message.say));
    else if (message.handoff) call(message.handoff.callId)?.handoff(message.handoff.queueId, message.handoff.reason);
    else if (message.hangUp)
      call(message.hangUp.callId)?.hangUp(message.hangUp.reason || "the assistant ended the call");
    else if (message.takeMessage) call(message.takeMessage.callId)?.takeMessage();
  };

  const server = new grpc.Server(channelOptions);
  server.addService(telephonyV1.CallControl.service, {
    Attach(stream: Stream) {
      const impatience = setTimeout(() => stream.end(), HELLO_MS);
      stream.sendMetadata(new grpc.Metadata());
      stream.on("data", (message: CommandMessage) => {
        if (message.hello) clearTimeout(impatience);
        try {
          command(stream, message);
        } catch (error) {
          log.error({ err: error }, "a command met a fault of ours");
        }
      });
      const over = (): void => {
        clearTimeout(impatience);
        detach(stream);
      };
      stream.on("cancelled", over);
      stream.on("error", over);
      stream.on("close", over);
      stream.on("end", () => {
        over();
        stream.end();
      });
    },
    GetStatus(_call: grpc.ServerUnaryCall<unknown, StatusInit>, reply: grpc.sendUnaryData<StatusInit>) {
      reply(null, deps.status());
    },
    GetTrunkStatus(call: grpc.ServerUnaryCall<{ trunkId: string }, object>, reply: grpc.sendUnaryData<object>) {
      reply(null, { statusJson: JSON.stringify(deps.trunkStatus(call.request.trunkId)) });
    },
    GetCallMedia(call: grpc.ServerUnaryCall<{ sipCallId: string }, object>, reply: grpc.sendUnaryData<object>) {
      const report = deps.callMedia.reportOf(call.request.sipCallId);
      if (report === null) return reply(null, {});
      const { callId, sipCallIds, legs } = report;
      reply(null, { callId, sipCallIds: [...sipCallIds], legsJson: legs.map((leg) => JSON.stringify(leg)) });
    },
    GetMediaPackets(call: grpc.ServerWritableStream<{ sipCallId: string; withRtp: boolean }, object>) {
      const { sipCallId, withRtp } = call.request;
      void sendPackets(call, deps.callMedia.packetsOf(sipCallId, withRtp));
    },
    RunTrunkDoctor: deps.doctor,
    RunCommissioningCall(call: grpc.ServerWritableStream<CommissioningRequestMessage, object>) {
      if (isCommissioning) {
        call.emit("error", { code: grpc.status.RESOURCE_EXHAUSTED, details: "a commissioning call is on already" });
        return;
      }
      isCommissioning = true;
      deps
        .commission(call.request, (progress) => void call.write({ progress }))
        .then(
          (reportJson) => {
            call.write({ reportJson });
            call.end();
          },
          (error: unknown) => {
            const details = error instanceof Error ? error.message : "the commissioning call failed";
            call.emit("error", { code: grpc.status.FAILED_PRECONDITION, details });
          },
        )
        .finally(() => {
          isCommissioning = false;
        });
    },
  });
  const health = new HealthImplementation({ "": "SERVING", [SERVICE]: "SERVING" });
  health.addToServer(server);
  await serveOnUnixSocket(server, deps.address, "telephony-listen-failed");

  return {
    get isAttached() {
      return attachment !== null;
    },
    wake: pump,
    tell(body) {
      if (attachment === null || waitsForDrain) return;
      attachment.stream.write({ ...body, seq: 0, logId: eventLog.logId });
    },
    async close() {
      attachment?.stream.end();
      await closeServer(server, CLOSE_MS);
    },
  };
}

/** As fast as the appliance takes them. */
async function sendPackets(call: grpc.ServerWritableStream<unknown, object>, packets: readonly RingPacket[]) {
  let isGone = false;
  call.on("cancelled", () => {
    isGone = true;
    call.emit("drain");
  });
  for (const { atMs, outgoing, rtcp, local, remote, data } of packets) {
    if (isGone) return;
    const addresses = { localAddress: local.address, localPort: local.port };
    const more = call.write({
      ...{ atMs, outgoing, rtcp, ...addresses, remoteAddress: remote.address, remotePort: remote.port, data },
    });
    if (!more) await new Promise<void>((resolve) => call.once("drain", resolve));
  }
  call.end();
}

function answerOf(say: NonNullable<CommandMessage["say"]>): Omit<Answer, "flow"> {
  const language = isLanguage(say.language) ? say.language : "zh";
  return {
    ...{ sayId: say.sayId, turn: say.turn, text: say.text, language },
    rate: say.rate >= 0.5 && say.rate <= 2 ? say.rate : 1,
    then: thenOf(say.then, say.queueId),
    listenLanguage: isLanguage(say.listenLanguage) ? say.listenLanguage : null,
  };
}

function thenOf(then: string, queueId: string): Then {
  switch (then) {
    case "hang-up":
      return { type: "hang-up", reason: "the assistant said good-bye" };
    case "handoff":
      return { type: "handoff", queueId, reason: "the assistant hands over" };
    case "take-message":
      return { type: "take-message" };
    default:
      return { type: "listen" };
  }
}
