import { expect, test } from "vitest";
import { request, type Simulation, simulate, tcpFlow } from "./simulation.ts";

const DIALOG = "call-1;from-tag=peertag";
const SDP_LINES = "SIP/2.0 200 OK\r\n\r\nv=0\r\n";

/** A call that application 1 answered, acknowledged; gives our tag. */
function up(sim: Simulation, callId = "call-1"): string {
  sim.peer(request({ method: "INVITE", callId, branch: `z9hG4bK-i-${callId}` }));
  const told = sim.drainTold().find(({ message }) => message.startsWith("INVITE"));
  sim.frame(told?.client ?? 0, `sip|${told?.tokens[8]}|\r\n${SDP_LINES}`);
  const tag = /;tag=([^\r;]+)/.exec(/\r\nTo: [^\r]*/.exec(sim.sent.at(-1)?.text ?? "")?.[0] ?? "")?.[1] ?? "";
  sim.peer(request({ method: "ACK", callId, toTag: tag, branch: `z9hG4bK-a-${callId}` }));
  sim.pass(50);
  sim.drainSent();
  sim.drainTold();
  return tag;
}

const tagged = (sim: Simulation, client: number, tags: string): void => {
  sim.input({ type: "client-opened", client, address: "127.0.0.1" });
  sim.frame(client, `authenticate|secret|${tags}`);
};
const methods = (sim: Simulation): string[] =>
  sim.drainTold().flatMap(({ client, message }) => (message === "" ? [] : [`${client} ${message.split(" ")[0]}`]));

test("an application that comes back within its time owns its calls again, both ways", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const toTag = up(sim);
  sim.input({ type: "client-closed", client: 1 });
  sim.pass(59_000);
  expect(sim.drainSent()).toEqual([]);
  sim.application(2, "invite");
  sim.peer(request({ method: "INFO", toTag, seq: 2 }));
  expect(methods(sim)).toEqual(["2 INFO"]);
  sim.frame(2, `sip||${DIALOG}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`);
  expect(sim.drainSent()).toEqual(["BYE sip:peer@10.0.0.9:5066 SIP/2.0"]);
});

test("a re-INVITE while it is away gets 100 and the new application's answer; OPTIONS is answered at once", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const toTag = up(sim);
  sim.input({ type: "client-closed", client: 1 });
  sim.peer(request({ method: "INVITE", toTag, seq: 2, branch: "z9hG4bK-re" }));
  sim.peer(request({ method: "OPTIONS", toTag, seq: 3 }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]);
  sim.pass(5000);
  sim.input({ type: "client-opened", client: 2, address: "127.0.0.1" });
  sim.frame(2, "authenticate|secret|");
  sim.frame(2, "route|invite");
  const told = sim.drainTold().find(({ message }) => message.startsWith("INVITE"));
  expect(told?.tokens[9]).toBe(DIALOG);
  sim.frame(2, `sip|${told?.tokens[8]}|\r\n${SDP_LINES}`);
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK"]);
});

test("a re-INVITE that the dying application had not answered is given to the next", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const toTag = up(sim);
  sim.peer(request({ method: "INVITE", toTag, seq: 2, branch: "z9hG4bK-re" }));
  expect(methods(sim)).toEqual(["1 INVITE"]);
  sim.input({ type: "client-closed", client: 1 });
  sim.application(2);
  sim.frame(2, "route|invite");
  expect(methods(sim)).toEqual(["2 INVITE"]);
});

