import * as grpc from "@grpc/grpc-js";
import { type DoctorRequest, DoctorRequestSchema, type Logger } from "@intramuros/contracts";
import { Value } from "typebox/value";
import type { TrunkMessage } from "../set-up.ts";
import { runDoctor } from "./doctor-driver.ts";
import { createDoctorLine, type DoctorLineDeps } from "./doctor-line-driver.ts";

/** `RunTrunkDoctor` of telephony.proto: one trial at a time for each trunk, findings as they come. */
type Call = grpc.ServerWritableStream<{ readonly trunkId: string; readonly requestJson: string }, object>;
export type DoctorHandler = (call: Call) => void;

export function createDoctorHandler(
  deps: DoctorLineDeps & { readonly trunk: (trunkId: string) => TrunkMessage | null; readonly log: Logger },
): DoctorHandler {
  const running = new Set<string>();
  const refuse = (call: Call, code: grpc.status, details: string): void => void call.emit("error", { code, details });
  return (call) => {
    const { trunkId, requestJson } = call.request;
    const trunk = deps.trunk(trunkId);
    if (trunk === null) return refuse(call, grpc.status.NOT_FOUND, "there is no trunk of this id, or it is disabled");
    if (running.has(trunkId)) {
      return refuse(call, grpc.status.RESOURCE_EXHAUSTED, "this trunk is being tried out already");
    }
    const request = requestOf(requestJson);
    if (request === null) return refuse(call, grpc.status.INVALID_ARGUMENT, "the request cannot be read");
    running.add(trunkId);
    runDoctor({
      ...{ trunkId, trunk, request, line: createDoctorLine(trunk, deps) },
      onProgress: (progress) => void call.write({ progress }),
      onFinding: (finding) => void call.write({ findingJson: JSON.stringify(finding) }),
    })
      .then(
        (report) => {
          call.write({ reportJson: JSON.stringify(report) });
          call.end();
        },
        (error: unknown) => {
          deps.log.error({ err: error, trunkId }, "a trunk could not be tried out");
          refuse(call, grpc.status.INTERNAL, error instanceof Error ? error.message : "the trial broke off");
        },
      )
      .finally(() => running.delete(trunkId));
  };
}

function requestOf(json: string): DoctorRequest | null {
  try {
    const request: unknown = Value.Default(DoctorRequestSchema, JSON.parse(json === "" ? "{}" : json));
    return Value.Check(DoctorRequestSchema, request) ? request : null;
  } catch {
    return null;
  }
}
