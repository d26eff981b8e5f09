import { expect, test } from "vitest";
import { headerOf } from "../message/index.ts";
import { answer, request, type Simulation, simulate } from "./simulation.ts";

/** What peers demand of us and we of them, beyond RFC 3261's plain call. */

function invited(sim: Simulation, headers: readonly string[], body = "") {
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE", headers, body }));
  const told = sim.drainTold().at(-1);
  sim.drainSent();
  return (response: string): string[] => {
    sim.frame(1, `sip|${told?.tokens[8]}|\r\n${response}`);
    return sim.drainTold().map(({ tokens }) => tokens.slice(3).join("|"));
  };
}

test("a caller that requires 100rel gets its 180 reliably although the application did not ask for it", () => {
  const sim = simulate();
  const respond = invited(sim, ["Require: 100rel"]);
  respond("SIP/2.0 180 Ringing\r\n\r\n");
  const ringing = sim.last();
  expect(headerOf(ringing, "require")).toBe("100rel");
  const [, tag = ""] = /tag=(.*)$/.exec(headerOf(ringing, "to") ?? "") ?? [];
  sim.pass(500);
  expect(sim.drainSent()).toEqual(["SIP/2.0 180 Ringing", "SIP/2.0 180 Ringing"]);
  sim.peer(request({ method: "PRACK", seq: 2, toTag: tag, headers: [`RAck: ${headerOf(ringing, "rseq")} 1 INVITE`] }));
  expect(sim.drainTold().at(-1)?.message.slice(0, 5)).toBe("PRACK");
  sim.pass(3000);
  expect(sim.drainSent()).toEqual([]);
});

test("required preconditions that the application does not know are refused by name; one that knows them is let through", () => {
  const sim = simulate();
  const respond = invited(sim, ["Require: precondition", "Supported: 100rel"]);
  expect(respond("SIP/2.0 183 Session Progress\r\n\r\nv=0\r\n")[0]).toMatch(/^NOK\|the caller requires preconditions/);
  expect(headerOf(sim.last(), "unsupported")).toBe("precondition");
  expect(sim.drainSent()).toEqual(["SIP/2.0 420 Bad Extension"]);
  const other = simulate();
  const accept = invited(other, ["Require: precondition", "Supported: 100rel"]);
  accept("SIP/2.0 183 Session Progress\r\nrequire: 100rel\r\n\r\nv=0\r\na=curr:qos local none\r\n");
  expect(other.drainSent()).toEqual(["SIP/2.0 183 Session Progress"]);
});

test("an option that nobody defines is refused in a call as well, and the call goes on", () => {
  const sim = simulate();
  invited(sim, [])("SIP/2.0 200 OK\r\n\r\n");
  const [, tag = ""] = /tag=(.*)$/.exec(headerOf(sim.last(), "to") ?? "") ?? [];
  sim.peer(request({ method: "ACK", toTag: tag }));
  sim.peer(request({ method: "INFO", seq: 2, toTag: tag, headers: ["Require: teleport"] }));
  expect(headerOf(sim.last(), "unsupported")).toBe("teleport");
  expect(sim.core.figures().dialogs).toBe(1);
});

test("two calls of one Call-ID and tag, both let in before either was answered: the second answer is refused, with its reason", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const ids = [1, 2].map((seq) => {
    sim.peer(request({ method: "INVITE", seq, branch: `z9hG4bK-${seq}` }));
    return sim.drainTold().at(-1)?.tokens[8];
  });
  sim.drainSent();
  const outcome = ids.map((id) => {
    sim.frame(1, `sip|${id}|\r\nSIP/2.0 200 OK\r\n\r\n`);
    return [sim.drainTold()[0]?.tokens.slice(3, 5).join("|"), ...sim.drainSent()];
  });
  expect(outcome).toEqual([
    ["OK|application", "SIP/2.0 200 OK"],
    ["NOK|dialog already exists, rejecting this request", "SIP/2.0 480 Temporarily Unavailable"],
  ]);
});

