/**
 * RTP endpoints and bridges under G.711 at 20 ms, two ways, over loopback: CPU, loss and time. The peer of the same run is a pair of
 * plain Node sockets that do nothing but pass the same datagrams on; the limit is the budget of DESIGN.md.
 */
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";

const ADDRESS = "127.29.2.50";
const FIRST_PORT = 24000;

export interface RtpBenchOptions {
  readonly calls?: number;
  readonly seconds?: number;
}

export async function benchRtp({ calls = 120, seconds = 6 }: RtpBenchOptions = {}): Promise<{
  name: string;
  figures: Record<string, number>;
  peer: string;
}> {
  const endpoint = await measure("endpoint", calls, seconds);
  const bridge = await measure("bridge", calls, seconds);
  const bare = await measure("bare", calls, seconds);
  return {
    name: "RTP, G.711 20 ms two-way, loopback",
    figures: {
      "endpoints measured": calls * 2,
      "endpoints per core (decode, jitter buffer, play)": Math.round((calls * 2) / endpoint.cores),
      "endpoint CPU %": round(100 * (endpoint.cores / (calls * 2))),
      "endpoint pacing error p50 ms": round(endpoint.p50),
      "endpoint pacing error p99 ms": round(endpoint.p99),
      "endpoint packets missing": endpoint.missing,
      "bridged calls per core": Math.round(calls / bridge.cores),
      "bridge delay p50 ms": round(bridge.p50),
      "bridge delay p99 ms": round(bridge.p99),
      "bridge packets lost": bridge.missing,
      "bare sockets, calls per core": Math.round(calls / bare.cores),
      "bare sockets, delay p99 ms": round(bare.p99),
      "bridge CPU / bare CPU": round(bridge.cores / bare.cores),
    },
    peer: "bare Node sockets passing the same datagrams, same run; budget: ≥ 400 bridged calls a core, p99 added delay < 5 ms, 0 lost",
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

interface Measured {
  readonly cores: number;
  readonly p50: number;
  readonly p99: number;
  readonly missing: number;
}

async function measure(kind: "endpoint" | "bridge" | "bare", calls: number, seconds: number): Promise<Measured> {
  const [warmMs, measureMs] = [1500, seconds * 1000];
  const media = start("rtp-bench-media.ts", [kind, String(calls), ADDRESS, String(FIRST_PORT)]);
  const load = start("rtp-bench-load.ts", []);
  try {
    const { ports } = await reply<{ ports: number[] }>(media);
    load.send({ ports, address: ADDRESS, relayed: kind !== "endpoint", warmMs, measureMs });
    const finished = reply<{ sent: number; received: number; p50: number; p99: number }>(load);
    await new Promise((resolve) => setTimeout(resolve, warmMs));
    const before = await cpu(media);
    await new Promise((resolve) => setTimeout(resolve, measureMs - 300));
    const after = await cpu(media);
    const { sent, received, p50, p99 } = await finished;
    const cores = (after.cpuMs - before.cpuMs) / (after.atMs - before.atMs);
    return { cores, p50, p99, missing: Math.max(0, sent - received) };
  } finally {
    await Promise.all([stop(media), stop(load)]);
  }
}

const start = (file: string, args: readonly string[]): ChildProcess =>
  fork(path.join(import.meta.dirname, file), [...args], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });

const cpu = (media: ChildProcess): Promise<{ cpuMs: number; atMs: number }> => {
  const answer = reply<{ cpuMs: number; atMs: number }>(media);
  media.send("cpu");
  return answer;
};

function reply<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process of the RTP bench ended with ${code}`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message as T);
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill();
  });
}
