import { expect, test } from "vitest";
import { headerOf, tagOf } from "../message/index.ts";
import { request, type Simulation, simulate, tcpFlow, udpFlow } from "./simulation.ts";

const SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\n";

/** An INVITE that reached application 1; gives its transaction id. */
function invite(sim: Simulation, shape: { toTag?: string; seq?: number } = {}): string {
  sim.peer(request({ method: "INVITE", body: SDP, ...shape }));
  const frame = sim.drainTold()[0];
  if (frame === undefined) throw new Error("no frame");
  return frame.tokens[8] ?? "";
}

function respond(sim: Simulation, transaction: string, status: number, headers = ""): void {
  sim.frame(1, `sip|${transaction}|\r\nSIP/2.0 ${status} \r\ncseq: 1 INVITE\r\n${headers}\r\n`);
}

function answered(sim: Simulation): { readonly transaction: string; readonly tag: string } {
  const transaction = invite(sim);
  respond(sim, transaction, 200);
  const tag = tagOf(headerOf(sim.last(), "to") ?? "") ?? "";
  sim.pass(20);
  sim.drainTold();
  sim.drainSent();
  return { transaction, tag };
}

test("an INVITE gets 100 at once and reaches the application with exactly the tokens of the protocol", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const text = request({ method: "INVITE", body: SDP });
  sim.peer(text);
  expect(sim.drainSent()).toEqual(["SIP/2.0 100 Trying"]);
  const [frame] = sim.drainTold();
  expect(frame?.tokens).toEqual([
    expect.any(String),
    "sip",
    "network",
    String(text.length),
    "udp",
    "10.0.0.9",
    "5066",
    expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{6}$/),
    expect.stringMatching(/^uuid-/),
    "",
    "10.0.0.1",
    "5060",
    "",
  ]);
  expect(frame?.message).toBe(text.replace("branch=z9hG4bK-INVITE-1", "branch=z9hG4bK-INVITE-1;rport=5066"));
});

test("without an application a request gets 503", () => {
  const sim = simulate();
  sim.peer(request({ method: "OPTIONS" }));
  sim.peer(request({ method: "INVITE" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 503 Service Unavailable", "SIP/2.0 503 Service Unavailable"]);
});

test("a retransmitted INVITE is not delivered twice and gets the last response again", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  respond(sim, transaction, 180);
  sim.drainTold();
  sim.drainSent();
  sim.peer(request({ method: "INVITE", body: SDP }));
  expect(sim.drainTold()).toEqual([]);
  expect(sim.drainSent()).toEqual(["SIP/2.0 180 Ringing"]);
});

test("the echo of a 200 has tag, Contact and the dialog's id", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  sim.frame(
    1,
    `sip|${transaction}|\r\nSIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\nx-Demo: 1\r\nContent-Length: 9\r\n\r\nv=0\r\n`,
  );
  const [echo] = sim.drainTold();
  expect(echo?.tokens.slice(1)).toEqual([
    "response",
    "m3",
    "OK",
    "application",
    String(echo?.message.length),
    "udp",
    "10.0.0.9",
    "5066",
    expect.any(String),
    transaction,
    "call-1;from-tag=peertag",
    "",
    "Msg sent:",
    "",
  ]);
  expect(echo?.message).toContain("\r\nContact: <sip:10.0.0.1:5060>\r\n");
  expect(echo?.message).toContain("\r\nContent-Type: application/sdp\r\n");
  expect(echo?.message).toContain("\r\nContent-Length: 5\r\n\r\nv=0\r\n");
  expect(tagOf(headerOf(sim.last(), "to") ?? "")).not.toBe(null);
});

test("the application may choose the To tag with its first response; it stays", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  respond(sim, transaction, 180, "To: <sip:svc@10.0.0.1>;tag=mine\r\n");
  respond(sim, transaction, 200, "To: <sip:svc@10.0.0.1>;tag=other\r\n");
  expect(sim.sent.slice(1).map(({ message }) => tagOf(headerOf(message, "to") ?? ""))).toEqual(["mine", "mine"]);
});

