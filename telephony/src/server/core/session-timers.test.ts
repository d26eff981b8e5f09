import { expect, test } from "vitest";
import { headerOf, type SipMessage, type SipRequest } from "../message/index.ts";
import { answer, request, type Simulation, simulate } from "./simulation.ts";

const SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n";
const CONTACT = "Contact: <sip:peer@10.0.0.9:5066>";

/** The peer calls and is answered by the application. */
function called(sim: Simulation, headers: readonly string[], answerHeaders = "") {
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE", headers, body: "v=0\r\n" }));
  const told = sim.drainTold().at(-1);
  sim.frame(1, `sip|${told?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n${answerHeaders}\r\n${SDP}`);
  const ok = sim.last();
  const tag = /tag=(.*)$/.exec(headerOf(ok, "to") ?? "")?.[1] ?? "";
  sim.peer(request({ method: "ACK", toTag: tag }));
  sim.pass(25);
  sim.drainTold();
  sim.drainSent();
  return { ok, tag, id: "call-1;from-tag=peertag" };
}

/** The application calls and the peer answers. */
function calls(sim: Simulation, answerHeaders: readonly string[]) {
  sim.application(1);
  sim.frame(1, `sip||\r\nINVITE sip:bob@10.0.0.9:5066 SIP/2.0\r\nsession-expires: 120\r\n\r\n${SDP}`);
  const sent = sim.last();
  sim.peer(answer(sent, 200, { headers: [CONTACT, ...answerHeaders] }));
  const id = sim.drainTold().at(-1)?.tokens[9];
  sim.frame(1, `sip||${id}\r\nACK sip:x SIP/2.0\r\n\r\n`);
  sim.pass(25);
  sim.drainTold();
  sim.drainSent();
  return { sent, id };
}

const sentRequests = (sim: Simulation): SipRequest[] =>
  sim.sent.splice(0).flatMap(({ message }) => (message.kind === "request" ? [message] : []));
const expiry = (message: SipMessage): string | null => headerOf(message, "session-expires");

function ended(sim: Simulation): void {
  expect(sentRequests(sim).at(-1)?.method).toBe("BYE");
  const told = sim.drainTold().at(-1);
  expect(told?.tokens[8]).toBe("unsolicited");
  expect(told?.message).toContain('text="Session timer expired"');
  sim.pass(40_000);
  expect(sim.core.figures()).toMatchObject({ dialogs: 0, clientTransactions: 0 });
}

test.each([
  [["Session-Expires: 120;refresher=uac", "Supported: timer"], "120;refresher=uac", "timer"],
  [["Session-Expires: 120;refresher=uas", "Supported: timer"], "120;refresher=uas", null],
  [["Session-Expires: 1800", "Supported: timer"], "1800;refresher=uac", "timer"],
  [["Session-Expires: 600"], "600;refresher=uas", null],
  [["Subject: 10"], null, null],
])("of %j the answer says %j", (headers, expires, require) => {
  const { ok } = called(simulate(), headers);
  expect([expiry(ok), headerOf(ok, "require")]).toEqual([expires, require]);
});

test("the application's own terms go before the peer's", () => {
  const sim = simulate();
  const { ok } = called(sim, ["Session-Expires: 120", "Supported: timer"], "Session-Expires: 300;refresher=uas\r\n");
  expect(ok.headers.filter(({ key }) => key === "session-expires").map(({ value }) => value)).toEqual([
    "300;refresher=uas",
  ]);
  sim.pass(150_000);
  expect(sentRequests(sim)[0]?.method).toBe("INVITE");
});

test("a peer that should refresh and does not: BYE after the whole interval, and the application is told why", () => {
  const sim = simulate();
  called(sim, ["Session-Expires: 120;refresher=uac", "Supported: timer"]);
  sim.pass(119_000);
  expect(sim.drainSent()).toEqual([]);
  sim.pass(1000);
  ended(sim);
});

