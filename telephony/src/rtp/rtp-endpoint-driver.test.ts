import { createSocket, type Socket } from "node:dgram";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { bridgeEndpoints } from "./bridge-driver.ts";
import { ALAW } from "./g711.ts";
import { parseRtcp, type RtcpPacket, writeRtcp } from "./rtcp-packet.ts";
import type { CodecName, RtpEndpoint, RtpEndpointOptions } from "./rtp-endpoint.ts";
import { createRtpPortPool, openRtpEndpoint } from "./rtp-endpoint-driver.ts";
import { parseRtp, type RtpHeader, writeRtpHeader } from "./rtp-packet.ts";

const HOST = "127.29.2.20";
const PEER = "127.29.2.21";
const STRANGER = "127.29.2.22";
const pool = createRtpPortPool({ min: 22100, max: 22299 });
const opened: { close(): unknown }[] = [];
afterAll(async () => {
  for (const one of opened) await one.close();
  expect(pool.free).toBe(100);
});

const tone = (hz: number, rateHz: number, ms: number): Int16Array =>
  new Int16Array((rateHz * ms) / 1000).map((_, i) => Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / rateHz)));
const rms = (samples: Int16Array): number => Math.hypot(...samples) / Math.sqrt(samples.length);

interface Heard {
  readonly endpoint: RtpEndpoint;
  readonly loudness: number[];
  readonly samples: number[];
  digits: string;
  concealed: number;
}

async function open(change: Partial<RtpEndpointOptions> = {}): Promise<Heard> {
  const heard: Omit<Heard, "endpoint"> = { loudness: [], samples: [], digits: "", concealed: 0 };
  const endpoint = await openRtpEndpoint(pool, {
    localAddress: HOST,
    codec: "PCMA",
    payloadType: 8,
    dtmfPayloadType: 101,
    remote: null,
    allowedSources: [HOST, PEER],
    onFrame: (frame) => {
      heard.loudness.push(rms(frame.samples));
      heard.samples.push(...frame.samples);
      if (frame.concealed) heard.concealed++;
    },
    onDigit: (digit) => {
      heard.digits += digit;
    },
    ...change,
  });
  opened.push(endpoint);
  return Object.assign(heard, { endpoint });
}

/** Two endpoints that speak to each other. */
async function pair(codec: CodecName = "PCMA"): Promise<[Heard, Heard]> {
  const a = await open({ codec });
  const b = await open({ codec, remote: { address: HOST, port: a.endpoint.localPort } });
  a.endpoint.update({ remote: { address: HOST, port: b.endpoint.localPort } });
  return [a, b];
}

interface Arrival {
  readonly atMs: number;
  readonly header: RtpHeader;
  readonly payload: Uint8Array;
}

/** A peer of bare sockets, that sees each packet and sends what it likes. */
async function barePeer(
  address = PEER,
): Promise<{ port: number; socket: Socket; rtcp: Socket; arrivals: Arrival[]; reports: RtcpPacket[] }> {
  const [socket, rtcp] = [createSocket("udp4"), createSocket("udp4")];
  const arrivals: Arrival[] = [];
  const reports: RtcpPacket[] = [];
  for (let port = 22400 + Math.floor(Math.random() * 200) * 2; ; port += 2) {
    try {
      for (const [one, at] of [
        [socket, port],
        [rtcp, port + 1],
      ] as const) {
        await new Promise<void>((resolve, reject) => {
          one.once("error", reject);
          one.bind(at, address, () => resolve());
        });
      }
      break;
    } catch {
      // taken: the next pair
    }
  }
  socket.on("message", (packet) => {
    const header = parseRtp(packet);
    if (header.type === "fault") return;
    arrivals.push({
      atMs: performance.now(),
      header,
      payload: packet.subarray(header.payloadStart, header.payloadEnd),
    });
  });
  rtcp.on("message", (packet) => {
    const parts = parseRtcp(packet);
    if ("type" in parts) throw new Error(`not RTCP: ${parts.reason}`);
    reports.push(...parts);
  });
  opened.push({
    close() {
      socket.close();
      rtcp.close();
    },
  });
  return { port: socket.address().port, socket, rtcp, arrivals, reports };
}

