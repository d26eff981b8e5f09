import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveKey, SRTP_ROOM_BYTES, type SrtpKey, SrtpReceiver, SrtpSender, type SrtpSuite } from "./srtp.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
/** RFC 3711 appendix B.3; the packets below are those that libsrtp checks itself by, under the same key. */
const key: SrtpKey = {
  suite: "AES_CM_128_HMAC_SHA1_80",
  masterKey: hex("E1F97A0D3E018BE0D64FA32C06DE4139"),
  masterSalt: hex("0EC675AD498AFEEBB6960B3AABE6"),
  mki: new Uint8Array(),
};
const protect = (sender: SrtpSender, packet: Buffer): Buffer => {
  const buffer = Buffer.concat([packet, Buffer.alloc(SRTP_ROOM_BYTES)]);
  return buffer.subarray(0, sender.rtp(buffer, packet.length));
};
const rtp = (sequence: number, ssrc = 0xcafebabe, payload = Buffer.alloc(160, 0xd5)): Buffer => {
  const packet = Buffer.concat([Buffer.alloc(12), payload]);
  packet[0] = 0x80;
  packet[1] = 8;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
};

describe("vectors", () => {
  it("derives the session keys of RFC 3711 B.3", () => {
    expect(deriveKey(key, 0, 16)).toEqual(hex("C61E7A93744F39EE10734AFE3FF7A087"));
    expect(deriveKey(key, 2, 14)).toEqual(hex("30CBBC08863D8C85D49DB34A9AE1"));
    expect(deriveKey(key, 1, 94)).toEqual(
      hex(
        "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2",
      ),
    );
  });

  const plain = hex("800f1234decafbadcafebabeabababababababababababababababab");
  const secret = hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
  it("protects an RTP packet as libsrtp does, and takes it back", () => {
    expect(protect(new SrtpSender(key), plain)).toEqual(secret);
    const packet = Buffer.from(secret);
    expect(new SrtpReceiver(key).rtp(packet)).toBe(plain.length);
    expect(packet.subarray(0, plain.length)).toEqual(plain);
  });

  const report = hex("81c8000bcafebabeabababababababababababababababab");
  const secretReport = hex("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");
  it("protects an RTCP packet as libsrtp does, and takes it back", () => {
    expect(new SrtpSender(key).rtcp(report)).toEqual(secretReport);
    expect(new SrtpReceiver(key).rtcp(Buffer.from(secretReport))).toEqual(report);
  });
});

describe("the stream", () => {
  it.each<SrtpSuite>(["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"])(
    "survives the rollover of sequence numbers, loss and disorder (%s)",
    (suite) => {
      const both: SrtpKey = { ...key, suite, mki: hex("0102") };
      const sender = new SrtpSender(both);
      const receiver = new SrtpReceiver(both);
      const sent = Array.from({ length: 200 }, (_, i) => protect(sender, rtp(65_436 + i)));
      expect(sent[0]!.length).toBe(172 + 2 + (suite.endsWith("80") ? 10 : 4));
      const order = sent.map((_, i) => i).filter((i) => i % 7 !== 3);
      for (let i = 0; i + 1 < order.length; i += 5) [order[i], order[i + 1]] = [order[i + 1]!, order[i]!];
      for (const i of order) {
        const packet = Buffer.from(sent[i]!);
        expect(receiver.rtp(packet)).toBe(172);
        expect(packet.subarray(0, 172)).toEqual(rtp(65_436 + i));
      }
      expect(receiver.rtp(Buffer.from(sent[100]!))).toBe("replayed");
      expect(receiver.rtp(Buffer.from(sent[3]!))).toBe("replayed"); // older than the window
    },
  );

  it("a late packet of before the rollover is still deciphered", () => {
    const sender = new SrtpSender(key);
    const receiver = new SrtpReceiver(key);
    const [before, held, after] = [65_534, 65_535, 65_536].map((sequence) => protect(sender, rtp(sequence)));
    for (const packet of [before, after, held]) expect(receiver.rtp(Buffer.from(packet!))).toBe(172);
  });

  it("a stream is met in its middle, after rollovers that we have not seen", () => {
    const sender = new SrtpSender(key);
    for (let i = 0; i < 3 * 65_536; i += 1000) protect(sender, rtp(i));
    const receiver = new SrtpReceiver(key);
    expect(receiver.rtp(protect(sender, rtp(3 * 65_536 + 5)))).toBe(172);
    expect(receiver.rtp(protect(sender, rtp(3 * 65_536 + 6)))).toBe(172);
  });

  it("knows nothing of a packet that was changed, and of one under another key", () => {
    const good = protect(new SrtpSender(key), rtp(1));
    const receiver = new SrtpReceiver(key);
    for (const at of [2, 20, good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at]! ^= 1;
      expect(receiver.rtp(bad)).toBe("not-authentic");
    }
    expect(receiver.rtp(Buffer.from(good))).toBe(172);
    const other = new SrtpReceiver({ ...key, masterKey: hex("00112233445566778899aabbccddeeff") });
    expect(other.rtp(Buffer.from(good))).toBe("not-authentic");
  });

  it("takes a peer's new source, and forgets the oldest of very many", () => {
    const receiver = new SrtpReceiver(key);
    for (let ssrc = 1; ssrc <= 50; ssrc++) {
      expect(receiver.rtp(protect(new SrtpSender(key), rtp(ssrc, ssrc)))).toBe(172);
    }
  });

  it("an RTCP packet counts once", () => {
    const sender = new SrtpSender(key);
    const receiver = new SrtpReceiver(key);
    const report = hex("80c90001cafebabe");
    const first = sender.rtcp(report);
    expect(receiver.rtcp(Buffer.from(first))).toEqual(report);
    expect(receiver.rtcp(Buffer.from(first))).toBe("replayed");
    expect(receiver.rtcp(sender.rtcp(report))).toEqual(report);
  });

  it("no bytes make it throw", () => {
    const receiver = new SrtpReceiver(key);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1600 }), (bytes) => {
        expect(typeof receiver.rtp(Buffer.from(bytes))).toBe("string");
        expect(typeof receiver.rtcp(Buffer.from(bytes))).toBe("string");
      }),
    );
  });
});
