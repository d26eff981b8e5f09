import type { Logger } from "@intramuros/contracts";
import { type HepExporter, type HepTarget, openHepExporter } from "../../hep/hep-driver.ts";
import type { Flow } from "../core/state.ts";
import type { Attempt } from "./attempt.ts";
import { createCallIndex } from "./call-index.ts";
import { type CaptureStore, openCaptureStore } from "./capture-store.ts";
import { readHead } from "./head.ts";
import { maskSecrets } from "./mask.ts";
import { type CaptureLimits, createCaptureRing } from "./ring.ts";
import { type Captured, offsets, readAt, type Segment } from "./segment.ts";

/** Keeps what was said on the wire, and gives it out when asked. */
export interface Capture {
  /** Takes a copy. On the path of every message: it must cost next to nothing. */
  record(out: boolean, flow: Pick<Flow, "transport" | "local" | "remote">, bytes: Buffer): void;
  /** Calls begun before `beforeMs`, newest first; `fits` chooses. */
  calls(query: {
    readonly limit: number;
    readonly beforeMs: number;
    readonly fits: (attempt: Attempt) => boolean;
  }): Promise<readonly { readonly attempt: Attempt; readonly messages: number }[]>;
  /** Of these calls; without any, of the span of time. Oldest first. */
  messages(query: {
    readonly callIds: readonly string[];
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit: number;
  }): Promise<readonly Captured[]>;
  /** Time of the oldest message; null: there is none. */
  oldestMs(): number | null;
  /** Empty, or what keeps it from surviving a restart. */
  problem(): string;
  figures(): CaptureFigures;
  close(): Promise<void>;
}

export interface CaptureFigures {
  readonly captured: number;
  readonly capturedBytes: number;
  readonly hepSent: number;
  readonly hepDropped: number;
}

const SAVE_EVERY_MS = 500;
const TRIM_EVERY_MS = 600_000;
/** CRLF and other signs of life. */
const SIGN_OF_LIFE_BYTES = 4;

/** Without a key nothing goes to the disk. */
export function openCapture(options: {
  readonly limits: CaptureLimits;
  /** Older messages go, however much room there is: they are customers' numbers. */
  readonly maxAgeMs: number;
  readonly folder: string;
  readonly masterKeyHex: string | null;
  readonly hep: HepTarget;
  readonly log: Logger;
}): Capture {
  const { limits, log } = options;
  const isOn = limits.messages > 0 && limits.bytes > 0;
  const wanted = isOn && options.masterKeyHex !== null;
  const store = wanted ? storeOrNull(options.folder, options.masterKeyHex ?? "", limits, log) : null;
  const hep: HepExporter | null = options.hep.host === "" ? null : openHepExporter(options.hep, log);
  const index = createCallIndex();
  const unsaved = new Set<Segment>();
  const ring = createCaptureRing(limits, store?.kept ?? [], (segment) => {
    index.dropped(segment);
    unsaved.delete(segment);
    store?.remove(segment);
  });
  const clock = steadyWallClock();
  const trim = (): void => ring.trim(Date.now() - options.maxAgeMs);
  trim();
  const trimming = setInterval(trim, TRIM_EVERY_MS).unref();
  let timer: NodeJS.Timeout | null = null;
  let saving: Promise<void> = Promise.resolve();

  const save = async (): Promise<void> => {
    if (store === null) return;
    // In order, and the one being filled stays: it grows on.
    for (const segment of [...unsaved]) {
      const isWhole = await store.save(segment);
      // Dropped meanwhile: its file must not outlive it.
      if (!unsaved.has(segment)) store.remove(segment);
      else if (isWhole && segment !== ring.segments.at(-1)) unsaved.delete(segment);
      else if (!isWhole) return; // the rest of this one first: its file is open
    }
  };
  const saveSoon = (): void => {
    timer ??= setTimeout(() => {
      saving = save().finally(() => {
        timer = null;
        if (unsaved.size > 1) saveSoon();
      });
    }, SAVE_EVERY_MS);
  };

  /** Reads what has not been read yet, and lets calls have their turn in between. */
  const readIndex = async (): Promise<void> => {
    for (const _ of index.read(ring.segments)) await new Promise((resolve) => setImmediate(resolve));
  };

  return {
    record(out, { transport, local, remote }, data) {
      if (data.length <= SIGN_OF_LIFE_BYTES) return;
      const message: Captured = { atMs: clock(), out, transport, local, remote, data };
      if (isOn) {
        ring.push(message);
        if (store !== null) {
          const filling = ring.segments.at(-1);
          if (filling !== undefined) unsaved.add(filling);
          if (timer === null) saveSoon();
        }
      }
      if (hep !== null) {
        // The bytes belong to the transport, which may use them again before they are sent on.
        const copy = Buffer.from(data);
        hep.push(() => {
          const masked = maskSecrets(copy);
          return { ...message, payload: "sip", data: masked, callId: readHead(masked)?.callId ?? "" };
        });
      }
    },
    async calls({ limit, beforeMs, fits }) {
      await readIndex();
      const found: { attempt: Attempt; messages: number }[] = [];
      for (const item of index.attempts(beforeMs)) {
        if (!fits(item.attempt)) continue;
        found.push(item);
        if (found.length >= limit) break;
      }
      return found;
    },
    async messages({ callIds, fromMs, toMs, limit }) {
      if (callIds.length > 0) {
        await readIndex();
        const found = [...new Set(callIds)].flatMap((callId) => index.messages(callId));
        return found
          .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
          .sort((a, b) => a.atMs - b.atMs)
          .slice(0, limit);
      }
      const found: Captured[] = [];
      for (const segment of [...ring.segments]) {
        for (const at of offsets(segment)) {
          const message = readAt(segment, at);
          if (message.atMs >= fromMs && message.atMs <= toMs) found.push(message);
          if (found.length >= limit) return found;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      return found;
    },
    oldestMs() {
      const oldest = ring.segments.find((segment) => segment.count > 0);
      return oldest === undefined ? null : readAt(oldest, 0).atMs;
    },
    problem: () =>
      wanted && (store === null || store.isBroken)
        ? "messages on the wire cannot be kept on the disk: they are lost at the next restart"
        : "",
    figures: () => ({
      captured: ring.messages,
      capturedBytes: ring.bytes,
      hepSent: hep?.sent() ?? 0,
      hepDropped: hep?.dropped() ?? 0,
    }),
    async close() {
      clearInterval(trimming);
      if (timer !== null) clearTimeout(timer);
      await saving;
      await save();
      store?.close();
      hep?.close();
    },
  };
}

/** Calls go on without it: a folder that cannot be opened is told of, and the ring stays in memory. */
function storeOrNull(folder: string, masterKeyHex: string, limits: CaptureLimits, log: Logger): CaptureStore | null {
  try {
    return openCaptureStore({ folder, masterKeyHex, limits, log });
  } catch (error) {
    log.error({ err: error }, "the folder of captured messages cannot be opened; they stay in memory");
    return null;
  }
}

/**
 * Unix time with microseconds. The monotonic clock gives the fraction; the wall clock, which has whole milliseconds only, corrects it
 * as soon as the two disagree, so that it follows a clock that is set.
 */
function steadyWallClock(): () => number {
  let offset = performance.timeOrigin;
  return () => {
    const now = performance.now();
    const wall = Date.now();
    if (now + offset < wall) offset = wall - now;
    else if (now + offset >= wall + 1) offset = wall + 0.999 - now;
    return now + offset;
  };
}