const packetOf = (
  sequence: number,
  change: Partial<Parameters<typeof writeRtpHeader>[1]> = {},
  amplitude = 8000,
): Buffer => {
  const packet = Buffer.alloc(172);
  writeRtpHeader(packet, {
    marker: false,
    payloadType: 8,
    sequence,
    timestampTicks: sequence * 160,
    ssrc: 7,
    ...change,
  });
  const samples = tone(500, 8000, 20);
  for (let i = 0; i < 160; i++) packet[12 + i] = ALAW.encode[Math.round((samples[i]! * amplitude) / 8000) & 0xffff]!;
  return packet;
};

describe.concurrent("sending", () => {
  it("paces packets by 20 ms without drift over several seconds, silent or not", async () => {
    const peer = await barePeer();
    const { endpoint } = await open({ remote: { address: PEER, port: peer.port } });
    await wait(1000);
    endpoint.play(tone(500, 8000, 2000));
    await wait(3500);
    const { arrivals } = peer;
    expect(arrivals.length).toBeGreaterThan(150); // 225, but for turns that a busy machine skipped
    const first = arrivals[0]!;
    expect(first.header.marker).toBe(true);
    const errors: number[] = [];
    arrivals.forEach(({ atMs, header }, i) => {
      const turns = ((header.timestampTicks - first.header.timestampTicks) >>> 0) / 160;
      expect(header.sequence).toBe((first.header.sequence + i) & 0xffff);
      expect(header.ssrc).toBe(first.header.ssrc);
      errors.push(Math.abs(atMs - first.atMs - turns * 20));
    });
    errors.sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(10); // a drift of 1 % would be 20 in the middle
  });

  it("plays what it is given, calls back when it has left, and then is silent", async () => {
    const peer = await barePeer();
    const { endpoint } = await open({ remote: { address: PEER, port: peer.port } });
    const startMs = performance.now();
    let playedMs = 0;
    expect(endpoint.play(tone(500, 8000, 500))).toBe(true);
    endpoint.whenPlayed(() => {
      playedMs = performance.now() - startMs;
    });
    await wait(900);
    expect(playedMs).toBeGreaterThan(470);
    expect(playedMs).toBeLessThan(650);
    const loud = peer.arrivals.map(({ payload }) => rms(Int16Array.from(payload, (code) => ALAW.decode[code]!)) > 1000);
    expect(loud.filter(Boolean).length).toBe(25);
    expect(loud.indexOf(false)).toBe(25); // in one piece
  });

  it("drops all at once when told to stop", async () => {
    const peer = await barePeer();
    const { endpoint } = await open({ remote: { address: PEER, port: peer.port } });
    endpoint.play(tone(500, 8000, 3000));
    endpoint.whenPlayed(() => expect.unreachable());
    await wait(300);
    const { droppedMs } = endpoint.stopPlaying();
    await wait(300);
    const silent = peer.arrivals.findIndex(({ payload }) => payload.every((code) => code === 0xd5));
    expect(droppedMs).toBe(3000 - silent * 20);
    expect(droppedMs).toBeGreaterThan(2500);
    expect(peer.arrivals.length).toBeGreaterThan(silent + 5);
    for (const { payload } of peer.arrivals.slice(silent)) expect(payload.every((code) => code === 0xd5)).toBe(true);
  });

  it("is quiet on hold, and resumes with a marker and the time that has passed", async () => {
    const peer = await barePeer();
    const { endpoint } = await open({ remote: { address: PEER, port: peer.port } });
    await wait(200);
    endpoint.update({ sending: false });
    await wait(20);
    const before = peer.arrivals.length;
    await wait(300);
    expect(peer.arrivals.length).toBe(before);
    endpoint.update({ sending: true });
    await wait(200);
    const [last, next] = [peer.arrivals[before - 1]!, peer.arrivals[before]!];
    expect(next.header.marker).toBe(true);
    expect(next.header.sequence).toBe((last.header.sequence + 1) & 0xffff);
    const passedMs = ((next.header.timestampTicks - last.header.timestampTicks) >>> 0) / 8;
    expect(Math.abs(passedMs - (next.atMs - last.atMs))).toBeLessThan(60);
  });

  it("refuses more than a minute of sound", async () => {
    const { endpoint } = await open({});
    expect(endpoint.play(new Int16Array(8000 * 60))).toBe(true);
    expect(endpoint.play(new Int16Array(160))).toBe(false);
  });
});

