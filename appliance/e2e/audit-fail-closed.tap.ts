import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { localTokenPath, type Overview, openHome, openLog } from "@intramuros/contracts";
import t from "tap";
import { startAppliance } from "../src/app.ts";
import { openAuditLog } from "../src/audit/level-audit-store.ts";
import { openLevelStore } from "../src/storage/level-store.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

/**
 * A disk that takes no more, played by a limit on the size of files (the write fails with EFBIG as it would with ENOSPC): nothing is
 * done that is not written down, everybody is told, and nothing acknowledged is lost.
 */
t.setTimeout(120_000);
const LIMIT_KIB = 300;
const main = path.join(import.meta.dirname, "../src/main.ts");
const base = "http://127.29.5.4:25480";

t.test("an audit log that cannot be written stops every privileged action", async (t) => {
  const home = await makeTestHome({
    appliance: { consoleHost: "127.29.5.4", consolePort: 25_480 },
    sip: { healthPort: 25_430 },
    telephony: { healthPort: 25_431 },
    inference: { healthPort: 25_432 },
  });
  const { root, config } = openHome(home.root);
  // The first start, with its many records, still has room.
  await (await startAppliance({ root, config, log: openLog("appliance", "error") })).close();

  const child: ChildProcess = spawn(
    "bash",
    ["-c", `trap '' XFSZ; ulimit -f ${LIMIT_KIB}; exec "${process.execPath}" "${main}"`],
    {
      env: { ...process.env, INTRAMUROS_HOME: root },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let printed = "";
  child.stdout?.on("data", (part: Buffer) => {
    printed += part.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  t.teardown(async () => {
    child.kill("SIGKILL");
    await ended;
    home.remove();
  });
  for (let n = 0; n < 100 && !printed.includes('"ready"'); n += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const headers = {
    authorization: `Bearer ${readFileSync(localTokenPath(root), "utf8").trim()}`,
    "content-type": "application/json",
  };
  const policy = await (await fetch(`${base}/api/emotion-policy`, { headers })).text();
  const put = () => fetch(`${base}/api/emotion-policy`, { method: "PUT", headers, body: policy });

  let done = 0;
  let refused = 0;
  let reply = await put();
  for (let n = 0; n < 5_000 && reply.status === 200; n += 1) {
    done += 1;
    await reply.arrayBuffer();
    // Refused requests leave entries too and no records: the audit log comes to its limit first.
    await Promise.all(
      Array.from({ length: 8 }, () => fetch(`${base}/api/session`, { method: "DELETE", headers: { origin: "null" } })),
    );
    reply = await put();
  }
  t.ok(done > 0, `${done} changes before the disk was full`);
  t.equal(reply.status, 503);
  t.match(await reply.json(), { error: { code: "audit-unavailable", hint: /disk/ } });
  for (let n = 0; n < 20; n += 1) if ((await put()).status === 503) refused += 1;
  t.equal(refused, 20, "and none after it");
  t.equal((await fetch(`${base}/readyz`)).status, 503);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const overview = (await (await fetch(`${base}/api/overview`, { headers })).json()) as Overview;
  t.match(overview, { health: "bad" });
  t.ok(
    overview.alarms.some(({ code, severity }) => code === "audit-unavailable" && severity === "critical"),
    "the alarm stands",
  );
  t.equal(await ended, 1, "the process ends, so that the supervisor starts it anew");

  const log = await openAuditLog({ root, version: "test" });
  const count = async (code: string): Promise<number> => {
    let found = 0;
    let cursor: string | undefined = "0";
    while (cursor !== undefined) {
      const page: Awaited<ReturnType<typeof log.page>> = await log.page({
        limit: 1_000,
        order: "oldest",
        cursor,
        code,
      });
      found += page.items.length;
      cursor = page.next;
    }
    return found;
  };
  const begun = await count("request.begun");
  t.ok((await count("policy.changed")) >= done, "each acknowledged change has its entry");
  t.ok(begun >= done && begun <= done + 1, `${begun} begun, ${done} acknowledged`);
  t.match(await log.verify(), { ok: true });
  await log.close();
  const store = await openLevelStore({ root });
  t.match(await store.scrub(), { problem: null, damaged: [] });
  await store.close();
});
