import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { bridgeEndpoints } from "./bridge-driver.ts";
import { PacketTap, packetRings } from "./packet-tap.ts";
import type { RtpEndpoint, RtpEndpointOptions } from "./rtp-endpoint.ts";
import { createRtpPortPool, openRtpEndpoint } from "./rtp-endpoint-driver.ts";
import { parseRtp, type RtpHeader, writeRtpHeader } from "./rtp-packet.ts";
import type { SrtpKey } from "./srtp.ts";

/** An endpoint on real sockets, as a trunk's form wants it: encrypted, with packets of any length, tones for keys, a range of ports. */
const HOST = "127.29.46.30";
const PEER = "127.29.46.31";
const pool = createRtpPortPool({ min: 46_800, max: 46_899 });
const opened: { close(): unknown }[] = [];
afterAll(async () => {
  for (const one of opened) await one.close();
});

interface Heard {
  readonly endpoint: RtpEndpoint;
  digits: string;
  power: number;
}
async function open(change: Partial<RtpEndpointOptions> = {}, from = pool): Promise<Heard> {
  const heard = { digits: "", power: 0 };
  const endpoint = await openRtpEndpoint(from, {
    ...{ localAddress: HOST, codec: "PCMA", payloadType: 8, dtmfPayloadType: 101, remote: null },
    allowedSources: [HOST, PEER],
    onFrame: ({ samples }) => {
      for (const sample of samples) heard.power += sample * sample;
    },
    onDigit: (digit, via) => {
      heard.digits += `${digit}:${via} `;
    },
    ...change,
  });
  opened.push(endpoint);
  return Object.assign(heard, { endpoint });
}
const at = (one: Heard) => ({ address: HOST, port: one.endpoint.localPort });
const join = (a: Heard, b: Heard): void => {
  a.endpoint.update({ remote: at(b) });
  b.endpoint.update({ remote: at(a) });
};
const tone = (ms: number): Int16Array =>
  new Int16Array(8 * ms).map((_, i) => Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / 8000)));

/** A bare socket that sees what comes. */
async function peer(): Promise<{ socket: Socket; port: number; seen: { header: RtpHeader; bytes: Buffer }[] }> {
  const socket = createSocket("udp4");
  const seen: { header: RtpHeader; bytes: Buffer }[] = [];
  socket.on("message", (bytes) => {
    const header = parseRtp(bytes);
    if (header.type === "rtp") seen.push({ header, bytes });
  });
  await new Promise<void>((resolve) => socket.bind(0, PEER, () => resolve()));
  opened.push(socket);
  return { socket, port: socket.address().port, seen };
}
const packet = (sequence: number, ssrc: number, payload = Buffer.alloc(160, 0xd5)): Buffer => {
  const bytes = Buffer.concat([Buffer.alloc(12), payload]);
  writeRtpHeader(bytes, { marker: false, payloadType: 8, sequence, timestampTicks: sequence * 160, ssrc });
  return bytes;
};
const key = (): SrtpKey => ({
  suite: "AES_CM_128_HMAC_SHA1_80",
  ...{ masterKey: randomBytes(16), masterSalt: randomBytes(14), mki: new Uint8Array() },
});

