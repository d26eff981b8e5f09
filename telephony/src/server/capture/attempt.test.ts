import { expect, test } from "vitest";
import { type Attempt, noteMessage } from "./attempt.ts";
import { readHead } from "./head.ts";
import type { Captured } from "./segment.ts";

let at = 0;
const fold = (
  steps: readonly (readonly [out: boolean, start: string, cseq: string, fromTag?: string, more?: string])[],
) =>
  steps.reduce<Attempt | null>((attempt, [out, start, cseq, fromTag = "a", more = ""]) => {
    const isFirst = start.startsWith("INVITE");
    const data = Buffer.from(
      `${start}\r\nf: <sip:1001@x>;tag=${fromTag}\r\nTO : <sip:2@y>${isFirst ? "" : ";tag=b"}\r\ni: c\r\nCSeq:  ${cseq}\r\n${more}\r\n`,
    );
    const end = { address: "192.0.2.1", port: 5060 };
    const message: Captured = { atMs: ++at, out, transport: "udp", local: end, remote: end, data };
    const head = readHead(data);
    return head === null ? attempt : noteMessage(attempt, head, message);
  }, null);
const INVITE = "INVITE sip:2@y SIP/2.0";

test("compact and oddly written headers are found", () => {
  expect(fold([[false, INVITE, "1 INVITE"]])).toMatchObject({
    callId: "c",
    from: "1001",
    to: "2",
    direction: "inbound",
  });
});

test("a CANCEL that a 200 overtook ends nothing; the BYE does", () => {
  const crossed = fold([
    [false, INVITE, "1 INVITE"],
    [false, "CANCEL sip:2@y SIP/2.0", "1 CANCEL"],
    [true, "SIP/2.0 200 OK", "1 INVITE"],
  ]);
  expect(crossed).toMatchObject({ finalStatus: 200, endMs: 0, endedBy: "nobody" });
  const cancelled = fold([
    [false, INVITE, "1 INVITE"],
    [false, "CANCEL sip:2@y SIP/2.0", "1 CANCEL", "a", 'Reason: SIP;cause=200;text="elsewhere"\r\n'],
    [true, "SIP/2.0 487 Request Terminated", "1 INVITE"],
  ]);
  expect(cancelled).toMatchObject({ finalStatus: 487, endedBy: "caller", reason: 'SIP;cause=200;text="elsewhere"' });
});

test("who hung up is told by the From tag of the BYE, also when we passed the call on as a proxy", () => {
  const proxied = fold([
    [false, INVITE, "1 INVITE"],
    [true, INVITE, "1 INVITE"],
    [false, "SIP/2.0 486 Busy Here", "1 INVITE"],
    [true, INVITE, "1 INVITE"],
    [false, "SIP/2.0 200 OK", "1 INVITE"],
    [true, "SIP/2.0 200 OK", "1 INVITE"],
    [false, "BYE sip:1001@x SIP/2.0", "9 BYE", "b"],
    [true, "BYE sip:1001@x SIP/2.0", "9 BYE", "b"],
  ]);
  expect(proxied).toMatchObject({ direction: "inbound", finalStatus: 200, endedBy: "callee" });
});

test("as a proxy that gives its branches up, we are who ended it", () => {
  const givenUp = fold([
    [false, INVITE, "1 INVITE"],
    [true, INVITE, "1 INVITE"],
    [true, "CANCEL sip:2@y SIP/2.0", "1 CANCEL"],
    [false, "SIP/2.0 487 Request Terminated", "1 INVITE"],
    [true, "SIP/2.0 408 Request Timeout", "1 INVITE"],
  ]);
  expect(givenUp).toMatchObject({ finalStatus: 408, endedBy: "server" });
});
