import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import type { Logger } from "@intramuros/contracts";
import { deriveKey, IV_BYTES, seal, unseal } from "./sealed.ts";

/**
 * What a process must know again after it was killed: the latest value of each key, sealed. Changes are collected for `FLUSH_MS` and
 * appended as one record (length, CRC-32, sealed JSON); a killed process loses no more than that, a power cut no more than `SYNC_MS`.
 * Two files follow each other: when one has grown, a next one begins, the living values are copied into it bit by bit between other
 * work, and the old one goes. Reading takes them in order.
 */
export interface Journal {
  /** What was kept when the journal was opened. */
  readonly found: ReadonlyMap<string, unknown>;
  /** The value of this key has changed; it is asked for when it is written. */
  touch(key: string): void;
  readonly bytes: number;
  close(): void;
}

export interface JournalOptions {
  readonly file: string;
  /** What the key is derived from. */
  readonly secretHex: string;
  readonly purpose: string;
  readonly log: Logger;
  /** Value of a key as JSON can carry it; null: there is none any more. */
  readonly current: (key: string) => unknown;
  readonly keys: () => Iterable<string>;
  /** For tests: how many bytes make a next file begin. */
  readonly rotateBytes?: number;
}

const FLUSH_MS = 30;
const SYNC_MS = 500;
const ROTATE_BYTES = 8 << 20;
const HEADER_BYTES = 8;
const MAX_RECORD_BYTES = 16 << 20;
const COPIED_AT_ONCE = 500;
const MAX_ENTRIES = 1000;
/** Between two attempts to write to a disk that is full. */
const RETRY_MS = 5000;

type Entry = readonly [key: string, value: unknown];

export function openJournal(options: JournalOptions): Journal {
  const { file, log, current } = options;
  const rotateBytes = options.rotateBytes ?? ROTATE_BYTES;
  const key = deriveKey(options.secretHex, options.purpose);
  const folder = path.dirname(file);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const old = generationsOf(file);
  const found = new Map<string, unknown>();
  for (const generation of old) {
    for (const [name, value] of readAll(nameOf(file, generation), key, log)) {
      if (value === null) found.delete(name);
      else found.set(name, value);
    }
  }

  const touched = new Set<string>();
  /** Keys that a file on disk has a value of: others need no word when they go. */
  const written = new Set<string>(found.keys());
  let generation = (old.at(-1) ?? 0) + 1;
  let fd = openFile(nameOf(file, generation));
  let bytes = 0;
  let limit = rotateBytes;
  let copying: Iterator<string> | null = null;
  let outdated: readonly string[] = [];
  let flushTimer: NodeJS.Timeout | null = null;
  let syncTimer: NodeJS.Timeout | null = null;
  let brokenSince: number | null = null;
  copyFrom([...found.keys()], old);

  function copyFrom(keys: readonly string[], generations: readonly number[]): void {
    outdated = generations.map((item) => nameOf(file, item));
    copying = keys[Symbol.iterator]();
    schedule();
  }
  function schedule(): void {
    flushTimer ??= setTimeout(flush, FLUSH_MS);
  }
  function flush(): void {
    flushTimer = null;
    const entries: Entry[] = [];
    for (const name of touched) add(entries, name);
    touched.clear();
    const isCopied = copyMore(entries);
    if (entries.length > 0 && !append(entries)) {
      for (const [name] of entries) touched.add(name);
      return;
    }
    if (isCopied && outdated.length > 0) forgetOld();
    if (copying !== null) schedule();
    else if (bytes > limit) rotate();
  }
  function add(entries: Entry[], name: string): void {
    const value = current(name) ?? null;
    if (value === null && !written.has(name)) return;
    if (value === null) written.delete(name);
    else written.add(name);
    entries.push([name, value]);
  }
  /** True when all that the old files were needed for stands in the new one. */
  function copyMore(entries: Entry[]): boolean {
    if (copying === null) return true;
    for (let n = 0; n < COPIED_AT_ONCE; n++) {
      const next = copying.next();
      if (next.done === true) {
        copying = null;
        limit = Math.max(rotateBytes, bytes * 3);
        return true;
      }
      add(entries, next.value);
    }
    return false;
  }
  function append(entries: readonly Entry[]): boolean {
    try {
      for (let at = 0; at < entries.length; at += MAX_ENTRIES) {
        bytes += writeRecord(fd, key, entries.slice(at, at + MAX_ENTRIES));
      }
    } catch (error) {
      if (brokenSince === null) log.error({ err: error, file }, "the journal takes no more; it is tried again");
      brokenSince = performance.now();
      flushTimer ??= setTimeout(retry, RETRY_MS);
      return false;
    }
    syncTimer ??= setTimeout(sync, SYNC_MS);
    return true;
  }
  /** What was half written may stand at the end of the file: only a next one will do. */
  function retry(): void {
    flushTimer = null;
    brokenSince = null;
    rotate();
  }
  function rotate(): void {
    const before = fd;
    const oldGenerations = generationsOf(file);
    try {
      fd = openFile(nameOf(file, generation + 1));
    } catch (error) {
      log.error({ err: error, file }, "no next file of the journal could be begun");
      flushTimer ??= setTimeout(retry, RETRY_MS);
      return;
    }
    fs.close(before, () => undefined);
    generation++;
    bytes = 0;
    copyFrom([...options.keys()], oldGenerations);
  }
  function forgetOld(): void {
    const names = outdated;
    outdated = [];
    const latest = fd;
    fs.fdatasync(latest, (error) => {
      if (error !== null) return; // they stay, and are read before the new one
      for (const name of names) fs.rm(name, { force: true }, () => undefined);
    });
  }
  function sync(): void {
    syncTimer = null;
    fs.fdatasync(fd, () => undefined);
  }

  return {
    found,
    touch(name) {
      touched.add(name);
      schedule();
    },
    get bytes() {
      return bytes;
    },
    close() {
      if (flushTimer !== null) clearTimeout(flushTimer);
      if (syncTimer !== null) clearTimeout(syncTimer);
      copying = null;
      const keep = outdated;
      outdated = [];
      flush();
      if (flushTimer !== null) clearTimeout(flushTimer);
      if (syncTimer !== null) clearTimeout(syncTimer);
      outdated = keep;
      fs.fsyncSync(fd);
      fs.closeSync(fd);
    },
  };
}

