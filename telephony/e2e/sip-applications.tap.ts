import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import Srf from "drachtio-srf";
import { generate } from "selfsigned";
import t from "tap";
import {
  type App,
  callerRequest,
  optional,
  type Req,
  type Res,
  receive,
  SDP,
  SDP_TYPE,
  scenario,
  send,
  sipp,
  startApp,
  startServer,
  wait,
} from "./sip-support.ts";

/** Applications on drachtio-srf: several of them, tags, TLS, outbound mode by HTTP and by dialling, call detail records. */
t.setTimeout(90_000);
const ADDRESS = "127.29.43.210";
const PEER = "127.29.43.211";
const SERVER = `${ADDRESS}:5060`;
const CONTROL = 43_010;
const ROUTES = 43_011;
const LISTENING = 43_012;
const LISTENING_TLS = 43_013;
const SECRET = "a secret of the test";

const folder = mkdtempSync(path.join(tmpdir(), "intramuros-applications-"));
const keys = await generate([{ name: "commonName", value: "localhost" }], { keySize: 2048, algorithm: "sha256" });
const certPath = path.join(folder, "cert.pem");
const keyPath = path.join(folder, "key.pem");
writeFileSync(certPath, keys.cert);
writeFileSync(keyPath, keys.private);

/** What the site's HTTP service was asked, and what it answers. */
const asked: { readonly method: string; readonly query: URLSearchParams; readonly body: string }[] = [];
let reply: (query: URLSearchParams) => {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
};
const json = (action: string, data: object) => () => ({ status: 200, body: JSON.stringify({ action, data }) });
const routes = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString("latin1");
  });
  request.on("end", () => {
    const query = new URL(request.url ?? "", "http://x").searchParams;
    asked.push({ method: request.method ?? "", query, body });
    const { status, headers = {}, body: text } = reply(query);
    if (status === 0) return; // never answers
    response.writeHead(status, headers).end(text);
  });
});
routes.listen(ROUTES, "127.0.0.1");
await once(routes, "listening");

