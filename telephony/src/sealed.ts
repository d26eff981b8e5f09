import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

/** Sealing of what telephony keeps on disk: AES-256-GCM under a key of its own purpose, derived from the master key. */
export const IV_BYTES = 12;
export const TAG_BYTES = 16;

export function deriveKey(masterKeyHex: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", Buffer.from(masterKeyHex, "hex"), Buffer.alloc(0), purpose, 32));
}

/** IV, ciphertext, tag. `iv` must never come twice under one key; `context` binds the bytes to their place. */
export function seal(key: Buffer, iv: Buffer, plain: Uint8Array, context = ""): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null: altered, cut, or of another key or place. */
export function unseal(key: Buffer, sealed: Buffer, context = ""): Buffer | null {
  if (sealed.length < IV_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
