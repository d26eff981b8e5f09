import { expect, test } from "vitest";
import { headerOf } from "../message/index.ts";
import { answer, request, type Simulation, simulate } from "./simulation.ts";

/** What crosses on the wire in a running call: it must end in one state on both sides, whichever came first. */

const ID = "call-1;from-tag=peertag";
const ALLOW = "Contact: <sip:peer@10.0.0.9:5066>";

function up(sim: Simulation): string {
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE" }));
  sim.frame(1, `sip|${sim.drainTold().at(-1)?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  const tag = /tag=(.*)$/.exec(headerOf(sim.last(), "to") ?? "")?.[1] ?? "";
  sim.peer(request({ method: "ACK", toTag: tag }));
  sim.pass(25);
  sim.drainTold();
  sim.drainSent();
  return tag;
}
const told = (sim: Simulation): string[] => sim.drainTold().map(({ message }) => message.split(" ")[0] ?? "");
function settled(sim: Simulation): void {
  sim.pass(4 * 3_600_000);
  expect(sim.core.figures()).toMatchObject({ serverTransactions: 0, clientTransactions: 0, dialogs: 0, waiting: 0 });
}

test("a BYE while their re-INVITE is open: 487 to that, and the call ends once", () => {
  const sim = simulate();
  const tag = up(sim);
  sim.peer(request({ method: "INVITE", seq: 2, toTag: tag }));
  const id = sim.drainTold().at(-1)?.tokens[8];
  sim.peer(request({ method: "BYE", seq: 3, toTag: tag }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 100 Trying", "SIP/2.0 487 Request Terminated"]);
  const bye = sim.drainTold().at(-1);
  sim.frame(1, `sip|${id}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.drainTold()[0]?.tokens.slice(3).join("|")).toBe("NOK|Response not sent due to unknown transaction");
  sim.frame(1, `sip|${bye?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK"]);
  settled(sim);
});

test("a BYE of ours while our re-INVITE is open: CANCEL first, then BYE; the 487 is acknowledged and told", () => {
  const sim = simulate();
  up(sim);
  sim.frame(1, `sip||${ID}\r\nINVITE sip:placeholder SIP/2.0\r\n\r\n`);
  const invite = sim.last();
  sim.peer(answer(invite, 100));
  sim.drainSent();
  sim.frame(1, `sip||${ID}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`);
  expect(sim.sent.map(({ text }) => text.split(" ")[0])).toEqual(["CANCEL", "BYE"]);
  sim.peer(answer(sim.last(), 200));
  sim.peer(answer(invite, 487));
  expect(sim.drainSent().at(-1)).toBe("ACK sip:peer@10.0.0.9:5066 SIP/2.0");
  settled(sim);
});

test("both hang up at once: each BYE is answered, and the call ends once", () => {
  const sim = simulate();
  const tag = up(sim);
  sim.frame(1, `sip||${ID}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`);
  const ours = sim.last();
  sim.drainTold();
  sim.peer(request({ method: "BYE", seq: 2, toTag: tag }));
  const theirs = sim.drainTold().at(-1);
  expect(theirs?.message.slice(0, 3)).toBe("BYE");
  sim.frame(1, `sip|${theirs?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.drainSent().at(-1)).toBe("SIP/2.0 200 OK");
  sim.drainTold();
  sim.peer(answer(ours, 481));
  expect(told(sim)).toEqual(["SIP/2.0"]);
  settled(sim);
});

test("a CANCEL of their re-INVITE takes that back and leaves the call; one that comes after its 200 changes nothing", () => {
  const sim = simulate();
  const tag = up(sim);
  sim.peer(request({ method: "INVITE", seq: 2, toTag: tag }));
  sim.peer(request({ method: "CANCEL", seq: 2, toTag: tag, branch: "z9hG4bK-INVITE-2" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 100 Trying", "SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"]);
  expect(told(sim)).toEqual(["INVITE", "CANCEL"]);
  sim.peer(request({ method: "INVITE", seq: 3, toTag: tag }));
  sim.frame(1, `sip|${sim.drainTold().at(-1)?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  sim.drainSent();
  sim.peer(request({ method: "CANCEL", seq: 3, toTag: tag, branch: "z9hG4bK-INVITE-3" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 481 Call/Transaction Does Not Exist"]);
  expect(sim.core.figures().dialogs).toBe(1);
});

test("a CANCEL of our re-INVITE that crosses its 200 leaves the call as it is", () => {
  const sim = simulate();
  up(sim);
  sim.frame(1, `sip||${ID}\r\nINVITE sip:placeholder SIP/2.0\r\n\r\n`);
  const invite = sim.last();
  const transaction = sim.drainTold()[0]?.tokens[10];
  sim.peer(answer(invite, 100));
  sim.frame(1, `sip|${transaction}|\r\nCANCEL sip:x SIP/2.0\r\n\r\n`);
  sim.peer(answer(invite, 200, { headers: [ALLOW] }));
  sim.drainSent();
  sim.frame(1, `sip||${ID}\r\nACK sip:x SIP/2.0\r\n\r\n`);
  expect(sim.drainSent()).toEqual(["ACK sip:peer@10.0.0.9:5066 SIP/2.0"]);
  expect(sim.core.figures().dialogs).toBe(1);
});

test("a second re-INVITE of theirs while the first is open is put off, with the time to wait", () => {
  const sim = simulate();
  const tag = up(sim);
  sim.peer(request({ method: "INVITE", seq: 2, toTag: tag }));
  sim.drainSent();
  sim.peer(request({ method: "INVITE", seq: 3, toTag: tag }));
  const refused = sim.last();
  expect([sim.drainSent(), headerOf(refused, "retry-after")]).toEqual([["SIP/2.0 500 Server Internal Error"], "5"]);
});

test("a PRACK that comes after the 200 is still answered by the application", () => {
  const sim = simulate();
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE", headers: ["Supported: 100rel"] }));
  const id = sim.drainTold().at(-1)?.tokens[8];
  sim.frame(1, `sip|${id}|\r\nSIP/2.0 183 Session Progress\r\nrequire: 100rel\r\n\r\n`);
  const rseq = headerOf(sim.last(), "rseq");
  sim.frame(1, `sip|${id}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  const tag = /tag=(.*)$/.exec(headerOf(sim.last(), "to") ?? "")?.[1] ?? "";
  sim.pass(25);
  sim.drainTold();
  sim.peer(request({ method: "PRACK", seq: 2, toTag: tag, headers: [`RAck: ${rseq} 1 INVITE`] }));
  expect(told(sim)).toEqual(["PRACK"]);
});
