import * as grpc from "@grpc/grpc-js";
import { channelOptions, type SipCaptureClient, sipV1 } from "@intramuros/contracts";
import type { WireMessage } from "./wire.ts";

/** What the SIP server captured. Rejects with a gRPC fault while it is away. */
export interface SipCapture {
  list(query: {
    readonly limit: number;
    readonly beforeMs?: number;
    readonly callIds?: readonly string[];
  }): Promise<{ readonly calls: readonly CapturedCall[]; readonly oldestMs: number }>;
  /** Of these calls, oldest first. */
  messages(callIds: readonly string[], limit: number): Promise<readonly WireMessage[]>;
  close(): void;
}

export type CapturedCall = ReturnType<typeof sipV1.SipCapture.service.ListCalls.responseDeserialize>["calls"][number];

const LIST_DEADLINE_MS = 3000;
const MESSAGES_DEADLINE_MS = 10_000;

export function openSipCapture(address: string): SipCapture {
  const client: SipCaptureClient = new sipV1.SipCapture(address, grpc.credentials.createInsecure(), channelOptions);
  return {
    list: ({ limit, beforeMs = 0, callIds = [] }) =>
      new Promise((resolve, reject) => {
        const request = { limit, beforeMs, callIds: [...callIds] };
        client.listCalls(request, { deadline: Date.now() + LIST_DEADLINE_MS }, (error, reply) => {
          if (error !== null || reply === undefined) reject(error ?? new Error("no reply"));
          else resolve({ calls: reply.calls, oldestMs: reply.oldestMs });
        });
      }),
    async messages(callIds, limit) {
      const found: WireMessage[] = [];
      const request = { callIds: [...callIds], limit };
      const call = client.getMessages(request, { deadline: Date.now() + MESSAGES_DEADLINE_MS });
      call.on("error", () => {}); // the loop below throws it; one more may come after its end
      for await (const message of call) {
        found.push({
          atMs: message.atMs,
          out: message.direction === "out",
          transport: message.transport,
          local: { address: message.localAddress, port: message.localPort },
          remote: { address: message.remoteAddress, port: message.remotePort },
          data: message.data,
        });
      }
      return found;
    },
    close: () => client.close(),
  };
}

/** Whether a rejection means that the other process is away, or does not serve this. */
export const isAway = (error: unknown): boolean => {
  const { code } = error as { code?: number };
  return (
    code === grpc.status.UNAVAILABLE || code === grpc.status.UNIMPLEMENTED || code === grpc.status.DEADLINE_EXCEEDED
  );
};
