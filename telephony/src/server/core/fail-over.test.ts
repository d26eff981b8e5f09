import { expect, test } from "vitest";
import { headerOf } from "../message/index.ts";
import { answer, simulate } from "./simulation.ts";
import type { Place } from "./state.ts";

const FIRST: Place = { address: "10.0.0.11", port: 5060, transport: "udp" };
const SECOND: Place = { address: "10.0.0.12", port: 5062, transport: "udp" };

function askByName(method = "INVITE", places: readonly Place[] = [FIRST, SECOND], body = "") {
  const sim = simulate();
  sim.application(1);
  const type = body === "" ? "" : "Content-Type: text/plain\r\n";
  sim.frame(1, `sip||\r\n${method} sip:bob@pbx.test SIP/2.0\r\nFrom: <sip:al@localhost>\r\n${type}\r\n${body}`);
  sim.input({ type: "resolved", lookup: 1, places });
  return sim;
}
const remoteOf = (sim: ReturnType<typeof simulate>): string => sim.sent.at(-1)?.flow.remote.address ?? "";
const statuses = (sim: ReturnType<typeof simulate>): string[] =>
  sim.drainTold().flatMap(({ message }) => (message.startsWith("SIP/2.0") ? [message.slice(8, 11)] : []));

test("a server that says 503 gets its ACK and the next one the request, under another branch and the same call", () => {
  const sim = askByName();
  const first = sim.last();
  expect(remoteOf(sim)).toBe("10.0.0.11");
  sim.drainTold();
  sim.peer(answer(first, 503));
  const second = sim.last();
  expect(remoteOf(sim)).toBe("10.0.0.12");
  expect(sim.sent.at(-2)?.text).toMatch(/^ACK /);
  expect(headerOf(second, "via")).not.toBe(headerOf(first, "via"));
  for (const key of ["call-id", "from", "cseq"]) expect(headerOf(second, key)).toBe(headerOf(first, key));
  expect(statuses(sim)).toEqual([]);
  // The first one did not hear the ACK and says it again.
  sim.peer(answer(first, 503));
  expect(sim.sent.at(-1)?.text).toMatch(/^ACK /);
  sim.peer(answer(second, 486));
  expect(statuses(sim)).toEqual(["486"]);
});

test("a silent server is left after 4 s, a transport fault at once; the last failure is told", () => {
  const sim = askByName("OPTIONS");
  sim.pass(3900);
  expect(remoteOf(sim)).toBe("10.0.0.11");
  sim.pass(200);
  expect(remoteOf(sim)).toBe("10.0.0.12");
  const transaction = sim.transactions.at(-1);
  if (transaction === undefined) throw new Error("nothing was sent");
  sim.input({ type: "send-failed", transaction, why: "connection refused" });
  expect(sim.drainTold().at(-1)?.message).toContain('Warning: 399 intramuros "connection refused"');
  sim.pass(60_000);
  expect(sim.core.figures().clientTransactions).toBe(0);
});

test("a server that failed is tried last by the next request, until half a minute has passed", () => {
  const sim = askByName();
  sim.peer(answer(sim.last(), 503));
  const again = (lookup: number): string => {
    sim.frame(1, "sip||\r\nOPTIONS sip:bob@pbx.test SIP/2.0\r\nFrom: <sip:al@localhost>\r\n\r\n");
    sim.input({ type: "resolved", lookup, places: [FIRST, SECOND] });
    return remoteOf(sim);
  };
  expect(again(2)).toBe("10.0.0.12");
  sim.pass(31_000);
  expect(again(3)).toBe("10.0.0.11");
});

test("who has rung is not left for another address, and a call taken back does not go on", () => {
  const rings = askByName();
  rings.peer(answer(rings.last(), 180));
  rings.pass(10_000);
  rings.peer(answer(rings.sent[0]?.message ?? rings.last(), 503));
  expect(rings.sent.some(({ flow }) => flow.remote.address === "10.0.0.12")).toBe(false);
  expect(statuses(rings).at(-1)).toBe("503");

  const gone = askByName();
  const id = gone.drainTold()[0]?.tokens[10] ?? "";
  gone.frame(1, `sip|${id}|\r\nCANCEL sip:bob@pbx.test SIP/2.0\r\n\r\n`);
  gone.pass(10_000);
  expect(gone.sent.some(({ flow }) => flow.remote.address === "10.0.0.12")).toBe(false);
});

test("a large request goes by TCP with our TCP address, and by UDP after a refusal, which is remembered", () => {
  const sim = askByName("MESSAGE", [FIRST], "x".repeat(1500));
  expect(sim.sent.at(-1)?.flow.transport).toBe("tcp");
  expect(headerOf(sim.last(), "via")).toMatch(/^SIP\/2\.0\/TCP /);
  const transaction = sim.transactions.at(-1);
  if (transaction === undefined) throw new Error("nothing was sent");
  sim.input({ type: "send-failed", transaction });
  expect(sim.sent.at(-1)?.flow).toMatchObject({ transport: "udp", remote: { address: "10.0.0.11" } });
  expect(headerOf(sim.last(), "via")).toMatch(/^SIP\/2\.0\/UDP /);

  const send = (uri: string): string => {
    const body = "y".repeat(1500);
    sim.frame(1, `sip||\r\nMESSAGE ${uri} SIP/2.0\r\nContent-Type: text/plain\r\n\r\n${body}`);
    return sim.sent.at(-1)?.flow.transport ?? "";
  };
  expect(send("sip:bob@10.0.0.11")).toBe("udp");
  expect(send("sip:bob@10.0.0.15")).toBe("tcp");
  expect(send("sip:bob@10.0.0.16;transport=udp")).toBe("udp");
});
