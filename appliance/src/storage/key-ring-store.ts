import { randomBytes } from "node:crypto";
import { deriveKey, EPOCH_BYTES, NONCE_BYTES, openSealed, type Place, readSealed, sealValue } from "./seal.ts";

/** Half of what a key of AES-GCM with random nonces may seal (NIST SP 800-38D §8.3 allows 2^32). */
const VALUES_PER_EPOCH = 2 ** 31;
const DERIVED_MAX = 20_000;

/** A parent key and the epochs derived from it. The house has one, and so has each customer. */
export class KeyRing {
  readonly #parent: Buffer;
  readonly #owner: string | null;
  readonly #derived = new Map<string, Buffer>();
  #epoch: Buffer = randomBytes(EPOCH_BYTES);
  #sealed = 0;

  constructor(parent: Buffer, owner: string | null) {
    this.#parent = parent;
    this.#owner = owner;
  }

  seal(place: Place, plaintext: Buffer): Buffer {
    if (this.#sealed >= VALUES_PER_EPOCH) {
      this.#epoch = randomBytes(EPOCH_BYTES);
      this.#sealed = 0;
    }
    this.#sealed += 1;
    const sealingKey = this.#keyOf(this.#epoch);
    const nonce = randomBytes(NONCE_BYTES);
    return sealValue({ place, owner: this.#owner, plaintext, sealingKey, epoch: this.#epoch, nonce });
  }

  /** Null when the bytes are not what this ring sealed for this place. */
  open(place: Place, bytes: Buffer): Buffer | null {
    const parts = readSealed(bytes);
    if (parts === null || parts.owner !== this.#owner) return null;
    return openSealed(parts, place, this.#keyOf(parts.epoch));
  }

  #keyOf(epoch: Buffer): Buffer {
    const name = epoch.toString("latin1");
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const made = deriveKey(this.#parent, epoch, "seal v1");
    // A damaged epoch would leave an entry behind for each reading; the map starts anew before it can grow without end.
    if (this.#derived.size >= DERIVED_MAX) this.#derived.clear();
    this.#derived.set(name, made);
    return made;
  }
}
