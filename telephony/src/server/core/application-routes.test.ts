import { expect, test } from "vitest";
import type { RouteAnswer } from "../control/route-answer.ts";
import { request, type Simulation, simulate } from "./simulation.ts";

const URL = "http://127.0.0.1:8000/route";
const asking = (url = URL) => simulate({ applicationRoutes: [{ method: "invite", url, httpMethod: "GET" }] });
const answer = (sim: Simulation, ask: number, given: RouteAnswer): void =>
  sim.input({ type: "application-answer", ask, answer: given });
const invite = (sim: Simulation): void => sim.peer(request({ method: "INVITE", uri: "sip:bob@10.0.0.1;x=1" }));

test("a new request is asked about, with the daemon's parameters; others are not", () => {
  const sim = asking();
  invite(sim);
  expect(sim.drainSent()).toEqual(["SIP/2.0 100 Trying"]);
  const asked = sim.others.find(({ type }) => type === "ask-application");
  expect(asked).toMatchObject({ ask: 1, url: URL, httpMethod: "GET", body: null });
  expect(asked?.type === "ask-application" && Object.fromEntries(asked.query)).toEqual({
    ...{ method: "INVITE", domain: "10.0.0.1", protocol: "udp", source_address: "10.0.0.9", fromUser: "peer" },
    ...{ toUser: "svc", uriUser: "bob", contentType: "", uri: "sip:bob@10.0.0.1;x=1", x: "1" },
  });
  sim.peer(request({ method: "OPTIONS" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 503 Service Unavailable"]);
});

test("reject, redirect, nonsense and silence have their answers", () => {
  const cases: readonly [RouteAnswer, string][] = [
    [{ type: "reject", status: 486, reason: "Gone fishing" }, "SIP/2.0 486 Gone fishing"],
    [{ type: "redirect", contacts: ["sip:a@b.example"] }, "SIP/2.0 302 Moved Temporarily"],
    [{ type: "fault" }, "SIP/2.0 500 Server Internal Error"],
    [{ type: "unreachable" }, "SIP/2.0 480 Temporarily Unavailable"],
    [{ type: "tag", tag: "nobody" }, "SIP/2.0 480 Temporarily Unavailable"],
  ];
  for (const [given, expected] of cases) {
    const sim = asking();
    invite(sim);
    sim.drainSent();
    answer(sim, 1, given);
    expect(sim.drainSent()).toEqual([expected]);
    if (given.type === "redirect") expect(sim.core.figures().waiting).toBe(0);
  }
});

test("a tag leads to an application that has it and asked for the verb", () => {
  const sim = asking();
  sim.application(1, "invite");
  for (const [client, tags] of [
    [2, "day"],
    [3, "night,day"],
  ] as const) {
    sim.input({ type: "client-opened", client, address: "127.0.0.1" });
    sim.frame(client, `authenticate|secret|${tags}`);
  }
  sim.frame(3, "route|invite");
  sim.drainTold();
  invite(sim);
  answer(sim, 1, { type: "tag", tag: "day" });
  expect(sim.drainTold().map(({ client }) => client)).toEqual([3]);
});

test("an application that is dialled gets its request right after the secret, and no other's calls", () => {
  const sim = asking("tcp://127.0.0.1:9021");
  invite(sim);
  expect(sim.others.at(-1)).toEqual({
    ...{ type: "dial-application", ask: 1, place: { host: "127.0.0.1", port: 9021, tls: false } },
  });
  sim.input({ type: "client-opened", client: 9, address: "127.0.0.1", ask: 1 });
  sim.frame(9, "authenticate|secret|");
  const told = sim.drainTold();
  expect(told.map(({ tokens }) => tokens[1])).toEqual(["response", "sip"]);
  sim.frame(9, `sip|${told[1]?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\nv=0\r\n`);
  expect(sim.drainSent()).toEqual(["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]);
});

test("one that does not show the secret costs its caller 480, one that comes too late is sent away", () => {
  const sim = asking("tcp://127.0.0.1:9021");
  invite(sim);
  sim.input({ type: "client-opened", client: 9, address: "127.0.0.1", ask: 1 });
  sim.input({ type: "client-closed", client: 9 });
  expect(sim.drainSent()).toEqual(["SIP/2.0 100 Trying", "SIP/2.0 480 Temporarily Unavailable"]);
  const late = asking("tcp://127.0.0.1:9021");
  invite(late);
  late.peer(request({ method: "CANCEL" }));
  late.input({ type: "client-opened", client: 9, address: "127.0.0.1", ask: 1 });
  late.frame(9, "authenticate|secret|");
  expect(late.others.at(-1)).toEqual({ type: "close-client", client: 9 });
});

test("proxying is done by the server itself", () => {
  const sim = asking();
  invite(sim);
  sim.drainSent();
  answer(sim, 1, {
    ...{ type: "proxy", destinations: ["sip:10.0.0.77"], recordRoute: true, followRedirects: true },
    ...{ simultaneous: false, provisionalTimeout: "", finalTimeout: "" },
  });
  const sent = sim.sent.at(-1);
  expect(sent?.flow.remote.address).toBe("10.0.0.77");
  expect(sent?.text).toMatch(/^INVITE [\s\S]*\r\nRecord-Route: /);
});
