import { expect, test } from "vitest";
import { headerOf, tagOf } from "../message/index.ts";
import { answer, request, type Simulation, simulate } from "./simulation.ts";

/** A call that rings reliably; gives what the peer needs for its PRACK. */
function ring(sim: Simulation, supported = "Supported: 100rel") {
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE", headers: [supported] }));
  const transaction = sim.drainTold()[0]?.tokens[8] ?? "";
  sim.frame(1, `sip|${transaction}|\r\nSIP/2.0 183 Session Progress\r\nRequire: 100rel\r\nRSeq: 7\r\n\r\n`);
  return { transaction, sent: sim.last(), told: sim.drainTold() };
}
const prack = (rack: string, tag: string): string =>
  request({ method: "PRACK", seq: 2, toTag: tag, headers: [`RAck: ${rack}`] });

test("a reliable 183 has an RSeq of ours, a Contact, and is repeated until its PRACK", () => {
  const sim = simulate();
  const { sent } = ring(sim);
  const rseq = headerOf(sent, "rseq") ?? "";
  expect(Number(rseq)).toBeGreaterThan(0);
  expect(headerOf(sent, "contact")).toBe("<sip:10.0.0.1:5060>");
  sim.drainSent();
  sim.pass(3500);
  expect(sim.drainSent()).toEqual(Array(3).fill("SIP/2.0 183 Session Progress"));
  const tag = tagOf(headerOf(sent, "to") ?? "") ?? "";
  sim.peer(prack(`${Number(rseq) + 1} 1 INVITE`, tag));
  expect(sim.drainSent()).toEqual(["SIP/2.0 481 Call/Transaction Does Not Exist"]);
  sim.peer(request({ method: "PRACK", seq: 3, toTag: tag, headers: [`RAck: ${rseq} 1 INVITE`] }));
  const frame = sim.drainTold()[0];
  expect(frame?.tokens[9]).toBe("call-1;from-tag=peertag");
  sim.frame(1, `sip|${frame?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK"]);
  sim.pass(30_000);
  expect(sim.drainSent()).toEqual([]);
});

test("without a PRACK the INVITE is refused after 64·T1 and the application hears a cancel", () => {
  const sim = simulate();
  ring(sim);
  sim.pass(32_000);
  expect(sim.drainSent().at(-1)).toBe("SIP/2.0 504 Server Time-out");
  expect(sim.drainTold()[0]?.message.startsWith("CANCEL ")).toBe(true);
  expect(sim.core.figures().dialogs).toBe(0);
});

test("the 200 ends the repetition; a late PRACK is still answered", () => {
  const sim = simulate();
  const { transaction, sent } = ring(sim);
  sim.frame(1, `sip|${transaction}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  const tag = tagOf(headerOf(sent, "to") ?? "") ?? "";
  sim.peer(request({ method: "ACK", toTag: tag, branch: "z9hG4bK-ack" }));
  sim.drainSent();
  sim.pass(5000);
  expect(sim.drainSent()).toEqual([]);
  sim.drainTold();
  sim.peer(prack(`${headerOf(sent, "rseq")} 1 INVITE`, tag));
  expect(sim.drainTold().length).toBe(1);
});

test("a peer without 100rel: the application is told so, nothing is sent", () => {
  const sim = simulate();
  const { told } = ring(sim, "Supported: timer");
  expect(told[0]?.tokens.slice(3)).toEqual(["NOK", "Remote endpoint does not support 100rel"]);
});

test("a repeated reliable response of the peer is passed up once", () => {
  const sim = simulate();
  sim.application(1);
  sim.frame(1, "sip||\r\nINVITE sip:bob@10.0.0.9:5066 SIP/2.0\r\n\r\n");
  const sent = sim.last();
  sim.drainTold();
  for (const rseq of [1, 1, 2]) {
    sim.peer(answer(sent, 183, { headers: ["Require: 100rel", `RSeq: ${rseq}`] }));
  }
  expect(sim.drainTold().map(({ message }) => /RSeq: (\d)/.exec(message)?.[1])).toEqual(["1", "2"]);
});