describe("an encrypted call", () => {
  it("is heard with both keys, and is nothing but noise that is dropped without them", async () => {
    const [ours, theirs] = [key(), key()];
    const a = await open({ srtp: { send: ours, receive: theirs } });
    const b = await open({ srtp: { send: theirs, receive: ours } });
    join(a, b);
    a.endpoint.play(tone(500));
    a.endpoint.sendDigit("7");
    await wait(900);
    expect(b.digits).toBe("7:rfc4733 ");
    expect(b.power).toBeGreaterThan(1e9);
    expect(b.endpoint.report()).toMatchObject({ lostIn: 0, undecipheredIn: 0 });
    b.endpoint.update({ srtp: { send: theirs, receive: key() } });
    const before = b.endpoint.report();
    await wait(200);
    expect(b.endpoint.report().packetsIn).toBe(before.packetsIn);
    expect(b.endpoint.report().undecipheredIn).toBeGreaterThan(5);
  });

  it("a re-INVITE that says the same keys goes on with the same counters", async () => {
    const keys = { send: key(), receive: key() };
    const a = await open({ srtp: keys });
    const b = await open({ srtp: { send: keys.receive, receive: keys.send } });
    join(a, b);
    await wait(200);
    a.endpoint.update({ srtp: { ...keys } });
    await wait(200);
    expect(b.endpoint.report()).toMatchObject({ undecipheredIn: 0, lostIn: 0 });
  });

  it("is bridged to one in the open: the packets' sound is the same, their protection is not", async () => {
    const keys = { send: key(), receive: key() };
    const phone = await open({ srtp: keys });
    const a = await open({ srtp: { send: keys.receive, receive: keys.send } });
    const b = await open();
    const other = await open();
    join(phone, a);
    join(b, other);
    bridgeEndpoints(a.endpoint, b.endpoint);
    phone.endpoint.play(tone(400));
    other.endpoint.play(tone(400));
    phone.endpoint.sendDigit("3");
    await wait(900);
    expect(other.digits).toBe("3:rfc4733 ");
    expect(other.power).toBeGreaterThan(1e9);
    expect(phone.power).toBeGreaterThan(1e9);
    expect(phone.endpoint.report().undecipheredIn).toBe(0);
  });
});

describe("packets as long as the peer asks", () => {
  it.each([10, 20, 30, 40])("%i ms, each where the one before ends", async (ptimeMs) => {
    const other = await peer();
    const a = await open({ remote: { address: PEER, port: other.port }, ptimeMs });
    await wait(600);
    await a.endpoint.close();
    const { seen } = other;
    expect(seen.length).toBeGreaterThanOrEqual(Math.floor(500 / ptimeMs));
    for (let i = 1; i < seen.length; i++) {
      const [before, header] = [seen[i - 1]!.header, seen[i]!.header];
      expect(header.payloadEnd - header.payloadStart).toBe(ptimeMs * 8);
      expect(header.sequence).toBe((before.sequence + 1) & 0xffff);
      expect((header.timestampTicks - before.timestampTicks) >>> 0).toBe(ptimeMs * 8);
    }
  });

  it("keys between packets of 40 ms, and packets too long for a bridged peer are cut anew", async () => {
    const long = await open({ ptimeMs: 40 });
    const a = await open();
    const b = await open();
    const other = await peer();
    join(long, a);
    b.endpoint.update({ remote: { address: PEER, port: other.port }, maxPtimeMs: 20 });
    bridgeEndpoints(a.endpoint, b.endpoint);
    long.endpoint.play(tone(500));
    long.endpoint.sendDigit("4");
    await wait(900);
    const audio = other.seen.filter(({ header }) => header.payloadType === 8);
    expect(Math.max(...audio.map(({ header }) => header.payloadEnd - header.payloadStart))).toBe(160);
    expect(other.seen.some(({ header }) => header.payloadType === 101)).toBe(true);
    expect(a.digits).toBe("4:rfc4733 ");
  });
});

describe("keys as tones", () => {
  it("are sent and heard where no telephone-event was agreed on, and only there", async () => {
    const a = await open({ dtmfPayloadType: null, tones: "fallback" });
    const b = await open({ dtmfPayloadType: null, tones: "fallback" });
    join(a, b);
    await wait(60);
    expect(a.endpoint.sendDigit("1", 200)).toBe("inband");
    expect(a.endpoint.sendDigit("#", 200)).toBe("inband");
    await wait(900);
    expect(b.digits).toBe("1:inband #:inband ");
    // Two keys of 200 ms at -9 dBm0 a tone are 2.1e11; a recogniser gets their first instants at most.
    expect(b.power).toBeLessThan(8e10);
    a.endpoint.update({ dtmfPayloadType: 101 });
    expect(a.endpoint.sendDigit("2", 80)).toBe("rfc4733");
    const none = await open({ dtmfPayloadType: null });
    expect(none.endpoint.sendDigit("2")).toBeNull();
  });
});