const place = { address: ADDRESS, controlPort: CONTROL, healthPort: 43_014 };
const server = await startServer(place, {
  cdrs: true,
  controlTlsCertPath: certPath,
  controlTlsKeyPath: keyPath,
  applicationRoutes: [
    { method: "message", url: `http://127.0.0.1:${ROUTES}/message` },
    { method: "subscribe", url: `http://127.0.0.1:${ROUTES}/subscribe`, httpMethod: "POST" },
    { method: "publish", url: `tcp://127.0.0.1:${LISTENING}` },
    { method: "notify", url: `tls://127.0.0.1:${LISTENING_TLS}` },
  ],
});
const closers: (() => void)[] = [];
t.teardown(async () => {
  for (const close of closers) close();
  routes.closeAllConnections();
  routes.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

let port = 6200;
/** One request from SIPp, and the status that must come. */
const ask = async (method: string, status: number | string, extra: readonly string[] = []) => {
  const lines = callerRequest(method, {
    extra: [...extra, ...(method === "NOTIFY" || method === "SUBSCRIBE" ? ["Event: x"] : [])],
  });
  const wanted = [optional(100), receive(String(status))];
  return sipp(server.folder, {
    from: `${PEER}:${port++}`,
    to: SERVER,
    scenario: scenario(send(lines), ...wanted),
    timeoutSeconds: 8,
  });
};
const answering = (name: string, heard: string[]) => (app: App) =>
  app.invite((req, res) => {
    heard.push(name);
    app.createUAS(req, res, { localSdp: SDP }).catch(() => undefined);
  });

t.test("several applications for one verb take turns; one that leaves is left out", async (t) => {
  const heard: string[] = [];
  const one = await startApp(CONTROL, answering("one", heard));
  const two = await startApp(CONTROL, answering("two", heard));
  const first = await sipp(server.folder, {
    scenario: "uac",
    from: `${PEER}:${port++}`,
    to: SERVER,
    calls: 6,
    rate: 20,
  });
  t.equal(first.code, 0, first.errors);
  t.same(heard.toSorted(), ["one", "one", "one", "two", "two", "two"]);
  two.disconnect();
  await wait(100);
  const then = await sipp(server.folder, {
    scenario: "uac",
    from: `${PEER}:${port++}`,
    to: SERVER,
    calls: 3,
    rate: 20,
  });
  t.equal(then.code, 0, then.errors);
  t.same(heard.slice(6), ["one", "one", "one"]);
  one.disconnect();
});

t.test("remove_route takes one verb and no other", async (t) => {
  const app = await startApp(CONTROL, (srf) => {
    srf.options((_req, res) => res.send(200));
    srf.info((_req, res) => res.send(200));
  });
  t.equal((await ask("OPTIONS", 200)).code, 0);
  (app as unknown as { app: { client: { removeRoute(verb: string): void } } }).app.client.removeRoute("options");
  await wait(50);
  t.equal((await ask("OPTIONS", 503)).code, 0, "no more");
  t.equal((await ask("INFO", 200)).code, 0, "still");
  app.disconnect();
});

t.test("an application over TLS; those of this machine may go without", async (t) => {
  const heard: string[] = [];
  const app = new Srf() as unknown as App;
  app.on("error", () => {});
  answering("tls", heard)(app);
  const connected = new Promise<void>((resolve, reject) =>
    app.on("connect", ((error: Error | null) => (error === null ? resolve() : reject(error))) as never),
  );
  app.connect({ host: "127.0.0.1", port: CONTROL, secret: SECRET, tls: { rejectUnauthorized: false } });
  await connected;
  await wait(50);
  const run = await sipp(server.folder, { scenario: "uac", from: `${PEER}:${port++}`, to: SERVER, calls: 2 });
  t.equal(run.code, 0, run.errors);
  t.same(heard, ["tls", "tls"]);
  app.disconnect();
});

t.test("hostile words on the application port close it: too long, no number, nothing at all", async (t) => {
  for (const bytes of ["9999999#x", "x#y", "1048577#a", "####", "\u0016\u0003\u0001"]) {
    const socket = connect(CONTROL, "127.0.0.1");
    socket.on("error", () => {});
    socket.on("data", () => {});
    socket.write(bytes, "latin1");
    const closed = once(socket, "close");
    if (bytes.startsWith("\u0016")) socket.end(); // a handshake that goes no further
    await closed;
  }
  t.equal((await server.figures()).bugs, 0);
});

t.test(
  "asked by GET: rejected, redirected, not understood, not answered in time, after three redirections",
  async (t) => {
    reply = json("reject", { status: 486, reason: "Gone fishing" });
    t.equal((await ask("MESSAGE", 486)).code, 0);
    const { method, query } = asked.at(-1)!;
    t.equal(method, "GET");
    t.match(Object.fromEntries(query), {
      method: "MESSAGE",
      domain: ADDRESS,
      protocol: "udp",
      source_address: PEER,
      fromUser: "caller",
      uriUser: "service",
    });
    reply = json("redirect", { contact: ["<sip:a@b.example>", "sip:c@d.example"] });
    t.equal((await ask("MESSAGE", 302)).code, 0);
    reply = () => ({ status: 200, body: "no json" });
    t.equal((await ask("MESSAGE", 500)).code, 0);
    reply = (query) => {
      const n = Number(query.get("n") ?? 0);
      const location = `/again?n=${n + 1}`;
      return n < 3 ? { status: 302, headers: { Location: location }, body: "" } : json("reject", { status: 410 })();
    };
    t.equal((await ask("MESSAGE", 410)).code, 0);
    reply = () => ({ status: 302, headers: { Location: "/for/ever" }, body: "" });
    t.equal((await ask("MESSAGE", 500)).code, 0);
    const from = Date.now();
    reply = () => ({ status: 0, body: "" });
    t.equal((await ask("MESSAGE", 480)).code, 0);
    const ms = Date.now() - from;
    t.ok(ms > 2900 && ms < 4500, `given up after ${ms} ms`);
  },
);

t.test("asked by POST, with the message; a tag leads to an application that has it", async (t) => {
  const answered: string[] = [];
  const tagged = new Srf(["night", "x"]) as unknown as App & { subscribe(handler: (req: Req, res: Res) => void): void };
  tagged.on("error", () => {});
  tagged.subscribe((_req, res) => {
    answered.push("night");
    res.send(202);
  });
  const connected = once(tagged as never, "connect");
  tagged.connect({ host: "127.0.0.1", port: CONTROL, secret: SECRET });
  await connected;
  await wait(50);
  reply = json("route", { tag: "night" });
  t.equal((await ask("SUBSCRIBE", 202)).code, 0);
  t.match(asked.at(-1)?.body, /^SUBSCRIBE sip:service@[\s\S]*\r\nEvent: x\r\n/);
  t.same(answered, ["night"]);
  reply = json("route", { tag: "nobody" });
  t.equal((await ask("SUBSCRIBE", 480)).code, 0);
  tagged.disconnect();
});

t.test(
  "applications that wait for us to connect, plainly and over TLS, by their own address and by HTTP",
  async (t) => {
    const heard: string[] = [];
    const listening = (name: string, options: object): Promise<App> => {
      const app = new Srf() as unknown as App & {
        listen(options: object, callback: () => void): void;
        use(handler: (req: Req, res: Res) => void): void;
        endSession(req: Req): void;
        readonly app: { close(): void };
      };
      app.on("error", () => {});
      app.use((req, res) => {
        heard.push(`${name} ${req.method}`);
        res.send(200);
        setTimeout(() => app.endSession(req), 100);
      });
      closers.push(() => app.app.close());
      return new Promise((resolve) =>
        app.listen({ host: "127.0.0.1", secret: SECRET, ...options }, () => resolve(app)),
      );
    };
    await listening("plain", { port: LISTENING });
    await listening("tls", { port: LISTENING_TLS, tls: { cert: keys.cert, key: keys.private } });
    t.equal((await ask("PUBLISH", 200)).code, 0);
    t.equal((await ask("NOTIFY", 200)).code, 0);
    reply = json("route", { uri: `127.0.0.1:${LISTENING};transport=tcp` });
    t.equal((await ask("MESSAGE", 200)).code, 0);
    reply = json("route", { uri: `127.0.0.1:${LISTENING_TLS};transport=tls` });
    t.equal((await ask("MESSAGE", 200)).code, 0);
    t.same(heard, ["plain PUBLISH", "tls NOTIFY", "plain MESSAGE", "tls MESSAGE"]);
    reply = json("route", { uri: "127.0.0.1:43019" });
    t.equal((await ask("MESSAGE", 480)).code, 0, "nobody there");
    await wait(300);
    t.equal((await server.figures()).applications, 0, "the applications have ended their connections");
  },
);

t.test("call detail records of one call and of a refusal", async (t) => {
  const records: string[] = [];
  const app = await startApp(CONTROL, (srf) => {
    srf.invite((req, res) => {
      if (req.get("X-Busy") === "yes") res.send(486);
      else srf.createUAS(req, res, { localSdp: SDP }).catch(() => undefined);
    });
    const on = (event: string, listener: (...values: unknown[]) => void) => srf.on(event, listener as never);
    on("cdr:attempt", (source, _time, message) =>
      records.push(`attempt ${source} ${(message as { method: string }).method}`),
    );
    on("cdr:start", (source, _time, role) => records.push(`start ${source} ${role}`));
    on("cdr:stop", (source, _time, reason) => records.push(`stop ${source} ${reason}`));
  });
  const run = await sipp(server.folder, { scenario: "uac", from: `${PEER}:${port++}`, to: SERVER, calls: 1 });
  t.equal(run.code, 0, run.errors);
  const busy = scenario(
    send(callerRequest("INVITE", { extra: [SDP_TYPE, "X-Busy: yes"] }), SDP),
    ...[optional(100), receive("486")],
    send(
      callerRequest("ACK", { toTag: true }).map((line) => line.replace("[branch]", "[branch-3]")),
      "",
      "",
    ),
  );
  t.equal((await sipp(server.folder, { from: `${PEER}:${port++}`, to: SERVER, scenario: busy })).code, 0);
  await wait(100);
  t.same(records, [
    ...["attempt network INVITE", "start application uas", "stop network normal-release"],
    ...["attempt network INVITE", "stop application call-rejected"],
  ]);
  app.disconnect();
});

t.test("the server met no fault of its own and keeps nothing", async (t) => {
  const { bugs, dialogs, waiting } = await server.figures();
  t.same({ bugs, dialogs, waiting }, { bugs: 0, dialogs: 0, waiting: 0 });
});
