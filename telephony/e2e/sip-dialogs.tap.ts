import t from "tap";
import {
  type CallDialog,
  type DialogApp,
  keep,
  receiveWith,
  requestTo,
  routedTo,
  startProxy,
} from "./sip-dialogs-support.ts";
import {
  calledResponse,
  optional,
  pause,
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

/** Dialogs of the running server as PBXes use them, with SIPp at the far end and Kamailio between where it says so. */
const US = "127.29.42.230";
const FIRST = "127.29.42.1";
const SECOND = "127.29.42.2";
const PEER = "127.29.42.5";
const CONTROL = 8010;

t.setTimeout(90_000);
const server = await startServer({ address: US, controlPort: CONTROL, healthPort: 8011 });
const proxies = [
  startProxy(server.folder, FIRST, `$du = "sip:${SECOND}:5060";`),
  startProxy(server.folder, SECOND, `if ($rU != "bob") $du = "sip:${US}:5060";`),
];
const heard = { acks: [] as string[], uui: [] as string[], methods: [] as string[], ended: [] as string[] };
let forked: Awaited<ReturnType<DialogApp["proxyRequest"]>> | null = null;
let glared: Promise<string> | null = null;

const answerAs: Record<string, (app: DialogApp, req: Req, res: Res) => Promise<unknown>> = {
  talk: (app, req, res) => answered(app, req, res),
  hangup: async (app, req, res) => {
    const dialog = await answered(app, req, res);
    await wait(200);
    await dialog.destroy();
  },
  early: async (app, req, res) => {
    req.on("update", ((update: Req, answer: Res) => {
      heard.methods.push(`early ${update.method}`);
      answer.send(200, { body: update.body });
    }) as never);
    res.send(183, { body: SDP });
    await wait(500);
    await answered(app, req, res);
  },
  glare: async (app, req, res) => {
    const dialog = await answered(app, req, res);
    await wait(300);
    glared = dialog.modify(SDP);
  },
  fork: async (app, req) => {
    const targets = [`sip:a@${PEER}:6011`, `sip:b@${PEER}:6012`];
    forked = await app.proxyRequest(req, targets, { forking: "simultaneous", remainInDialog: true });
  },
};

async function answered(app: DialogApp, req: Req, res: Res): Promise<CallDialog> {
  heard.uui.push(req.get("User-to-User") ?? "");
  const dialog = await app.createUAS(req, res, { localSdp: SDP });
  dialog.on("ack", ((ack: Req) => heard.acks.push(ack.body)) as never);
  dialog.on("destroy", (() => heard.ended.push("by the peer")) as never);
  return dialog;
}

const app = (await startApp(CONTROL, (plain) => {
  const srf = plain as DialogApp;
  srf.invite((req, res) => {
    const user = /sip:([a-z]+)@/.exec((req as Req & { uri: string }).uri)?.[1] ?? "";
    answerAs[user]?.(srf, req, res).catch((error: unknown) => heard.methods.push(`failed: ${error}`));
  });
  srf.subscribe((req, res) => {
    srf.createUAS(req, res, { headers: { Expires: "60" } }).then(async (dialog) => {
      await dialog.request({
        method: "NOTIFY",
        headers: { "Subscription-State": "active;expires=60", Event: "dialog" },
      });
      await wait(200);
      await dialog.destroy();
    });
  });
  for (const method of ["notify", "publish", "refer", "message", "info"] as const) {
    srf[method]((req, res) => {
      heard.methods.push(req.method);
      res.send(202);
    });
  }
})) as DialogApp;

t.teardown(async () => {
  app.disconnect();
  for (const proxy of proxies) proxy.kill("SIGTERM");
  await server.stop();
});
await wait(500); // the proxies listen

let port = 6100;
const peer = (steps: readonly string[], to = `${US}:5060`) =>
  sipp(server.folder, { from: `${PEER}:${port++}`, to, scenario: scenario(...steps), timeoutSeconds: 12 });
const called = (ownPort: number, ...steps: string[]) =>
  sipp(server.folder, { from: `${PEER}:${ownPort}`, scenario: scenario(...steps), timeoutSeconds: 12 });
const invite = (user: string, extra: readonly string[] = []) =>
  send(requestTo(user, "INVITE", { extra: [...extra, SDP_TYPE] }), SDP);
const BOTH_WAYS = (from: string, ...others: string[]): string =>
  [from, ...others].map((address) => `Via: SIP/2.0/UDP ${address.replaceAll(".", "[.]")}[;:]`).join(".*");

t.test(
  "a call through two record-routing proxies: late offer, User-to-User, and the caller's BYE by the same way",
  async (t) => {
    const extra = ["User-to-User: 56a390f3;encoding=hex"];
    const run = await peer(
      [
        send(requestTo("talk", "INVITE", { extra })),
        optional(100),
        receiveWith("200", "m=audio", 'rrs="true"'),
        send([...routedTo("talk", "ACK", 1), SDP_TYPE], SDP, ""),
        pause(300),
        send(routedTo("talk", "BYE", 2)),
        receive("200"),
      ],
      `${FIRST}:5060`,
    );
    t.equal(run.code, 0, run.errors);
    t.equal(heard.uui.at(-1), "56a390f3;encoding=hex");
    t.match(heard.acks.at(-1), /m=audio/, "the answer came with the ACK");
    t.equal(heard.ended.length, 1);
  },
);

t.test("our BYE visits both proxies in the order of the caller's route", async (t) => {
  const run = await peer(
    [
      invite("hangup"),
      optional(100),
      receive("200", 'rrs="true"'),
      send(routedTo("hangup", "ACK", 1), "", ""),
      receiveWith("BYE", BOTH_WAYS(FIRST, SECOND, US)),
      send(
        calledResponse("200 OK").map((line) => line.replace(/;tag=.*$/, "")),
        "",
        "",
      ),
      pause(200),
    ],
    `${FIRST}:5060`,
  );
  t.equal(run.code, 0, run.errors);
});

t.test(
  "a call that we make by an outbound proxy: ACK, REFER and BYE visit both proxies in the reverse of the answer's route",
  async (t) => {
    const far = called(
      6010,
      receive("INVITE", 'rrs="true"'),
      send([...calledResponse("200 OK"), "[last_Record-Route:]", SDP_TYPE], SDP),
      receiveWith("ACK", BOTH_WAYS(SECOND, FIRST, US)),
      receiveWith("REFER", BOTH_WAYS(SECOND, FIRST, US)),
      send(
        calledResponse("202 Accepted").map((line) => line.replace(/;tag=.*$/, "")),
        "",
        "",
      ),
      receiveWith("BYE", BOTH_WAYS(SECOND, FIRST, US)),
      send(
        calledResponse("200 OK").map((line) => line.replace(/;tag=.*$/, "")),
        "",
        "",
      ),
      pause(200),
    );
    await wait(300);
    const dialog = await app.createUAC(`sip:bob@${PEER}:6010`, { localSdp: SDP, proxy: `sip:${FIRST}:5060` });
    const referred = await dialog.request({ method: "REFER", headers: { "Refer-To": "<sip:other@pbx.example>" } });
    t.equal(referred.status, 202);
    await dialog.destroy();
    const run = await far;
    t.equal(run.code, 0, run.errors);
  },
);

t.test("two phones ring at once: the one that answers gets the call through us, the other a CANCEL", async (t) => {
  const ringing = send(calledResponse("180 Ringing"), "", "");
  const first = called(
    6011,
    receive("INVITE"),
    ringing,
    receive("CANCEL"),
    send(calledResponse("200 OK"), "", ""),
    send(calledResponse("487 Request Terminated").map((line) => line.replace("[last_CSeq:]", "CSeq: 1 INVITE"))),
    receive("ACK"),
    pause(100),
  );
  const second = called(
    6012,
    receive("INVITE", 'rrs="true"'),
    ringing,
    pause(300),
    send([...calledResponse("200 OK"), "[last_Record-Route:]", SDP_TYPE], SDP),
    receive("ACK"),
    receiveWith("BYE", BOTH_WAYS(US, PEER)),
    send(
      calledResponse("200 OK").map((line) => line.replace(/;tag=.*$/, "")),
      "",
      "",
    ),
    pause(200),
  );
  await wait(300);
  const caller = await peer([
    invite("fork"),
    optional(100),
    receive("180"),
    optional(180),
    receive("200", 'rrs="true"'),
    send(routedTo("fork", "ACK", 1), "", ""),
    pause(300),
    send(routedTo("fork", "BYE", 2)),
    receive("200"),
  ]);
  t.equal(caller.code, 0, caller.errors);
  for (const run of await Promise.all([first, second])) t.equal(run.code, 0, run.errors);
  t.equal(forked?.connected, true, "the application heard how it went");
});

t.test("a PBX that requires PRACK changes the call by UPDATE before it is answered", async (t) => {
  const run = await peer([
    invite("early", ["Require: 100rel, timer", "Session-Expires: 1800;refresher=uac", "Allow: INVITE, PRACK, UPDATE"]),
    optional(100),
    `<recv response="183"><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" check_it="true" assign_to="rseq"/></action></recv>`,
    send(requestTo("early", "PRACK", { seq: 2, toTag: true, extra: ["RAck: [$rseq] 1 INVITE"] })),
    receive("200"),
    send(requestTo("early", "UPDATE", { seq: 3, toTag: true, extra: [SDP_TYPE] }), SDP),
    receiveWith("200", "m=audio"),
    receiveWith("200", "Session-Expires: 1800;refresher=uac"),
    send(requestTo("early", "ACK", { toTag: true }), "", ""),
    pause(200),
    send(requestTo("early", "BYE", { seq: 4, toTag: true })),
    receive("200"),
  ]);
  t.equal(run.code, 0, run.errors);
  t.ok(heard.methods.includes("early UPDATE"));
});

t.test("both sides change the call at once: theirs gets 491, ours goes through", async (t) => {
  const run = await peer([
    invite("glare"),
    optional(100),
    receive("200"),
    send(requestTo("glare", "ACK", { toTag: true }), "", ""),
    keep("INVITE", "via", "from", "to", "cseq"),
    send(requestTo("glare", "UPDATE", { seq: 2, toTag: true, extra: [SDP_TYPE] }), SDP),
    receive("491"),
    send(
      [
        "SIP/2.0 200 OK",
        ...["Via", "From", "To", "CSeq"].map((name) => `${name}: [$${name.toLowerCase()}]`),
        "Call-ID: [call_id]",
        "Contact: <sip:caller@[local_ip]:[local_port]>",
        SDP_TYPE,
      ],
      SDP,
      "",
    ),
    receive("ACK"),
    pause(100),
    send(requestTo("glare", "BYE", { seq: 3, toTag: true })),
    receive("200"),
  ]);
  t.equal(run.code, 0, run.errors);
  t.match(await glared, /m=audio/, "our change went through");
});

t.test(
  "what a caller requires and nobody here does is refused by name: preconditions, a timer too short",
  async (t) => {
    const run = await peer([
      invite("talk", ["Require: precondition", "Supported: 100rel, precondition"]),
      optional(100),
      receiveWith("420", "Unsupported: precondition"),
      send(
        requestTo("talk", "ACK", { toTag: true }).map((line) => line.replace("[branch]", "[branch-3]")),
        "",
        "",
      ),
      pause(100),
    ]);
    t.equal(run.code, 0, run.errors);
    const short = await peer([
      invite("talk", ["Session-Expires: 30", "Supported: timer"]),
      receiveWith("422", "Min-SE: 90"),
      send(
        requestTo("talk", "ACK", { toTag: true }).map((line) => line.replace("[branch]", "[branch-2]")),
        "",
        "",
      ),
      pause(100),
    ]);
    t.equal(short.code, 0, short.errors);
  },
);

t.test("a subscription: accepted, notified, ended by us", async (t) => {
  const ok = send(
    calledResponse("200 OK").map((line) => line.replace(/;tag=.*$/, "")),
    "",
    "",
  );
  const run = await peer([
    send(requestTo("talk", "SUBSCRIBE", { extra: ["Event: dialog", "Expires: 600"] })),
    receiveWith("202", "Contact: "),
    receiveWith("NOTIFY", "Subscription-State: active"),
    ok,
    receiveWith("NOTIFY", "Subscription-State: terminated"),
    ok,
    pause(200),
  ]);
  t.equal(run.code, 0, run.errors);
});

t.test(
  "REFER outside of a call, message waiting, PUBLISH, MESSAGE and INFO reach the application; an unknown method gets 501",
  async (t) => {
    const methods = ["REFER", "NOTIFY", "PUBLISH", "MESSAGE", "INFO"];
    const steps = methods.flatMap((method, index) => [
      send(requestTo("talk", method, { seq: index + 1, extra: ["Event: message-summary", "Refer-To: <sip:x@y>"] })),
      receive("202"),
    ]);
    const run = await peer([
      ...steps,
      send(requestTo("talk", "TELEPORT", { seq: 9 })),
      receiveWith("501", "Allow: INVITE"),
    ]);
    t.equal(run.code, 0, run.errors);
    t.same(
      heard.methods.filter((method) => methods.includes(method)),
      methods,
    );
  },
);

t.test("nothing is left behind", async (t) => {
  await wait(300);
  const figures = await server.figures();
  t.equal(figures.dialogs, 0);
  t.equal(figures.bugs, 0);
  t.equal(
    heard.methods.filter((method) => method.startsWith("failed")).length,
    1,
    "the refused precondition, nothing else",
  );
});
