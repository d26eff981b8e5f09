import { statfsSync } from "node:fs";
import { createServer } from "node:net";
import { AppError, type Home } from "@intramuros/contracts";
import { houseProcesses } from "./processes.ts";

const FREE_MIN_BYTES = 512 * 1024 * 1024;

/** Finds before the start what would make a process fail after it: a taken port, a full disk. Throws AppError. */
export async function preflight(home: Home): Promise<void> {
  const disk = statfsSync(home.root);
  if (disk.bavail * disk.bsize < FREE_MIN_BYTES) {
    throw new AppError({
      code: "disk-full",
      message: `less than 512 MiB are free below ${home.root}`,
      hint: "make room, or choose another folder with INTRAMUROS_HOME",
    });
  }
  const { sip } = home.config;
  const wanted = [
    ...houseProcesses(home.config).map((process) => ({
      host: process.healthHost,
      port: process.healthPort,
      field: process.name === "appliance" ? "appliance.consolePort" : `${process.name}.healthPort`,
    })),
    { host: sip.controlHost, port: sip.controlPort, field: "sip.controlPort" },
    ...sip.listen
      .filter((listener) => !listener.startsWith("udp:"))
      .map((listener) => ({ ...hostAndPort(listener), field: "sip.listen" })),
  ];
  for (const { host, port, field } of wanted) {
    if (!(await isFree(host, port))) {
      throw new AppError({
        code: "port-taken",
        message: `port ${port} on ${host} is used by another program`,
        hint: `stop that program, or change ${field} in ${home.root}/config.json`,
      });
    }
  }
}

function hostAndPort(listener: string): { readonly host: string; readonly port: number } {
  const [, ...rest] = listener.split(":");
  const port = Number(rest.pop());
  const host = rest.join(":").replace(/^\[|\]$/g, "");
  return { host: host === "auto" ? "0.0.0.0" : host === "auto6" ? "::" : host, port };
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