describe.concurrent("hearing", () => {
  for (const codec of ["PCMA", "PCMU", "G722"] as const) {
    it(`carries a voice from one end to the other in ${codec}`, async () => {
      const [a, b] = await pair(codec);
      await wait(200);
      a.endpoint.play(tone(500, a.endpoint.sampleRateHz, 1000));
      await wait(1400);
      const loud = b.loudness.filter((value) => value > 5000 && value < 6300).length;
      expect(loud).toBeGreaterThanOrEqual(47);
      expect(loud).toBeLessThanOrEqual(52);
    });
  }

  it("hides a loss of 10 %, reordering and duplicates", async () => {
    const heard = await open({ remote: { address: PEER, port: 9 } });
    const peer = await barePeer();
    let lost = 0;
    const startMs = performance.now();
    for (let n = 0; n < 250; n++) {
      await wait(Math.max(0, startMs + n * 20 - performance.now()));
      const swapped = n % 23 === 5 ? n + 1 : n % 23 === 6 ? n - 1 : n;
      if (n % 10 === 9) {
        lost++;
        continue;
      }
      peer.socket.send(packetOf(swapped), heard.endpoint.localPort, HOST);
      if (n % 17 === 3) peer.socket.send(packetOf(swapped), heard.endpoint.localPort, HOST);
    }
    await wait(150);
    const report = heard.endpoint.report();
    expect(report.lostIn).toBeGreaterThan(lost - 18); // duplicates count against losses (RFC 3550 A.3)
    expect(report.lostIn).toBeLessThanOrEqual(lost);
    const middle = heard.loudness.slice(10, 240);
    expect(middle.filter((value) => value < 2500).length).toBeLessThan(8); // no hole of a frame is heard
    expect(heard.concealed).toBeGreaterThan(lost - 5);
    expect(report.concealedMs).toBeGreaterThan((lost - 5) * 20);
  });

  it("drops strangers and counts them, whatever they send", async () => {
    const heard = await open({ remote: { address: PEER, port: 9 }, allowedSources: [] });
    const stranger = await barePeer(STRANGER);
    for (let n = 0; n < 20; n++) stranger.socket.send(packetOf(n), heard.endpoint.localPort, HOST);
    const bye = writeRtcp([{ type: "bye", ssrcs: [7] }]);
    stranger.rtcp.send(bye, heard.endpoint.localPort + 1, HOST);
    await wait(200);
    expect(heard.loudness).toEqual([]);
    expect(heard.endpoint.report()).toMatchObject({
      strangerIn: 20,
      packetsIn: 0,
      silentForMs: Number.POSITIVE_INFINITY,
    });
    expect(stranger.arrivals).toEqual([]);
    expect(stranger.reports).toEqual([]);
  });

  it("answers to where a checked peer really sends from", async () => {
    const [named, real] = [await barePeer(), await barePeer()];
    const { endpoint } = await open({ remote: { address: PEER, port: named.port } });
    await wait(100);
    expect(named.arrivals.length).toBeGreaterThan(2);
    real.socket.send(packetOf(1), endpoint.localPort, HOST);
    await wait(100);
    const before = named.arrivals.length;
    await wait(150);
    expect(named.arrivals.length).toBe(before);
    expect(real.arrivals.length).toBeGreaterThan(5);
  });

  it("outlives rubbish", async () => {
    const heard = await open({ remote: { address: PEER, port: 9 } });
    const peer = await barePeer();
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(5),
      Buffer.alloc(1490, 0x80),
      Buffer.from("INVITE sip:x SIP/2.0"),
    ]) {
      peer.socket.send(bytes, heard.endpoint.localPort, HOST);
      peer.rtcp.send(bytes, heard.endpoint.localPort + 1, HOST);
    }
    peer.socket.send(packetOf(1, { payloadType: 96 }), heard.endpoint.localPort, HOST);
    for (let n = 2; n < 12; n++) peer.socket.send(packetOf(n), heard.endpoint.localPort, HOST);
    await wait(300);
    expect(heard.loudness.some((value) => value > 5000)).toBe(true);
  });
});