test("an interval that is too short is refused with what we accept, in a new call and in a running one", () => {
  const sim = simulate();
  const { tag } = called(sim, []);
  const short = ["Session-Expires: 30", "Supported: timer"];
  sim.peer(request({ method: "UPDATE", seq: 2, toTag: tag, headers: short }));
  sim.peer(request({ method: "INVITE", callId: "other", branch: "z9hG4bK-other", headers: short }));
  for (const { message } of sim.sent) {
    expect([message.kind === "response" && message.status, headerOf(message, "min-se")]).toEqual([422, "90"]);
  }
  expect(sim.sent.length).toBe(2);
});

test("a refresh by the peer, by UPDATE or INVITE, begins the interval anew", () => {
  const sim = simulate();
  const { tag } = called(sim, ["Session-Expires: 120;refresher=uac", "Supported: timer"]);
  for (let seq = 2; seq < 20; seq++) {
    sim.pass(100_000);
    const method = seq % 2 === 0 ? "UPDATE" : "INVITE";
    const headers = ["Session-Expires: 120;refresher=uac", "Supported: timer"];
    sim.peer(request({ method, seq, toTag: tag, branch: `z9hG4bK-r${seq}`, headers }));
    sim.frame(1, `sip|${sim.drainTold().at(-1)?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
    expect(expiry(sim.last())).toBe("120;refresher=uac");
    if (method === "INVITE") sim.peer(request({ method: "ACK", seq, toTag: tag, branch: `z9hG4bK-a${seq}` }));
    sim.pass(25);
  }
  expect(sim.core.figures().dialogs).toBe(1);
});

test("we refresh by INVITE with the last description, and the application hears nothing of it", () => {
  const sim = simulate();
  const { sent } = calls(sim, ["Session-Expires: 120;refresher=uac"]);
  for (let i = 0; i < 30; i++) {
    sim.pass(60_000);
    const invite = sentRequests(sim).find(({ method }) => method === "INVITE");
    expect([expiry(invite!), headerOf(invite!, "min-se"), invite?.body.toString()]).toEqual([
      "120;refresher=uac",
      "90",
      SDP,
    ]);
    expect(headerOf(invite!, "contact")).toBe(headerOf(sent, "contact"));
    sim.peer(answer(invite!, 200, { headers: [CONTACT, "Session-Expires: 120;refresher=uac"] }));
    expect(sim.drainSent().map((line) => line.split(" ")[0])).toEqual(["ACK"]);
  }
  expect(sim.drainTold()).toEqual([]);
  expect(sim.core.figures().dialogs).toBe(1);
});

test("we refresh by UPDATE when the peer allows it, and by INVITE again when it turns out not to", () => {
  const sim = simulate();
  calls(sim, ["Session-Expires: 120;refresher=uac", "Allow: INVITE, ACK, BYE, UPDATE"]);
  sim.pass(60_000);
  const [update] = sentRequests(sim);
  expect([update?.method, update?.body.length, expiry(update!)]).toEqual(["UPDATE", 0, "120;refresher=uac"]);
  sim.peer(answer(update!, 200, { headers: ["Session-Expires: 120;refresher=uac"] }));
  sim.pass(60_000);
  const [again] = sentRequests(sim);
  sim.peer(answer(again!, 501));
  sim.pass(4000);
  expect(sentRequests(sim)[0]?.method).toBe("INVITE");
});

test("491 puts a refresh off for a moment; 422 makes the interval longer; a challenge waits for the end of the interval", () => {
  const sim = simulate();
  calls(sim, ["Session-Expires: 120;refresher=uac"]);
  sim.pass(60_000);
  sim.peer(answer(sentRequests(sim)[0]!, 491));
  sim.drainSent();
  sim.pass(2000);
  expect(sim.drainSent()).toEqual([]);
  sim.pass(2000);
  const [again] = sentRequests(sim);
  sim.peer(answer(again!, 422, { headers: ["Min-SE: 300"] }));
  const longer = sentRequests(sim).at(-1);
  expect([expiry(longer!), headerOf(longer!, "min-se")]).toEqual(["300;refresher=uac", "300"]);
  sim.peer(answer(longer!, 401));
  sim.drainSent();
  sim.pass(40_000);
  expect(sim.core.figures().dialogs).toBe(1);
  sim.pass(20_000);
  ended(sim);
});

test.each([481, 488])("a refresh answered with %i ends the call", (status) => {
  const sim = simulate();
  calls(sim, ["Session-Expires: 120;refresher=uac"]);
  sim.pass(60_000);
  sim.peer(answer(sentRequests(sim)[0]!, status));
  ended(sim);
});

test("a refresh that nobody answers ends the call when the interval is over at the latest", () => {
  const sim = simulate();
  calls(sim, ["Session-Expires: 120;refresher=uac"]);
  sim.pass(93_000);
  ended(sim);
});

test("an application that changes a call keeps its timer without knowing of it", () => {
  const sim = simulate();
  const { id } = calls(sim, ["Session-Expires: 120;refresher=uac"]);
  sim.pass(30_000);
  sim.frame(1, `sip||${id}\r\nINVITE sip:placeholder SIP/2.0\r\n\r\nv=0\r\nnew`);
  const invite = sim.last();
  expect([expiry(invite), headerOf(invite, "supported")]).toEqual(["120;refresher=uac", "timer"]);
  sim.peer(answer(invite, 200, { headers: [CONTACT, "Session-Expires: 120;refresher=uac"] }));
  sim.frame(1, `sip||${id}\r\nACK sip:x SIP/2.0\r\n\r\n`);
  sim.drainSent();
  sim.pass(60_000);
  expect(sentRequests(sim)[0]?.body.toString()).toBe("v=0\r\nnew");
});

test("a change by the application waits for a refresh that is out, and goes then", () => {
  const sim = simulate();
  const { id } = calls(sim, ["Session-Expires: 120;refresher=uac"]);
  sim.pass(60_000);
  const [refresh] = sentRequests(sim);
  sim.frame(1, `sip||${id}\r\nINVITE sip:placeholder SIP/2.0\r\n\r\nv=0\r\nnew`);
  expect([sim.drainSent(), sim.drainTold()]).toEqual([[], []]);
  sim.peer(answer(refresh!, 200, { headers: [CONTACT, "Session-Expires: 120;refresher=uac"] }));
  const [ack, invite] = sentRequests(sim);
  expect([ack?.method, invite?.method, invite?.body.toString()]).toEqual(["ACK", "INVITE", "v=0\r\nnew"]);
  expect(sim.drainTold()[0]?.tokens[3]).toBe("OK");
});

test("a peer that stops asking for a timer has none", () => {
  const sim = simulate();
  const { id } = calls(sim, ["Session-Expires: 120;refresher=uac"]);
  sim.frame(1, `sip||${id}\r\nUPDATE sip:placeholder SIP/2.0\r\n\r\n`);
  sim.peer(answer(sim.last(), 200));
  sim.pass(3_600_000);
  expect(sim.core.figures().dialogs).toBe(1);
});

test("a call whose application hangs up while a refresh is out ends once", () => {
  const sim = simulate();
  const { id } = calls(sim, ["Session-Expires: 120;refresher=uac"]);
  sim.pass(60_000);
  const [refresh] = sentRequests(sim);
  sim.peer(answer(refresh!, 100));
  sim.frame(1, `sip||${id}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`);
  const [cancel, bye] = sentRequests(sim);
  expect([cancel?.method, bye?.method]).toEqual(["CANCEL", "BYE"]);
  sim.peer(answer(bye!, 200));
  sim.peer(answer(cancel!, 200));
  sim.peer(answer(refresh!, 487));
  expect(sentRequests(sim).map(({ method }) => method)).toEqual(["ACK"]);
  sim.pass(40_000);
  expect(sim.core.figures()).toMatchObject({ dialogs: 0, clientTransactions: 0, waiting: 0 });
});

test("two changes at once: 491 to theirs while ours is open, 500 while their own is; an UPDATE without an offer passes", () => {
  const sim = simulate();
  const { tag, id } = called(sim, []);
  const status = (text: string): number | false => {
    sim.peer(text);
    const message = sim.last();
    return message.kind === "response" && message.status;
  };
  sim.frame(1, `sip||${id}\r\nUPDATE sip:placeholder SIP/2.0\r\n\r\nv=0\r\n`);
  const update = sim.last();
  expect(status(request({ method: "UPDATE", seq: 2, toTag: tag, body: "v=0\r\n" }))).toBe(491);
  expect(status(request({ method: "INVITE", seq: 3, toTag: tag, body: "v=0\r\n" }))).toBe(491);
  sim.peer(answer(update, 200));
  sim.drainTold();
  sim.peer(request({ method: "UPDATE", seq: 4, toTag: tag, body: "v=0\r\n" }));
  const first = sim.drainTold().at(-1);
  expect(first?.message.startsWith("UPDATE")).toBe(true);
  expect(status(request({ method: "UPDATE", seq: 5, toTag: tag, body: "v=0\r\n" }))).toBe(500);
  expect(headerOf(sim.last(), "retry-after")).not.toBe(null);
  sim.frame(1, `sip|${first?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\nv=0\r\n`);
  expect(headerOf(sim.last(), "contact")).toBe("<sip:10.0.0.1:5060>");
});

test("a call outlives the process with its timer: we refresh soon after", () => {
  const before = simulate();
  calls(before, ["Session-Expires: 120;refresher=uac"]);
  const kept = [...before.core.touched].map((dialog) => before.core.kept(dialog));
  const sim = simulate();
  sim.input({ type: "restored", dialogs: JSON.parse(JSON.stringify(kept)) });
  sim.pass(10_000);
  const [invite] = sentRequests(sim);
  expect([invite?.method, expiry(invite!), invite?.body.toString()]).toEqual(["INVITE", "120;refresher=uac", SDP]);
});

test("a peer that finds our interval too short gets its own, and the application hears only what comes of it", () => {
  const sim = simulate();
  sim.application(1);
  const invite = "INVITE sip:bob@10.0.0.9:5066 SIP/2.0\r\nsession-expires: 120;refresher=uac\r\n";
  sim.frame(1, `sip||\r\n${invite}\r\n${SDP}`);
  const first = sim.last();
  sim.drainTold();
  sim.sent.length = 0;
  sim.peer(answer(first, 422, { headers: ["Min-SE: 1800"] }));
  const [ack, second] = sentRequests(sim);
  expect([ack?.method, second?.method, expiry(second!), headerOf(second!, "min-se")]).toEqual([
    "ACK",
    "INVITE",
    "1800;refresher=uac",
    "1800",
  ]);
  expect(Number.parseInt(headerOf(second!, "cseq") ?? "", 10)).toBe(
    Number.parseInt(headerOf(first, "cseq") ?? "", 10) + 1,
  );
  expect(headerOf(second!, "via")).not.toBe(headerOf(first, "via"));
  expect(sim.drainTold()).toEqual([]);
  sim.peer(answer(first, 422, { headers: ["Min-SE: 1800"] })); // the ACK was lost
  expect(sentRequests(sim).map(({ method }) => method)).toEqual(["ACK"]);
  // Challenged on top: the application counts from the INVITE that it knows, and must not repeat a number.
  sim.peer(answer(second!, 401));
  expect(sim.drainTold().map(({ message }) => message.slice(8, 11))).toEqual(["401"]);
  const retry = `call-id: ${headerOf(first, "call-id")}\r\ncseq: ${headerOf(second!, "cseq")}\r\n`;
  sim.frame(1, `sip||\r\n${invite}${retry}\r\n${SDP}`);
  expect(Number.parseInt(headerOf(sim.last(), "cseq") ?? "", 10)).toBe(
    Number.parseInt(headerOf(second!, "cseq") ?? "", 10) + 1,
  );
});

test("a 422 that asks for no more than we offered is the application's", () => {
  const sim = simulate();
  sim.application(1);
  sim.frame(1, `sip||\r\nINVITE sip:bob@10.0.0.9:5066 SIP/2.0\r\nsession-expires: 1800\r\n\r\n${SDP}`);
  sim.drainTold();
  sim.peer(answer(sim.last(), 422, { headers: ["Min-SE: 90"] }));
  expect(sim.drainTold().map(({ message }) => message.slice(8, 11))).toEqual(["422"]);
});
