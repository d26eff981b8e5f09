import { expect, test } from "vitest";
import { headerOf, type SipMessage, type SipRequest } from "../message/index.ts";
import { answer, request, type Simulation, simulate, tcpFlow, udpFlow } from "./simulation.ts";

const INVITE = request({ method: "INVITE", headers: ["Supported: 100rel"] });

interface Wish {
  readonly flags?: string;
  readonly mode?: "serial" | "simultaneous";
  readonly times?: string;
  readonly to: readonly string[];
}
/** The application hands the next request to the proxy; gives what was sent. */
function proxy(sim: Simulation, text: string, wish: Wish): SipRequest[] {
  sim.peer(text);
  const told = sim.drainTold().at(-1);
  sim.drainSent();
  const { flags = "remainInDialog|fullResponse|", mode = "serial", times = "|" } = wish;
  sim.frame(
    1,
    `proxy|${told?.tokens[8]}|${flags}|${mode}|${times}|${wish.to.join("|")}\r\nINVITE sip:x SIP/2.0\r\nX-Added: yes\r\n\r\n`,
  );
  return requests(sim);
}
const requests = (sim: Simulation): SipRequest[] =>
  sim.sent.splice(0).flatMap(({ message }) => (message.kind === "request" ? [message] : []));
const called = (sim: Simulation, to: SipMessage, status: number, toTag = "theirs", headers: readonly string[] = []) =>
  sim.peer(answer(to, status, { toTag, headers }), udpFlow(5080));
const frames = (sim: Simulation): string[] =>
  sim.drainTold().map(({ tokens, message }) => `${tokens.slice(3).join("|")} ${message.slice(8, 11)}`.trim());
const A = "sip:a@10.0.0.9:5081";
const B = "sip:b@10.0.0.9:5082";

function start() {
  const sim = simulate();
  sim.application(1, "invite", "options", "register");
  return sim;
}

function settled(sim: Simulation): void {
  sim.pass(4 * 3_600_000);
  expect(sim.core.figures()).toMatchObject({ serverTransactions: 0, clientTransactions: 0, dialogs: 0, waiting: 0 });
}

test("a forwarded INVITE has our Via on top, one hop less, our Record-Route, the target, and the application's headers", () => {
  const sim = start();
  const [forwarded] = proxy(sim, INVITE, { to: [A] });
  expect(forwarded?.uri).toBe(A);
  const vias = forwarded?.headers.filter(({ key }) => key === "via").map(({ value }) => value);
  expect(vias?.[0]).toMatch(/^SIP\/2\.0\/UDP 10\.0\.0\.1:5060;rport;branch=z9hG4bK/);
  expect(vias?.[1]).toMatch(/^SIP\/2\.0\/UDP 10\.0\.0\.9:5066;.*received=|rport=5066/);
  expect(headerOf(forwarded!, "max-forwards")).toBe("69");
  expect(headerOf(forwarded!, "record-route")).toMatch(/^<sip:10\.0\.0\.1:5060;lr;ri=[0-9a-f]{16}>$/);
  expect(headerOf(forwarded!, "x-added")).toBe("yes");
});

test("a foreign Request-URI stays, and the target is only the next hop; a preloaded Route goes", () => {
  const sim = start();
  const text = request({ method: "INVITE", uri: "sip:someone@bank.example", headers: ["Route: <sip:10.0.0.1;lr>"] });
  const [forwarded] = proxy(sim, text, { to: [A] });
  expect(forwarded?.uri).toBe("sip:someone@bank.example");
  expect(headerOf(forwarded!, "route")).toBe(null);
  expect(forwarded).toBeDefined();
});

test("one target after the other; each final answer is told; the 200 goes up, then the application hears the end", () => {
  const sim = start();
  const [first] = proxy(sim, INVITE, { to: [A, B] });
  called(sim, first!, 100);
  called(sim, first!, 180);
  expect(sim.drainSent()).toEqual(["SIP/2.0 180 Whatever"]);
  called(sim, first!, 404);
  const [ack, second] = requests(sim);
  expect([ack?.method, second?.uri]).toEqual(["ACK", B]);
  called(sim, second!, 200, "b", ["Contact: <sip:b@10.0.0.9:5082>"]);
  const ok = sim.last();
  expect(ok.headers.filter(({ key }) => key === "via").length).toBe(1);
  expect(frames(sim)).toEqual([
    expect.stringMatching(/^OK\|network\|\d+\|udp\|10\.0\.0\.9\|5080\|[\d:.]+\|\|\|continue 404$/),
    expect.stringMatching(/continue 200$/),
    "OK|done",
  ]);
  settled(sim);
});

