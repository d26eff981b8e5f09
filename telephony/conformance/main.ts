import { parseArgs } from "node:util";
import { runAgainstOwnServer } from "./own-server.ts";
import type { Place } from "./place.ts";
import { describe, runSuite, runUnitTests, SUITES, type SuiteName, type SuiteResult } from "./srf-suites.ts";

/**
 * `npm run test:conformance`: drachtio-srf's own tests against our SIP server. With `--server HOST:PORT` and its like they run against
 * any other drachtio-compatible server instead, one suite after the other:
 *
 *     npm run test:conformance -- --server 127.29.0.10:5060 --control 127.0.0.1:9061 --secret cymru \
 *       --second 127.29.0.19:5060 --second-control 127.0.0.1:9062 --network 127.29.0. [SUITE …]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: "string" },
    control: { type: "string", default: "127.0.0.1:9022" },
    secret: { type: "string", default: "cymru" },
    second: { type: "string" },
    "second-control": { type: "string", default: "127.0.0.1:9062" },
    network: { type: "string", default: "127.29.0." },
  },
});

const isSuite = (name: string): name is SuiteName => (SUITES as readonly string[]).includes(name);
const unknown = positionals.find((name) => !isSuite(name));
if (unknown !== undefined) {
  console.error(`No suite is called ${unknown}. There are: ${SUITES.join(", ")}.`);
  process.exit(2);
}
const chosen = positionals.filter(isSuite);
const names = chosen.length > 0 ? chosen : SUITES;

const show = (result: SuiteResult): void => {
  console.log(describe(result));
  if (result.failed > 0) console.log(result.output);
};

const results: SuiteResult[] = [];
if (chosen.length === 0) {
  const unit = await runUnitTests();
  show(unit);
  results.push(unit);
}
if (values.server === undefined) results.push(...(await runAgainstOwnServer(names, show)));
else {
  const reach = (sip: string, control: string) => {
    const colon = control.lastIndexOf(":");
    return {
      sip,
      control: { host: control.slice(0, colon), port: Number(control.slice(colon + 1)), secret: values.secret },
    };
  };
  const server = reach(values.server, values.control);
  const second = values.second === undefined ? server : reach(values.second, values["second-control"]);
  const place: Place = { network: values.network, offset: 0, server, second };
  for (const name of names) {
    const result = await runSuite(name, place);
    show(result);
    results.push(result);
  }
}
const sum = (key: "passed" | "failed"): number => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exit(sum("failed") === 0 ? 0 : 1);
