import { monoMs } from "@intramuros/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCommand } from "./command.ts";
import { contentTypeOf, passHeaders, replaceLocalhost } from "./compose.ts";
import { createFrameReader, frameOf } from "./frame.ts";
import { createRouteTable } from "./route-table.ts";
import { createAttempts, sameSecret } from "./secret.ts";
import { timeOfDay } from "./tell.ts";

describe("frames", () => {
  test("come out the same however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 8 }), fc.array(fc.nat(40)), (texts, cuts) => {
        const payloads = texts.map((text) => Buffer.from(text).toString("latin1"));
        const stream = Buffer.from(payloads.map(frameOf).join(""), "latin1");
        const reader = createFrameReader();
        const got: string[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          const end = Math.min(stream.length, at + cut);
          const { frames, fault } = reader.push(stream.subarray(at, end));
          expect(fault).toBe(null);
          got.push(...frames);
          at = end;
        }
        expect(got).toEqual(payloads);
      }),
    );
  });
  test("lengths count bytes, not characters", () => {
    const payload = Buffer.from("a|ping|中").toString("latin1");
    expect(payload.length).toBe(10);
    expect(createFrameReader().push(Buffer.from("10#a|ping|中")).frames).toEqual([payload]);
  });
  test("a frame of a mebibyte passes, a longer one and a bad length do not", () => {
    const body = "x".repeat(1_048_576);
    expect(createFrameReader().push(Buffer.from(frameOf(body))).frames).toEqual([body]);
    expect(createFrameReader().push(Buffer.from("1048577#")).fault).toBe("frame too long");
    expect(createFrameReader().push(Buffer.from("12a#")).fault).toBe("bad frame length");
    expect(createFrameReader().push(Buffer.from("#")).fault).toBe("bad frame length");
    expect(createFrameReader().push(Buffer.from("123456789")).fault).toBe("bad frame length");
  });
  test("no bytes make the reader or the commands throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const frame of createFrameReader().push(Buffer.from(bytes)).frames) parseCommand(frame);
        parseCommand(Buffer.from(bytes).toString("latin1"));
      }),
    );
  });
});

describe("commands", () => {
  test("tokens, route and message of a request; Content-Length is not believed", () => {
    const command = parseCommand(
      "id|sip||dlg;from-tag=1|sip:p\r\nINFO sip:placeholder SIP/2.0\r\nContent-Length: 1\r\nx_y: 1\r\nbad line\r\n\r\nhello",
    );
    if (command.type !== "sip" || command.message === null) throw new Error(command.type);
    expect(command).toMatchObject({ transactionId: "", dialogId: "dlg;from-tag=1", routeUrl: "sip:p" });
    expect(command.message.body.toString()).toBe("hello");
    expect(command.message.headers.map(({ key }) => key)).toEqual(["content-length", "x-y"]);
  });
  test("what is not in the protocol is told apart: too few tokens, unknown type", () => {
    expect(parseCommand("only").type).toBe("invalid");
    expect(parseCommand("id|what").type).toBe("unknown");
  });
});

describe("an application's headers", () => {
  const message = (text: string) => {
    const command = parseCommand(`i|sip|t|\r\nSIP/2.0 200 OK\r\n${text}\r\n\r\n`);
    if (command.type !== "sip" || command.message === null) throw new Error("no message");
    return command.message;
  };
  test("the stack's own are dropped, the others spelt canonically, in order", () => {
    const given = message(
      "via: x\r\nuser-agent: a\r\nRSeq: 4\r\nx-Demo: 1\r\nsubject: s\r\nP_Asserted_Identity: <sip:1@localhost>",
    );
    expect(
      passHeaders(given, { taken: new Set(["subject"]), hostport: "10.0.0.1:5060" }).map(({ line }) => line),
    ).toEqual(["User-Agent: a", "x-Demo: 1", "P-Asserted-Identity: <sip:1@10.0.0.1:5060>"]);
  });
  test("localhost becomes the server's address, with its port, only as a host", () => {
    const own = "10.0.0.1:5060";
    expect(replaceLocalhost("sip:localhost", own)).toBe("sip:10.0.0.1:5060");
    expect(replaceLocalhost('"localhost" <sip:a@localhost:1;x=y>;tag=1', own)).toBe(
      '"localhost" <sip:a@10.0.0.1:5060;x=y>;tag=1',
    );
    expect(replaceLocalhost("<sip:a@localhost.example>", own)).toBe("<sip:a@localhost.example>");
  });
  test("a body that begins like SDP needs no type, another does", () => {
    expect(contentTypeOf([], Buffer.from("v=0\r\n")).type).toBe("sdp");
    expect(contentTypeOf([], Buffer.from("hello")).type).toBe("missing");
    expect(contentTypeOf([], Buffer.alloc(0)).type).toBe("none");
  });
});

test("requests go round the applications in turn; a verb asked for twice counts once", () => {
  const table = createRouteTable();
  table.add("invite", 1);
  table.add("invite", 1);
  table.add("invite", 2);
  expect([table.next("invite"), table.next("invite"), table.next("invite")]).toEqual([1, 2, 1]);
  table.add("options", 1);
  table.remove("invite", 1);
  expect([table.next("invite"), table.next("options")]).toEqual([2, 1]);
  table.forget(2);
  expect(table.next("invite")).toBe(null);
});

test("ten wrong secrets in a minute close the door to an address", () => {
  expect(sameSecret("a", "a")).toBe(true);
  expect(sameSecret("a", "ab")).toBe(false);
  const attempts = createAttempts();
  for (let i = 0; i < 10; i++) attempts.failed("10.0.0.9", monoMs(i * 1000));
  expect(attempts.isBlocked("10.0.0.9", monoMs(30_000))).toBe(true);
  expect(attempts.isBlocked("10.0.0.8", monoMs(30_000))).toBe(false);
  expect(attempts.isBlocked("10.0.0.9", monoMs(60_000))).toBe(false);
});

test("time of day has microseconds and no date", () => {
  expect(timeOfDay(Date.UTC(2026, 10, 23, 4, 5, 6, 7))).toBe("04:05:06.007000");
});
