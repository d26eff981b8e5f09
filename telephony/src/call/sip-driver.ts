import type { Config, Logger } from "@intramuros/contracts";
import Srf from "drachtio-srf";
import { ALLOW, type SipAgent, type SipRequest, type SipResponse } from "./sip-types.ts";
import { askOwned, endStrangers, rebind } from "./takeover-client.ts";

/** The connection to the SIP server, and where its requests outside of calls go. It comes back by itself. */
export interface SipLink {
  readonly agent: SipAgent;
  readonly isConnected: boolean;
  /** `udp/192.0.2.1:5060` … */
  readonly addresses: readonly string[];
  /** Why not, as one sentence; empty while connected. */
  readonly problem: string;
  /** Begins to connect, and to try again for ever. */
  connect(): void;
  close(): void;
}

const RETRY_MAX_MS = 1000;
const TAG = "intramuros-telephony";
const REFUSED: Readonly<Record<string, number>> = {
  message: 405,
  publish: 405,
  subscribe: 489,
  notify: 481,
  refer: 481,
  update: 481,
  info: 481,
};

export function openSip(options: {
  readonly config: Config["sip"];
  readonly secret: string;
  readonly log: Logger;
  readonly onInvite: (request: SipRequest, response: SipResponse) => void;
  readonly onRegister: (request: SipRequest, response: SipResponse) => void;
  readonly onLost: () => void;
  /** Connected, for the first time or again; dialogs that the server has for us, null: it cannot say. */
  readonly onBack: (dialogIds: ReadonlySet<string> | null) => void;
}): SipLink {
  const { config, log } = options;
  // By its tag our next process, and no other application, gets the calls of this one.
  const agent = new Srf(TAG) as unknown as SipAgent;
  let connected = false;
  let addresses: readonly string[] = [];
  let problem = "the SIP server is not connected yet";
  let closing = false;

  const lost = (reason: string): void => {
    problem = reason;
    if (!connected || closing) return;
    connected = false;
    addresses = [];
    log.warn({ reason }, "the SIP server is gone; calls go on as long as there is audio");
    options.onLost();
  };
  agent.on("connect", (error: Error | null, hostPorts: string) => {
    if (error) {
      lost("the SIP server does not take our secret: keys/sip-control.secret differs");
      return;
    }
    connected = true;
    problem = "";
    addresses = hostPorts.split(",").filter(Boolean);
    log.info({ addresses }, "connected to the SIP server");
    rebind(agent);
    void askOwned(agent).then((owned) => {
      if (closing || !connected) return;
      if (owned !== null) endStrangers(agent, owned, log);
      options.onBack(owned);
    });
  });
  // Told as well when a first connection is refused: without a listener that would end the process.
  agent.on("error", () => lost(`the SIP server is not to be reached at ${config.controlHost}:${config.controlPort}`));
  agent.on("close", () => lost("the SIP server closed the connection"));

  const guarded =
    (handler: (request: SipRequest, response: SipResponse) => void) =>
    (request: SipRequest, response: SipResponse): void => {
      try {
        handler(request, response);
      } catch (error) {
        log.error({ err: error, method: request.method }, "a request met a fault of ours");
        if (!response.finalResponseSent) response.send(500);
      }
    };
  agent.use("invite", guarded(options.onInvite));
  agent.use("register", guarded(options.onRegister));
  agent.use(
    "options",
    guarded((_request, response) => response.send(200, { headers: { Allow: ALLOW, Accept: "application/sdp" } })),
  );
  for (const [method, status] of Object.entries(REFUSED)) {
    agent.use(
      method,
      guarded((_request, response) => response.send(status, { headers: { Allow: ALLOW } })),
    );
  }
  return {
    agent,
    connect() {
      agent.connect({
        host: config.controlHost,
        port: config.controlPort,
        secret: options.secret,
        enablePing: true,
        reconnect: { retryMaxDelay: RETRY_MAX_MS },
      });
    },
    get isConnected() {
      return connected;
    },
    get addresses() {
      return addresses;
    },
    get problem() {
      return problem;
    },
    close() {
      closing = true;
      try {
        agent.disconnect();
      } catch {
        // Not connected: the library has no socket to end. Its retry timer goes with the process.
      }
    },
  };
}
