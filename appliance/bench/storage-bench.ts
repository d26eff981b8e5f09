import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { asId, type CustomerId } from "@intramuros/contracts";
import { type AuditLog, openAuditLog } from "../src/audit/level-audit-store.ts";
import { openDb, openLevelStore } from "../src/storage/level-store.ts";
import { orderKey } from "../src/storage/store.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

/** Records of 512 bytes, each acknowledged on its own once it is synced; 256 writers that wait for their acknowledgement. */
const SECONDS = Number(process.env.INTRAMUROS_BENCH_SECONDS ?? 5);
const WRITERS = 256;
const OPEN_LOOP_PER_SECOND = 5_000;
const text = "x".repeat(400);

interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;

function summary(latencies: number[], seconds: number): Measured {
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => round(latencies[Math.floor((latencies.length - 1) * share)] ?? 0, 2);
  return { perSecond: round(latencies.length / seconds), p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Each writer asks for the next as soon as the last is acknowledged. */
async function closedLoop(write: (n: number) => Promise<unknown>): Promise<Measured> {
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + SECONDS * 1_000;
  let next = 0;
  const writer = async (): Promise<void> => {
    while (performance.now() < until) {
      const before = performance.now();
      await write(next++);
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return summary(latencies, (performance.now() - started) / 1_000);
}

/** So many a second, whether the last are acknowledged or not; latency counts from when each was due. */
async function openLoop(write: (n: number) => Promise<unknown>, perSecond: number): Promise<Measured> {
  const latencies: number[] = [];
  const started = performance.now();
  const total = perSecond * SECONDS;
  const all: Promise<void>[] = [];
  for (let n = 0; n < total; ) {
    const dueBy = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * perSecond));
    for (; n < dueBy; n += 1) {
      const due = started + (n / perSecond) * 1_000;
      all.push(write(n).then(() => void latencies.push(performance.now() - due)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(all);
  return summary(latencies, (performance.now() - started) / 1_000);
}

/** The same records into bare `level`, without seal, tree or head: one synced batch for all who wait. */
async function rawLevel(): Promise<Measured> {
  const folder = mkdtempSync(path.join(tmpdir(), "intramuros-raw-"));
  const db = openDb(folder, true);
  await db.open();
  const value = Buffer.alloc(512, 120);
  let waiting: { key: string; done: () => void }[] = [];
  let flushing = false;
  const flush = async (): Promise<void> => {
    flushing = true;
    await null;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await db.batch(
        group.map(({ key }) => ({ type: "put" as const, key, value })),
        { sync: true },
      );
      for (const { done } of group) done();
    }
    flushing = false;
  };
  try {
    return await closedLoop(
      (n) =>
        new Promise<void>((done) => {
          waiting.push({ key: orderKey(n), done });
          if (!flushing) void flush();
        }),
    );
  } finally {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const entry = (log: AuditLog) => (n: number) =>
  log.append({
    code: "call.answered",
    actor: "process:telephony",
    role: "process",
    source: "telephony",
    object: `conversation:01a206bc-3771-7657-853c-${n.toString().padStart(12, "0")}`,
    result: "success",
    reason: "",
    requestId: "",
    detail: { trunk: "commissioning", codec: "PCMA", number: n },
  });

/** Durable writes of the store and of the audit log beside the same number of records in bare `level` on the same disk. */
export async function benchStorage() {
  const peer = await rawLevel();
  const home = await makeTestHome();
  try {
    const store = await openLevelStore({ root: home.root });
    const written = await closedLoop((n) =>
      store.write([{ table: "bench", key: orderKey(n), value: { n, text }, owner: asId<CustomerId>(`c${n % 100}`) }]),
    );
    const readStarted = performance.now();
    const reads = 20_000;
    for (let n = 0; n < reads; n += 1) await store.get("bench", orderKey((n * 7_919) % 10_000));
    const readsPerSecond = round(reads / ((performance.now() - readStarted) / 1_000));
    const scrubStarted = performance.now();
    const scrubbed = await store.scrub();
    const scrubPerSecond = round(scrubbed.records / ((performance.now() - scrubStarted) / 1_000));
    await store.close();

    const log = await openAuditLog({ root: home.root, version: "bench" });
    const appended = await closedLoop(entry(log));
    const steady = await openLoop(entry(log), OPEN_LOOP_PER_SECOND);
    const verdict = await log.verify();
    await log.close();
    return {
      name: "storage and audit, durable writes",
      figures: {
        "store writes/s (512 B, 256 writers)": written.perSecond,
        "store write p99 ms": written.p99Ms,
        "store reads/s, one after the other": readsPerSecond,
        "store records scrubbed/s": scrubPerSecond,
        "audit appends/s (256 writers)": appended.perSecond,
        "audit append p99 ms": appended.p99Ms,
        "audit at 5,000/s: kept up with /s": steady.perSecond,
        "audit at 5,000/s: p50 ms": steady.p50Ms,
        "audit at 5,000/s: p99 ms": steady.p99Ms,
        "audit entries verified": verdict.ok ? verdict.size : -1,
        "audit entries verified/s": round(verdict.size / (verdict.elapsedMs / 1_000)),
        "bare level writes/s": peer.perSecond,
        "bare level write p99 ms": peer.p99Ms,
        "store / bare level": round(written.perSecond / peer.perSecond, 2),
        "audit / bare level": round(appended.perSecond / peer.perSecond, 2),
      },
      peer: "bare level, same group commit with sync, nothing sealed or hashed, same run; budget: audit ≥ 5,000/s with p99 ≤ 50 ms",
    };
  } finally {
    home.remove();
  }
}
