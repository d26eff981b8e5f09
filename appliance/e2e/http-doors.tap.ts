import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { type AuditEntry, localTokenPath, openHome, openLog, setupCodePath } from "@intramuros/contracts";
import t from "tap";
import { WebSocket } from "ws";
import { startAppliance } from "../src/app.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

/** What the doors of the HTTP interface let in and what they say when they do not. */
t.setTimeout(120_000);
const home = await makeTestHome({
  appliance: { consoleHost: "127.29.5.3", consolePort: 25_380 },
  sip: { healthPort: 25_330 },
  telephony: { healthPort: 25_331 },
  inference: { healthPort: 25_332 },
});
const { root, config } = openHome(home.root);
const appliance = await startAppliance({ root, config, log: openLog("appliance", "error") });
t.teardown(async () => {
  await appliance.close();
  home.remove();
});
const base = "http://127.29.5.3:25380";
const operator = { authorization: `Bearer ${readFileSync(localTokenPath(root), "utf8").trim()}` };
const setup = await fetch(`${base}/api/setup`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    code: readFileSync(setupCodePath(root), "utf8"),
    username: "wang",
    displayName: "Wang",
    password: "brass kettle orbit",
  }),
});
const cookie = (setup.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
const audited = async (code: string): Promise<AuditEntry[]> =>
  ((await (await fetch(`${base}/api/audit?code=${code}`, { headers: operator })).json()) as { items: AuditEntry[] })
    .items;

t.test("every route but the public ones wants a signed-in person", async (t) => {
  for (const path of [
    "overview",
    "system",
    "audit",
    "audit/checkpoint",
    "conversations",
    "customers",
    "knowledge/articles",
    "trunks",
    "models",
    "live",
    "emotion-policy",
  ]) {
    const reply = await fetch(`${base}/api/${path}`);
    t.equal(reply.status, 401, path);
    t.match(await reply.json(), { error: { code: "not-signed-in", hint: /sign in/, id: /^[0-9a-f-]{36}$/ } });
  }
  for (const path of ["/healthz", "/readyz", "/api/session"]) t.equal((await fetch(base + path)).status, 200, path);
  t.equal(
    (await fetch(`${base}/api/overview`, { headers: { authorization: "Bearer not-the-token-of-this-machine" } }))
      .status,
    401,
  );
});

t.test("a change and a look at customer data are in the audit log before the answer is out", async (t) => {
  const article = {
    language: "en",
    title: "Parking",
    questions: ["Where can I park?"],
    answer: "Behind the house.",
    spokenAnswer: "",
    tags: [],
    enabled: true,
  };
  const headers = { cookie, "content-type": "application/json" };
  const made = await fetch(`${base}/api/knowledge/articles`, {
    method: "POST",
    headers,
    body: JSON.stringify(article),
  });
  t.equal(made.status, 201);
  const { id } = (await made.json()) as { id: string };
  const [entry] = await audited("knowledge.");
  t.match(entry, { result: "success", role: "administrator", object: new RegExp(id), requestId: /^[0-9a-f-]{36}$/ });
  await fetch(`${base}/api/conversations/none`, { headers: { cookie } });
  const [viewed] = await audited("conversation.viewed");
  t.match(viewed, { result: "failure", reason: "http-404", object: "conversation:none" });
});

t.test("what a page of another site sends is refused and written down", async (t) => {
  const before = (await audited("access.refused")).length;
  const tries: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", origin: "http://other.localhost" },
  ];
  for (const headers of tries) {
    const reply = await fetch(`${base}/api/session`, { method: "DELETE", headers: { cookie, ...headers } });
    t.equal(reply.status, 403, JSON.stringify(headers));
  }
  t.equal((await fetch(`${base}/api/overview`, { headers: { cookie } })).status, 200, "the session still stands");
  t.equal((await audited("access.refused")).length, before + tries.length);
});

