import * as grpc from "@grpc/grpc-js";
import {
  type CallControlClient,
  channelOptions,
  type LegMediaReport,
  LegMediaSchema,
  telephonyV1,
} from "@intramuros/contracts";
import { Value } from "typebox/value";
import type { MediaPacket } from "./wire.ts";

export interface CallMediaReport {
  readonly legs: readonly LegMediaReport[];
  /** Call-IDs of all legs, the customer's first. */
  readonly sipCallIds: readonly string[];
}

/** What telephony knows of the audio of a call that is up or ended lately. */
export interface CallMedia {
  /** Null: telephony is away, or does not know the call. */
  of(sipCallId: string): Promise<CallMediaReport | null>;
  /** RTCP, and RTP where asked for, of all legs of the call that this leg belongs to, oldest first. Throws a gRPC fault while telephony is away. */
  packets(sipCallId: string, withRtp: boolean): AsyncIterable<MediaPacket>;
  close(): void;
}

const REPORT_DEADLINE_MS = 2000;
const PACKETS_DEADLINE_MS = 120_000;

export function openCallMedia(address: string): CallMedia {
  const client: CallControlClient = new telephonyV1.CallControl(
    address,
    grpc.credentials.createInsecure(),
    channelOptions,
  );
  return {
    of: (sipCallId) =>
      new Promise((resolve) => {
        client.getCallMedia({ sipCallId }, { deadline: Date.now() + REPORT_DEADLINE_MS }, (error, reply) => {
          if (error !== null || reply === undefined) return resolve(null);
          resolve({ legs: reply.legsJson.flatMap(readLeg), sipCallIds: reply.sipCallIds });
        });
      }),
    async *packets(sipCallId, withRtp) {
      const call = client.getMediaPackets({ sipCallId, withRtp }, { deadline: Date.now() + PACKETS_DEADLINE_MS });
      call.on("error", () => {}); // the loop below throws it; one more may come after its end
      try {
        for await (const packet of call) {
          yield {
            atMs: packet.atMs,
            out: packet.outgoing,
            rtcp: packet.rtcp,
            local: { address: packet.localAddress, port: packet.localPort },
            remote: { address: packet.remoteAddress, port: packet.remotePort },
            data: packet.data,
            sipCallId,
          };
        }
      } finally {
        call.cancel();
      }
    },
    close: () => client.close(),
  };
}

/** A report that does not fit the contract is left out: it comes from a telephony of another version. */
function readLeg(json: string): readonly LegMediaReport[] {
  try {
    const leg: unknown = JSON.parse(json);
    return Value.Check(LegMediaSchema, leg) ? [leg] : [];
  } catch {
    return [];
  }
}
