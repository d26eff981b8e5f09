import { chmodSync, rmSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { AppError } from "@intramuros/contracts";

/** Serves gRPC on a Unix socket that only this user may dial. */
export async function serveOnUnixSocket(server: grpc.Server, address: string, faultCode: string): Promise<void> {
  const file = address.replace(/^unix:/, "");
  rmSync(file, { force: true }); // left behind by a process that was killed
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (cause) => {
      if (cause === null) return resolve();
      reject(
        new AppError({
          code: faultCode,
          message: `cannot listen on ${file}`,
          hint: "see whether the folder exists and belongs to this user",
          cause,
        }),
      );
    });
  });
  chmodSync(file, 0o600);
}

/** Lets calls in progress end, for at most `limitMs`. */
export const closeServer = (server: grpc.Server, limitMs: number): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, limitMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