test("a 180 gets no Contact; a second final response is refused", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  respond(sim, transaction, 180);
  expect(headerOf(sim.last(), "contact")).toBe(null);
  respond(sim, transaction, 486);
  sim.drainTold();
  respond(sim, transaction, 486);
  expect(sim.drainTold()[0]?.tokens.slice(3)).toEqual(["NOK", "Response not sent due to unknown transaction"]);
});

test("the 200 is repeated until its ACK, which reaches the application with the INVITE's transaction", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const { transaction, tag } = answered(sim);
  sim.pass(1600);
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK", "SIP/2.0 200 OK"]);
  sim.peer(request({ method: "ACK", toTag: tag, branch: "z9hG4bK-ack" }));
  sim.peer(request({ method: "ACK", toTag: tag, branch: "z9hG4bK-ack" }));
  const frames = sim.drainTold();
  expect(frames.map(({ tokens }) => tokens.slice(8))).toEqual([[transaction, "call-1;from-tag=peertag", ""]]);
  sim.pass(60_000);
  expect(sim.drainSent()).toEqual([]);
});

test("an ACK that reuses the INVITE's branch is an ACK all the same", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const { tag } = answered(sim);
  sim.peer(request({ method: "ACK", toTag: tag }));
  expect(sim.drainTold().length).toBe(1);
});

test("without an ACK the server ends the call after 32 s and says so as unsolicited", () => {
  const sim = simulate();
  sim.application(1, "invite");
  answered(sim);
  sim.pass(32_000);
  const lines = sim.drainSent();
  expect(lines.filter((line) => line.startsWith("SIP/2.0 200")).length).toBe(10);
  expect(lines.at(-1)).toBe("BYE sip:peer@10.0.0.9:5066 SIP/2.0");
  const [frame] = sim.drainTold();
  expect(frame?.tokens.slice(8)).toEqual(["unsolicited", "call-1;from-tag=peertag", ""]);
  expect(frame?.tokens[2]).toBe("application");
  expect(frame?.message).toContain('Reason: SIP ;cause=200 ;text="ACK timeout"');
});

test("a refusal's ACK is absorbed and not delivered", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  respond(sim, transaction, 486);
  const tag = tagOf(headerOf(sim.last(), "to") ?? "") ?? "";
  sim.drainTold();
  sim.peer(request({ method: "ACK", toTag: tag }));
  sim.drainSent();
  sim.pass(60_000);
  expect(sim.drainTold()).toEqual([]);
  expect(sim.drainSent()).toEqual([]);
  expect(sim.core.figures().serverTransactions).toBe(0);
});

