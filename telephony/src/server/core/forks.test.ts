import { expect, test } from "vitest";
import { headerOf, type SipMessage, type SipRequest } from "../message/index.ts";
import { answer, request, type Simulation, simulate } from "./simulation.ts";

const INVITE = "INVITE sip:bob@10.0.0.9:5066 SIP/2.0\r\nfrom: <sip:al@localhost>\r\n";
const contact = (user: string): string => `Contact: <sip:${user}@10.0.0.9:5066>`;
const reliable = (user: string, rseq: number): string[] => [contact(user), "Require: 100rel", `RSeq: ${rseq}`];

function ask(sim: Simulation) {
  sim.application(1);
  sim.frame(1, `sip||\r\n${INVITE}\r\n`);
  const sent = sim.last();
  const [, ourTag = ""] = /tag=(.*)$/.exec(headerOf(sent, "from") ?? "") ?? [];
  sim.drainTold();
  return { sent, id: `${headerOf(sent, "call-id")};from-tag=${ourTag}`, ourTag };
}
const sentRequests = (sim: Simulation): SipRequest[] =>
  sim.sent.splice(0).flatMap(({ message }) => (message.kind === "request" ? [message] : []));
const statuses = (sim: Simulation): string[] => sim.drainTold().map(({ message }) => message.slice(0, 11));
/** A request of a branch of the called side. */
const fromBranch = (sent: SipMessage, method: string, tag: string, seq = 1): string =>
  request({ method, seq, branch: `z9hG4bK-${tag}-${method}-${seq}`, callId: headerOf(sent, "call-id") ?? "" })
    .replace(/^From: .*$/m, `From: <sip:bob@10.0.0.9:5066>;tag=${tag}`)
    .replace(/^To: .*$/m, `To: ${headerOf(sent, "from")}`);

test("each branch that rings reliably gets its own PRACK, even when the other has spoken since", () => {
  const sim = simulate();
  const { sent, id } = ask(sim);
  sim.peer(answer(sent, 183, { toTag: "a", headers: reliable("a", 10) }));
  sim.peer(answer(sent, 183, { toTag: "b", headers: reliable("b", 20) }));
  expect(statuses(sim)).toEqual(["SIP/2.0 183", "SIP/2.0 183"]);
  sim.drainSent();
  const cseq = headerOf(sent, "cseq");
  sim.frame(1, `sip||${id}\r\nPRACK sip:placeholder SIP/2.0\r\nrack: 10 ${cseq}\r\n\r\n`);
  sim.frame(1, `sip||${id}\r\nPRACK sip:placeholder SIP/2.0\r\nrack: 20 ${cseq}\r\n\r\n`);
  const pracks = sentRequests(sim).map((prack) => [prack.uri, headerOf(prack, "to"), headerOf(prack, "rack")]);
  expect(pracks).toEqual([
    ["sip:a@10.0.0.9:5066", "<sip:bob@10.0.0.9:5066>;tag=a", `10 ${cseq}`],
    ["sip:b@10.0.0.9:5066", "<sip:bob@10.0.0.9:5066>;tag=b", `20 ${cseq}`],
  ]);
});

test("several reliable responses of one branch: repetitions are not told, nor one whose predecessor is missing", () => {
  const sim = simulate();
  const { sent } = ask(sim);
  for (const rseq of [10, 10, 12, 11, 12, 11]) {
    sim.peer(answer(sent, 180 + (rseq % 10), { toTag: "a", headers: reliable("a", rseq) }));
  }
  expect(statuses(sim)).toEqual(["SIP/2.0 180", "SIP/2.0 181", "SIP/2.0 182"]);
});

test("a branch that asks something while the other spoke last is understood; after the answer only the one that answered is", () => {
  const sim = simulate();
  const { sent, id } = ask(sim);
  sim.peer(answer(sent, 183, { toTag: "a", headers: reliable("a", 1) }));
  sim.peer(answer(sent, 183, { toTag: "b", headers: reliable("b", 1) }));
  statuses(sim);
  sim.drainSent();
  sim.peer(fromBranch(sent, "UPDATE", "a"));
  const told = sim.drainTold().at(-1);
  expect([told?.message.slice(0, 6), told?.tokens[9]]).toEqual(["UPDATE", id]);
  sim.frame(1, `sip|${told?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(headerOf(sim.last(), "from")).toContain("tag=a");
  sim.peer(answer(sent, 200, { toTag: "b", headers: [contact("b")] }));
  sim.pass(25);
  sim.frame(1, `sip||${id}\r\nACK sip:x SIP/2.0\r\n\r\n`);
  expect(sentRequests(sim).map(({ method, uri }) => `${method} ${uri}`)).toEqual(["ACK sip:b@10.0.0.9:5066"]);
  sim.peer(fromBranch(sent, "BYE", "a", 2));
  expect(sim.drainSent()).toEqual(["SIP/2.0 481 Call/Transaction Does Not Exist"]);
  sim.peer(fromBranch(sent, "BYE", "b", 2));
  expect(sim.core.figures().dialogs).toBe(0);
});

test("a second branch that answers too is acknowledged each time it says so, and ended once", () => {
  const sim = simulate();
  const { sent, id } = ask(sim);
  sim.peer(answer(sent, 200, { toTag: "a", headers: [contact("a")] }));
  sim.frame(1, `sip||${id}\r\nACK sip:x SIP/2.0\r\n\r\n`);
  sim.drainSent();
  for (let i = 0; i < 3; i++) sim.peer(answer(sent, 200, { toTag: "b", headers: [contact("b")] }));
  expect(sentRequests(sim).map(({ method, uri }) => `${method} ${uri}`)).toEqual([
    "ACK sip:b@10.0.0.9:5066",
    "BYE sip:b@10.0.0.9:5066",
    "ACK sip:b@10.0.0.9:5066",
    "ACK sip:b@10.0.0.9:5066",
  ]);
  expect(sim.core.figures().dialogs).toBe(1);
});

test("an answer without Contact goes on with the one that its branch has given before", () => {
  const sim = simulate();
  const { sent, id } = ask(sim);
  sim.peer(answer(sent, 180, { toTag: "a", headers: [contact("a")] }));
  sim.peer(answer(sent, 200, { toTag: "a" }));
  sim.drainSent();
  sim.frame(1, `sip||${id}\r\nACK sip:x SIP/2.0\r\n\r\n`);
  expect(sim.drainSent()).toEqual(["ACK sip:a@10.0.0.9:5066 SIP/2.0"]);
});

test("a refusal ends all early dialogs", () => {
  const sim = simulate();
  const { sent } = ask(sim);
  for (const tag of ["a", "b", "c"]) sim.peer(answer(sent, 180, { toTag: tag, headers: [contact(tag)] }));
  sim.peer(answer(sent, 486, { toTag: "a" }));
  sim.drainSent();
  for (const tag of ["a", "b", "c"]) sim.peer(fromBranch(sent, "UPDATE", tag));
  expect(new Set(sim.drainSent())).toEqual(new Set(["SIP/2.0 481 Call/Transaction Does Not Exist"]));
  sim.pass(40_000);
  expect(sim.core.figures()).toMatchObject({ dialogs: 0, clientTransactions: 0, waiting: 0 });
});
