import { expect, test } from "vitest";
import { headerOf, type SipMessage } from "../message/index.ts";
import { request, simulate } from "./simulation.ts";

/** What becomes of the headers that applications write (protocol §7.1–§7.3), row by row. */

const lines = (message: SipMessage): string[] => message.headers.map(({ line }) => line);

/** An INVITE of an application with these header lines. */
function asked(...headers: string[]): string[] {
  const sim = simulate();
  sim.application(1);
  const text = ["INVITE sip:bob@10.0.0.9:5066 SIP/2.0", ...headers, "", "v=0", ""].join("\r\n");
  sim.frame(1, `sip||\r\n${text}`);
  return lines(sim.last());
}

/** A response of an application with these header lines. */
function answered(start: string, ...headers: string[]): string[] {
  const sim = simulate();
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE", headers: ["Record-Route: <sip:10.0.0.9:5071;lr>", "Supported: 100rel"] }));
  const id = sim.drainTold().at(-1)?.tokens[8];
  sim.frame(1, `sip|${id}|\r\n${start}\r\n${headers.join("\r\n")}${headers.length > 0 ? "\r\n" : ""}\r\n`);
  return lines(sim.last());
}

test.each([
  ["via: SIP/2.0/UDP 1.2.3.4", "Via: SIP/2.0/UDP 1.2.3.4"],
  ["route: <sip:1.2.3.4;lr>", "Route: <sip:1.2.3.4;lr>"],
  ["record-route: <sip:1.2.3.4;lr>", "Record-Route: <sip:1.2.3.4;lr>"],
  ["rseq: 5", "RSeq: 5"],
  ["content-length: 999", "Content-Length: 999"],
])("`%s` is not the application's to set", (given, gone) => {
  expect(asked(given)).not.toContain(gone);
  expect(answered("SIP/2.0 200 OK", given)).not.toContain(gone);
});

test.each([
  ["user-agent: x", "User-Agent: x"],
  ["p-asserted-identity: <sip:77@localhost>", "P-Asserted-Identity: <sip:77@10.0.0.1:5060>"],
  ["contact: <sip:al@localhost;ob>", "Contact: <sip:al@10.0.0.1:5060;ob>"],
  ["to: <sip:bob@localhost:7000>", "To: <sip:bob@10.0.0.1:5060>"],
  ["refer-to: <sip:x@localhost>", "Refer-To: <sip:x@localhost>"],
  ["x-lower: 1", "x-lower: 1"],
  ["X-MiXed: 1", "X-MiXed: 1"],
  ["some-new-thing: 1", "Some-New-Thing: 1"],
  ["session_expires: 120", "Session-Expires: 120"],
  ["www-authenticate: x", "WWW-Authenticate: x"],
  ["min-se: 90", "Min-SE: 90"],
  ["call-id: mine@here", "Call-ID: mine@here"],
  ["max-forwards: 7", "Max-Forwards: 7"],
  ["cseq: 17 INVITE", "CSeq: 17 INVITE"],
  ["diversion: <sip:a@b>;reason=unknown", "Diversion: <sip:a@b>;reason=unknown"],
  ["supported: timer, 100rel", "Supported: timer, 100rel"],
])("`%s` of a request becomes `%s`", (given, expected) => {
  expect(asked(given)).toContain(expected);
});

test("what the application leaves out of a request is there all the same, once", () => {
  const sent = asked();
  for (const name of [
    "Via",
    "Max-Forwards",
    "From",
    "To",
    "Call-ID",
    "CSeq",
    "Contact",
    "Content-Type",
    "Content-Length",
  ]) {
    expect(sent.filter((line) => line.startsWith(`${name}: `)).length, name).toBe(1);
  }
  expect(sent).toContain("Contact: <sip:10.0.0.1:5060>");
  expect(sent).toContain("Content-Type: application/sdp");
});

test("lines that are no headers are left out, and a line break in a value adds none", () => {
  const sent = asked("nonsense", "bad name: 1", ": empty", "x-long: one\r\n two");
  expect(sent.filter((line) => /nonsense|bad|empty/.test(line))).toEqual([]);
  expect(sent).toContain("x-long: one two");
});

test("a response takes Via, From, Call-ID, CSeq and Record-Route from the request, and its To tag from its first answer", () => {
  const sent = answered(
    "SIP/2.0 200 OK",
    ...["from: <sip:other@x>;tag=1", "to: <sip:svc@10.0.0.1>;tag=mine", "call-id: other", "cseq: 99 BYE", "via: x"],
  );
  expect(sent).toContain("From: peer <sip:peer@10.0.0.9>;tag=peertag");
  expect(sent).toContain("To: svc <sip:svc@10.0.0.1>;tag=mine");
  expect(sent).toContain("Call-ID: call-1");
  expect(sent).toContain("CSeq: 1 INVITE");
  expect(sent).toContain("Record-Route: <sip:10.0.0.9:5071;lr>");
});

test.each([
  ["SIP/2.0 180 Ringing", [], null],
  ["SIP/2.0 183 Session Progress", ["require: 100rel"], "<sip:10.0.0.1:5060>"],
  ["SIP/2.0 200 OK", [], "<sip:10.0.0.1:5060>"],
  ["SIP/2.0 200 OK", ["contact: <sip:me@localhost>"], "<sip:me@10.0.0.1:5060>"],
  ["SIP/2.0 302 Moved", ["contact: <sip:there@example.com>"], "<sip:there@example.com>"],
  ["SIP/2.0 486 Busy", [], null],
] as const)("%s with %j carries Contact %j", (start, headers, contact) => {
  const sent = answered(start, ...headers);
  expect(sent.filter((line) => line.startsWith("Contact: "))).toEqual(contact === null ? [] : [`Contact: ${contact}`]);
});

test("in a call From, To, Call-ID, CSeq and Route are the dialog's, whatever the application says; Contact is kept", () => {
  const sim = simulate();
  sim.application(1, "invite");
  sim.peer(request({ method: "INVITE", headers: ["Record-Route: <sip:10.0.0.9:5071;lr>"] }));
  sim.frame(1, `sip|${sim.drainTold().at(-1)?.tokens[8]}|\r\nSIP/2.0 200 OK\r\ncontact: <sip:me@localhost>\r\n\r\n`);
  const tag = /tag=(.*)$/.exec(headerOf(sim.last(), "to") ?? "")?.[1] ?? "";
  sim.peer(request({ method: "ACK", toTag: tag }));
  const own = ["from: <sip:x@y>;tag=z", "to: <sip:x@y>", "call-id: other", "cseq: 5000 REFER", "route: <sip:z;lr>"];
  sim.frame(1, `sip||call-1;from-tag=peertag\r\nREFER sip:placeholder SIP/2.0\r\n${own.join("\r\n")}\r\n\r\n`);
  const sent = sim.last();
  expect(headerOf(sent, "from")).toBe(`svc <sip:svc@10.0.0.1>;tag=${tag}`);
  expect(headerOf(sent, "to")).toBe("peer <sip:peer@10.0.0.9>;tag=peertag");
  expect(headerOf(sent, "call-id")).toBe("call-1");
  expect(headerOf(sent, "cseq")).not.toContain("5000");
  expect(headerOf(sent, "route")).toBe("<sip:10.0.0.9:5071;lr>");
  expect(headerOf(sent, "contact")).toBe("<sip:me@10.0.0.1:5060>");
});