test("an unknown method gets 501 with what we allow", () => {
  const sim = simulate();
  sim.application(1, "invite");
  sim.peer(request({ method: "TELEPORT" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 501 Not Implemented"]);
  sim.peer(request({ method: "TELEPORT", branch: "z9hG4bK-2" }));
  expect(headerOf(sim.last(), "allow")).toContain("PUBLISH");
});

test("the route set of a call we answer is the Record-Route as it came, of one we made the reverse; strict routers included", () => {
  const sim = simulate();
  const routes = [
    "Record-Route: <sip:10.0.0.9:5071;lr>, <sip:10.0.0.9:5072;lr>",
    "Record-Route: <sip:10.0.0.9:5073;lr>",
  ];
  invited(sim, routes)("SIP/2.0 200 OK\r\n\r\n");
  expect(
    sim
      .last()
      .headers.filter(({ key }) => key === "record-route")
      .map(({ line }) => line),
  ).toEqual(routes);
  sim.frame(1, "sip||call-1;from-tag=peertag\r\nINFO sip:placeholder SIP/2.0\r\n\r\n");
  const way = () => [
    sim.sent.at(-1)?.text.split(" ")[1],
    sim
      .last()
      .headers.filter(({ key }) => key === "route")
      .map(({ value }) => value),
    sim.sent.at(-1)?.flow.remote.port,
  ];
  expect(way()).toEqual([
    "sip:peer@10.0.0.9:5066",
    ["<sip:10.0.0.9:5071;lr>", "<sip:10.0.0.9:5072;lr>", "<sip:10.0.0.9:5073;lr>"],
    5071,
  ]);
  sim.frame(1, "sip||\r\nINVITE sip:bob@10.0.0.9:5066 SIP/2.0\r\n\r\n");
  const strict = ["Record-Route: <sip:10.0.0.9:5074;lr>", "Record-Route: <sip:10.0.0.9:5075>"];
  sim.peer(answer(sim.last(), 200, { headers: ["Contact: <sip:bob@10.0.0.9:5066>", ...strict] }));
  sim.frame(1, `sip||${sim.drainTold().at(-1)?.tokens[9]}\r\nACK sip:x SIP/2.0\r\n\r\n`);
  expect(way()).toEqual(["sip:10.0.0.9:5075", ["<sip:10.0.0.9:5074;lr>", "<sip:bob@10.0.0.9:5066>"], 5075]);
});

test("an outbound proxy is the next hop of all that names none; a loose router finds itself in Route", () => {
  const sim = simulate({ outboundProxy: "sip:10.0.0.8:5070;lr" });
  sim.application(1);
  const way = (route: string) => {
    sim.frame(1, `sip|||${route}\r\nOPTIONS tel:+4312345 SIP/2.0\r\n\r\n`);
    const sent = sim.sent.at(-1);
    return [sent?.flow.remote.port, headerOf(sim.last(), "route"), sent?.text.split(" ")[1]];
  };
  expect(way("")).toEqual([5070, "<sip:10.0.0.8:5070;lr>", "tel:+4312345"]);
  expect(way("sip:10.0.0.8:5071")).toEqual([5071, null, "tel:+4312345"]);
});

test("bodies of several parts pass untouched in both directions", () => {
  const parts =
    "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b\r\nContent-Type: x/y\r\n\r\n\u00ff\u0000\r\n--b--\r\n";
  const sim = simulate();
  const respond = invited(sim, ["Content-Type: multipart/mixed;boundary=b"], parts);
  expect(sim.core.figures().malformed).toBe(0);
  respond(`SIP/2.0 200 OK\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n${parts}`);
  expect(sim.last().body.toString("latin1")).toBe(parts);
  expect(headerOf(sim.last(), "content-length")).toBe(String(parts.length));
});

test("Service-Route, Path and what nobody knows pass to the application and back", () => {
  const sim = simulate();
  sim.application(1, "register");
  sim.peer(request({ method: "REGISTER", headers: ["Path: <sip:p;lr>", "Contact: <sip:a@b>", "X-Odd: yes"] }));
  const told = sim.drainTold().at(-1);
  expect(told?.message).toContain("\r\nPath: <sip:p;lr>\r\n");
  sim.frame(1, `sip|${told?.tokens[8]}|\r\nSIP/2.0 200 OK\r\nservice-route: <sip:s;lr>\r\npath: <sip:p;lr>\r\n\r\n`);
  expect([headerOf(sim.last(), "service-route"), headerOf(sim.last(), "path")]).toEqual(["<sip:s;lr>", "<sip:p;lr>"]);
  expect(sim.sent.at(-1)?.text).toContain("Service-Route: <sip:s;lr>");
});

test("a change of ours that the peer never answers, because it hung up, is given up after 32 s", () => {
  const sim = simulate();
  sim.application(1);
  sim.frame(1, "sip||\r\nINVITE sip:bob@10.0.0.9:5066 SIP/2.0\r\n\r\n");
  const invite = sim.last();
  sim.peer(answer(invite, 200, { headers: ["Contact: <sip:bob@10.0.0.9:5066>"] }));
  const id = sim.drainTold().at(-1)?.tokens[9];
  sim.frame(1, `sip||${id}\r\nACK sip:x SIP/2.0\r\n\r\n`);
  sim.pass(25);
  sim.frame(1, `sip||${id}\r\nINVITE sip:placeholder SIP/2.0\r\n\r\n`);
  sim.peer(answer(sim.last(), 100));
  sim.peer(
    request({ method: "BYE", callId: headerOf(invite, "call-id") ?? "" })
      .replace(/^From: .*$/m, "From: <sip:bob@10.0.0.9>;tag=theirs")
      .replace(/^To: .*$/m, `To: ${headerOf(invite, "from")}`),
  );
  sim.drainTold();
  sim.pass(32_000);
  expect(sim.drainTold().map(({ message }) => message.slice(0, 11))).toEqual(["SIP/2.0 408"]);
  sim.pass(40_000);
  expect(sim.core.figures()).toMatchObject({ clientTransactions: 0, dialogs: 0 });
});

test("a BYE of the application waits for the ACK of its answer; when none comes, the call ends as one that was never acknowledged", () => {
  for (const isAcknowledged of [true, false]) {
    const sim = simulate();
    invited(sim, [])("SIP/2.0 200 OK\r\n\r\n");
    const [, tag = ""] = /tag=(.*)$/.exec(headerOf(sim.last(), "to") ?? "") ?? [];
    sim.drainSent();
    sim.frame(1, "sip||call-1;from-tag=peertag\r\nBYE sip:placeholder SIP/2.0\r\n\r\n");
    expect(sim.drainSent()).toEqual([]);
    if (isAcknowledged) {
      sim.peer(request({ method: "ACK", toTag: tag }));
      const [, echo] = sim.drainTold();
      expect([echo?.tokens[3], echo?.message.slice(0, 3)]).toEqual(["OK", "BYE"]);
      sim.peer(answer(sim.last(), 200));
      expect(sim.drainSent()).toEqual(["BYE sip:peer@10.0.0.9:5066 SIP/2.0"]);
    } else {
      sim.pass(32_000);
      expect(sim.drainSent().at(-1)).toBe("BYE sip:peer@10.0.0.9:5066 SIP/2.0");
      const told = sim.drainTold().map(({ tokens }) => tokens.slice(1).join("|"));
      expect(told.some((line) => line.includes("|unsolicited|"))).toBe(true);
      expect(told.some((line) => line.includes("NOK|Server error: unable to find dialog"))).toBe(true);
    }
    sim.pass(70_000);
    expect(sim.core.figures()).toMatchObject({ dialogs: 0, waiting: 0 });
  }
});
