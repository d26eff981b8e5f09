import t from "tap";
import { runAgainstOwnServer } from "../conformance/own-server.ts";
import { describe, runUnitTests, SUITES } from "../conformance/srf-suites.ts";

/** drachtio-srf's own test suite, whole, against the running server (see ../conformance). */
t.setTimeout(300_000);

const unit = await runUnitTests();
t.equal(unit.failed, 0, `${describe(unit)}\n${unit.output}`);
t.ok(unit.passed >= 50, "the package's unit tests ran");

const results = await runAgainstOwnServer();
for (const result of results) t.equal(result.failed, 0, `${describe(result)}\n${result.output}`);
t.same(
  Object.fromEntries(results.map(({ name, passed }) => [name, passed])),
  { uas: 8, uac: 19, b2b: 19, refer: 1, "reinvite-tests": 1, proxy: 2, utils: 27 },
  `all assertions of all ${SUITES.length} suites were made`,
);
