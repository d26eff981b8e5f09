import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { AppError, type CallEventInit, type CallEventMessage, type Logger, telephonyV1 } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import { deriveKey, IV_BYTES, seal, unseal } from "../sealed.ts";

/**
 * Events that the appliance has not acknowledged yet, on disk before anything else is done with them. A record is its length, the
 * CRC-32 of its bytes and the sealed bytes; the first one tells where the log stood when the file was begun. Writing goes to the
 * kernel at once (a killed process loses nothing) and to the disk within `SYNC_MS` (a power cut loses no more than that).
 */
export const MAX_UNACKNOWLEDGED = 100_000;
const SYNC_MS = 25;
/** Between two attempts to write to a disk that is full. */
const RETRY_MS = 5000;
const COMPACT_BYTES = 4 << 20;
const HEADER_BYTES = 8;
const MAX_RECORD = 1 << 20;
const STATE_TAG = 0;
const EVENT_TAG = 1;

export interface StoredEvent {
  readonly seq: number;
  readonly event: CallEventInit;
}

export interface OpenCall {
  readonly callId: string;
  /** Unix milliseconds; null: was not answered. */
  readonly answeredAt: number | null;
}

export interface EventLog {
  readonly logId: string;
  readonly lastSeq: number;
  readonly unacknowledged: number;
  /** No new calls now: too much waits for the appliance, or the disk takes no more. */
  readonly isFull: boolean;
  /** Calls that were open when the log was opened: the process that had them is gone. */
  readonly orphans: readonly OpenCall[];
  append(body: EventBody): StoredEvent;
  /** The event after `seq`, or null. */
  after(seq: number): StoredEvent | null;
  acknowledge(seq: number): void;
  /** The appliance knows of later events than we do: our numbers go on after its. */
  skipTo(seq: number): void;
  close(): void;
}

/** What happened; number, log and (where absent) time are the log's. */
export type EventBody = Omit<CallEventInit, "seq" | "logId">;

const { responseSerialize, responseDeserialize } = telephonyV1.CallControl.service.Attach;

interface State {
  readonly logId: string;
  readonly lastSeq: number;
  readonly open: readonly OpenCall[];
}

export function openEventLog(options: {
  readonly file: string;
  readonly masterKeyHex: string;
  readonly log: Logger;
}): EventLog {
  const key = deriveKey(options.masterKeyHex, "telephony events");
  fs.mkdirSync(path.dirname(options.file), { recursive: true, mode: 0o700 });
  const found = read(options.file, key, options.log);
  const logId = found === null || found.isDamaged ? uuid() : found.state.logId;
  let lastSeq = found?.state.lastSeq ?? 0;
  const open = new Map((found?.state.open ?? []).map((call) => [call.callId, call]));
  const events = new Map<number, CallEventInit>();
  for (const event of found?.events ?? []) {
    lastSeq = Number(event.seq);
    events.set(lastSeq, { ...event, logId });
    noteOpen(open, event);
  }
  let firstSeq = events.size === 0 ? lastSeq + 1 : lastSeq - events.size + 1;
  const orphans = [...open.values()];

  let bytes = 0;
  let syncTimer: NodeJS.Timeout | null = null;
  let isSyncing = false;
  let isDirty = false;
  /** The disk takes no more; events are held in memory until a new file can be written. */
  let brokenSince: number | null = null;
  let file = openNew();

  /** A new file with the state as it is and the events that are still wanted. It takes the old one's place only when it is whole. */
  function openNew(): number {
    const next = `${options.file}.new`;
    const before: State = { logId, lastSeq: firstSeq - 1, open: [...open.values()] };
    const records = [
      record(key, STATE_TAG, Buffer.from(JSON.stringify(before))),
      ...events.values().map((event) => record(key, EVENT_TAG, responseSerialize(event))),
    ];
    let fd: number | null = null;
    try {
      fd = fs.openSync(next, "w", 0o600);
      for (const data of records) fs.writeSync(fd, data);
      fs.fsyncSync(fd);
      fs.renameSync(next, options.file);
    } catch (cause) {
      if (fd !== null) fs.closeSync(fd);
      throw new AppError({
        code: "event-log-write-failed",
        message: `cannot write ${next}`,
        hint: "see whether the disk is full",
        cause,
      });
    }
    bytes = records.reduce((sum, data) => sum + data.length, 0);
    return fd;
  }
  function compact(): void {
    const old = file;
    try {
      file = openNew();
    } catch (error) {
      options.log.error({ err: error }, "the event log could not be written anew; the old file goes on");
      return;
    }
    brokenSince = null;
    fs.close(old, () => undefined);
  }
  function write(data: Buffer): void {
    if (brokenSince !== null) {
      // What was half written may stand at the end of the old file: only a whole new one will do.
      if (performance.now() - brokenSince < RETRY_MS) return;
      brokenSince = performance.now();
      compact();
      return;
    }
    try {
      fs.writeSync(file, data);
    } catch (error) {
      brokenSince = performance.now();
      options.log.error({ err: error }, "the event log takes no more: new calls are refused");
      return;
    }
    bytes += data.length;
    isDirty = true;
    if (syncTimer === null && !isSyncing) syncTimer = setTimeout(sync, SYNC_MS);
  }
  function sync(): void {
    syncTimer = null;
    isSyncing = true;
    isDirty = false;
    const fd = file;
    fs.fdatasync(fd, (error) => {
      isSyncing = false;
      if (error !== null && fd === file) options.log.error({ err: error }, "the event log could not be synced");
      if (isDirty && syncTimer === null) syncTimer = setTimeout(sync, SYNC_MS);
    });
  }

  return {
    logId,
    get lastSeq() {
      return lastSeq;
    },
    get unacknowledged() {
      return events.size;
    },
    get isFull() {
      return brokenSince !== null || events.size >= MAX_UNACKNOWLEDGED;
    },
    orphans,
    append(body) {
      const seq = lastSeq + 1;
      const event: CallEventInit = { ...body, seq, logId };
      lastSeq = seq;
      events.set(seq, event);
      noteOpen(open, event);
      write(record(key, EVENT_TAG, responseSerialize(event)));
      return { seq, event };
    },
    after(seq) {
      if (events.size === 0) return null;
      const next = Math.max(seq + 1, firstSeq);
      const event = events.get(next);
      return event === undefined ? null : { seq: next, event };
    },
    acknowledge(seq) {
      while (firstSeq <= seq && firstSeq <= lastSeq) events.delete(firstSeq++);
      if (bytes > COMPACT_BYTES && events.size < 1000) compact();
      else if (events.size === 0 && bytes > 65_536) compact();
    },
    skipTo(seq) {
      if (seq <= lastSeq) return;
      // A power cut took our latest numbers; the appliance has stored them. What we still hold is older and known to it.
      events.clear();
      lastSeq = seq;
      firstSeq = seq + 1;
      compact();
    },
    close() {
      if (syncTimer !== null) clearTimeout(syncTimer);
      isDirty = false;
      fs.fsyncSync(file);
      fs.closeSync(file);
    },
  };
}