test("a BYE while it is away is answered, and told when it is back; the call is not in its list", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const first = up(sim);
  up(sim, "call-2");
  sim.input({ type: "client-closed", client: 1 });
  sim.peer(request({ method: "BYE", toTag: first, seq: 2 }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK"]);
  sim.application(2);
  sim.frame(2, "route|invite");
  const bye = sim.drainTold().find(({ message }) => message.startsWith("BYE"));
  expect(bye?.tokens.slice(1, 3)).toEqual(["sip", "network"]);
  expect(bye?.tokens[9]).toBe(DIALOG);
  sim.frame(2, "route|takeover");
  const list = sim.drainTold()[0];
  expect(list?.tokens.slice(3)).toEqual(["OK", "takeover"]);
  expect(list?.message).toBe("call-2;from-tag=peertag");
});

test("who shares no tag does not get the calls, not even by asking; who does gets them at once", () => {
  const sim = simulate();
  tagged(sim, 1, "desk,night");
  sim.frame(1, "route|invite");
  sim.drainTold();
  up(sim);
  sim.input({ type: "client-closed", client: 1 });
  sim.application(2, "invite");
  sim.frame(2, "route|takeover");
  expect(sim.drainTold()[0]?.message).toBe("");
  tagged(sim, 3, "other");
  expect(sim.core.figures().orphaned).toBe(1);
  tagged(sim, 4, "x,night");
  expect(sim.core.figures().orphaned).toBe(0);
});

test("nobody comes: BYE to the peer, 503 to what waited", () => {
  const sim = simulate({ takeoverMs: 2000 });
  sim.application(1, "invite");
  const toTag = up(sim);
  sim.input({ type: "client-closed", client: 1 });
  sim.peer(request({ method: "INFO", toTag, seq: 2 }));
  sim.pass(2000);
  expect(sim.drainSent().sort()).toEqual(["BYE sip:peer@10.0.0.9:5066 SIP/2.0", "SIP/2.0 503 Service Unavailable"]);
  expect(sim.core.figures().dialogs).toBe(0);
});

test("the peer's ninth request in one call is not kept", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const toTag = up(sim);
  sim.input({ type: "client-closed", client: 1 });
  for (let seq = 2; seq <= 10; seq++) sim.peer(request({ method: "INFO", toTag, seq, branch: `z9hG4bK-${seq}` }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 503 Service Unavailable"]);
});

test("dialogs of a killed server go on in the next one, with a CSeq that is surely new", () => {
  const before = simulate();
  before.application(1, "invite");
  const toTag = up(before);
  const kept = [...before.core.touched].map((dialog) => before.core.kept(dialog));
  expect(kept.length).toBe(1);
  const after = simulate();
  after.input({ type: "restored", dialogs: [JSON.parse(JSON.stringify(kept[0])), { junk: true }, null] });
  after.peer(request({ method: "INVITE", toTag, seq: 2, branch: "z9hG4bK-re" }));
  expect(after.drainSent()).toEqual(["SIP/2.0 100 Trying"]);
  after.application(7);
  after.frame(7, "route|invite");
  expect(methods(after)).toEqual(["7 INVITE"]);
  after.frame(7, `sip||${DIALOG}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`);
  const bye = after.sent.at(-1);
  expect(bye?.text).toContain(`;tag=${toTag}`);
  expect(bye?.flow.remote).toEqual({ address: "10.0.0.9", port: 5066 });
});

test("a dialog that is over, or not confirmed, leaves nothing to keep", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const toTag = up(sim);
  const [dialog] = [...sim.core.touched];
  expect(dialog).toBeDefined();
  sim.peer(request({ method: "BYE", toTag, seq: 2 }));
  expect(dialog?.over).toBe(true);
  if (dialog !== undefined) expect(sim.core.kept(dialog)).toBe(null);
});

test("a call over TCP goes on in the next server by a new connection to the peer's Contact", () => {
  const before = simulate();
  before.application(1, "invite");
  before.input({ type: "connection-opened", connection: 7 });
  const over = { transport: "TCP", headers: ["Contact: <sip:peer@10.0.0.9:5099;transport=tcp>"] };
  const invite = request({ method: "INVITE", ...over }).replace("Contact: <sip:peer@10.0.0.9:5066>\r\n", "");
  before.peer(invite, tcpFlow(7));
  const told = before.drainTold().find(({ message }) => message.startsWith("INVITE"));
  before.frame(1, `sip|${told?.tokens[8]}|\r\n${SDP_LINES}`);
  const kept = [...before.core.touched].map((dialog) => before.core.kept(dialog));
  const after = simulate();
  after.input({ type: "restored", dialogs: JSON.parse(JSON.stringify(kept)) });
  after.application(2, "invite");
  after.frame(2, `sip||${DIALOG}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`);
  const bye = after.sent.at(-1);
  expect(bye?.text).toMatch(/^BYE sip:peer@10\.0\.0\.9:5099;transport=tcp /);
  expect(bye?.flow).toMatchObject({
    ...{ transport: "tcp", remote: { address: "10.0.0.9", port: 5099 }, connection: null },
  });
});
