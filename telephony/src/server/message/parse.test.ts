import { expect, test } from "vitest";
import {
  headerOf,
  messageText,
  parseMessage,
  readEssentials,
  type SipFault,
  type SipMessage,
  serialise,
} from "./index.ts";

const lines = (...text: string[]): Buffer => Buffer.from(text.join("\r\n"), "latin1");
const read = (bytes: Buffer): SipMessage => {
  const message = parseMessage(bytes);
  if (message.kind === "fault") throw new Error(message.reason);
  return message;
};
const fail = (bytes: Buffer): SipFault => {
  const message = parseMessage(bytes);
  if (message.kind !== "fault") throw new Error("read");
  return message;
};

const INVITE = lines(
  "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0",
  "TO :",
  " sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n",
  'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
  "  ;",
  "  tag = 98asjd8",
  "MaX-fOrWaRdS: 0068",
  "Call-ID: wsinv.ndaksdj@192.0.2.1",
  "cseq: 0009",
  "  INVITE",
  "Via  : SIP  /   2.0",
  " /UDP",
  "    192.0.2.2;branch=390skdjuw",
  "s :",
  "NewFangledHeader:   newfangled value",
  " continued newfangled value",
  "Content-Type: application/sdp",
  "v:  SIP  / 2.0  / TCP     spindle.example.com   ;",
  "  branch  =   z9hG4bK9ikj8  ,",
  " SIP  /    2.0   / UDP  192.168.255.111   ; branch=",
  " z9hG4bK30239",
  "Content-Length: 4",
  "",
  "v=0\n",
);

test("the tortuous INVITE of RFC 4475 §3.1.1.1 is read", () => {
  const message = read(INVITE);
  expect(headerOf(message, "to")).toBe("sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n");
  expect(headerOf(message, "newfangledheader")).toBe("newfangled value continued newfangled value");
  const fields = readEssentials(message);
  if ("missing" in fields) throw new Error(fields.missing);
  expect(fields.toTag).toBe("1918181833n");
  expect(fields.fromTag).toBe("98asjd8");
  expect(fields.cseq).toEqual({ number: 9, method: "INVITE" });
  expect(fields.via).toMatchObject({ transport: "UDP", host: "192.0.2.2", port: null });
  expect(fields.viaCount).toBe(2);
});

test("what was read is written byte for byte, folded lines and strange spellings too", () => {
  expect(serialise(read(INVITE)).equals(INVITE)).toBe(true);
});

test("a byte that is not UTF-8 survives", () => {
  const bytes = lines("OPTIONS sip:a@b SIP/2.0", "Subject: \xff\xc3\x28", "Content-Length: 2", "", "\x80\x00");
  expect(serialise(read(bytes)).equals(bytes)).toBe(true);
});

test("lines may end in LF alone and are handed on with CRLF", () => {
  const message = read(Buffer.from("SIP/2.0 200 OK\nl: 3\nSubject: a\n b\n\nxyz"));
  expect(headerOf(message, "content-length")).toBe("3");
  expect(messageText(message)).toBe("SIP/2.0 200 OK\r\nl: 3\r\nSubject: a\r\n b\r\n\r\nxyz");
});

test("bytes after the body of a datagram are dropped; a body cut short is a fault with the request to refuse", () => {
  expect(read(lines("INFO sip:a SIP/2.0", "Content-Length: 1", "", "xyz")).body.toString()).toBe("x");
  const fault = fail(lines("INFO sip:a SIP/2.0", "Content-Length: 9", "", "xyz"));
  expect(fault).toMatchObject({ code: "content-length", partial: { method: "INFO" } });
});

test.each([
  ["two blanks in the request line", lines("INVITE  sip:a@b SIP/2.0", "", ""), "start-line"],
  ["a URI in angle brackets", lines("INVITE <sip:a@b> SIP/2.0", "", ""), "start-line"],
  ["another version", lines("INVITE sip:a@b SIP/7.0", "", ""), "version"],
  ["a status of seven hundred", lines("SIP/2.0 700 Too far", "", ""), "start-line"],
  ["a header without a colon", lines("INVITE sip:a@b SIP/2.0", "Via SIP/2.0/UDP h", "", ""), "header"],
  ["a header name that is no token", lines("INVITE sip:a@b SIP/2.0", "Vi a: x", "", ""), "header"],
  ["two different lengths", lines("INVITE sip:a@b SIP/2.0", "l: 0", "Content-Length: 3", "", "abc"), "content-length"],
  ["a negative length", lines("INVITE sip:a@b SIP/2.0", "Content-Length: -999", "", ""), "content-length"],
  ["no end of the headers", lines("INVITE sip:a@b SIP/2.0", "Via: x"), "no-end"],
  ["blank lines only", lines("", "", ""), "empty"],
  ["a bare CR inside a value", lines("INVITE sip:a@b SIP/2.0", "Subject: a\rX: b", "", ""), "header"],
])("%s is a fault", (_name, bytes, code) => {
  expect(fail(bytes).code).toBe(code);
});

test("more headers than the limit, and more bytes, are faults", () => {
  const many = Array.from({ length: 201 }, (_, i) => `X-${i}: 1`);
  expect(fail(lines("INVITE sip:a@b SIP/2.0", ...many, "", "")).code).toBe("too-many-headers");
  expect(fail(Buffer.alloc(65_537, 0x41)).code).toBe("too-large");
});

test("a header longer than the limit is a fault, folded or not, and what was read before it can be answered", () => {
  const long = "x".repeat(16_400);
  expect(fail(lines("INVITE sip:a@b SIP/2.0", "Via: SIP/2.0/UDP h", `X: ${long}`, "", ""))).toMatchObject({
    code: "too-large",
    partial: { method: "INVITE", headers: [{ key: "via" }] },
  });
  const folded = Array.from({ length: 20 }, () => ` ${"y".repeat(1000)}`);
  expect(fail(lines("INVITE sip:a@b SIP/2.0", "X: 1", ...folded, "", "")).code).toBe("too-large");
});

test("a doubled From or a CSeq of another method is named", () => {
  const base = ["Via: SIP/2.0/UDP h;branch=z9hG4bK1", "From: <sip:a>;tag=1", "To: <sip:b>", "Call-ID: c"];
  const doubled = read(lines("BYE sip:b SIP/2.0", ...base, "From: <sip:x>", "CSeq: 1 BYE", "", ""));
  expect(readEssentials(doubled)).toEqual({ missing: "From" });
  const other = read(lines("BYE sip:b SIP/2.0", ...base, "CSeq: 1 INVITE", "", ""));
  expect(readEssentials(other)).toEqual({ missing: "CSeq" });
  const large = read(lines("BYE sip:b SIP/2.0", ...base, "CSeq: 2147483648 BYE", "", ""));
  expect(readEssentials(large)).toEqual({ missing: "CSeq" });
});