t.test("what does not fit is told by its field, and nothing of the inside shows", async (t) => {
  const headers = { "content-type": "application/json" };
  const send = (body: string, type = "application/json") =>
    fetch(`${base}/api/session`, { method: "POST", headers: { ...headers, "content-type": type }, body });
  t.match(await (await send('{"username":"a"}')).json(), { error: { code: "invalid-input", hint: String } });
  t.match(await (await send('{"username":"wang","password":"x","more":1}')).json(), {
    error: { code: "invalid-input", field: "more" },
  });
  t.match(await (await send('{"username":')).json(), { error: { code: "bad-request" } });
  t.equal((await send("<a/>", "application/xml")).status, 415);
  const big = await send(JSON.stringify({ username: "wang", password: "x".repeat(2_000_000) }));
  t.equal(big.status, 413);
  t.match(await big.json(), { error: { code: "too-large" } });
  const missing = await fetch(`${base}/api/nothing`, { headers: { cookie } });
  t.equal(missing.status, 404);
  t.match(await missing.json(), { error: { code: "not-found" } });
  t.equal((await fetch(`${base}/api/%00`, { headers: { cookie } })).status, 404);
  t.equal(
    (await fetch(`${base}/..%2f..%2fkeys%2fmaster.key`)).headers.get("content-type")?.includes("octet") ?? false,
    false,
  );
  const wrongHost = await new Promise<string>((resolve) => {
    const socket = connect(25_380, "127.29.5.3", () =>
      socket.write("GET /api/session HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
    );
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
  t.match(wrongHost, /^HTTP\/1.1 421/);
});

t.test("the console's page comes with a policy without exceptions and a fresh nonce", async (t) => {
  const pages = await Promise.all([1, 2].map(() => fetch(`${base}/conversations/some-id`)));
  const policies = pages.map((page) => page.headers.get("content-security-policy") ?? "");
  for (const policy of policies) {
    t.notMatch(policy, /unsafe/);
    t.match(policy, /default-src 'none'; script-src 'self'/);
    t.match(policy, /frame-ancestors 'none'/);
  }
  if (pages[0]?.status === 200) {
    t.not(policies[0], policies[1]);
    const nonce = /'nonce-([^']+)'/.exec(policies[0] ?? "")?.[1] ?? "?";
    t.ok((await pages[0].text()).includes(nonce), "the page knows its nonce");
  } else t.match(await pages[0]?.text(), /not built/);
  const api = await fetch(`${base}/api/session`);
  t.match(api.headers.get("content-security-policy"), /default-src 'none'/);
  t.equal(api.headers.get("cache-control"), "no-store");
  t.equal(api.headers.get("x-content-type-options"), "nosniff");
});

t.test("the live view is for signed-in people of this console, and says what changes", async (t) => {
  const open = (headers: Record<string, string>): Promise<WebSocket | number> =>
    new Promise((resolve) => {
      const socket = new WebSocket("ws://127.29.5.3:25380/api/live", { headers });
      socket.on("open", () => resolve(socket));
      socket.on("unexpected-response", (_request, reply) => resolve(reply.statusCode ?? 0));
      socket.on("error", () => {});
    });
  t.equal(await open({}), 401);
  t.equal(await open({ cookie, origin: "https://evil.example" }), 403);
  const socket = await open({ cookie, origin: base });
  if (typeof socket === "number") throw new Error(`refused with ${socket}`);
  const heard = new Promise<string>((resolve) => socket.once("message", (data) => resolve(String(data))));
  await fetch(`${base}/api/knowledge/articles`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({
      language: "en",
      title: "Bikes",
      questions: ["Bikes?"],
      answer: "Yes.",
      spokenAnswer: "",
      tags: [],
      enabled: true,
    }),
  });
  t.match(JSON.parse(await heard), { type: /changed|overview/ });
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  socket.send("hello");
  t.equal(await closed, 1008, "it only listens");
  t.ok((await audited("live.opened")).length >= 1);
});

t.test("a flood of password checks is slowed down, others are not", async (t) => {
  const check = () =>
    fetch(`${base}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "flood", password: "x" }),
    });
  const codes = (await Promise.all(Array.from({ length: 60 }, check))).map(({ status }) => status);
  t.ok(codes.filter((code) => code === 429).length >= 30, "30 a minute from one address");
  t.equal((await fetch(`${base}/api/overview`, { headers: { cookie } })).status, 200);
});
