import { spawn } from "node:child_process";
import path from "node:path";
import type { CommissioningReport, ConversationDetail, ConversationSummary } from "@intramuros/contracts";
import t from "tap";
import { type House, openHouse, repositoryRoot } from "./house.ts";

const QUESTION = "What is my daily transfer limit?";
const words = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9 ]/g, "")
    .trim();

function call(house: House, args: readonly string[]): { readonly code: number; readonly report: CommissioningReport } {
  const { code, output } = house.npm("call", [...args, "--json"]);
  const line = output.split("\n").findLast((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(output);
  return { code, report: JSON.parse(line) as CommissioningReport };
}

t.test("a caller is answered, understood, remembered and audited", async (t) => {
  const house = await openHouse({ portBase: 32000 });
  t.teardown(() => house.close());

  await t.test("a question in English gets the right article, in the books and in the audit log", async (t) => {
    const { code, report } = call(house, ["--say", QUESTION]);
    t.strictSame(report.problems, []);
    t.equal(code, 0);
    t.equal(words(report.transcripts.find((line) => line.who === "caller")?.text ?? ""), words(QUESTION));
    t.match(report.article?.title, /transfer.*limit|limit.*transfer/i);
    t.ok(report.auditSeq !== undefined);
    t.equal(report.media.lost, 0);
    t.match(words(report.heard), /limit|transfer|day/, "the answer can be understood from its sound");
    t.ok(report.emotion !== undefined, "the words were read for emotion");
  });

  await t.test("the conversation is to be seen while it happens", async (t) => {
    const child = spawn(
      process.execPath,
      [path.join(repositoryRoot, "provisioning/bootstrap.mjs"), "call", "--say", QUESTION],
      { env: { ...process.env, INTRAMUROS_HOME: house.home }, stdio: "ignore" },
    );
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    let seen: ConversationDetail | null = null;
    await house.until(
      "a live conversation with the caller's words",
      async () => {
        const live = await house.api<{ items: ConversationSummary[] }>("/api/conversations?state=live");
        const first = live.items[0];
        if (first === undefined) return false;
        seen = await house.api<ConversationDetail>(`/api/conversations/${first.id}`);
        return seen.conversation.state === "live" && seen.events.some((event) => event.body.type === "customer-said");
      },
      40_000,
    );
    t.ok(seen);
    t.equal(await ended, 0);
  });

  await t.test("a Mandarin call says honestly that it was not recognised, and its keypad works", async (t) => {
    const spoken = call(house, ["--say", "我每天最多能转多少钱", "--lang", "zh"]);
    t.equal(spoken.code, 1);
    t.equal(spoken.report.answered, true);
    t.match(spoken.report.problems.join(" "), /digits/);
    const keyed = call(house, ["--digits", "1", "--lang", "zh"]);
    t.strictSame(keyed.report.problems, []);
    t.equal(keyed.code, 0);
  });

  await t.test("the same caller is one customer with a history", async (t) => {
    const found = await house.api<{ items: { id: string; conversations: number }[] }>("/api/customers?q=commissioning");
    t.equal(found.items.length, 1);
    t.ok((found.items[0]?.conversations ?? 0) >= 3);
  });

  await t.test("npm run audit -- verify passes while the house runs", async (t) => {
    const verified = house.npm("audit", ["verify"]);
    t.equal(verified.code, 0, verified.output);
  });
});
