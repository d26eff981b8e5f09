import { networkInterfaces } from "node:os";
import type { Config, Logger } from "@intramuros/contracts";
import { openHealthServer } from "../health-server.ts";
import { openCaptureRoom } from "./capture/capture-room-driver.ts";
import { CORE_LIMITS, type CoreConfig, type Listener } from "./core/state.ts";
import { MESSAGE_LIMITS } from "./message/index.ts";
import { openSipServer, type SipServerDriver } from "./server-driver.ts";
import { SIP_TIMERS, type SipTimers } from "./transaction/index.ts";
import { listenersOf } from "./transport/listen-address.ts";

/** drachtio-srf reads the first three numbers to know what the server can do. */
export const SERVER_VERSION = "v0.9.10-intramuros";

export interface SipOptions {
  readonly config: Config["sip"];
  readonly secret: string;
  readonly log: Logger;
  /** Where established dialogs are kept; without it a killed server forgets its calls. */
  readonly folder?: string;
  /** Where the capture is kept and asked for; without it nothing is captured. No key: it stays in memory. */
  readonly capture?: { readonly root: string; readonly masterKeyHex: string | null };
  /** For tests: shorter waits. */
  readonly timers?: SipTimers;
}

export interface SipProcess {
  readonly listeners: readonly Listener[];
  readonly figures: SipServerDriver["figures"];
  close(): Promise<void>;
}

/** Starts the SIP server: listeners, application port, health. */
export async function startSip(options: SipOptions): Promise<SipProcess> {
  const { config, secret, log, folder, timers = SIP_TIMERS } = options;
  const listeners = listenersOf(config.listen, machineAddresses());
  const coreConfig: CoreConfig = {
    listeners,
    secret,
    version: SERVER_VERSION,
    timers,
    messageLimits: MESSAGE_LIMITS,
    ...CORE_LIMITS,
    takeoverMs: config.takeoverSeconds * 1000,
    maxRequestsPerSecond: config.maxRequestsPerSecond,
    scanners: config.scanners.filter((name) => name !== "").map((name) => name.toLowerCase()),
  };
  const control = { host: config.controlHost, port: config.controlPort };
  const capture = options.capture === undefined ? null : await openCaptureRoom({ ...options.capture, config, log });
  const driver = await openSipServer(coreConfig, control, log, folder ?? null, capture?.record).catch(
    async (error: unknown) => {
      await capture?.close();
      throw error;
    },
  );
  const figures = () => ({ ...driver.figures(), ...capture?.figures() });
  const readiness = () => {
    const { applications, routed } = driver.figures();
    const problems: string[] = [];
    if (applications === 0) problems.push("no application is connected: calls are answered with 503");
    else if (!routed) problems.push("the application has not asked for any calls yet");
    return { ready: true, problems };
  };
  try {
    const health = await openHealthServer("sip", config.healthPort, { readiness, figures });
    log.info(
      { listeners: listeners.map((item) => `${item.transport}:${item.address}:${item.port}`) },
      "sip server open",
    );
    return {
      listeners,
      figures: driver.figures,
      async close() {
        await health.close();
        await driver.close();
        await capture?.close();
      },
    };
  } catch (error) {
    await driver.close();
    await capture?.close();
    throw error;
  }
}

/** Every IPv4 address of this machine, loopback last. */
function machineAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((items) => items ?? []);
  const v4 = all.filter((item) => item.family === "IPv4");
  return [...v4.filter((item) => !item.internal), ...v4.filter((item) => item.internal)].map((item) => item.address);
}
