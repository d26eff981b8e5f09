import { asId, openHome, openLog, ROLES, type Role, type UserId } from "@intramuros/contracts";
import t from "tap";
import { startAppliance } from "../src/app.ts";
import { openIdentityStore } from "../src/identity/identity-store.ts";
import { openLevelStore } from "../src/storage/level-store.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

/** Every route with every role and with nobody, as the routes themselves declare it. */
t.setTimeout(120_000);
const home = await makeTestHome({
  appliance: { consoleHost: "127.29.5.6", consolePort: 25_680 },
  sip: { healthPort: 25_630 },
  telephony: { healthPort: 25_631 },
  inference: { healthPort: 25_632 },
});
const { root, config } = openHome(home.root);
const cookies = new Map<Role, string>();
const store = await openLevelStore({ root });
const identity = await openIdentityStore({ store, root });
for (const role of ROLES) {
  const id = asId<UserId>(crypto.randomUUID());
  await identity.add({ id, username: role, displayName: role, role, passwordHash: "", createdAt: 0 });
  cookies.set(role, `intramuros=${await identity.startSession(id, Date.now())}`);
}
await store.close();
const appliance = await startAppliance({ root, config, log: openLog("appliance", "error") });
t.teardown(async () => {
  await appliance.close();
  home.remove();
});

const call = async (method: string, url: string, cookie: string | undefined): Promise<number> => {
  const sends = method !== "GET" && method !== "HEAD" && method !== "DELETE";
  const reply = await fetch(`http://127.29.5.6:25680${url.replace(/:\w+/g, "none").replace("*", "none")}`, {
    method,
    headers: { ...(cookie === undefined ? {} : { cookie }), ...(sends ? { "content-type": "application/json" } : {}) },
    ...(sends ? { body: "{}" } : {}),
  });
  await reply.arrayBuffer();
  return reply.status;
};

t.test("no route lets anybody in whom it does not name", async (t) => {
  const guarded = appliance.routes.filter(({ permission, method }) => permission !== "public" && method !== "HEAD");
  t.ok(guarded.length > 30, `${guarded.length} guarded routes`);
  let calls = 0;
  for (const { method, url, permission } of guarded) {
    calls += 1;
    const nobody = await call(method, url, undefined);
    if (nobody !== 401) t.fail(`${method} ${url} answers ${nobody} to nobody`);
    for (const role of ROLES) {
      const allowed = permission === "signed-in" || permission.includes(role);
      const status = await call(method, url, cookies.get(role));
      calls += 1;
      if (allowed === (status === 403) || status === 401) t.fail(`${method} ${url} answers ${status} to ${role}`);
    }
  }
  t.pass(`${calls} calls`);
});

t.test("what is public is on purpose", async (t) => {
  const open = appliance.routes
    .filter(({ permission }) => permission === "public")
    .map(({ method, url }) => `${method} ${url}`);
  t.strictSame(
    open.filter((route) => /^(POST|PUT|PATCH|DELETE)/.test(route)).sort(),
    ["DELETE /api/session", "POST /api/session", "POST /api/setup", "POST /chat/files"],
    "a new public route that changes something is put into this list, with its reason beside it in the code",
  );
});
