import { readFileSync } from "node:fs";
import {
  type Article,
  ArticlePageSchema,
  type AuditEntry,
  type EmotionPolicy,
  EmotionPolicySchema,
  ImportReplySchema,
  localTokenPath,
  openHome,
  openLog,
  type TryReply,
  TryReplySchema,
} from "@intramuros/contracts";
import t from "tap";
import { Value } from "typebox/value";
import { startAppliance } from "../src/app.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

/** Knowledge and emotion policy on the running appliance, as the console and the command line use them. */
t.setTimeout(120_000);
const PORT = 26_080;
const home = await makeTestHome({
  appliance: { consoleHost: "127.29.6.2", consolePort: PORT },
  sip: { healthPort: 26_030 },
  telephony: { healthPort: 26_031 },
  inference: { healthPort: 26_032 },
});
const { root, config } = openHome(home.root);
const options = { root, config, log: openLog("appliance", "error") };
let appliance = await startAppliance(options);
t.teardown(async () => {
  await appliance.close();
  home.remove();
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const reply = await fetch(`http://127.29.6.2:${PORT}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${readFileSync(localTokenPath(root), "utf8").trim()}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: await reply.json() };
}
const tryIt = async (text: string): Promise<TryReply> => {
  const { body } = await call("POST", "/api/knowledge/try", { text });
  if (!Value.Check(TryReplySchema, body)) throw new Error(JSON.stringify(body));
  return body;
};
const audited = async (code: string): Promise<readonly AuditEntry[]> => {
  const { body } = await call("GET", `/api/audit?code=${code}&limit=200`);
  return (body as { items: AuditEntry[] }).items;
};
const PERMIT = {
  title: "Parking permit",
  language: "en",
  questions: ["How do I get a parking permit?"],
  answer: "At the counter.",
  spokenAnswer: "",
  tags: ["parking"],
  enabled: true,
};

t.test("the example answers in both languages, and does not guess", async (t) => {
  t.match(await tryIt("What is my daily transfer limit?"), {
    language: "en",
    decision: "answer",
    reply: /50,000 yuan a day/,
    matches: [{ title: "Daily transfer limit" }],
  });
  t.match(await tryIt("我每天最多能转多少钱"), {
    language: "zh",
    decision: "answer",
    matches: [{ title: "每日转账限额" }],
  });
  t.match(await tryIt("what is the weather tomorrow"), { decision: "no-match" });
  t.match(await tryIt("转人工"), { decision: "handoff" });
  t.match(await tryIt("are you a robot?"), { decision: "small-talk", reply: /AI assistant/ });
});

t.test("pages of the list, by language and by words", async (t) => {
  const seen: Article[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await call("GET", `/api/knowledge/articles?limit=20${cursor === "" ? "" : `&cursor=${cursor}`}`);
    if (!Value.Check(ArticlePageSchema, body)) throw new Error("not a page");
    seen.push(...body.items);
    if (body.next === undefined) break;
    cursor = body.next;
  }
  t.ok(seen.length >= 50);
  t.equal(new Set(seen.map(({ id }) => id)).size, seen.length);
  const { body } = await call("GET", `/api/knowledge/articles?language=zh&q=${encodeURIComponent("吞卡")}`);
  t.match(body, { items: [{ title: "取款机吞卡" }] });
});

t.test("an article is made, found, changed, removed; each leaves an audit entry with its id", async (t) => {
  const made = await call("POST", "/api/knowledge/articles", PERMIT);
  t.equal(made.status, 201);
  const { id } = made.body as Article;
  t.match(await tryIt("where do i get a parking permit"), { decision: "answer", reply: "At the counter." });
  const changed = await call("PUT", `/api/knowledge/articles/${id}`, { ...PERMIT, answer: "Online." });
  t.match(changed, { status: 200, body: { id, answer: "Online.", updatedBy: "local-operator" } });
  t.match(await call("GET", `/api/knowledge/articles/${id}`), { status: 200, body: { answer: "Online." } });
  t.match(await call("DELETE", `/api/knowledge/articles/${id}`), { status: 200, body: { ok: true } });
  t.match(await call("DELETE", `/api/knowledge/articles/${id}`), {
    status: 404,
    body: { error: { code: "article-not-found" } },
  });
  t.match(await tryIt("where do i get a parking permit"), { decision: /no-match|clarify/ });
  const entries = await audited("knowledge.changed");
  t.equal(entries.filter((entry) => entry.object.endsWith(id)).length, 4);
  t.notOk(JSON.stringify(entries).includes("parking"), "no text in the log");
});

t.test("what is not an article is refused with the field", async (t) => {
  for (const [field, value] of [
    ["language", "fr"],
    ["questions", []],
    ["title", ""],
  ] as const) {
    t.equal((await call("POST", "/api/knowledge/articles", { ...PERMIT, [field]: value })).status, 400);
  }
  t.match(await call("POST", "/api/knowledge/articles", { ...PERMIT, questions: ["  "] }), {
    status: 422,
    body: { error: { code: "article-incomplete", field: "questions" } },
  });
});

t.test("an import is tried, refused as a whole, then kept as a whole", async (t) => {
  const good =
    "title,language,questions,answer\nSafe deposit box,en,rent a safe deposit box|deposit box,120 yuan a year.\n";
  const list = async () =>
    ((await call("GET", "/api/knowledge/articles?limit=200")).body as { items: Article[] }).items.length;
  const before = await list();
  const dry = await call("POST", "/api/knowledge/import", { format: "csv", text: good, dryRun: true });
  t.ok(Value.Check(ImportReplySchema, dry.body));
  t.match(dry.body, { imported: 1, problems: [] });
  const bad = await call("POST", "/api/knowledge/import", { format: "csv", text: `${good}x,xx,,\n` });
  t.match(bad.body, { imported: 0, problems: [{ line: 3 }, { line: 3 }, { line: 3 }] });
  t.equal(await list(), before);
  t.match((await call("POST", "/api/knowledge/import", { format: "csv", text: good })).body, {
    imported: 1,
    problems: [],
  });
  t.equal(await list(), before + 1);
  t.match(await tryIt("can i rent a safe deposit box"), { decision: "answer", reply: "120 yuan a year." });
  t.match((await call("POST", "/api/knowledge/import", { format: "markdown", text: "# A\n" })).body, { imported: 0 });
});

t.test("the emotion policy is read, changed, and refused when two rules have one name", async (t) => {
  const { body } = await call("GET", "/api/emotion-policy");
  if (!Value.Check(EmotionPolicySchema, body)) throw new Error("not a policy");
  const policy: EmotionPolicy = { rules: body.rules.map((rule) => ({ ...rule, minProbability: 0.7 })) };
  t.match(await call("PUT", "/api/emotion-policy", policy), { status: 200, body: policy });
  t.match(await call("PUT", "/api/emotion-policy", { rules: [policy.rules[0], policy.rules[0]] }), {
    status: 422,
    body: { error: { code: "rule-id-twice", field: "rules" } },
  });
  t.match((await call("GET", "/api/emotion-policy")).body, policy);
  const results = (await audited("policy.changed")).map((entry) => entry.result).toSorted();
  t.same(results, ["failure", "success"]);
});

t.test("the example goes when it is deleted, and stays away after a restart; what the site wrote stays", async (t) => {
  t.match(await call("DELETE", "/api/knowledge/seed"), { status: 200, body: { ok: true } });
  await appliance.close();
  appliance = await startAppliance(options);
  const { items } = (await call("GET", "/api/knowledge/articles?limit=200")).body as { items: Article[] };
  t.same(
    items.map(({ title }) => title),
    ["Safe deposit box"],
  );
  t.match(await tryIt("我每天最多能转多少钱"), { decision: "no-match", matches: [] });
  t.equal((await audited("knowledge.seed-deleted")).length, 1);
  t.match((await call("GET", "/api/emotion-policy")).body, { rules: [{ minProbability: 0.7 }] });
});
