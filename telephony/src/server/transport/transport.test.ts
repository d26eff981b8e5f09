import fc from "fast-check";
import { expect, test } from "vitest";
import { listenersOf } from "./listen-address.ts";
import { createStreamFramer } from "./stream-framer.ts";

const message = (body: string): string =>
  `MESSAGE sip:a SIP/2.0\r\nContent-Type: text/plain\r\nl : ${Buffer.byteLength(body)}\r\n\r\n${body}`;

test("a stream gives the same messages however it is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 50 }), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 60 })),
      (bodies, cuts) => {
        const stream = Buffer.from(bodies.map(message).join("\r\n"));
        const framer = createStreamFramer(65_536);
        const got: string[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          for (const piece of framer.push(stream.subarray(at, at + cut))) {
            if (piece.type === "message") got.push(piece.bytes.toString());
            else throw new Error(piece.type);
          }
          at = Math.min(stream.length, at + cut);
        }
        expect(got).toEqual(bodies.map(message));
        expect(framer.heldBytes).toBe(0);
      },
    ),
  );
});

test("a pair of CRLFs is a ping, in one piece or two; a single one is not", () => {
  const framer = createStreamFramer(100);
  expect(framer.push(Buffer.from("\r\n\r\n"))).toEqual([{ type: "ping" }]);
  expect(framer.push(Buffer.from("\r\n"))).toEqual([]);
  expect(framer.push(Buffer.from("\r\n"))).toEqual([{ type: "ping" }]);
});

test.each([
  ["without a length", "GET / HTTP/1.1\r\n\r\n", "no Content-Length"],
  ["with a length above the limit", "MESSAGE sip:a SIP/2.0\r\nContent-Length: 5000\r\n\r\n", "message too long"],
  ["that never ends its headers", "x".repeat(2000), "headers too long"],
])("a stream %s is a fault, and nothing after it is read", (_name, text, reason) => {
  const framer = createStreamFramer(1000);
  expect(framer.push(Buffer.from(text))).toEqual([{ type: "fault", reason }]);
  expect(framer.push(Buffer.from(message("later")))).toEqual([]);
});

test("no bytes make the framer throw", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 })), (chunks) => {
      const framer = createStreamFramer(200);
      for (const chunk of chunks) framer.push(Buffer.from(chunk));
      expect(framer.heldBytes).toBeLessThanOrEqual(300);
    }),
  );
});

test("`auto` stands for each address of the machine, once", () => {
  const machine = { v4: ["10.0.0.1", "127.0.0.1"], v6: ["2001:db8::5"] };
  const entries = ["udp:auto:5060", "udp:10.0.0.1:5060", "tcp:[::1]:5062", "tls:auto6:5061", "wss:[::]:443"];
  expect(listenersOf(entries, machine)).toEqual([
    { transport: "udp", address: "10.0.0.1", port: 5060 },
    { transport: "udp", address: "127.0.0.1", port: 5060 },
    { transport: "tcp", address: "::1", port: 5062 },
    { transport: "tls", address: "2001:db8::5", port: 5061 },
    { transport: "wss", address: "2001:db8::5", port: 443 },
  ]);
});
