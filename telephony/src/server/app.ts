import { networkInterfaces } from "node:os";
import type { Config, Logger } from "@intramuros/contracts";
import { openHealthServer } from "../health-server.ts";
import { openCaptureRoom } from "./capture/capture-room-driver.ts";
import { CORE_LIMITS, type CoreConfig, type Listener } from "./core/state.ts";
import { MESSAGE_LIMITS } from "./message/index.ts";
import { openSipServer, type SipServerDriver } from "./server-driver.ts";
import { SIP_TIMERS, type SipTimers } from "./transaction/index.ts";
import type { ConnectionLimits } from "./transport/connection-table.ts";
import { externalOf } from "./transport/external-address.ts";
import { listenersOf, type MachineAddresses } from "./transport/listen-address.ts";
import { WARN_DAYS } from "./transport/tls-store.ts";

/** drachtio-srf reads the first three numbers to know what the server can do. */
export const SERVER_VERSION = "v0.9.10-intramuros";

export interface SipOptions {
  readonly config: Config["sip"];
  readonly secret: string;
  readonly log: Logger;
  /** Home folder, for keys and certificates of TLS. */
  readonly root: string;
  /** Where established dialogs are kept; without it a killed server forgets its calls. */
  readonly folder?: string;
  /** Where the capture is kept and asked for; without it nothing is captured. No key: it stays in memory. */
  readonly capture?: { readonly root: string; readonly masterKeyHex: string | null };
  /** For tests: shorter waits, a name server of their own. */
  readonly timers?: SipTimers;
  readonly nameServers?: readonly string[];
  readonly connectionLimits?: Partial<ConnectionLimits>;
}

export interface SipProcess {
  readonly listeners: readonly Listener[];
  readonly figures: SipServerDriver["figures"];
  close(): Promise<void>;
}

/** Starts the SIP server: listeners, application port, health. */
export async function startSip(options: SipOptions): Promise<SipProcess> {
  const { config, secret, log, root, folder, timers = SIP_TIMERS } = options;
  const listeners = listenersOf(config.listen, machineAddresses());
  const { external, faults } = externalOf(config);
  for (const field of faults)
    log.warn({ field }, "sip.externalAddress or sip.localNetworks: not an address or network");
  const coreConfig: CoreConfig = {
    listeners,
    secret,
    version: SERVER_VERSION,
    timers,
    messageLimits: MESSAGE_LIMITS,
    ...CORE_LIMITS,
    external,
    takeoverMs: config.takeoverSeconds * 1000,
    applicationRoutes: config.applicationRoutes,
    cdrs: config.cdrs,
    outboundProxy: config.outboundProxy === "" ? null : config.outboundProxy,
    maxRequestsPerSecond: config.maxRequestsPerSecond,
    scanners: config.scanners.filter((name) => name !== "").map((name) => name.toLowerCase()),
  };
  const control = {
    ...{ host: config.controlHost, port: config.controlPort },
    ...{ tlsCertPath: config.controlTlsCertPath, tlsKeyPath: config.controlTlsKeyPath },
  };
  const sockets = { config, root, nameServers: options.nameServers, limits: options.connectionLimits };
  const capture = options.capture === undefined ? null : openCaptureRoom({ ...options.capture, config, log });
  const driver = await openSipServer(coreConfig, control, sockets, log, folder ?? null, capture?.record).catch(
    async (error: unknown) => {
      await capture?.close();
      throw error;
    },
  );
  const figures = () => ({ ...driver.figures(), ...capture?.figures() });
  const readiness = () => {
    const { applications, routed, tlsCertificateDays: days } = driver.figures();
    const problems: string[] = [];
    if (days !== undefined && days < 0) problems.push("the certificate for SIP over TLS has ended");
    else if (days !== undefined && days < WARN_DAYS)
      problems.push(`the certificate for SIP over TLS ends in ${days} days`);
    const isAsked = config.applicationRoutes.some(({ method }) => method === "*" || method === "invite");
    if (isAsked) return { ready: true, problems };
    if (applications === 0) problems.push("no application is connected: calls are answered with 503");
    else if (!routed) problems.push("the application has not asked for any calls yet");
    const captureProblem = capture?.problem() ?? "";
    if (captureProblem !== "") problems.push(captureProblem);
    return { ready: true, problems };
  };
  try {
    await capture?.serve();
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

/** Addresses of this machine, loopback last; link-local IPv6 ones would need a zone that no Contact can carry. */
function machineAddresses(): MachineAddresses {
  const all = Object.values(networkInterfaces()).flatMap((items) => items ?? []);
  const ordered = [...all.filter((item) => !item.internal), ...all.filter((item) => item.internal)];
  const of = (family: string): string[] =>
    ordered.filter((item) => item.family === family && !/^fe80:/i.test(item.address)).map((item) => item.address);
  return { v4: of("IPv4"), v6: of("IPv6") };
}
