import t from "tap";
import {
  ask,
  type CallDialog,
  calledResponse,
  callerRequest,
  optional,
  pause,
  type Req,
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

/** The running SIP server between SIPp and a drachtio-srf application: calls in both directions over UDP and TCP. */
const ADDRESS = "127.29.1.10";
const PEER = "127.29.1.11";
const SERVER = `${ADDRESS}:5060`;
const CONTROL = 21_010;

const server = await startServer({ address: ADDRESS, controlPort: CONTROL, healthPort: 21_011 });
t.setTimeout(120_000);
const calls = { invites: 0, cancels: 0, ended: 0, modified: 0, reasons: [] as string[] };
let answerMode: "at-once" | "ring" | "busy" = "at-once";
let lastDialog: CallDialog | null = null;

const app = await startApp(CONTROL, (srf) => {
  srf.invite((req, res) => {
    calls.invites++;
    req.on("cancel", () => {
      calls.cancels++;
    });
    if (answerMode === "busy") return res.send(486, { headers: { "X-Why": "busy" } });
    if (answerMode === "ring") return res.send(180);
    srf.createUAS(req, res, { localSdp: SDP }).then(
      (dialog) => {
        lastDialog = dialog;
        dialog.on("modify", ((again: Req, answer: { send(status: number, options: object): void }) => {
          calls.modified++;
          answer.send(200, { body: again.body });
        }) as never);
        dialog.on("info", ((again: Req, answer: { send(status: number): void }) => {
          infoBodies.push(again.body);
          answer.send(200);
        }) as never);
        dialog.on("destroy", ((_req: Req, reason: string) => {
          calls.ended++;
          calls.reasons.push(reason);
        }) as never);
      },
      () => {},
    );
  });
  srf.options((_req, res) => res.send(200));
  srf.register((req, res) => res.send(200, { headers: { Contact: req.get("Contact"), Expires: "60" } }));
  srf.message((req, res) => {
    messageBodies.push(req.body);
    res.send(202);
  });
});
const infoBodies: string[] = [];
const messageBodies: string[] = [];

let left = false; // drachtio-srf throws when it is told twice
const leave = (): void => {
  if (!left) app.disconnect();
  left = true;
};
t.teardown(async () => {
  leave();
  await server.stop();
});

const settled = async (what: () => boolean): Promise<boolean> => {
  for (let i = 0; i < 40 && !what(); i++) await wait(50);
  return what();
};

for (const transport of ["u1", "t1"] as const) {
  t.test(`twenty callers over ${transport === "u1" ? "UDP" : "TCP"} are answered and hang up`, async (t) => {
    const before = { ...calls };
    const run = await sipp(server.folder, {
      scenario: "uac",
      from: `${PEER}:6001`,
      to: SERVER,
      calls: 20,
      rate: 20,
      transport,
    });
    t.equal(run.code, 0, run.errors);
    t.ok(await settled(() => calls.ended - before.ended === 20), "each call ended at the application");
    t.equal(calls.invites - before.invites, 20, "each INVITE was delivered once");
  });

  t.test(`the application calls over ${transport === "u1" ? "UDP" : "TCP"} and hangs up`, async (t) => {
    const called = sipp(server.folder, { scenario: "uas", from: `${PEER}:6002`, calls: 3, transport });
    await wait(400);
    const suffix = transport === "t1" ? ";transport=tcp" : "";
    for (let i = 0; i < 3; i++) {
      const dialog = await app.createUAC(`sip:bob@${PEER}:6002${suffix}`, { localSdp: SDP });
      t.match(dialog.remote.sdp, /m=audio/);
      await dialog.destroy();
    }
    const run = await called;
    t.equal(run.code, 0, run.errors);
  });
}

t.test("a caller who gives up while it rings: 200 to CANCEL, 487 to INVITE", async (t) => {
  answerMode = "ring";
  const before = calls.cancels;
  const run = await sipp(server.folder, {
    from: `${PEER}:6003`,
    to: SERVER,
    scenario: scenario(
      send(callerRequest("INVITE", { extra: [SDP_TYPE] }), SDP),
      optional(100),
      receive("180"),
      send(callerRequest("CANCEL").map((line) => line.replace("[branch]", "[branch-3]"))),
      receive("200"),
      receive("487"),
      send(
        callerRequest("ACK", { toTag: true }).map((line) => line.replace("[branch]", "[branch-6]")),
        "",
        "",
      ),
      pause(300),
    ),
  });
  t.equal(run.code, 0, run.errors);
  t.ok(await settled(() => calls.cancels === before + 1), "the application heard it");
});

t.test("BYE before the answer: 200 to BYE, 487 to INVITE, the application hears a cancel", async (t) => {
  const before = calls.cancels;
  const run = await sipp(server.folder, {
    from: `${PEER}:6004`,
    to: SERVER,
    scenario: scenario(
      send(callerRequest("INVITE", { extra: [SDP_TYPE] }), SDP),
      optional(100),
      receive("180"),
      send(callerRequest("BYE", { seq: 2, toTag: true })),
      receive("200"),
      receive("487"),
      send(
        callerRequest("ACK", { toTag: true }).map((line) => line.replace("[branch]", "[branch-6]")),
        "",
        "",
      ),
      pause(200),
    ),
  });
  t.equal(run.code, 0, run.errors);
  t.ok(await settled(() => calls.cancels === before + 1));
  answerMode = "at-once";
});

t.test("BYE right after the 200, the ACK lost: the call ends on both sides", async (t) => {
  const before = calls.ended;
  const run = await sipp(server.folder, {
    from: `${PEER}:6005`,
    to: SERVER,
    scenario: scenario(
      send(callerRequest("INVITE", { extra: [SDP_TYPE] }), SDP),
      optional(100),
      receive("200"),
      send(callerRequest("BYE", { seq: 2, toTag: true })),
      receive("200"),
      pause(1200),
    ),
  });
  t.equal(run.code, 0, run.errors);
  t.equal(calls.ended, before + 1);
});

t.test("busy: the application's refusal and its header reach the caller, whose ACK is absorbed", async (t) => {
  answerMode = "busy";
  const run = await sipp(server.folder, {
    from: `${PEER}:6006`,
    to: SERVER,
    scenario: scenario(
      send(callerRequest("INVITE", { extra: [SDP_TYPE] }), SDP),
      optional(100),
      `<recv response="486"><action><ereg regexp="busy" search_in="hdr" header="X-Why:" check_it="true" assign_to="1"/></action></recv>`,
      send(
        callerRequest("ACK", { toTag: true }).map((line) => line.replace("[branch]", "[branch-3]")),
        "",
        "",
      ),
      pause(1500),
      `<Reference variables="1"/>`,
    ),
  });
  answerMode = "at-once";
  t.equal(run.code, 0, run.errors);
});

t.test("hold and resume by re-INVITE of the caller, then digits by INFO", async (t) => {
  const before = calls.modified;
  const held = SDP.replace("a=rtpmap", "a=sendonly\r\na=rtpmap");
  const ack = (seq: number): string => send(callerRequest("ACK", { seq, toTag: true }), "", "");
  const run = await sipp(server.folder, {
    from: `${PEER}:6007`,
    to: SERVER,
    scenario: scenario(
      send(callerRequest("INVITE", { extra: [SDP_TYPE] }), SDP),
      optional(100),
      receive("200"),
      ack(1),
      pause(100),
      send(callerRequest("INVITE", { seq: 2, toTag: true, extra: [SDP_TYPE] }), held),
      optional(100),
      `<recv response="200"><action><ereg regexp="sendonly" search_in="body" check_it="true" assign_to="1"/></action></recv>`,
      ack(2),
      pause(100),
      send(callerRequest("INVITE", { seq: 3, toTag: true, extra: [SDP_TYPE] }), SDP),
      optional(100),
      receive("200"),
      ack(3),
      send(
        callerRequest("INFO", { seq: 4, toTag: true, extra: ["Content-Type: application/dtmf-relay"] }),
        "Signal=5\r\nDuration=160\r\n",
      ),
      receive("200"),
      send(callerRequest("BYE", { seq: 5, toTag: true })),
      receive("200"),
      `<Reference variables="1"/>`,
    ),
  });
  t.equal(run.code, 0, run.errors);
  t.equal(calls.modified, before + 2);
  t.match(infoBodies.at(-1), /Signal=5/);
});

t.test("the application holds and resumes, sends INFO, and the caller hangs up", async (t) => {
  const hold = receive("INVITE");
  const ok = (body = ""): string =>
    send(
      [
        "SIP/2.0 200 OK",
        "[last_Via:]",
        "[last_From:]",
        "[last_To:]",
        "[last_Call-ID:]",
        "[last_CSeq:]",
        "Contact: <sip:caller@[local_ip]:[local_port]>",
        ...(body === "" ? [] : [SDP_TYPE]),
      ],
      body,
      "",
    );
  const calling = sipp(server.folder, {
    from: `${PEER}:6008`,
    to: SERVER,
    scenario: scenario(
      send(callerRequest("INVITE", { extra: [SDP_TYPE] }), SDP),
      optional(100),
      receive("200"),
      send(callerRequest("ACK", { toTag: true }), "", ""),
      hold,
      ok(SDP),
      receive("ACK"),
      hold,
      ok(SDP),
      receive("ACK"),
      receive("INFO"),
      ok(),
      send(callerRequest("BYE", { seq: 2, toTag: true })),
      receive("200"),
    ),
  });
  lastDialog = null;
  t.ok(await settled(() => lastDialog !== null));
  const dialog = lastDialog as unknown as CallDialog;
  await wait(100);
  t.match(await dialog.modify(SDP.replace("a=rtpmap", "a=inactive\r\na=rtpmap")), /m=audio/);
  t.match(await dialog.modify(SDP), /m=audio/);
  const answer = await dialog.request({
    method: "INFO",
    headers: { "Content-Type": "application/dtmf-relay" },
    body: "Signal=1\r\n",
  });
  t.equal(answer.status, 200);
  const run = await calling;
  t.equal(run.code, 0, run.errors);
});

t.test("the application cancels a call that rings", async (t) => {
  const called = sipp(server.folder, {
    from: `${PEER}:6009`,
    scenario: scenario(
      receive("INVITE"),
      send(calledResponse("180 Ringing"), "", ""),
      receive("CANCEL"),
      send(
        ["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", "[last_To:];tag=x", "[last_Call-ID:]", "[last_CSeq:]"],
        "",
        "",
      ),
      send(
        [
          "SIP/2.0 487 Request Terminated",
          "[last_Via:]",
          "[last_From:]",
          "[last_To:];tag=x",
          "[last_Call-ID:]",
          "CSeq: [cseq] INVITE",
        ],
        "",
        "",
      ),
      receive("ACK"),
    ),
  });
  await wait(400);
  let request: Req | null = null;
  const outcome = app.createUAC(
    `sip:bob@${PEER}:6009`,
    { localSdp: SDP },
    {
      cbRequest: (_error: unknown, req: Req) => {
        request = req;
      },
    },
  );
  outcome.catch(() => {});
  await wait(400);
  (request as Req | null)?.cancel(() => {});
  t.match(await outcome.catch((error: unknown) => error), { status: 487 });
  const run = await called;
  t.equal(run.code, 0, run.errors);
});

for (const [method, extra, body, status] of [
  ["OPTIONS", [], "", "200"],
  ["REGISTER", ["Expires: 60"], "", "200"],
  ["MESSAGE", ["Content-Type: text/plain"], "a line\r\n", "202"],
] as const) {
  t.test(`${method} in both directions`, async (t) => {
    const run = await sipp(server.folder, {
      from: `${PEER}:6010`,
      to: SERVER,
      scenario: scenario(send(callerRequest(method, { extra }), body), receive(status)),
    });
    t.equal(run.code, 0, run.errors);
    const called = sipp(server.folder, {
      from: `${PEER}:6011`,
      scenario: scenario(receive(method), send(calledResponse("200 OK"), "", ""), pause(100)),
    });
    await wait(400);
    const response = await ask(app, `sip:bob@${PEER}:6011`, {
      method,
      headers: { From: "<sip:al@localhost>", ...(body === "" ? {} : { "Content-Type": "text/plain" }) },
      ...(body === "" ? {} : { body }),
    });
    t.equal(response.status, 200);
    t.equal((await called).code, 0);
  });
}

t.test("INFO outside a call reaches the peer and its answer the application", async (t) => {
  t.match(messageBodies.at(-1), /a line/, "the MESSAGE before came through with its body");
  const called = sipp(server.folder, {
    from: `${PEER}:6012`,
    scenario: scenario(receive("INFO"), send(calledResponse("200 OK"), "", ""), pause(100)),
  });
  await wait(400);
  const response = await ask(app, `sip:bob@${PEER}:6012`, {
    method: "INFO",
    headers: { "Content-Type": "text/plain" },
    body: "x",
  });
  t.equal(response.status, 200);
  t.equal((await called).code, 0);
});

t.test("the server is empty after all this but for what absorbs retransmissions", async (t) => {
  const figures = await server.figures();
  t.equal(figures.dialogs, 0);
  t.equal(figures.applications, 1);
  leave();
  t.equal(await server.stop(), 0, "it closes cleanly on SIGTERM");
});
