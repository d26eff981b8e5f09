import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { CommandMessage, ConversationEvent } from "@intramuros/contracts";
import t from "tap";
import { openAuditLog } from "../src/audit/level-audit-store.ts";
import { openConversationStore } from "../src/conversation/conversation-store.ts";
import { endedBody, offeredBody, utteranceBody } from "../src/conversation/test-rooms-driver.ts";
import { openLevelStore } from "../src/storage/level-store.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";
import { serveCallControl } from "../src/telephony/test-call-control-server.ts";

/**
 * The real appliance process, killed with SIGKILL again and again while calls are going on. Telephony's side speaks the real
 * protocol and keeps its log. In the end every event is there once, in order, and the audit log verifies.
 */
const CALLS = 12;
const KILLS = 3;
const PORT = 27_082;
const main = path.join(path.dirname(fileURLToPath(import.meta.url)), "../src/main.ts");
const home = await makeTestHome({
  appliance: { consoleHost: "127.29.7.1", consolePort: PORT },
  log: { level: "warn" },
});
const telephony = await serveCallControl(home.root);
let child: ChildProcess | null = null;
t.teardown(async () => {
  child?.kill("SIGKILL");
  await telephony.close();
  home.remove();
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function until(what: string, is: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error(`it did not come to this: ${what}`);
    await sleep(25);
  }
}
function start(): void {
  child = spawn(process.execPath, [main], {
    env: { ...process.env, INTRAMUROS_HOME: home.root },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
async function stop(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
  const gone = new Promise<number | null>((resolve) => child?.once("exit", resolve));
  child?.kill(signal);
  return gone;
}

await t.test("no acknowledged event is lost, none is written twice", { timeout: 120_000 }, async (t) => {
  start();
  const isHello = (command: CommandMessage): boolean => command.hello !== null && command.hello !== undefined;
  const says = (): number =>
    telephony.commands.filter((command) => command.say !== null && command.say !== undefined).length;
  await until("the appliance attaches", () => telephony.commands.some(isHello));
  const flowId = telephony.commands.find(isHello)?.hello?.setup?.flows.find((flow) => flow.language === "en")?.id ?? "";

  let last = 0;
  const expected = new Map<string, string[]>();
  const tell = (callId: string, types: readonly string[], body: Parameters<typeof telephony.log>[1]): void => {
    last = telephony.log(callId, body);
    expected.set(callId, [...(expected.get(callId) ?? []), ...types]);
  };
  for (let n = 0; n < CALLS; n += 1) {
    const { offered } = offeredBody(flowId);
    if (offered)
      tell(`call-${n}`, ["contact-started"], {
        offered: { ...offered, from: `1390000${1000 + n}`, sipCallId: `sip-${n}` },
      });
  }
  for (let turn = 1; turn <= 8; turn += 1) {
    for (let n = 0; n < CALLS; n += 1) {
      tell(`call-${n}`, ["customer-said", "assistant-said"], utteranceBody(turn, "What is my daily transfer limit?"));
    }
    if (turn % 2 === 0 && turn / 2 <= KILLS) {
      const before = says();
      await until("an answer is under way", () => says() > before);
      await stop("SIGKILL");
      start();
    }
  }
  for (let n = 0; n < CALLS; n += 1) tell(`call-${n}`, ["contact-ended", "ended"], endedBody());
  await until("everything is acknowledged", () => telephony.acked() === last);
  t.equal(await stop("SIGTERM"), 0, "the appliance ends cleanly");

  const store = await openLevelStore({ root: home.root });
  const conversations = openConversationStore(store);
  for (const [callId, types] of expected) {
    const id = (await conversations.byCall(callId)) ?? "";
    const events: readonly ConversationEvent[] = await conversations.events(id);
    t.same(
      events.map((event) => event.body.type),
      types,
      `${callId}: every event once, in order`,
    );
    t.same(
      events.map((event) => event.seq),
      events.map((_, index) => index + 1),
    );
  }
  t.same(await conversations.liveIds(), [], "no call is left open");
  await store.close();
  const audit = await openAuditLog({ root: home.root, version: "test" });
  const verified = await audit.verify();
  t.match(verified, { ok: true });
  const { items } = await audit.page({ limit: 200, code: "call.ended", order: "oldest" });
  t.ok(new Set(items.map((entry) => entry.object)).size === CALLS, "each call's end is in the audit log");
  await audit.close();
});
