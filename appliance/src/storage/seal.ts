import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

/**
 * How a value lies on the disk: AES-256-GCM, bound to its table, its key and its owner, so that a value moved to another place is as
 * wrong as a value with a flipped bit.
 *
 *     house   1 | epoch (16) | nonce (12) | ciphertext | tag (16)
 *     owner   2 | length of owner (1) | owner | epoch (16) | nonce (12) | ciphertext | tag (16)
 *
 * The epoch is random and new with each start of the process (and after 2^31 values): the key that seals is derived from the parent
 * key and the epoch, so that the number of random nonces under one key is known without keeping a counter on the disk.
 */
export const EPOCH_BYTES = 16;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HOUSE = 1;
const OWNER = 2;

export interface Place {
  readonly table: string;
  readonly key: string;
}

export interface SealedParts {
  readonly owner: string | null;
  readonly epoch: Buffer;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** Table names and keys hold no NUL, so that no two places give the same bytes. */
const additionalData = (place: Place, owner: string | null): Buffer =>
  Buffer.from(`${place.table}\0${place.key}\0${owner ?? ""}`, "utf8");

/** A key for one purpose or epoch, from a parent (HKDF-SHA256). */
export const deriveKey = (parent: Buffer, salt: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync("sha256", parent, salt, `intramuros ${purpose}`, 32));

export function sealValue(value: {
  readonly place: Place;
  readonly owner: string | null;
  readonly plaintext: Buffer;
  readonly sealingKey: Buffer;
  readonly epoch: Buffer;
  readonly nonce: Buffer;
}): Buffer {
  const cipher = createCipheriv("aes-256-gcm", value.sealingKey, value.nonce);
  cipher.setAAD(additionalData(value.place, value.owner));
  const ciphertext = cipher.update(value.plaintext);
  cipher.final();
  const head =
    value.owner === null
      ? Buffer.of(HOUSE)
      : Buffer.concat([Buffer.of(OWNER, Buffer.byteLength(value.owner)), Buffer.from(value.owner, "utf8")]);
  return Buffer.concat([head, value.epoch, value.nonce, ciphertext, cipher.getAuthTag()]);
}

/** Null when the bytes cannot be a sealed value. */
export function readSealed(bytes: Buffer): SealedParts | null {
  const owned = bytes[0] === OWNER;
  if (!owned && bytes[0] !== HOUSE) return null;
  const ownerEnd = owned ? 2 + (bytes[1] ?? 0) : 1;
  const nonceAt = ownerEnd + EPOCH_BYTES;
  const dataAt = nonceAt + NONCE_BYTES;
  if (bytes.length < dataAt + TAG_BYTES) return null;
  return {
    owner: owned ? bytes.toString("utf8", 2, ownerEnd) : null,
    epoch: bytes.subarray(ownerEnd, nonceAt),
    nonce: bytes.subarray(nonceAt, dataAt),
    ciphertext: bytes.subarray(dataAt, bytes.length - TAG_BYTES),
    tag: bytes.subarray(bytes.length - TAG_BYTES),
  };
}

/** Null when key, place or a single bit is not what was sealed. */
export function openSealed(parts: SealedParts, place: Place, sealingKey: Buffer): Buffer | null {
  const decipher = createDecipheriv("aes-256-gcm", sealingKey, parts.nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(place, parts.owner));
  decipher.setAuthTag(parts.tag);
  const plaintext = decipher.update(parts.ciphertext);
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plaintext;
}