describe.concurrent("a fault", () => {
  it("of one call's own ends up with that call, and the others go on", async () => {
    const faults: unknown[] = [];
    const peer = await barePeer();
    const faulty = await open({
      remote: { address: PEER, port: 9 },
      onFrame: () => {
        throw new Error("our bug");
      },
      onFault: (fault) => faults.push(fault),
    });
    const sound = await open({ remote: { address: PEER, port: 9 } });
    for (let n = 0; n < 10; n++) {
      peer.socket.send(packetOf(n), faulty.endpoint.localPort, HOST);
      peer.socket.send(packetOf(n), sound.endpoint.localPort, HOST);
    }
    await wait(300);
    expect(faults.length).toBeGreaterThan(5);
    expect(sound.loudness.length).toBeGreaterThan(5);
  });
});

describe.concurrent("keys and reports", () => {
  it("sends keys once each, and audio goes on between them", async () => {
    const [a, b] = await pair();
    await wait(100);
    for (const key of "159*0#D") a.endpoint.sendDigit(key, 100);
    await wait(7 * 220 + 200);
    expect(b.digits).toBe("159*0#D");
    expect(b.endpoint.report().lostIn).toBe(0);
  });

  it("sends no key where none was negotiated", async () => {
    const peer = await barePeer();
    const { endpoint } = await open({ dtmfPayloadType: null, remote: { address: PEER, port: peer.port } });
    endpoint.sendDigit("1");
    await wait(200);
    expect(peer.arrivals.every(({ header }) => header.payloadType === 8)).toBe(true);
  });

  it("reports to a peer, learns from its reports, and says goodbye", async () => {
    const peer = await barePeer();
    const { endpoint } = await open({ remote: { address: PEER, port: peer.port } });
    for (let n = 0; n < 50; n++) peer.socket.send(packetOf(n), endpoint.localPort, HOST);
    await wait(1900);
    const report = peer.reports.find((packet) => packet.type === "sender-report");
    expect(report).toMatchObject({ blocks: [{ ssrc: 7, cumulativeLost: 0 }] });
    expect(peer.reports.some((packet) => packet.type === "source-description" && packet.cname.length > 8)).toBe(true);
    if (report?.type !== "sender-report") return;
    const block = {
      ssrc: report.ssrc,
      fractionLost: 64,
      cumulativeLost: 9,
      highestSequence: 1,
      jitterTicks: 80,
      lastSenderReport: ((report.ntpSeconds << 16) | (report.ntpFraction >>> 16)) >>> 0,
      delaySinceLastSenderReport: 0,
    };
    peer.rtcp.send(writeRtcp([{ type: "receiver-report", ssrc: 7, blocks: [block] }]), endpoint.localPort + 1, HOST);
    await wait(100);
    expect(endpoint.report()).toMatchObject({ lossOutFraction: 0.25, jitterOutMs: 10 });
    expect(endpoint.report().roundTripMs).toBeGreaterThan(0);
    expect(endpoint.report().roundTripMs).toBeLessThan(1500);
    await endpoint.close();
    await wait(50);
    expect(peer.reports.at(-1)).toEqual({ type: "bye", ssrcs: [report.ssrc] });
  });
});

