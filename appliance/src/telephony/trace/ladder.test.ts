import fc from "fast-check";
import { expect, test } from "vitest";
import { drawLadder, readMessages } from "./ladder.ts";
import { notesOf } from "./ladder-notes.ts";
import { rtcpLine } from "./rtcp-text.ts";
import { differences } from "./sdp-exchange.ts";
import { causeOf, readSipText } from "./sip-text.ts";
import type { WireMessage } from "./wire.ts";

const sdp = (address: string, media: string): string =>
  `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\n${media}\r\n`;
const OFFER = sdp(
  "10.1.2.3",
  "m=audio 4000 RTP/AVP 18 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\na=sendrecv",
);
const ANSWER = sdp("192.0.2.1", "m=audio 20000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=ptime:20");

let clock = 1_000;
const message = (out: boolean, start: string, cseq: string, body = "", remotePort = 5060): WireMessage => ({
  atMs: clock++,
  out,
  transport: "udp",
  local: { address: "192.0.2.1", port: 5060 },
  remote: { address: "198.51.100.7", port: remotePort },
  data: Buffer.from(
    `${start}\r\nCall-ID: c1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@y>\r\nCSeq: ${cseq}\r\n${body === "" ? "" : "c: application/sdp\r\n"}l: ${body.length}\r\n\r\n${body}`,
  ),
});
const draw = (messages: readonly WireMessage[]) =>
  drawLadder({ messages: readMessages(messages), rtcp: [], notes: [], ownName: "Bank", nameOf: () => "PBX" });

test("what happened in our house stands between the messages, on our lane", () => {
  const first = message(false, "INVITE sip:b@y SIP/2.0", "1 INVITE", OFFER);
  const events = [
    { conversationId: "c", seq: 1, at: clock, body: { type: "hold-changed" as const, onHold: true } },
    {
      conversationId: "c",
      seq: 2,
      at: clock,
      body: { type: "agent-said" as const, agentName: "A", text: "secret", language: "en" as const },
    },
  ];
  clock++;
  const bye = message(false, "BYE sip:b@y SIP/2.0", "2 BYE");
  const { entries } = drawLadder({
    ...{ messages: readMessages([first, bye]), rtcp: [], notes: notesOf(events), ownName: "Bank", nameOf: () => "PBX" },
  });
  expect(entries.map(({ kind, line }) => [kind, line.split(" ")[0]])).toEqual([
    ["sip", "INVITE"],
    ["note", "on"],
    ["sip", "BYE"],
  ]);
  expect(entries[1]).toMatchObject({ from: "192.0.2.1:5060", to: "192.0.2.1:5060" });
});

test("offers and answers are told apart, also when the offer comes late", () => {
  const early = draw([
    message(false, "INVITE sip:b@y SIP/2.0", "1 INVITE", OFFER),
    message(true, "SIP/2.0 183 Session Progress", "1 INVITE", ANSWER),
    message(true, "SIP/2.0 200 OK", "1 INVITE", ANSWER),
    message(false, "ACK sip:b@y SIP/2.0", "1 ACK"),
  ]);
  expect(early.entries.map((entry) => entry.sdp)).toEqual(["offer", "answer", "answer", undefined]);
  const late = draw([
    message(false, "INVITE sip:b@y SIP/2.0", "1 INVITE"),
    message(true, "SIP/2.0 200 OK", "1 INVITE", OFFER),
    message(false, "ACK sip:b@y SIP/2.0", "1 ACK", ANSWER),
    message(true, "UPDATE sip:a@x SIP/2.0", "7 UPDATE", OFFER),
    message(false, "SIP/2.0 200 OK", "7 UPDATE", ANSWER),
  ]);
  expect(late.entries.map((entry) => entry.sdp)).toEqual([undefined, "offer", "answer", "offer", "answer"]);
  expect(early.sdp.filter(({ field }) => field === "codecs")).toHaveLength(1);
});

test("a retransmission is marked, and a second port of the peer draws no second lane", () => {
  const invite = message(false, "INVITE sip:b@y SIP/2.0", "1 INVITE", OFFER);
  const drawn = draw([
    invite,
    { ...invite, atMs: clock++ },
    message(false, "BYE sip:b@y SIP/2.0", "2 BYE", "", 40_001),
  ]);
  expect(drawn.entries.map(({ repeated }) => repeated)).toEqual([false, true, false]);
  expect(drawn.lanes).toEqual([
    { address: "198.51.100.7:5060", name: "PBX" },
    { address: "192.0.2.1:5060", name: "Bank" },
  ]);
});

test("what an answer made of an offer is said in words", () => {
  const notes = (offer: string, answer: string) =>
    Object.fromEntries(
      differences({ at: 1, offer, answer, offerFrom: "203.0.113.9", answerFrom: "192.0.2.1" }).map((row) => [
        row.field,
        row.note,
      ]),
    );
  const found = notes(OFFER, ANSWER);
  expect(found.codecs).toMatch(/PCMA is spoken: not the first choice/);
  expect(found["telephone-event"]).toMatch(/go out as 96 and come in as 101/);
  expect(found.address).toMatch(/private address 10.1.2.3 came from 203.0.113.9: NAT/);
  expect(notes(sdp("203.0.113.9", "m=audio 4000 RTP/AVP 18"), ANSWER).codecs).toMatch(/no codec in common/);
  expect(notes(OFFER.replace("sendrecv", "sendonly"), `${ANSWER}a=recvonly\r\n`).direction).toMatch(/hold/);
  expect(notes(OFFER, ANSWER.replace("m=audio 20000", "m=audio 0")).port).toMatch(/refused/);
  expect(notes(OFFER.replace("RTP/AVP", "RTP/SAVP"), ANSWER).profile).toMatch(/encryption was offered and not taken/);
});

test("the session description is found among several bodies", () => {
  const text = readSipText(
    Buffer.from(
      `INVITE sip:b@y SIP/2.0\r\nContent-Type: multipart/mixed;\r\n boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nno\r\n--x\r\nContent-Type: application/sdp\r\n\r\n${OFFER}\r\n--x--`,
    ),
  );
  expect(text?.sdp).toContain("m=audio 4000");
});

test("RTCP reports are read as RFC 3550 §6.4.1 lays them out", () => {
  const report = Buffer.alloc(32);
  report.set([0x81, 201, 0, 7]);
  report[12] = 64; // a quarter
  report.writeUIntBE(5, 13, 3);
  report.writeUInt32BE(160, 20);
  expect(rtcpLine(report)).toBe("RTCP RR: hears 25.0 % loss (5 in all), jitter 160 ticks");
  expect(rtcpLine(Buffer.from("not at all"))).toMatch(/cannot be read/);
  expect(causeOf('SIP;cause=486, Q.850;cause=17;text="busy"')).toBe(17);
});

test("no bytes of a peer make the ladder throw", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), fc.string(), (packets, media) => {
      const wire = packets.map((bytes) => ({ ...message(true, "", ""), data: Buffer.from(bytes) }));
      const spoilt = message(false, "INVITE sip:b@y SIP/2.0", "1 INVITE", sdp("x", `m=audio ${media}`));
      draw([...wire, spoilt, message(true, "SIP/2.0 200 OK", "1 INVITE", sdp("y", media))]);
      for (const bytes of packets) rtcpLine(Buffer.from(bytes));
    }),
  );
});
