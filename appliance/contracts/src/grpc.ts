import path from "node:path";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { ProtoGrpcType as InferenceProto } from "./gen/inference.ts";
import type { ProtoGrpcType as SipProto } from "./gen/sip.ts";
import type { ProtoGrpcType as TelephonyProto } from "./gen/telephony.ts";

const protoDir = path.join(path.dirname(fileURLToPath(import.meta.url)), "../proto");
const load = (file: string): grpc.GrpcObject =>
  grpc.loadPackageDefinition(
    loadSync(file, { includeDirs: [protoDir], longs: Number, enums: String, defaults: true, oneofs: true }),
  );

/** Service definitions and client constructors of `inference.proto`. */
export const inferenceV1 = (load("inference.proto") as unknown as InferenceProto).intramuros.inference.v1;
/** Service definitions and client constructors of `sip.proto`. */
export const sipV1 = (load("sip.proto") as unknown as SipProto).intramuros.sip.v1;
/** Service definitions and client constructors of `telephony.proto`. */
export const telephonyV1 = (load("telephony.proto") as unknown as TelephonyProto).intramuros.telephony.v1;

/** Limits that both ends of every one of our channels share. */
export const channelOptions: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": 1 << 20,
  "grpc.max_send_message_length": 1 << 20,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
};