test("all at once: the first 200 goes up, the others are cancelled, and a second 200 goes up too", () => {
  const sim = start();
  const [a, b] = proxy(sim, INVITE, { mode: "simultaneous", to: [A, B] });
  called(sim, a!, 180, "a");
  called(sim, b!, 180, "b");
  sim.drainSent();
  called(sim, b!, 200, "b");
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 Whatever", `CANCEL ${A} SIP/2.0`]);
  called(sim, a!, 200, "a");
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 Whatever"]);
  settled(sim);
});

test.each([
  [[486, 404], 486],
  [[404, 407], 407],
  [[500, 486], 486],
  [[503, 503], 500],
  [[404, 603], 603],
  [[408, 500], 500],
])("of %j the caller hears %i", (statuses, best) => {
  const sim = start();
  const branches = proxy(sim, INVITE, { mode: "simultaneous", to: [A, B] });
  statuses.forEach((status, index) => {
    called(sim, branches[index]!, status);
  });
  const final = sim.sent.map(({ message }) => message).filter((item) => item.kind === "response");
  expect(final.map((item) => item.kind === "response" && item.status)).toEqual([best]);
  settled(sim);
});

test("a 6xx ends the search at once, a challenge ends it in its turn", () => {
  const sim = start();
  const [a, b] = proxy(sim, INVITE, { mode: "simultaneous", to: [A, B] });
  called(sim, a!, 180);
  called(sim, b!, 603);
  expect(sim.drainSent().filter((line) => line.startsWith("CANCEL"))).toEqual([`CANCEL ${A} SIP/2.0`]);
  called(sim, a!, 487);
  expect(sim.drainSent()).toContain("SIP/2.0 603 Whatever");
  const [first] = proxy(sim, request({ method: "INVITE", callId: "call-2", branch: "z9hG4bK-2" }), { to: [A, B] });
  called(sim, first!, 401);
  expect(sim.drainSent()).toEqual([`ACK ${A} SIP/2.0`, "SIP/2.0 401 Whatever"]);
  settled(sim);
});

test("both challenges of two branches reach the caller together", () => {
  const sim = start();
  const [a, b] = proxy(sim, INVITE, { mode: "simultaneous", to: [A, B] });
  called(sim, a!, 401, "a", ['WWW-Authenticate: Digest realm="a", nonce="1"']);
  called(sim, b!, 407, "b", ['Proxy-Authenticate: Digest realm="b", nonce="2"']);
  expect(headerOf(sim.last(), "www-authenticate")).toContain('realm="a"');
  expect(headerOf(sim.last(), "proxy-authenticate")).toContain('realm="b"');
});

test("a request that answers a challenge goes to the one who challenged, for two seconds", () => {
  const sim = start();
  const [, b] = proxy(sim, INVITE, { mode: "simultaneous", to: [A, B] });
  called(sim, b!, 401, "b", ['WWW-Authenticate: Digest realm="r", nonce="n1"']);
  const again = (seq: number) =>
    request({
      method: "INVITE",
      callId: `call-${seq}`,
      branch: `z9hG4bK-${seq}`,
      seq,
      headers: ['Authorization: Digest username="u", realm="r", nonce="n1", response="x"'],
    });
  expect(proxy(sim, again(2), { to: [A, B] }).map(({ uri }) => uri)).toEqual([B]);
  sim.pass(2001);
  expect(proxy(sim, again(3), { to: [A, B] }).map(({ uri }) => uri)).toEqual([A]);
});

test("who says nothing is left for the next after the provisional time-out, who rings too long after the final one", () => {
  const sim = start();
  const [silent] = proxy(sim, INVITE, { times: "700ms|1900ms", to: [A, B] });
  expect(silent?.uri).toBe(A);
  sim.pass(700);
  const next = requests(sim).at(-1);
  expect(next?.uri).toBe(B);
  called(sim, next!, 180);
  sim.drainSent();
  sim.pass(1900);
  const sent = sim.drainSent();
  expect(sent.filter((line) => !line.startsWith("INVITE"))).toEqual([
    `CANCEL ${B} SIP/2.0`,
    "SIP/2.0 408 Request Timeout",
  ]);
  settled(sim);
});