test("CANCEL: 200 to it, 487 to the INVITE, the application is told by the INVITE's transaction", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  sim.drainSent();
  sim.peer(request({ method: "CANCEL" }));
  sim.peer(request({ method: "CANCEL" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated", "SIP/2.0 200 OK"]);
  const frames = sim.drainTold();
  expect(frames.map(({ tokens }) => [tokens[8], tokens[9], tokens[10]])).toEqual([[transaction, "", "10.0.0.1"]]);
  respond(sim, transaction, 487);
  expect(sim.drainTold()[0]?.tokens[3]).toBe("NOK");
});

test("CANCEL of a ringing call carries the dialog's id", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  respond(sim, transaction, 180);
  sim.drainTold();
  sim.peer(request({ method: "CANCEL" }));
  expect(sim.drainTold()[0]?.tokens.slice(8)).toEqual([transaction, "call-1;from-tag=peertag", ""]);
  expect(sim.core.figures().dialogs).toBe(0);
});

test("CANCEL after the 200: 481, and the server ends the call", () => {
  const sim = simulate();
  sim.application(1, "invite");
  answered(sim);
  sim.peer(request({ method: "CANCEL" }));
  expect(sim.drainSent()).toEqual([
    "SIP/2.0 481 Call/Transaction Does Not Exist",
    "BYE sip:peer@10.0.0.9:5066 SIP/2.0",
  ]);
  expect(sim.drainTold()[0]?.message).toContain('text="CANCEL after 200 OK"');
});

test("a CANCEL, BYE or UPDATE of nothing gets 481, an unknown method 501, a stray ACK silence", () => {
  const sim = simulate();
  sim.application(1, "invite");
  for (const method of ["CANCEL", "BYE", "UPDATE", "PRACK", "FROBNICATE", "ACK"]) {
    sim.peer(request({ method, toTag: "x", branch: `z9hG4bK-${method}` }));
  }
  expect(sim.drainSent().map((line) => line.split(" ")[1])).toEqual(["481", "481", "481", "481", "501"]);
});

test("BYE ends the dialog when it comes; the application's 200 has no dialog id", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const { tag } = answered(sim);
  sim.peer(request({ method: "ACK", toTag: tag, branch: "z9hG4bK-ack" }));
  sim.drainTold();
  sim.peer(request({ method: "BYE", toTag: tag, seq: 2 }));
  const [frame] = sim.drainTold();
  expect(frame?.tokens[9]).toBe("call-1;from-tag=peertag");
  expect(sim.core.figures().dialogs).toBe(0);
  sim.frame(1, `sip|${frame?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.drainTold()[0]?.tokens.slice(10, 13)).toEqual([frame?.tokens[8], "", ""]);
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK"]);
});

test("BYE before the answer: 200 to it, 487 to the INVITE, a cancel for the application", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  respond(sim, transaction, 180);
  const tag = tagOf(headerOf(sim.last(), "to") ?? "") ?? "";
  sim.drainTold();
  sim.drainSent();
  sim.peer(request({ method: "BYE", toTag: tag, seq: 2 }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"]);
  expect(sim.drainTold()[0]?.message.startsWith("CANCEL ")).toBe(true);
});

test("a BYE right behind the 200 waits until the application can know the dialog", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  respond(sim, transaction, 200);
  const tag = tagOf(headerOf(sim.last(), "to") ?? "") ?? "";
  sim.drainTold();
  sim.peer(request({ method: "BYE", toTag: tag, seq: 2 }));
  sim.pass(19);
  expect(sim.drainTold()).toEqual([]);
  sim.pass(1);
  expect(sim.drainTold().map(({ message }) => message.slice(0, 3))).toEqual(["BYE"]);
});

test("a BYE that overtakes the ACK ends the call and the repetition of the 200", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const { tag } = answered(sim);
  sim.peer(request({ method: "BYE", toTag: tag, seq: 2 }));
  sim.drainSent();
  sim.pass(31_000);
  expect(sim.drainSent()).toEqual([]);
});

test("a re-INVITE gets 100, a transaction and an ACK id of its own; an older CSeq gets 500", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const { tag } = answered(sim);
  sim.peer(request({ method: "ACK", toTag: tag, branch: "z9hG4bK-ack" }));
  sim.drainTold();
  const again = invite(sim, { toTag: tag, seq: 3 });
  expect(sim.drainSent()).toEqual(["SIP/2.0 100 Trying"]);
  sim.peer(request({ method: "INVITE", toTag: tag, seq: 4, body: SDP }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 500 Server Internal Error"]);
  respond(sim, again, 200);
  expect(headerOf(sim.last(), "contact")).toBe("<sip:10.0.0.1:5060>");
  sim.drainTold();
  sim.peer(request({ method: "ACK", toTag: tag, seq: 3, branch: "z9hG4bK-ack2" }));
  const id = sim.drainTold()[0]?.tokens[8];
  expect(id).toMatch(/^uuid-/);
  expect(id).not.toBe(again);
  sim.peer(request({ method: "INFO", toTag: tag, seq: 2 }));
  expect(sim.drainSent().at(-1)).toBe("SIP/2.0 500 Server Internal Error");
});

test("INFO in the dialog is delivered with the dialog's id and answered by its own transaction", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const { tag } = answered(sim);
  sim.peer(
    request({
      method: "INFO",
      toTag: tag,
      seq: 2,
      headers: ["Content-Type: application/dtmf-relay"],
      body: "Signal=1",
    }),
  );
  const frame = sim.drainTold()[0];
  expect(frame?.tokens[9]).toBe("call-1;from-tag=peertag");
  sim.frame(1, `sip|${frame?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.drainSent()).toEqual(["SIP/2.0 200 OK"]);
});

test("the same INVITE by another path gets 491 while the first is open, 482 once it is up", () => {
  const sim = simulate();
  sim.application(1, "invite");
  const transaction = invite(sim);
  sim.drainSent();
  sim.peer(request({ method: "INVITE", branch: "z9hG4bK-other" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 491 Request Pending"]);
  respond(sim, transaction, 200);
  const tag = tagOf(headerOf(sim.last(), "to") ?? "") ?? "";
  sim.peer(request({ method: "ACK", toTag: tag, branch: "z9hG4bK-ack" }));
  sim.drainSent();
  sim.peer(request({ method: "INVITE", branch: "z9hG4bK-third" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 482 Loop Detected"]);
});

test("malformed requests get 400 with the reason when there is a Via, else silence", () => {
  const sim = simulate();
  sim.peer("INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1\r\nFrom: <sip:a>\r\nCSeq: x\r\n\r\n");
  sim.peer("INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1\r\nno colon\r\n\r\n");
  sim.peer("INVITE sip:x SIP/2.0\r\n\r\n");
  sim.peer("\0\0\0\0");
  expect(sim.drainSent()).toEqual(["SIP/2.0 400 Bad To", "SIP/2.0 400 Malformed header"]);
});

test("a Call-ID that the application protocol cannot carry gets 400", () => {
  const sim = simulate();
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE", callId: "a|b" }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 400 Bad Call-ID or tag"]);
});

test("REGISTER with `*` and a lifetime gets 400; a sound one reaches the application without a dialog", () => {
  const sim = simulate();
  sim.application(1, "register");
  sim.peer(request({ method: "REGISTER", headers: ["Contact: *", "Expires: 60"] }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 400 Bad Contact"]);
  sim.peer(request({ method: "REGISTER", seq: 2, headers: ["Contact: <sip:a@10.0.0.9>;expires=60"] }));
  const id = sim.drainTold()[0]?.tokens[8];
  sim.frame(1, `sip|${id}|\r\nSIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="x",nonce="y"\r\n\r\n`);
  expect(sim.drainTold()[0]?.tokens.slice(10, 13)).toEqual([id, "", ""]);
  expect(headerOf(sim.last(), "www-authenticate")).toBe('Digest realm="x",nonce="y"');
});

test("a phone registered over TCP is reached by its connection, until that closes", () => {
  const sim = simulate();
  sim.application(1, "register");
  sim.input({ type: "connection-opened", connection: 7 });
  const contact = "Contact: <sip:al@phone.invalid;transport=tcp>;expires=60";
  sim.peer(request({ method: "REGISTER", transport: "TCP", headers: [contact] }), tcpFlow(7));
  const id = sim.drainTold()[0]?.tokens[8];
  sim.frame(1, `sip|${id}|\r\nSIP/2.0 200 OK\r\nContact: <sip:al@phone.invalid;transport=tcp>;expires=60\r\n\r\n`);
  sim.drainSent();
  sim.frame(1, "sip||\r\nINVITE sip:al@phone.invalid;transport=tcp SIP/2.0\r\n\r\n");
  expect(sim.sent.at(-1)?.flow).toEqual(tcpFlow(7));
  expect(headerOf(sim.last(), "contact")).toBe("<sip:10.0.0.1:5060;transport=tcp>");
  sim.input({ type: "connection-closed", connection: 7 });
  sim.drainSent();
  sim.frame(1, "sip||\r\nINVITE sip:al@phone.invalid;transport=tcp SIP/2.0\r\n\r\n");
  expect(sim.others.at(-1)).toMatchObject({ type: "resolve", hop: { host: "phone.invalid" } });
});

test("an INVITE that its application never answers gets 408 after 64 s", () => {
  const sim = simulate();
  sim.application(1, "invite");
  invite(sim);
  sim.drainSent();
  sim.pass(63_999);
  expect(sim.drainSent()).toEqual([]);
  sim.pass(1);
  expect(sim.drainSent()).toEqual(["SIP/2.0 408 Request Timeout"]);
});

test("when the application dies, waiting callers get 503 and its calls end when it does not come back", () => {
  const sim = simulate({ takeoverMs: 1000 });
  sim.application(1, "invite");
  const { tag } = answered(sim);
  sim.peer(request({ method: "ACK", toTag: tag, branch: "z9hG4bK-ack" }));
  sim.peer(request({ method: "INVITE", callId: "call-2", branch: "z9hG4bK-2" }));
  sim.drainSent();
  sim.input({ type: "client-closed", client: 1 });
  expect(sim.drainSent()).toEqual(["SIP/2.0 503 Service Unavailable"]);
  sim.peer(request({ method: "ACK", callId: "call-2", branch: "z9hG4bK-2" }));
  sim.pass(1000);
  expect(sim.drainSent()).toEqual(["BYE sip:peer@10.0.0.9:5066 SIP/2.0"]);
  sim.peer(request({ method: "BYE", toTag: tag, seq: 2 }));
  expect(sim.drainSent()).toEqual(["SIP/2.0 481 Call/Transaction Does Not Exist"]);
});

test("behind a NAT requests in the dialog go to where the INVITE came from", () => {
  const sim = simulate();
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE" }).replace("<sip:peer@10.0.0.9:5066>", "<sip:peer@192.168.1.2>"), udpFlow(7777));
  const id = sim.drainTold()[0]?.tokens[8] ?? "";
  respond(sim, id, 200);
  sim.frame(1, "sip||call-1;from-tag=peertag\r\nINFO sip:placeholder SIP/2.0\r\n\r\n");
  const info = sim.sent.at(-1);
  expect(info?.flow.remote).toEqual({ address: "10.0.0.9", port: 7777 });
  expect(info?.text.startsWith("INFO sip:peer@192.168.1.2 SIP/2.0")).toBe(true);
});

test("a stranger who tried ten secrets is refused even the right one; a process of this machine is not", () => {
  const sim = simulate();
  const tryOnce = (client: number, address: string, secret: string): string | undefined => {
    sim.input({ type: "client-opened", client, address });
    sim.frame(client, `authenticate|${secret}|`);
    sim.input({ type: "client-closed", client });
    return sim.drainTold()[0]?.tokens[3];
  };
  for (let i = 0; i < 10; i++) {
    tryOnce(i, "10.0.0.66", "guess");
    tryOnce(i, "127.0.0.1", "guess");
  }
  expect(tryOnce(50, "10.0.0.66", "secret")).toBe("NO");
  expect(tryOnce(51, "127.0.0.1", "secret")).toBe("OK");
  sim.pass(60_000);
  expect(tryOnce(52, "10.0.0.66", "secret")).toBe("OK");
});

test("nothing but authenticate is heard before the secret", () => {
  const sim = simulate();
  sim.input({ type: "client-opened", client: 5, address: "127.0.0.1" });
  sim.frame(5, "route|invite");
  expect(sim.drainTold()[0]?.tokens.slice(3)).toEqual(["NO", "not authenticated"]);
  expect(sim.others.at(-1)).toEqual({ type: "close-client", client: 5 });
  sim.input({ type: "client-opened", client: 6, address: "127.0.0.1" });
  sim.frame(6, "authenticate|wrong|");
  expect(sim.drainTold()[0]?.tokens.slice(3)).toEqual(["NO", "incorrect secret"]);
  sim.input({ type: "client-opened", client: 8, address: "127.0.0.1" });
  sim.frame(8, "authenticate|secret|a,b");
  expect(sim.drainTold()[0]?.tokens.slice(3)).toEqual([
    "OK",
    "udp/10.0.0.1:5060,tcp/10.0.0.1:5060",
    "v0.9.10-test",
    "udp/10.0.0.1:5060,tcp/10.0.0.1:5060",
  ]);
});
