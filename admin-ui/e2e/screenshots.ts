import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Cookie, type Language, openBrowser, openConsole, settled, type ThemeName } from "./browser.ts";

/**
 * A picture of each page × language × theme of a running appliance, for somebody to look at.
 *
 *     npm run screenshots -- [--base http://127.0.0.1:8080] [--out data/screenshots] [--username NAME] [--password WORDS]
 *
 * Where no administrator exists yet, one is made with the set-up code of the home folder (`INTRAMUROS_HOME`). The password may
 * come in `INTRAMUROS_CONSOLE_PASSWORD`, so that it does not stand in the list of processes.
 */
const { values } = parseArgs({
  options: {
    base: { type: "string", default: "http://127.0.0.1:8080" },
    out: { type: "string", default: "data/screenshots" },
    username: { type: "string", default: process.env.INTRAMUROS_CONSOLE_USER ?? "admin" },
    password: { type: "string", default: process.env.INTRAMUROS_CONSOLE_PASSWORD ?? "" },
    home: { type: "string", default: process.env.INTRAMUROS_HOME ?? "data" },
    only: { type: "string", default: "" },
    width: { type: "string", default: "1280" },
    height: { type: "string", default: "800" },
  },
});
const base = values.base.replace(/\/$/, "");
const out = path.resolve(values.out);
mkdirSync(out, { recursive: true });

const PAGES: readonly (readonly [name: string, address: string])[] = [
  ["overview", "/"],
  ["conversations-live", "/conversations"],
  ["conversations-history", "/conversations?view=history"],
  ["customers", "/customers"],
  ["callbacks", "/callbacks"],
  ["knowledge", "/knowledge"],
  ["knowledge-editor", "/knowledge?article=new"],
  ["emotion-policy", "/emotion-policy"],
  ["trunks", "/telephony/trunks"],
  ["trunk-new", "/telephony/trunks/new"],
  ["numbers", "/telephony/numbers"],
  ["flows", "/telephony/flows"],
  ["queues", "/telephony/queues"],
  ["phones", "/telephony/phones"],
  ["calendars", "/telephony/calendars"],
  ["calls", "/calls"],
  ["commissioning-call", "/?test-call=new"],
  ["models", "/models"],
  ["system", "/system"],
  ["audit", "/audit"],
  ["about", "/about"],
];

async function ask(method: string, where: string, cookie: string, body?: unknown): Promise<Response> {
  return await fetch(base + where, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
}

/** Signs in, or makes the first administrator; the cookie serves all windows. */
async function signIn(): Promise<string> {
  const session = (await (await ask("GET", "/api/session", "")).json()) as { needsSetup: boolean };
  if (values.password === "") throw new Error("give --password or INTRAMUROS_CONSOLE_PASSWORD");
  const reply = session.needsSetup
    ? await ask("POST", "/api/setup", "", {
        code: readFileSync(path.join(values.home, "run", "setup.code"), "utf8").trim(),
        username: values.username,
        displayName: values.username,
        password: values.password,
      })
    : await ask("POST", "/api/session", "", { username: values.username, password: values.password });
  const cookie = reply.headers.getSetCookie()[0]?.split(";")[0];
  if (!reply.ok || cookie === undefined) throw new Error(`sign-in was refused: ${reply.status} ${await reply.text()}`);
  return cookie;
}

/** One live and one finished conversation, a customer, a trunk with each of its views, and calls, as they are there now. */
async function recordPages(cookie: string): Promise<(readonly [string, string])[]> {
  const list = async (where: string) =>
    (
      (await (await ask("GET", where, cookie)).json()) as {
        items: { id: string; state?: string; turns?: number; medium?: string }[];
      }
    ).items;
  const conversations = await list("/api/conversations?limit=200");
  const customers = await list("/api/customers?limit=20");
  const longest = (state: string, medium: string) =>
    conversations
      .filter((each) => each.state === state && each.medium === medium)
      .sort((left, right) => (right.turns ?? 0) - (left.turns ?? 0))[0]?.id;
  const pages: (readonly [string, string | undefined])[] = [
    ["conversation-call-live", longest("live", "phone")],
    ["conversation-chat-live", longest("live", "web-chat")],
    ["conversation-call-ended", longest("ended", "phone")],
    ["conversation-chat-ended", longest("ended", "web-chat")],
  ];
  const found: (readonly [string, string])[] = pages.flatMap(([name, id]) =>
    id === undefined ? [] : [[name, `/conversations/${id}`] as const],
  );
  const trunks = (
    (await (await ask("GET", "/api/trunks", cookie)).json()) as { items: { id: string; revision: number }[] }
  ).items.sort((left, right) => right.revision - left.revision);
  if (trunks[0] !== undefined)
    for (const view of ["", "/form", "/history", "/doctor", "/sheet"])
      found.push([`trunk${view.replace("/", "-")}`, `/telephony/trunks/${trunks[0].id}${view}`]);
  const calls = (
    (await (await ask("GET", "/api/calls?limit=200", cookie)).json()) as {
      items: { sipCallId: string; mos?: number; verdict?: { code: string } }[];
    }
  ).items;
  const heard = calls.find((each) => each.mos !== undefined) ?? calls[0];
  const failed = calls.find((each) => each.verdict !== undefined && !each.verdict.code.startsWith("answered"));
  if (heard !== undefined) found.push(["call-answered", `/calls/${encodeURIComponent(heard.sipCallId)}`]);
  if (failed !== undefined) found.push(["call-failed", `/calls/${encodeURIComponent(failed.sipCallId)}`]);
  const customer = customers[0];
  if (customer !== undefined) found.push(["customer", `/customers/${customer.id}`]);
  return found;
}

const secret = await signIn();
const [cookieName = "", cookieValue = ""] = [
  secret.slice(0, secret.indexOf("=")),
  secret.slice(secret.indexOf("=") + 1),
];
const cookie: Cookie = {
  name: cookieName,
  value: cookieValue,
  domain: new URL(base).hostname,
  path: "/",
  expires: -1,
  httpOnly: true,
  secure: base.startsWith("https:"),
  sameSite: "Strict",
};
const pages = [...PAGES, ...(await recordPages(secret))].filter(([name]) => name.includes(values.only));
const browser = await openBrowser();
const complaints: string[] = [];
try {
  for (const language of ["zh", "en"] as const satisfies readonly Language[])
    for (const theme of ["light", "dark"] as const satisfies readonly ThemeName[]) {
      const size = { width: Number(values.width), height: Number(values.height) };
      const door = await openConsole({ browser, base, language, theme, ...size });
      await door.page.goto(base);
      await settled(door.page);
      await door.page.screenshot({ path: path.join(out, `sign-in.${language}.${theme}.png`) });
      await door.context.close();
      const window = await openConsole({ browser, base, language, theme, cookies: [cookie], ...size });
      for (const [name, address] of pages) {
        await window.page.goto(base + address);
        await settled(window.page);
        await window.page.screenshot({ path: path.join(out, `${name}.${language}.${theme}.png`) });
      }
      complaints.push(...window.complaints);
      await window.context.close();
    }
} finally {
  await browser.close();
}
console.log(`${(pages.length + 1) * 4} pictures in ${out}`);
for (const complaint of new Set(complaints)) console.log(complaint);
if (complaints.length > 0) process.exitCode = 1;
