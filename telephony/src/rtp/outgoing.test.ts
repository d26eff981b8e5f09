import { describe, expect, it } from "vitest";
import { openCodec } from "./codec.ts";
import { DtmfReceiver } from "./dtmf-events.ts";
import { Outgoing } from "./outgoing.ts";
import { parseRtp, type RtpHeader, writeRtpHeader } from "./rtp-packet.ts";

const open = (ptimeMs = 20): Outgoing =>
  new Outgoing({ ssrc: 1, sequence: 65_534, ticks: 0xffff_ff00 }, openCodec("PCMA"), {
    ...{ payloadType: 8, dtmfPayloadType: 101, ptimeMs },
  });
const headerOf = (packet: Uint8Array): RtpHeader => {
  const header = parseRtp(packet);
  if (header.type === "fault") throw new Error(header.reason);
  return header;
};
/** Turns with what they send. */
function turns(out: Outgoing, count: number, relaying = false): { header: RtpHeader; bytes: Buffer }[] {
  const sent: { header: RtpHeader; bytes: Buffer }[] = [];
  for (let i = 0; i < count; i++) {
    out.turn(relaying, (buffer, length) => {
      const bytes = Buffer.from(buffer.subarray(0, length));
      sent.push({ header: headerOf(bytes), bytes });
    });
  }
  return sent;
}

describe("what is sent", () => {
  it.each([10, 20, 30, 40])("numbers and timestamps run on over their ends with packets of %i ms", (ptimeMs) => {
    const sent = turns(open(ptimeMs), 60);
    expect(sent).toHaveLength(1200 / ptimeMs);
    sent.forEach(({ header }, i) => {
      expect(header.sequence).toBe((65_534 + i) & 0xffff);
      expect(header.timestampTicks).toBe((0xffff_ff00 + i * ptimeMs * 8) >>> 0);
      expect(header.marker).toBe(i === 0);
    });
  });

  it("a key sends what was begun before it, and audio goes on where it would have been", () => {
    const out = open(40);
    turns(out, 1); // half a packet
    out.keys.press("5", 40);
    const sent = turns(out, 12);
    const audio = sent.filter(({ header }) => header.payloadType === 8);
    expect(audio[0]!.header.payloadEnd - audio[0]!.header.payloadStart).toBe(160);
    for (const { header } of audio) expect(((header.timestampTicks - 0xffff_ff00) >>> 0) % 160).toBe(0);
    expect(sent.map(({ header }) => header.sequence)).toEqual(sent.map((_, i) => (65_534 + i) & 0xffff));
  });

  it("while a bridged peer speaks only what is ours goes between", () => {
    const out = open();
    expect(turns(out, 5, true)).toEqual([]);
    out.queue.add(new Int16Array(160).fill(1000));
    expect(turns(out, 5, true)).toHaveLength(1);
    out.tones.press("1", 60);
    expect(turns(out, 12, true)).toHaveLength(7); // 60 ms of tone and 80 of pause
  });
});

describe("what is relayed", () => {
  const packet = (
    sequence: number,
    timestampTicks: number,
    as: { marker?: boolean; event?: readonly number[] } = {},
  ) => {
    const bytes = Buffer.concat([Buffer.alloc(12), as.event === undefined ? Buffer.alloc(160) : Buffer.from(as.event)]);
    const payloadType = as.event === undefined ? 0 : 96;
    writeRtpHeader(bytes, { marker: as.marker ?? false, payloadType, sequence, timestampTicks, ssrc: 9 });
    return bytes;
  };
  const relay = (out: Outgoing, bytes: Buffer, isEvent = false): Buffer => {
    const start = out.relay(headerOf(bytes), bytes, { payloadType: isEvent ? 101 : 8, isEvent });
    return bytes.subarray(start);
  };

  it("keeps the gaps of what was lost, and our own packets go on behind it", () => {
    const out = open();
    const first = headerOf(relay(out, packet(100, 5000)));
    expect(first).toMatchObject({
      sequence: 65_534,
      timestampTicks: 0xffff_ff00,
      marker: true,
      ssrc: 1,
      payloadType: 8,
    });
    const third = headerOf(relay(out, packet(102, 5320)));
    expect(third).toMatchObject({ sequence: 0, timestampTicks: 0x40, marker: false });
    expect(turns(out, 1)[0]!.header).toMatchObject({ sequence: 1, timestampTicks: 0xe0 });
  });

  it("one press stays one, though something of ours came between its packets", () => {
    const out = open();
    const receiver = new DtmfReceiver();
    let keys = "";
    const hear = (bytes: Uint8Array): void => {
      const header = headerOf(bytes);
      keys += receiver.receive(header, bytes, { from: header.payloadStart, to: header.payloadEnd }) ?? "";
    };
    for (let i = 0; i < 8; i++) {
      if (i === 3) turns(out, 2);
      const ended = i > 5 ? 0x80 : 0;
      hear(relay(out, packet(100 + i, 7000, { marker: i === 0, event: [4, ended | 10, 0, 160 + i] }), true));
    }
    expect(keys).toBe("4");
    hear(relay(out, packet(110, 9000, { marker: true, event: [4, 10, 0, 160] }), true));
    expect(keys).toBe("44");
  });
});