describe("where packets come from and go", () => {
  it("the stream of the call before on this port is not taken for the peer's, its own port is another", async () => {
    const one = createRtpPortPool({ min: 46_900, max: 46_901 });
    const [old, next] = [await peer(), await peer()];
    const first = await open({}, one);
    const { localPort } = first.endpoint;
    old.socket.send(packet(1, 77), localPort, HOST);
    await wait(50);
    expect(first.endpoint.report().packetsIn).toBe(1);
    await first.endpoint.close();
    // The next peer is behind a NAT: its SDP names an address that nothing ever comes from.
    const second = await open({ remote: { address: "10.0.0.5", port: 4000 } }, one);
    expect(second.endpoint.localPort).toBe(localPort);
    for (let i = 2; i < 5; i++) old.socket.send(packet(i, 77), localPort, HOST);
    await wait(50);
    expect(second.endpoint.report()).toMatchObject({ packetsIn: 0, strangerIn: 3 });
    next.socket.send(packet(1, 78), localPort, HOST);
    await wait(50);
    expect(second.endpoint.remote).toEqual({ address: PEER, port: next.port });
  });

  it("a trunk's own range of ports, and the machine's where it has none", async () => {
    const own = pool.within({ min: 46_910, max: 46_913 });
    expect(own).toBe(pool.within({ min: 46_910, max: 46_913 }));
    expect(pool.within({ min: 0, max: 0 })).toBe(pool);
    const a = await open({}, own);
    expect(a.endpoint.localPort).toBeGreaterThanOrEqual(46_910);
    expect(a.endpoint.localPort).toBeLessThan(46_913);
  });

  it("a peer that announces silence by comfort noise is not told as one-way audio", async () => {
    const other = await peer();
    const a = await open({ remote: { address: PEER, port: other.port } });
    a.endpoint.answered();
    other.socket.send(packet(1, 5), a.endpoint.localPort, HOST);
    const noise = packet(2, 5, Buffer.of(70));
    noise[1] = 13;
    other.socket.send(noise, a.endpoint.localPort, HOST);
    await wait(3200);
    expect(a.endpoint.quality().oneWaySide).toBe("");
    other.socket.send(packet(3, 5), a.endpoint.localPort, HOST);
    await wait(3000);
    expect(a.endpoint.quality().oneWaySide).toBe("in");
  });
});

describe("packets kept for captures", () => {
  it("are those of the wire, with their addresses, RTP apart from RTCP", async () => {
    const rings = packetRings({ rtp: 100_000, rtcp: 10_000 });
    const other = await peer();
    const a = await open({ remote: { address: PEER, port: other.port }, tap: new PacketTap(rings, 5) });
    other.socket.send(packet(1, 9), a.endpoint.localPort, HOST);
    await wait(200);
    await a.endpoint.close();
    const rtp = rings.rtp.packetsOf(new Set([5]));
    const [came] = rtp.filter(({ outgoing }) => !outgoing);
    expect(came).toMatchObject({ local: at(a), remote: { address: PEER, port: other.port }, rtcp: false });
    expect(came!.data).toEqual(packet(1, 9));
    const went = rtp.filter(({ outgoing }) => outgoing).map(({ data }) => data);
    expect(went.slice(0, other.seen.length)).toEqual(other.seen.map(({ bytes }) => bytes));
    const bye = rings.rtcp.packetsOf(new Set([5]));
    expect(bye).toHaveLength(1);
    expect(bye[0]).toMatchObject({ rtcp: true, outgoing: true, remote: { address: PEER, port: other.port + 1 } });
  });
});