test("a target without a final answer is given up by timer C, three minutes and five seconds after it rang last", () => {
  const sim = start();
  const [only] = proxy(sim, INVITE, { to: [A] });
  called(sim, only!, 180);
  sim.pass(100_000);
  called(sim, only!, 180);
  sim.drainSent();
  sim.pass(184_000);
  expect(sim.drainSent()).toEqual([]);
  sim.pass(1000);
  expect(sim.drainSent()).toEqual([`CANCEL ${A} SIP/2.0`, "SIP/2.0 408 Request Timeout"]);
  settled(sim);
});

test("a redirection is followed once to each contact when the application wishes so, else it goes up", () => {
  const sim = start();
  const contacts = [`Contact: <${B}>, <${A}>`];
  const [first] = proxy(sim, INVITE, { flags: "remainInDialog|fullResponse|followRedirects", to: [A] });
  called(sim, first!, 302, "a", contacts);
  const second = requests(sim).at(-1);
  expect(second?.uri).toBe(B);
  called(sim, second!, 302, "b", contacts);
  expect(sim.drainSent().at(-1)).toBe("SIP/2.0 302 Whatever");
  const [other] = proxy(sim, request({ method: "INVITE", callId: "call-2", branch: "z9hG4bK-2" }), { to: [A] });
  called(sim, other!, 302, "a", contacts);
  expect(sim.drainSent().at(-1)).toBe("SIP/2.0 302 Whatever");
});

