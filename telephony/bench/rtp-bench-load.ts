/**
 * The other ends of the RTP bench: one socket for each port, a G.711 packet each 20 ms, spread evenly. The payload carries the time of
 * sending; what comes back tells its delay (bridged) or how far from its turn it came (endpoints, whose timestamps tell the turn).
 */
import { createSocket, type Socket } from "node:dgram";

interface Job {
  readonly ports: readonly number[];
  readonly address: string;
  readonly relayed: boolean;
  readonly warmMs: number;
  readonly measureMs: number;
}

const PACKET_BYTES = 172;
const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

process.once("message", async (job: Job) => {
  const sockets = await Promise.all(job.ports.map((_, i) => open(job, i)));
  const startMs = nowMs();
  const endMs = startMs + job.warmMs + job.measureMs;
  const from = startMs + job.warmMs;
  measuring = { from, until: endMs };
  await send(job, sockets, startMs, endMs);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const values = job.relayed ? delays : latenesses();
  values.sort((a, b) => a - b);
  const at = (part: number): number =>
    values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;
  process.send?.({ sent, received, p50: at(0.5), p99: at(0.99) });
  process.disconnect?.();
  for (const socket of sockets) socket.close();
});

let measuring = { from: Number.POSITIVE_INFINITY, until: 0 };
let sent = 0;
let received = 0;
const delays: number[] = [];
/** By socket: arrival less the time that the timestamps tell. */
const offsets: number[][] = [];

function open(job: Job, i: number): Promise<Socket> {
  const socket = createSocket({ type: "udp4", lookup: (host, _options, callback) => callback(null, host, 4) });
  offsets[i] = [];
  socket.on("message", (packet) => {
    const arrivalMs = nowMs();
    if (job.relayed) {
      const sentMs = packet.readDoubleBE(12);
      if (sentMs < measuring.from || sentMs >= measuring.until) return;
      received++;
      delays.push(arrivalMs - sentMs);
    } else if (arrivalMs >= measuring.from && arrivalMs < measuring.until) {
      received++;
      offsets[i]!.push(arrivalMs - packet.readUInt32BE(4) / 8);
    }
  });
  return new Promise((resolve) => socket.bind({ address: job.address, exclusive: true }, () => resolve(socket)));
}

/** How much later than the best of its own stream each packet came. Timestamps may wrap: such a stream is left out. */
function latenesses(): number[] {
  return offsets.flatMap((stream) => {
    const best = stream.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const worst = stream.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return worst - best > 1e6 ? [] : stream.map((offset) => offset - best);
  });
}

async function send(job: Job, sockets: readonly Socket[], startMs: number, endMs: number): Promise<void> {
  const packets = sockets.map((_, i) => {
    const packet = Buffer.alloc(PACKET_BYTES, 0xd5);
    packet[0] = 0x80;
    packet[1] = 8;
    packet.writeUInt32BE(i + 1, 8);
    return packet;
  });
  // Slot k of 20 is sent at each millisecond k of its frame.
  for (let slot = 0; startMs + slot < endMs; slot++) {
    const wait = startMs + slot - nowMs();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const frame = Math.floor(slot / 20);
    for (let i = slot % 20; i < sockets.length; i += 20) {
      const packet = Buffer.from(packets[i]!);
      packet.writeUInt16BE(frame & 0xffff, 2);
      packet.writeUInt32BE((frame * 160) >>> 0, 4);
      const sentMs = nowMs();
      packet.writeDoubleBE(sentMs, 12);
      if (sentMs >= measuring.from && sentMs < measuring.until) sent++;
      sockets[i]!.send(packet, job.ports[i]!, job.address);
    }
  }
}
