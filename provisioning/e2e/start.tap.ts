import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import t from "tap";
import { openHouse, repositoryRoot, setupCodeOf } from "./house.ts";

t.test("npm start ends in a ready board, a second start is quick, stop ends all of it", async (t) => {
  const house = await openHouse({ portBase: 31000 });
  t.match(house.board(), /● sip +ready/);
  t.match(house.board(), /● telephony +ready/);
  t.match(house.board(), /● inference +ready/);
  t.match(house.board(), /● appliance +ready/);
  t.match(house.board(), new RegExp(setupCodeOf(house)), "the one-time code is on the board");

  const status = house.npm("status");
  t.equal(status.code, 0, "npm run status says ready");

  const again = house.npm("start");
  t.equal(again.code, 0);
  t.match(again.output, /already runs here/, "a second start in the same folder does no harm");

  const stop = house.npm("stop");
  t.equal(stop.code, 0);
  t.match(stop.output, /Stopped/);
  t.notOk(existsSync(path.join(house.home, "run/start.pid")));
  t.equal(house.npm("status").code, 1, "npm run status says that nothing answers");
  t.throws(() => house.pidOf("sip"), "no process is left behind");
  await house.close();
});

t.test("a wrong field in the configuration stops the start with its name", async (t) => {
  await t.rejects(
    openHouse({ portBase: 31000, config: { appliance: { consolePortt: 1 } } }),
    /appliance\.consolePortt/,
  );
});

t.test("a port in use stops the start with the field to change", async (t) => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(31080, "127.0.0.1", resolve));
  await t.rejects(openHouse({ portBase: 31000 }), /port 31080 .* appliance\.consolePort/s);
  await new Promise((resolve) => squatter.close(resolve));
});

t.test("what a killed start left behind is ended by the next", async (t) => {
  const home = mkdtempSync(path.join(tmpdir(), "intramuros-killed-"));
  t.teardown(() => rmSync(home, { recursive: true, force: true }));
  const first = await openHouse({ portBase: 31000, home });
  process.kill(Number(readFileSync(path.join(home, "run/start.pid"), "utf8")), "SIGKILL");
  await first.close();
  const orphan = first.pidOf("appliance");
  const second = await openHouse({ portBase: 31000, home });
  t.not(second.pidOf("appliance"), orphan);
  t.match(second.board(), /left behind/);
  await second.close();
});

t.test("an unknown command says which there are", async (t) => {
  const result = spawnSync(process.execPath, [path.join(repositoryRoot, "provisioning/bootstrap.mjs"), "strat"], {
    encoding: "utf8",
  });
  t.equal(result.status, 1);
  t.match(result.stderr, /unknown command "strat".*start, stop, status/s);
});
