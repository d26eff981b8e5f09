import { expect, test } from "vitest";
import { request, simulate, udpFlow } from "../core/simulation.ts";

const VERBS = ["invite", "register", "options"];
const from = (address: string) => ({ ...udpFlow(), remote: { address, port: 5066 } });
const invite = (n: number, headers: readonly string[] = []): string =>
  request({ method: "INVITE", branch: `z9hG4bK-x-${n}`, callId: `call-${n}`, headers });

test("a scanner gets no answer, by its name or by its hand, and is counted", () => {
  const sim = simulate({ scanners: ["friendly-scanner"] });
  sim.application(1, ...VERBS);
  sim.peer(invite(1, ["User-Agent: Friendly-Scanner"]));
  const byHand = (from_: string, contact: string): string =>
    [
      "OPTIONS sip:100@10.0.0.1 SIP/2.0",
      "Via: SIP/2.0/UDP 10.0.0.9:5061;branch=z9hG4bK-1234567890;rport",
      `To: ${from_}`,
      `From: ${from_};tag=61`,
      "Call-ID: 99",
      `Contact: ${contact}`,
      "CSeq: 1 OPTIONS",
      "User-Agent: Linksys",
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n");
  sim.peer(byHand('"sipvicious"<sip:100@1.1.1.1>', "sip:100@10.0.0.9:5061"));
  sim.peer(byHand('"100"<sip:100@10.0.0.1>', "sip:123@1.1.1.1"));
  sim.peer(byHand('"100"<sip:100@10.0.0.1>', "sip:100@10.0.0.9"));
  expect(sim.drainSent()).toEqual([]);
  expect(sim.drainTold()).toEqual([]);
  expect(sim.core.figures()).toMatchObject({ scanners: 4, serverTransactions: 0 });
  sim.peer(byHand('"100" <sip:100@10.0.0.1>', "<sip:100@10.0.0.9>"));
  expect(sim.drainTold().length).toBe(1);
});

test("a flood opens a bounded number of transactions; a call of the same source goes on, others are not touched", () => {
  const sim = simulate({ maxRequestsPerSecond: 100 });
  sim.application(1, ...VERBS);
  sim.peer(invite(0));
  sim.frame(1, `sip|${sim.drainTold()[0]?.tokens[8]}|\r\nSIP/2.0 200 OK\r\nContact: <sip:x@10.0.0.1>\r\n\r\n`);
  const answer = sim.last();
  const toTag = /tag=([^;\r]*)/.exec(answer.headers.find(({ key }) => key === "to")?.value ?? "")?.[1] ?? "";
  for (let i = 1; i <= 3000; i++) {
    sim.peer(invite(i));
    if (i % 10 === 0) sim.pass(1);
  }
  const { serverTransactions, limited, ignored } = sim.core.figures();
  expect(serverTransactions).toBeLessThan(80);
  expect(limited).toBeGreaterThan(10);
  expect(ignored).toBeGreaterThan(2500);
  sim.drainSent();
  sim.drainTold();
  sim.input({ type: "message", flow: from("10.0.0.8"), bytes: Buffer.from(invite(9001)) });
  expect(sim.drainTold().length).toBe(1);
  sim.pass(100);
  sim.drainSent();
  sim.peer(request({ method: "BYE", callId: "call-0", toTag, seq: 2 }));
  const bye = sim.drainTold().at(-1);
  sim.frame(1, `sip|${bye?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.drainSent()).toContain("SIP/2.0 200 OK");
});

test("noise is answered with 400 only at the rate of its source", () => {
  const sim = simulate({ maxRequestsPerSecond: 100 });
  for (let i = 0; i < 1000; i++)
    sim.peer("INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKx\r\nnonsense\r\n\r\n");
  expect(sim.drainSent().length).toBeLessThan(50);
});

test("of one thing the log hears ten times a second at most", () => {
  const sim = simulate();
  for (let i = 0; i < 100; i++) sim.peer(invite(i));
  expect(sim.others.filter(({ type }) => type === "note").length).toBe(10);
});
