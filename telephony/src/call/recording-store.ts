import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { deriveKey, IV_BYTES, seal, unseal } from "../sealed.ts";
import { wavOf } from "./wav.ts";

/** Messages left by callers: "IMR1", IV, ciphertext of the WAV, tag. The key is HKDF-SHA256 of the master key, info "recordings". */
export const RECORDING_MAGIC = Buffer.from("IMR1");

export interface RecordingStore {
  /** Returns the path below the home folder. */
  save(callId: string, samples: Int16Array, sampleRateHz: number): Promise<string>;
  /** The WAV, or null when it was altered. */
  read(relativePath: string): Promise<Buffer | null>;
}

export function openRecordingStore(root: string, masterKeyHex: string): RecordingStore {
  const key = deriveKey(masterKeyHex, "recordings");
  return {
    async save(callId, samples, sampleRateHz) {
      const relative = path.join("recordings", `${callId.replace(/[^0-9a-zA-Z-]/g, "")}.wav`);
      const file = path.join(root, relative);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const handle = await open(`${file}.new`, "w", 0o600);
      try {
        await handle.write(
          Buffer.concat([RECORDING_MAGIC, seal(key, randomBytes(IV_BYTES), wavOf(samples, sampleRateHz))]),
        );
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${file}.new`, file);
      return relative;
    },
    async read(relative) {
      const data = await readFile(path.join(root, relative));
      return data.subarray(0, 4).equals(RECORDING_MAGIC) ? unseal(key, data.subarray(4)) : null;
    },
  };
}
