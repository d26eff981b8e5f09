import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, write } from "node:fs";
import path from "node:path";
import type { Logger } from "@intramuros/contracts";
import { deriveKey, IV_BYTES, seal, TAG_BYTES, unseal } from "../../sealed.ts";
import type { CaptureLimits } from "./ring.ts";
import { type Segment, segmentOf } from "./segment.ts";

/**
 * The ring on the disk: one file for each segment, `<seq>.sealed`, of blocks: length u32 | IV | ciphertext | tag (AES-256-GCM under a
 * key of this purpose). A block is bound to its segment and its place. Nothing is synced: after a power cut the last seconds may be
 * missing, and a torn block ends its file.
 */
export interface CaptureStore {
  /** What earlier processes left, oldest first, within the limits. */
  readonly kept: readonly Segment[];
  /**
   * Writes what the segment holds more than at the last time. True when the kernel has all of it; false when more has come meanwhile,
   * or it could not be written, which is told to the log, once.
   */
  save(segment: Segment): Promise<boolean>;
  remove(segment: Segment): void;
  /** Whether the last writing failed. */
  readonly isBroken: boolean;
  close(): void;
}

const FILE = /^(\d{10})\.sealed$/;
const FILE_MAX_BYTES = 4 << 20;

export function openCaptureStore(options: {
  readonly folder: string;
  readonly masterKeyHex: string;
  readonly limits: CaptureLimits;
  readonly log: Logger;
}): CaptureStore {
  const { folder, limits, log } = options;
  const key = deriveKey(options.masterKeyHex, "sip capture");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (seq: number): string => path.join(folder, `${String(seq).padStart(10, "0")}.sealed`);
  const kept = readKept();
  let open: { readonly segment: Segment; readonly fd: number; saved: number; position: number; block: number } | null =
    null;
  let complained = false;

  function readKept(): readonly Segment[] {
    const found = readdirSync(folder)
      .map((name) => Number(FILE.exec(name)?.[1] ?? 0))
      .filter((seq) => seq > 0)
      .sort((a, b) => b - a);
    const segments: Segment[] = [];
    let bytes = 0;
    let messages = 0;
    let full = false;
    for (const seq of found) {
      const segment: Segment | null = full ? null : readSegment(seq);
      if (
        segment === null ||
        bytes + segment.bytes.length > limits.bytes ||
        messages + segment.count > limits.messages
      ) {
        full ||= segment !== null;
        rmSync(fileOf(seq), { force: true });
        continue;
      }
      bytes += segment.bytes.length;
      messages += segment.count;
      segments.push(segment);
    }
    return segments.reverse();
  }

  function readSegment(seq: number): Segment | null {
    try {
      if (statSync(fileOf(seq)).size > FILE_MAX_BYTES) return null;
      const blocks = unsealBlocks(key, seq, readFileSync(fileOf(seq)));
      const segment = segmentOf(seq, Buffer.concat(blocks));
      return segment.count === 0 ? null : segment;
    } catch (error) {
      log.warn({ code: (error as NodeJS.ErrnoException).code ?? "" }, "a file of captured messages could not be read");
      return null;
    }
  }

  const fileFor = (segment: Segment): NonNullable<typeof open> => {
    if (open !== null && open.segment === segment) return open;
    if (open !== null) closeSync(open.fd);
    open = null;
    open = { segment, fd: openSync(fileOf(segment.seq), "w", 0o600), saved: 0, position: 0, block: 0 };
    return open;
  };

  return {
    kept,
    async save(segment) {
      const upTo = segment.used;
      try {
        const file = fileFor(segment);
        if (upTo === file.saved) return true;
        const plain = segment.bytes.subarray(file.saved, upTo);
        const sealed = seal(key, randomBytes(IV_BYTES), plain, `${segment.seq} ${file.block}`);
        const block = Buffer.allocUnsafe(4 + sealed.length);
        block.writeUInt32BE(sealed.length);
        sealed.copy(block, 4);
        await writeAll(file.fd, block, file.position);
        file.position += block.length;
        file.saved = upTo;
        file.block++;
        complained = false;
        return file.saved === segment.used;
      } catch (error) {
        // Written again from the same place the next time: a half block is overwritten.
        if (!complained) log.error({ err: error }, "captured messages cannot be kept on the disk; they stay in memory");
        complained = true;
        return false;
      }
    },
    remove({ seq }) {
      try {
        rmSync(fileOf(seq), { force: true });
      } catch (error) {
        log.warn({ err: error }, "a file of captured messages could not be removed");
      }
    },
    get isBroken() {
      return complained;
    },
    close() {
      if (open !== null) closeSync(open.fd);
      open = null;
    },
  };
}

function unsealBlocks(key: Buffer, seq: number, bytes: Buffer): readonly Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (length < IV_BYTES + TAG_BYTES || at + 4 + length > bytes.length) break;
    const plain = unseal(key, bytes.subarray(at + 4, at + 4 + length), `${seq} ${blocks.length}`);
    if (plain === null) break;
    blocks.push(plain);
    at += 4 + length;
  }
  return blocks;
}

const writeAll = (fd: number, bytes: Buffer, position: number): Promise<void> =>
  new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, position, (error, written) => {
      if (error !== null) reject(error);
      else if (written === bytes.length) resolve();
      else writeAll(fd, bytes.subarray(written), position + written).then(resolve, reject);
    });
  });
