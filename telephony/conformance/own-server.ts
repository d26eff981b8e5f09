import { type RunningServer, SECRET, startServer } from "../e2e/sip-support.ts";
import { addressOf, NUMBERS, PLACE_STEP, type Place, type Reach } from "./place.ts";
import { runSuite, SUITES, type SuiteName, type SuiteResult } from "./srf-suites.ts";

const NETWORK = "127.29.42.";
const FIRST_PORT = 8100;

/** Runs suites side by side, each against servers of its own: our `sip` process, as `main.ts` starts it. */
export async function runAgainstOwnServer(
  names: readonly SuiteName[] = SUITES,
  done: (result: SuiteResult) => void = () => {},
): Promise<readonly SuiteResult[]> {
  const results = await Promise.all(
    names.map(async (name) => {
      const index = SUITES.indexOf(name);
      const spot = { network: NETWORK, offset: index * PLACE_STEP };
      const ports = FIRST_PORT + index * 10;
      const servers: RunningServer[] = [];
      const start = async (number: number, port: number): Promise<Reach> => {
        const address = addressOf(spot, number);
        servers.push(await startServer({ address, controlPort: port, healthPort: port + 1 }));
        return { sip: `${address}:5060`, control: { host: "127.0.0.1", port, secret: SECRET } };
      };
      try {
        const server = await start(NUMBERS.server, ports);
        const second = name === "refer" ? await start(NUMBERS.second, ports + 2) : server;
        const place: Place = { ...spot, server, second };
        const result = await runSuite(name, place);
        done(result);
        return result;
      } finally {
        for (const server of servers) await server.stop();
      }
    }),
  );
  return results;
}
