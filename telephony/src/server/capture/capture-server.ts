import * as grpc from "@grpc/grpc-js";
import { channelOptions, type Logger, sipV1 } from "@intramuros/contracts";
import { closeServer, serveOnUnixSocket } from "../../unix-server.ts";
import type { Attempt } from "./attempt.ts";
import type { Capture } from "./capture-driver.ts";
import { maskSecrets } from "./mask.ts";
import type { Captured } from "./segment.ts";

/** `SipCapture` of sip.proto for the appliance, on a Unix socket. */
const LIST_MAX = 500;
const MESSAGES_MAX = 20_000;
const MESSAGES_DEFAULT = 2000;
const CALL_IDS_MAX = 50;
/** Who reads no faster than this is cut off. */
const STALL_MS = 10_000;
const CLOSE_MS = 1000;

type Service = typeof sipV1.SipCapture.service;
type ListRequest = ReturnType<Service["ListCalls"]["requestDeserialize"]>;
type ListReply = Parameters<Service["ListCalls"]["responseSerialize"]>[0];
type MessagesRequest = ReturnType<Service["GetMessages"]["requestDeserialize"]>;
type MessageInit = Parameters<Service["GetMessages"]["responseSerialize"]>[0];

export async function openCaptureServer(options: {
  readonly address: string;
  readonly capture: Capture;
  readonly log: Logger;
}): Promise<{ close(): Promise<void> }> {
  const { capture, log } = options;
  const server = new grpc.Server(channelOptions);
  const isHost = (endpoint: string, host: string): boolean => endpoint === host || endpoint.startsWith(`${host}:`);

  const list = async ({ limit, beforeMs, remoteAddress, callIds }: ListRequest): Promise<ListReply> => {
    const host = remoteAddress.includes(":") && !remoteAddress.startsWith("[") ? `[${remoteAddress}]` : remoteAddress;
    const calls = await capture.calls({
      limit: Math.min(limit || LIST_MAX, LIST_MAX),
      beforeMs: beforeMs > 0 ? beforeMs : Number.POSITIVE_INFINITY,
      fits: ({ remote, callId }) =>
        (host === "" || isHost(remote, host)) && (callIds.length === 0 || callIds.includes(callId)),
    });
    return { calls: calls.map(callOf), oldestMs: capture.oldestMs() ?? 0 };
  };
  const stream = async (call: grpc.ServerWritableStream<MessagesRequest, MessageInit>): Promise<void> => {
    const { callIds, fromMs, toMs, limit } = call.request;
    const found = await capture.messages({
      callIds: callIds.slice(0, CALL_IDS_MAX),
      fromMs,
      toMs: toMs > 0 ? toMs : Number.POSITIVE_INFINITY,
      limit: Math.min(limit || MESSAGES_DEFAULT, MESSAGES_MAX),
    });
    for (const message of found) {
      if (call.cancelled || call.destroyed) return;
      if (!call.write(messageOf(message))) await drained(call);
    }
    call.end();
  };

  server.addService(sipV1.SipCapture.service, {
    ListCalls(call: grpc.ServerUnaryCall<ListRequest, ListReply>, reply: grpc.sendUnaryData<ListReply>) {
      list(call.request).then(
        (found) => reply(null, found),
        (error: unknown) => {
          log.error({ err: error }, "captured calls could not be listed");
          reply({ code: grpc.status.INTERNAL, details: "the list could not be made" });
        },
      );
    },
    GetMessages(call: grpc.ServerWritableStream<MessagesRequest, MessageInit>) {
      call.on("error", () => {}); // the reader went away
      stream(call).catch((error: unknown) => {
        log.warn({ err: error }, "captured messages could not be given out");
        call.destroy();
      });
    },
  });
  await serveOnUnixSocket(server, options.address, "sip-socket-failed");
  return { close: () => closeServer(server, CLOSE_MS) };
}

const callOf = ({ attempt, messages }: { readonly attempt: Attempt; readonly messages: number }) => ({
  callId: attempt.callId,
  atMs: attempt.atMs,
  direction: attempt.direction,
  fromUser: attempt.from,
  toUser: attempt.to,
  transport: attempt.transport,
  local: attempt.local,
  remote: attempt.remote,
  messages,
  finalStatus: attempt.finalStatus,
  finalMs: attempt.finalMs,
  ringingMs: attempt.ringingMs,
  endMs: attempt.endMs,
  endedBy: attempt.endedBy,
  reason: attempt.reason,
});

const messageOf = (message: Captured): MessageInit => ({
  atMs: message.atMs,
  direction: message.out ? "out" : "in",
  transport: message.transport,
  localAddress: message.local.address,
  localPort: message.local.port,
  remoteAddress: message.remote.address,
  remotePort: message.remote.port,
  data: maskSecrets(message.data),
});

const drained = (call: grpc.ServerWritableStream<MessagesRequest, MessageInit>): Promise<void> =>
  new Promise((resolve, reject) => {
    const over = (error: Error | null): void => {
      clearTimeout(timer);
      call.off("drain", onDrain);
      call.off("cancelled", onGone);
      call.off("close", onGone);
      if (error === null) resolve();
      else reject(error);
    };
    const onDrain = (): void => over(null);
    const onGone = (): void => over(null);
    const timer = setTimeout(() => over(new Error("the reader is too slow")), STALL_MS);
    call.once("drain", onDrain);
    call.once("cancelled", onGone);
    call.once("close", onGone);
  });
