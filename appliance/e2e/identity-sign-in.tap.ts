import { existsSync, readFileSync, statSync } from "node:fs";
import { type AuditEntry, localTokenPath, openHome, openLog, setupCodePath } from "@intramuros/contracts";
import t from "tap";
import { startAppliance } from "../src/app.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

/** From the set-up code to signing out, with everything refused on the way, on the running appliance. */
t.setTimeout(120_000);
const home = await makeTestHome({
  appliance: { consoleHost: "127.29.5.2", consolePort: 25_280 },
  sip: { healthPort: 25_230 },
  telephony: { healthPort: 25_231 },
  inference: { healthPort: 25_232 },
});
const { root, config } = openHome(home.root);
let clock = Date.now();
const options = { root, config, log: openLog("appliance", "error"), now: () => clock };
let appliance = await startAppliance(options);
t.teardown(async () => {
  await appliance.close();
  home.remove();
});
const base = "http://127.29.5.2:25280";
const password = "brass kettle orbit";

interface Answer {
  readonly status: number;
  readonly body: {
    error?: { code: string; field?: string; id: string };
    needsSetup?: boolean;
    user?: { role: string };
  } & Record<string, unknown>;
  readonly cookie: string;
  readonly setCookie: string;
}
async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const reply = await fetch(base + path, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const setCookie = reply.headers.get("set-cookie") ?? "";
  const text = await reply.text();
  return {
    status: reply.status,
    body: text.startsWith("{") ? (JSON.parse(text) as Answer["body"]) : {},
    cookie: setCookie.split(";")[0] ?? "",
    setCookie,
  };
}
const operator = (): Record<string, string> => ({
  authorization: `Bearer ${readFileSync(localTokenPath(root), "utf8").trim()}`,
});
const audited = async (code: string): Promise<AuditEntry[]> => {
  const { body } = await call("GET", `/api/audit?code=${code}&limit=200`, undefined, operator());
  return body.items as AuditEntry[];
};
let cookie = "";

t.test("the first administrator comes with the set-up code, once", async (t) => {
  const code = readFileSync(setupCodePath(root), "utf8").trim();
  t.equal(statSync(setupCodePath(root)).mode & 0o777, 0o600);
  t.equal(statSync(localTokenPath(root)).mode & 0o777, 0o600);
  t.match((await call("GET", "/api/session")).body, { needsSetup: true });
  const person = { username: "li.wei", displayName: "李伟", password };
  const wrong = await call("POST", "/api/setup", { ...person, code: "AAAA-AAAA-AAAA" });
  t.match(wrong, { status: 403, body: { error: { code: "setup-code-wrong", field: "code" } } });
  const weak = await call("POST", "/api/setup", { ...person, code, password: "Password2026!" });
  t.match(weak, { status: 400, body: { error: { code: "password-common", field: "password" } } });
  const both = await Promise.all(
    [1, 2].map(() => call("POST", "/api/setup", { ...person, code: ` ${code.toLowerCase()} ` })),
  );
  t.strictSame(both.map(({ status }) => status).sort(), [200, 409], "two at once make one administrator");
  const done = both.find(({ status }) => status === 200);
  t.match(done?.setCookie, /HttpOnly; SameSite=Strict/);
  cookie = done?.cookie ?? "";
  t.notOk(existsSync(setupCodePath(root)), "the code is gone");
  t.match((await call("GET", "/api/session", undefined, { cookie })).body, {
    needsSetup: false,
    user: { role: "administrator" },
  });
  t.equal((await call("POST", "/api/setup", { ...person, code })).status, 409);
});

t.test("wrong password and unknown name get the same answer, and the fifth failure locks", async (t) => {
  const wrong = await call("POST", "/api/session", { username: "li.wei", password: "not this one at all" });
  const unknown = await call("POST", "/api/session", { username: "nobody", password: "not this one at all" });
  t.equal(wrong.status, 401);
  t.strictSame({ ...unknown.body.error, id: "" }, { ...wrong.body.error, id: "" });
  for (let n = 0; n < 4; n += 1) await call("POST", "/api/session", { username: "LI.WEI", password: "no" });
  t.match(await call("POST", "/api/session", { username: "li.wei", password }), {
    status: 429,
    body: { error: { code: "locked" } },
  });
  clock += 15 * 60_000 + 1;
  const good = await call("POST", "/api/session", { username: "Li.Wei", password });
  t.equal(good.status, 200, "and a quarter of an hour later it is open again");
  t.not(good.cookie, cookie, "each sign-in has its own session");
  cookie = good.cookie;
});

t.test("known and unknown names take the same time", async (t) => {
  const median = async (name: (n: number) => string): Promise<number> => {
    const times: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      const before = performance.now();
      await call("POST", "/api/session", { username: name(n), password: "not this one at all" });
      times.push(performance.now() - before);
      clock += 15 * 60_000 + 1; // no lock on the way
    }
    return times.sort((a, b) => a - b)[3] ?? 0;
  };
  const known = await median(() => "li.wei");
  const unknown = await median((n) => `nobody${n}`);
  t.comment(`known ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms`);
  t.ok(unknown > known / 3 && known > unknown / 3, "both cost a hash");
});

t.test(
  "a session ends by itself after half an hour untouched, after twelve hours, and by signing out at once",
  async (t) => {
    const signIn = async (): Promise<string> => {
      clock += 61_000; // the limit of checks a minute is by the real clock; locks by this one
      return (await call("POST", "/api/session", { username: "li.wei", password })).cookie;
    };
    const alive = async (one: string): Promise<boolean> =>
      (await call("GET", "/api/overview", undefined, { cookie: one })).status === 200;
    const idle = await signIn();
    clock += 29 * 60_000;
    t.ok(await alive(idle));
    clock += 29 * 60_000;
    t.ok(await alive(idle), "use keeps it");
    clock += 31 * 60_000;
    t.notOk(await alive(idle), "idle");
    const long = await signIn();
    for (let n = 0; n < 25; n += 1) {
      clock += 29 * 60_000;
      await alive(long);
    }
    t.notOk(await alive(long), "absolute");
    const out = await signIn();
    t.equal((await call("DELETE", "/api/session", undefined, { cookie: out })).status, 200);
    t.notOk(await alive(out), "signed out");
    t.notOk(await alive("intramuros=made-up"), "invented");
    cookie = await signIn();
  },
);

t.test("a session and the administrator outlive a restart; the local token does not", async (t) => {
  const before = operator();
  await appliance.close();
  appliance = await startAppliance(options);
  t.equal((await call("GET", "/api/overview", undefined, { cookie })).status, 200);
  t.match((await call("GET", "/api/session")).body, { needsSetup: false });
  t.equal((await call("GET", "/api/overview", undefined, before)).status, 401);
  t.equal((await call("GET", "/api/overview", undefined, operator())).status, 200);
});

t.test("all of it is in the audit log, and no password or name that was typed", async (t) => {
  const started = await audited("session.started");
  t.ok(started.length >= 4);
  t.match(started[0], { result: "success", actor: /^user:/ });
  const refused = await audited("session.refused");
  t.ok(
    ["wrong-password", "unknown-user", "locked"].every((reason) => refused.some((entry) => entry.reason === reason)),
  );
  t.equal((await audited("setup.refused")).length, 1);
  t.equal((await audited("setup.completed")).length, 1);
  t.equal((await audited("session.ended")).length, 1);
  const all = JSON.stringify(await audited("s"));
  t.notMatch(all, /li\.wei|nobody|kettle|not this one/);
});