const nameOf = (file: string, generation: number): string => `${file}.${generation}`;

function generationsOf(file: string): readonly number[] {
  const start = `${path.basename(file)}.`;
  return fs
    .readdirSync(path.dirname(file))
    .filter((name) => name.startsWith(start) && /^\d{1,15}$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .sort((a, b) => a - b);
}

const openFile = (name: string): number => fs.openSync(name, "w", 0o600);

function writeRecord(fd: number, key: Buffer, entries: readonly Entry[]): number {
  const body = seal(key, randomBytes(IV_BYTES), Buffer.from(JSON.stringify(entries)));
  const record = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  record.writeUInt32LE(body.length, 0);
  record.writeUInt32LE(crc32(body), 4);
  body.copy(record, HEADER_BYTES);
  for (let at = 0; at < record.length; ) at += fs.writeSync(fd, record, at);
  return record.length;
}

/** Every change in order, up to where the file is torn. */
function readAll(name: string, key: Buffer, log: Logger): readonly Entry[] {
  const entries: Entry[] = [];
  const data = fs.readFileSync(name);
  let at = 0;
  while (at + HEADER_BYTES <= data.length) {
    const length = data.readUInt32LE(at);
    const end = at + HEADER_BYTES + length;
    if (length > MAX_RECORD_BYTES || end > data.length) break;
    const body = data.subarray(at + HEADER_BYTES, end);
    const plain = crc32(body) === data.readUInt32LE(at + 4) ? unseal(key, body) : null;
    const list: unknown = plain === null ? null : JSON.parse(plain.toString());
    if (!Array.isArray(list)) break;
    entries.push(...(list as Entry[]));
    at = end;
  }
  if (at < data.length) log.warn({ name, keptBytes: at, lostBytes: data.length - at }, "the end of a journal was torn");
  return entries;
}