test("a caller who gives up: 200 and 487 at once, CANCEL to who rings, to the silent one when it is heard", () => {
  const sim = start();
  const [a, b] = proxy(sim, INVITE, { mode: "simultaneous", to: [A, B] });
  called(sim, a!, 180);
  sim.drainSent();
  sim.peer(request({ method: "CANCEL" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated", `CANCEL ${A} SIP/2.0`]);
  called(sim, b!, 100);
  expect(sim.drainSent()).toEqual([`CANCEL ${B} SIP/2.0`]);
  called(sim, a!, 487);
  expect(frames(sim).at(-1)).toMatch(/continue 487$/);
  called(sim, b!, 487);
  expect(frames(sim).at(-1)).toBe("OK|done");
  settled(sim);
});

test("a 200 that crosses the caller's CANCEL is acknowledged and ended by us, for the caller has its 487", () => {
  const sim = start();
  const [a] = proxy(sim, INVITE, { to: [A] });
  called(sim, a!, 180);
  sim.peer(request({ method: "CANCEL" }));
  sim.drainSent();
  called(sim, a!, 200, "theirs", [`Contact: <${A}>`]);
  called(sim, a!, 200, "theirs", [`Contact: <${A}>`]);
  expect(sim.drainSent()).toEqual([`ACK ${A} SIP/2.0`, `BYE ${A} SIP/2.0`, `ACK ${A} SIP/2.0`]);
  settled(sim);
});

test("no hops left: 483; a loop: 482; an option that no proxy knows: 420; no target: 500", () => {
  const sim = start();
  const refusal = (text: string, to: readonly string[] = [A]): string => {
    proxy(sim, text, { to });
    return `${frames(sim).at(-1)}`;
  };
  const text = (change: (text: string) => string, n: number): string =>
    change(request({ method: "INVITE", callId: `call-${n}`, branch: `z9hG4bK-${n}` }));
  const status = () => sim.drainSent();
  sim.peer(text((item) => item.replace("Max-Forwards: 70", "Max-Forwards: 0"), 1));
  const id = sim.drainTold().at(-1)?.tokens[8];
  sim.drainSent();
  sim.frame(1, `proxy|${id}|||serial||||${A}\r\nINVITE sip:x SIP/2.0\r\n\r\n`);
  expect(frames(sim)).toEqual(["NOK|Rejected with 483 Too Many Hops due to Max-Forwards value of 0"]);
  expect(status()).toEqual(["SIP/2.0 483 Too Many Hops"]);
  expect(refusal(text((item) => item.replace("Contact:", "Proxy-Require: x\r\nContact:"), 2))).toBe(
    "NOK|Rejected with 420 Bad Extension",
  );
  expect(
    refusal(
      text((item) => item, 3),
      ["not a uri"],
    ),
  ).toBe("NOK|error proxying request to");
  const foreign = (item: string): string => item.replace("sip:svc@10.0.0.1 SIP", "sip:who@bank.example SIP");
  const [forwarded] = proxy(sim, text(foreign, 4), { to: [A] });
  sim.peer(
    text(foreign, 4)
      .replace(
        "Via: ",
        `Via: SIP/2.0/UDP 10.0.0.9:7000;branch=z9hG4bK-looped\r\nVia: ${headerOf(forwarded!, "via")}\r\nVia: `,
      )
      .replace("call-4", "call-4"),
  );
  // The first one is still open, which makes the copy a merged request before the application sees it.
  expect(status()).toEqual(["SIP/2.0 491 Request Pending"]);
  called(sim, forwarded!, 486);
  sim.pass(40_000);
  sim.drainTold();
  expect(
    refusal(
      text(foreign, 4).replace(
        "Via: ",
        `Via: SIP/2.0/UDP 10.0.0.9:7000;branch=z9hG4bK-looped\r\nVia: ${headerOf(forwarded!, "via")}\r\nVia: `,
      ),
    ),
  ).toBe("NOK|Rejected with 482 Loop Detected");
  settled(sim);
});

test("nobody else's transaction can be proxied, nor one that is not", () => {
  const sim = start();
  sim.frame(1, `proxy|nonsense|||serial||||${A}\r\nINVITE sip:x SIP/2.0\r\n\r\n`);
  expect(frames(sim)).toEqual(["NOK|Unknown transaction id: nonsense"]);
});

/** A call through us, and the Record-Route that both ends use. */
function callThrough(sim: Simulation): { readonly route: string } {
  const [forwarded] = proxy(sim, INVITE, { to: [A] });
  called(sim, forwarded!, 200, "theirs", [`Contact: <${A}>`, `Record-Route: ${headerOf(forwarded!, "record-route")}`]);
  sim.drainSent();
  sim.drainTold();
  return { route: headerOf(forwarded!, "record-route") ?? "" };
}

test("requests of the call come by our Record-Route and go on without the application, and their responses back", () => {
  const sim = start();
  const { route } = callThrough(sim);
  const inDialog = (method: string, seq: number) =>
    request({ method, seq, toTag: "theirs", uri: A, branch: `z9hG4bK-in-${seq}`, headers: [`Route: ${route}`] });
  sim.peer(inDialog("ACK", 1));
  sim.peer(inDialog("BYE", 2));
  sim.peer(inDialog("BYE", 2));
  const [ack, bye, repeated] = requests(sim);
  expect([ack?.method, ack?.uri, headerOf(ack!, "route")]).toEqual(["ACK", A, null]);
  expect([bye?.method, bye?.uri, headerOf(bye!, "max-forwards")]).toEqual(["BYE", A, "69"]);
  expect(headerOf(repeated!, "via")).toBe(headerOf(bye!, "via"));
  const vias = bye!.headers.filter(({ key }) => key === "via").map(({ line }) => line);
  const ok = answer(bye!, 200).replace(/^Via: .*$/m, vias.join("\r\n"));
  sim.peer(ok, udpFlow(5081));
  expect(sim.sent.at(-1)?.text.startsWith("SIP/2.0 200")).toBe(true);
  expect(sim.sent.at(-1)?.flow.remote).toEqual({ address: "10.0.0.9", port: 5066 });
  expect(headerOf(sim.last(), "via")).toBe(vias[1]?.slice(5));
  expect(sim.drainTold()).toEqual([]);
  settled(sim);
});

test("a strict router's request is put right again before it goes on", () => {
  const sim = start();
  const { route } = callThrough(sim);
  const text = request({ method: "BYE", seq: 2, toTag: "theirs", uri: route.slice(1, -1), headers: [`Route: <${A}>`] });
  sim.peer(text);
  const [bye] = requests(sim);
  expect([bye?.uri, headerOf(bye!, "route")]).toEqual([A, null]);
});

test("a stranger gets nothing forwarded by writing our address in a Route, and nothing bounced by writing it in a Via", () => {
  const sim = start();
  sim.peer(
    request({ method: "BYE", toTag: "x", uri: A, headers: ["Route: <sip:10.0.0.1:5060;lr;ri=0123456789abcdef>"] }),
  );
  expect(sim.drainSent()).toEqual(["SIP/2.0 481 Call/Transaction Does Not Exist"]);
  sim.peer(
    [
      "SIP/2.0 200 OK",
      "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKpass.0123456789abcdef",
      "Via: SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bKx",
      "From: <sip:a@b>;tag=1",
      "To: <sip:a@b>;tag=2",
      "Call-ID: c",
      "CSeq: 1 OPTIONS",
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n"),
  );
  expect(sim.drainSent()).toEqual([]);
});

test("reliable responses of two branches get one row of numbers, and each PRACK finds its own", () => {
  const sim = start();
  const [a, b] = proxy(sim, INVITE, { mode: "simultaneous", to: [A, B] });
  const route = headerOf(a!, "record-route");
  called(sim, a!, 183, "a", ["Require: 100rel", "RSeq: 7"]);
  expect(headerOf(sim.last(), "rseq")).toBe("7");
  called(sim, b!, 183, "b", ["Require: 100rel", "RSeq: 7"]);
  expect(headerOf(sim.last(), "rseq")).toBe("8");
  sim.drainSent();
  const headers = [`Route: ${route}`, "RAck: 8 1 INVITE"];
  sim.peer(request({ method: "PRACK", seq: 2, toTag: "b", uri: B, headers }));
  expect(headerOf(sim.last(), "rack")).toBe("7 1 INVITE");
  called(sim, b!, 200, "b");
  called(sim, a!, 487, "a");
  settled(sim);
});

test("a REGISTER that we stay in the path of carries Path, and asks for it", () => {
  const sim = start();
  const text = request({ method: "REGISTER", uri: "sip:bank.example", headers: ["Contact: <sip:al@10.0.0.9:5066>"] });
  const [forwarded] = proxy(sim, text, { to: [A] });
  expect(headerOf(forwarded!, "path")).toMatch(/^<sip:10\.0\.0\.1:5060;lr;ri=/);
  expect(headerOf(forwarded!, "require")).toBe("path");
  expect(headerOf(forwarded!, "record-route")).toBe(null);
});

test("between UDP and TCP both of our sides are in the Record-Route", () => {
  const sim = start();
  const [forwarded] = proxy(sim, INVITE, { to: [`${A};transport=tcp`] });
  const routes = forwarded!.headers.filter(({ key }) => key === "record-route").map(({ value }) => value);
  expect(routes[0]).toContain(";transport=tcp;lr");
  expect(routes[1]).not.toContain("transport");
});

test("a target that is ourselves, or that has no address, is an answer like any other", () => {
  const sim = start();
  proxy(sim, INVITE, { to: ["sip:loop@10.0.0.1:5060", B] });
  sim.pass(0);
  const told = frames(sim);
  expect(told).toEqual([]);
  expect(sim.core.figures().clientTransactions).toBe(1);
});

test("an application that goes away leaves the proxied call alone", () => {
  const sim = start();
  const [a] = proxy(sim, INVITE, { to: [A] });
  sim.input({ type: "client-closed", client: 1 });
  called(sim, a!, 200);
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 Whatever"]);
  settled(sim);
});

test("a phone that registers elsewhere through us over a connection is reached by that connection", () => {
  const sim = start();
  sim.input({ type: "connection-opened", connection: 7 });
  const contact = "Contact: <sip:al@abc.invalid;transport=tcp>";
  sim.peer(request({ method: "REGISTER", transport: "TCP", headers: [contact] }), tcpFlow(7));
  const id = sim.drainTold().at(-1)?.tokens[8];
  sim.frame(1, `proxy|${id}|remainInDialog|||serial|||${A}\r\nREGISTER sip:x SIP/2.0\r\n\r\n`);
  called(sim, requests(sim)[0]!, 200, "r", [`${contact};expires=300`]);
  sim.sent.length = 0;
  const text = request({ method: "INVITE", uri: "sip:al@abc.invalid;transport=tcp" });
  proxy(sim, text, { to: ["sip:al@abc.invalid;transport=tcp"] });
  expect(sim.transactions.at(-1)?.flow.connection).toBe(7);
});

test("an answer for a caller whose connection has ended goes to the port that its Via names, by a new one", () => {
  const sim = start();
  sim.input({ type: "connection-opened", connection: 7 });
  sim.peer(request({ method: "INVITE", transport: "TCP" }), tcpFlow(7));
  const id = sim.drainTold().at(-1)?.tokens[8];
  sim.frame(1, `proxy|${id}|remainInDialog|||serial|||${A}\r\nINVITE sip:x SIP/2.0\r\n\r\n`);
  const [forwarded] = requests(sim);
  sim.input({ type: "connection-closed", connection: 7 });
  called(sim, forwarded!, 200, "a", [`Contact: <${A}>`]);
  expect(sim.sent.at(-1)?.flow).toMatchObject({ connection: null, remote: { address: "10.0.0.9", port: 5066 } });
});
