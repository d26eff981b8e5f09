import { createDecipheriv, hkdfSync } from "node:crypto";

/**
 * A message left by a caller, as telephony keeps it below `recordings/`: the magic `IMR1`, 12 bytes of nonce, the WAV under
 * AES-256-GCM, 16 bytes of tag (NIST SP 800-38D).
 */
const MAGIC = Buffer.from("IMR1");
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** HKDF-SHA256 (RFC 5869) of the master key's bytes, no salt, info `recordings`. */
export function recordingKey(masterKeyHex: string): Buffer {
  return Buffer.from(hkdfSync("sha256", Buffer.from(masterKeyHex, "hex"), Buffer.alloc(0), "recordings", 32));
}

/** The WAV, or null when the file is torn, altered or under another key. */
export function openRecording(file: Buffer, key: Buffer): Buffer | null {
  const start = MAGIC.length + NONCE_BYTES;
  if (file.length < start + TAG_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const decipher = createDecipheriv("aes-256-gcm", key, file.subarray(MAGIC.length, start));
  decipher.setAuthTag(file.subarray(file.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(file.subarray(start, file.length - TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
