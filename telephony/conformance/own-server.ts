import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { type RunningServer, SECRET, startServer } from "../e2e/sip-support.ts";
import { addressOf, NUMBERS, PLACE_STEP, type Place, type Reach } from "./place.ts";
import { runSuite, SUITES, type SuiteName, type SuiteResult } from "./srf-suites.ts";

/** The first that is free is taken, so that two runs on one machine, or what one left behind, do not meet. */
const NETWORKS = ["127.29.42.", "127.29.142.", "127.29.242."];

/** Runs suites side by side, each against servers of its own: our `sip` process, as `main.ts` starts it. */
export async function runAgainstOwnServer(
  names: readonly SuiteName[] = SUITES,
  done: (result: SuiteResult) => void = () => {},
): Promise<readonly SuiteResult[]> {
  const network = await freeNetwork();
  return Promise.all(
    names.map(async (name) => {
      const result = await runBesideOthers(name, network);
      done(result);
      return result;
    }),
  );
}

async function runBesideOthers(name: SuiteName, network: string): Promise<SuiteResult> {
  const spot = { network, offset: SUITES.indexOf(name) * PLACE_STEP };
  const servers: RunningServer[] = [];
  const start = async (number: number): Promise<Reach> => {
    const address = addressOf(spot, number);
    const port = await freePort();
    servers.push(await startServer({ address, controlPort: port, healthPort: await freePort() }));
    return { sip: `${address}:5060`, control: { host: "127.0.0.1", port, secret: SECRET } };
  };
  const started = performance.now();
  try {
    const server = await start(NUMBERS.server);
    const second = name === "refer" ? await start(NUMBERS.second) : server;
    const place: Place = { ...spot, server, second };
    return await runSuite(name, place);
  } catch (error) {
    // The other suites go on, and this one counts as failed.
    const seconds = (performance.now() - started) / 1000;
    return { name, passed: 0, failed: 1, seconds, output: String(error) };
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function freeNetwork(): Promise<string> {
  for (const network of NETWORKS) {
    const free = await Promise.all(
      SUITES.map((_, index) => isFree(addressOf({ network, offset: index * PLACE_STEP }, NUMBERS.server))),
    );
    if (free.every((item) => item)) return network;
  }
  throw new Error(`the SIP ports of ${NETWORKS.join(", ")} are all in use`);
}

async function isFree(address: string): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    socket.bind(5060, address);
    await once(socket, "listening");
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const place = server.address();
  server.close();
  await once(server, "close");
  return typeof place === "object" && place !== null ? place.port : 0;
}
