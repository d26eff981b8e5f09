import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalHeader, makeRequest, parseMessage, readEssentials, serialise } from "./index.ts";

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,15}$/);
const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,40}[\x21-\x7e])?$/);
const fixed = new Set(["content-length", "l"]);

test("what we write we read: method, URI, headers in order, body", () => {
  fc.assert(
    fc.property(
      token,
      fc.array(fc.tuple(token, value), { maxLength: 30 }),
      fc.uint8Array({ maxLength: 500 }),
      (method, pairs, bytes) => {
        const headers = pairs
          .filter(([name]) => !fixed.has(name.toLowerCase()))
          .map(([name, text]) => canonicalHeader(name, text));
        const request = makeRequest({ method, uri: "sip:x@127.0.0.1", headers, body: Buffer.from(bytes) });
        const back = parseMessage(serialise(request));
        expect(back).toEqual(request);
      },
    ),
  );
});

const SEED = Buffer.from(
  [
    "INVITE sip:1@127.0.0.1 SIP/2.0",
    "Via: SIP/2.0/UDP 127.0.0.1:5061;rport;branch=z9hG4bK1, SIP/2.0/TCP [::1]",
    'From: "A \\"B\\"" <sip:a@b>;tag=1',
    "To: <sip:c@d;x=y?h=1>",
    "Call-ID: q@r",
    "CSeq: 1 INVITE",
    "m: <sip:a@127.0.0.1>;q=0.5,",
    " *",
    "Content-Length: 3",
    "",
    "abc",
  ].join("\r\n"),
  "latin1",
);

test("no bytes make the parser throw, nor any mutation of a message", () => {
  const mutation = fc.record({
    at: fc.nat(SEED.length - 1),
    drop: fc.nat(8),
    put: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom("\r\n", "\n ", ":", ";", ",", '"', "<", "\0")),
  });
  const mutated = fc.array(mutation, { minLength: 1, maxLength: 8 }).map((changes) => {
    let bytes = SEED;
    for (const { at, drop, put } of changes) {
      const place = Math.min(at, bytes.length);
      bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(put as string), bytes.subarray(place + drop)]);
    }
    return bytes;
  });
  const any = fc.oneof(
    mutated,
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(any, (bytes) => {
      const message = parseMessage(bytes);
      if (message.kind === "fault") {
        expect(message.reason).not.toBe("");
        return;
      }
      readEssentials(message);
      // Read once more, a message is the same: no second reader sees another one.
      const again = parseMessage(serialise(message));
      expect(again.kind).toBe(message.kind);
      if (again.kind !== "fault") {
        expect(again.headers.map(({ key, value }) => [key, value])).toEqual(
          message.headers.map(({ key, value }) => [key, value]),
        );
      }
    }),
    { numRuns: 3000 },
  );
});
