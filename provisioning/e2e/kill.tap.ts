import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AuditEntry, ConversationDetail, ConversationSummary } from "@intramuros/contracts";
import t from "tap";
import { type House, openHouse, repositoryRoot } from "./house.ts";

const QUESTION = "What is my daily transfer limit?";
const PROCESSES = ["sip", "telephony", "inference", "appliance"] as const;

function startCall(house: House): { readonly child: ChildProcess; readonly ended: Promise<void> } {
  const child = spawn(
    process.execPath,
    [path.join(repositoryRoot, "provisioning/bootstrap.mjs"), "call", "--say", QUESTION, "--timeout", "20000"],
    { env: { ...process.env, INTRAMUROS_HOME: house.home }, stdio: "ignore" },
  );
  return { child, ended: new Promise((resolve) => child.once("exit", () => resolve())) };
}

/** Every audit entry, oldest first: what the appliance has acknowledged so far. */
async function auditEntries(house: House): Promise<Map<number, string>> {
  const all = new Map<number, string>();
  let cursor = "";
  for (;;) {
    const page = await house.api<{ items: AuditEntry[]; next?: string }>(
      `/api/audit?order=oldest&limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    for (const entry of page.items) all.set(entry.seq, entry.leafHash);
    if (page.next === undefined) return all;
    cursor = page.next;
  }
}

async function conversationEvents(house: House): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  const { items } = await house.api<{ items: ConversationSummary[] }>("/api/conversations?limit=50");
  for (const { id } of items) {
    const detail = await house.api<ConversationDetail>(`/api/conversations/${id}`);
    for (const event of detail.events) all.set(`${id} ${event.seq}`, JSON.stringify(event.body));
  }
  return all;
}

t.test("any process may be killed during calls", async (t) => {
  const house = await openHouse({ portBase: 34000 });
  t.teardown(() => house.close());

  for (const victim of PROCESSES) {
    await t.test(`kill -9 of ${victim}: it is back by itself, the others stay, nothing is lost`, async (t) => {
      const call = startCall(house);
      await house.until(
        "a live call",
        async () =>
          (await house.api<{ items: ConversationSummary[] }>("/api/conversations?state=live")).items.length > 0,
        30_000,
      );
      const pids = new Map(PROCESSES.map((name) => [name, house.pidOf(name)]));
      const audit = await auditEntries(house);
      const events = await conversationEvents(house);

      process.kill(pids.get(victim) ?? 0, "SIGKILL");
      await house.until(
        `${victim} back`,
        () => {
          try {
            return house.pidOf(victim) !== pids.get(victim) && house.npm("status").code === 0;
          } catch {
            return false;
          }
        },
        40_000,
      );
      for (const other of PROCESSES)
        if (other !== victim) t.equal(house.pidOf(other), pids.get(other), `${other} stayed up`);

      const auditAfter = await auditEntries(house);
      for (const [seq, hash] of audit)
        if (auditAfter.get(seq) !== hash) t.fail(`audit entry ${seq} is gone or changed`);
      const eventsAfter = await conversationEvents(house);
      for (const [key, body] of events) if (eventsAfter.get(key) !== body) t.fail(`event ${key} is gone or changed`);
      t.ok(auditAfter.size >= audit.size && eventsAfter.size >= events.size);

      await call.ended;
      const again = house.npm("call", ["--say", QUESTION]);
      t.equal(again.code, 0, again.output);
      t.equal(house.npm("audit", ["verify"]).code, 0);
    });
  }

  await t.test("no conversation hangs in the live view for ever", async () => {
    await house.until(
      "all conversations ended",
      async () =>
        (await house.api<{ items: ConversationSummary[] }>("/api/conversations?state=live")).items.length === 0,
      90_000,
    );
  });

  await t.test("a flipped byte in a copy of the audit log is found and named", async (t) => {
    t.equal(house.npm("stop").code, 0);
    const copy = mkdtempSync(path.join(tmpdir(), "intramuros-flip-"));
    t.teardown(() => rmSync(copy, { recursive: true, force: true }));
    cpSync(house.home, copy, { recursive: true, filter: (source) => !source.includes(`${path.sep}run${path.sep}`) });
    t.equal(house.npm("audit", ["verify", "--home", copy]).code, 0, "the copy is good as it is");
    const folder = path.join(copy, "audit");
    const file = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => path.join(folder, name))
      .filter((name) => /\.(log|ldb)$/.test(name) && statSync(name).size > 0)
      .sort((a, b) => statSync(b).size - statSync(a).size)[0];
    const bytes = readFileSync(file ?? "");
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    writeFileSync(file ?? "", bytes);
    const verified = house.npm("audit", ["verify", "--home", copy]);
    t.equal(verified.code, 1);
    t.match(verified.output, /entry|record/i, "the message names what is damaged");
    t.comment(verified.output.trim());
  });
});
