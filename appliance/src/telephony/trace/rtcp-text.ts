/** One RTCP packet (RFC 3550 §6.4) in a line; compound packets are told part by part. */
const SENDER = 200;
const RECEIVER = 201;
const NAMES: Readonly<Record<number, string>> = {
  202: "SDES",
  203: "BYE",
  204: "APP",
  205: "feedback",
  206: "feedback",
  207: "XR",
};

export function rtcpLine(data: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at + 8 <= data.length && parts.length < 8; ) {
    const version = (data[at] ?? 0) >> 6;
    const length = (data.readUInt16BE(at + 2) + 1) * 4;
    if (version !== 2 || at + length > data.length) break;
    parts.push(partLine(data.subarray(at, at + length)));
    at += length;
  }
  const told = parts.filter(Boolean).join("; ");
  return `RTCP ${told === "" ? "that cannot be read (encrypted or damaged)" : told}`;
}

function partLine(part: Buffer): string {
  const count = (part[0] ?? 0) & 0x1f;
  const type = part[1] ?? 0;
  if (type === SENDER && part.length >= 28) {
    const blocks = reports(part, 28, count);
    return `SR: ${part.readUInt32BE(20)} packets sent${blocks === "" ? "" : `, ${blocks}`}`;
  }
  if (type === RECEIVER) return `RR: ${reports(part, 8, count) || "nothing received yet"}`;
  return NAMES[type] ?? "";
}

function reports(part: Buffer, from: number, count: number): string {
  const lines: string[] = [];
  for (let at = from; lines.length < count && at + 24 <= part.length; at += 24) {
    const fraction = (part[at + 4] ?? 0) / 256;
    const lost = (part.readInt32BE(at + 4) << 8) >> 8; // 24 bits, signed
    const jitter = part.readUInt32BE(at + 12);
    lines.push(`hears ${(fraction * 100).toFixed(1)} % loss (${lost} in all), jitter ${jitter} ticks`);
  }
  return lines.join(", ");
}