function record(key: Buffer, tag: number, plain: Buffer): Buffer {
  const body = seal(key, randomBytes(IV_BYTES), Buffer.concat([Buffer.of(tag), plain]));
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt32LE(crc32(body), 4);
  return Buffer.concat([head, body]);
}

/** Null: no log, or one whose beginning cannot be read; it is kept aside then. A torn end is cut off. */
function read(
  file: string,
  key: Buffer,
  log: Logger,
): { readonly state: State; readonly events: readonly CallEventMessage[]; readonly isDamaged: boolean } | null {
  if (!fs.existsSync(file)) return null;
  const data = fs.readFileSync(file);
  let state: State | null = null;
  const events: CallEventMessage[] = [];
  let at = 0;
  let isDamaged = false;
  while (at + HEADER_BYTES <= data.length) {
    const length = data.readUInt32LE(at);
    const end = at + HEADER_BYTES + length;
    isDamaged = length > MAX_RECORD;
    if (isDamaged || end > data.length) break;
    const body = data.subarray(at + HEADER_BYTES, end);
    const plain = crc32(body) === data.readUInt32LE(at + 4) ? unseal(key, body) : null;
    isDamaged = plain === null;
    if (plain === null) break;
    if (plain[0] === STATE_TAG) state = JSON.parse(plain.subarray(1).toString()) as State;
    else if (state !== null) events.push(responseDeserialize(plain.subarray(1)));
    at = end;
  }
  if (at < data.length) log.warn({ keptBytes: at, lostBytes: data.length - at }, "the end of the event log was torn");
  if (state === null) {
    const aside = `${file}.unreadable-${Date.now()}`;
    fs.renameSync(file, aside);
    log.error({ aside }, "the event log could not be read and was put aside; a new one begins");
    return null;
  }
  // A whole record that is bad is no torn end: later numbers may be missing, and must not come twice with another meaning.
  return { state, events, isDamaged };
}

function noteOpen(open: Map<string, OpenCall>, event: CallEventInit): void {
  const callId = event.callId ?? "";
  if (event.offered) open.set(callId, { callId, answeredAt: null });
  else if (event.answered) open.set(callId, { callId, answeredAt: Number(event.atMs ?? 0) });
  else if (event.ended) open.delete(callId);
}