describe.concurrent("a bridge", () => {
  /** A bare peer behind each side of a bridge. */
  async function bridged(codecs: readonly [CodecName, CodecName]) {
    const [left, right] = [await barePeer(), await barePeer()];
    const a = await open({ codec: codecs[0], payloadType: 8, remote: { address: PEER, port: left.port } });
    const b = await open({
      codec: codecs[1],
      payloadType: 9,
      dtmfPayloadType: 96,
      remote: { address: PEER, port: right.port },
    });
    await wait(60);
    const { undo } = bridgeEndpoints(a.endpoint, b.endpoint);
    return { left, right, a, b, undo };
  }

  it("relays packets of one codec untouched, with numbers of its own and the gaps left in", async () => {
    const { left, right, a, b, undo } = await bridged(["PCMA", "PCMA"]);
    const before = right.arrivals.length;
    const startMs = performance.now();
    for (let n = 0; n < 50; n++) {
      await wait(Math.max(0, startMs + n * 20 - performance.now()));
      if (n !== 30)
        left.socket.send(packetOf(65520 + n, { sequence: (65520 + n) & 0xffff, ssrc: 99 }), a.endpoint.localPort, HOST);
    }
    await wait(50);
    const relayed = right.arrivals.slice(before).filter(({ payload }) => payload.some((code) => code !== 0xd5));
    expect(relayed.length).toBe(49);
    expect(new Set(right.arrivals.map(({ header }) => header.ssrc)).size).toBe(1);
    expect(relayed.every(({ header }) => header.payloadType === 9 && header.ssrc !== 99)).toBe(true);
    expect(relayed[0]!.header.marker).toBe(true);
    const steps = right.arrivals
      .slice(1)
      .map(({ header }, i) => (header.sequence - right.arrivals[i]!.header.sequence) & 0xffff);
    expect(steps.filter((step) => step === 2).length).toBe(1); // the lost one
    expect(steps.filter((step) => step !== 1 && step !== 2)).toEqual([]);
    const payload = packetOf(0).subarray(12);
    expect(Buffer.compare(relayed[5]!.payload, payload)).toBe(0);
    expect(b.loudness).toEqual([]);

    // Nothing comes any more: our silence takes its place.
    const then = right.arrivals.length;
    await wait(400);
    expect(right.arrivals.length).toBeGreaterThan(then + 10);

    undo();
    left.socket.send(
      packetOf(1, { ssrc: 99, sequence: 20, timestampTicks: (65520 + 70) * 160 }),
      a.endpoint.localPort,
      HOST,
    );
    await wait(120);
    expect(a.loudness.length).toBeGreaterThan(0);
  });

  it("transcodes between codecs, and passes keys on in both cases", async () => {
    for (const codecs of [
      ["PCMA", "PCMU"],
      ["PCMA", "G722"],
      ["PCMA", "PCMA"],
    ] as const) {
      const far = await open({ codec: codecs[1], payloadType: 9, dtmfPayloadType: 96 });
      const left = await open({});
      const a = await open({ remote: { address: HOST, port: left.endpoint.localPort } });
      const b = await open({
        codec: codecs[1],
        payloadType: 9,
        dtmfPayloadType: 96,
        remote: { address: HOST, port: far.endpoint.localPort },
      });
      left.endpoint.update({ remote: { address: HOST, port: a.endpoint.localPort } });
      far.endpoint.update({ remote: { address: HOST, port: b.endpoint.localPort } });
      const bridge = bridgeEndpoints(a.endpoint, b.endpoint);
      await wait(100);
      left.endpoint.play(tone(500, 8000, 600));
      await wait(900);
      left.endpoint.sendDigit("4");
      left.endpoint.sendDigit("4");
      await wait(700);
      expect(far.loudness.filter((value) => value > 5000).length).toBeGreaterThan(26);
      expect(far.digits).toBe("44");
      expect(a.digits).toBe("44");
      far.endpoint.play(tone(700, far.endpoint.sampleRateHz, 300));
      await wait(600);
      expect(left.loudness.filter((value) => value > 5000).length).toBeGreaterThan(12);
      bridge.undo();
    }
  });
});

describe.concurrent("the pool", () => {
  it("gives even pairs, says when there are none left, and takes them back", async () => {
    const small = createRtpPortPool({ min: 22301, max: 22304 });
    expect(small.free).toBe(1);
    const sockets = await small.open(HOST);
    expect(sockets.port).toBe(22302);
    expect(sockets.rtcp.address().port).toBe(22303);
    await expect(small.open(HOST)).rejects.toMatchObject({ code: "rtp-ports-exhausted" });
    await small.close(sockets);
    expect(small.free).toBe(1);
  });

  it("steps over ports that others hold", async () => {
    const small = createRtpPortPool({ min: 22310, max: 22313 });
    const other = createSocket("udp4");
    await new Promise<void>((resolve) => other.bind(22311, HOST, resolve));
    const sockets = await small.open(HOST);
    expect(sockets.port).toBe(22312);
    expect(small.free).toBe(1);
    await small.close(sockets);
    other.close();
  });

  it("says so when the address is not this machine's", async () => {
    await expect(pool.open("192.0.2.1")).rejects.toMatchObject({ code: "rtp-address-unusable" });
  });

  it("survives being closed twice", async () => {
    const { endpoint } = await open();
    await Promise.all([endpoint.close(), endpoint.close()]);
  });
});
