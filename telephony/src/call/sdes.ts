/**
 * Keys of encrypted audio in SDP: `a=crypto` (RFC 4568). As JSON-able values, for a call outlives a restart; the bytes are made of them
 * at the end. Lifetimes are passed over (a call of ours never sends 2^48 packets), a master key identifier is kept, and a line with a
 * session parameter that would weaken or change the protection is not taken.
 */
import { MASTER_KEY_BYTES, MASTER_SALT_BYTES, type SrtpKey, type SrtpSuite } from "../rtp/srtp.ts";

export interface SdesKey {
  readonly tag: number;
  readonly suite: SrtpSuite;
  /** Base64 of master key and salt. */
  readonly keySalt: string;
  readonly mki: { readonly value: string; readonly bytes: number } | null;
}

export const KEY_SALT_BYTES = MASTER_KEY_BYTES + MASTER_SALT_BYTES;
const MAX_MKI_BYTES = 16;

/** A line as sdp-transform cuts it up; null: not one that can be used. */
export function readCrypto(line: {
  readonly id?: number;
  readonly suite?: string;
  readonly config?: string;
  readonly sessionConfig?: string;
}): SdesKey | null {
  const { id, suite = "", config = "", sessionConfig = "" } = line;
  if (suite !== "AES_CM_128_HMAC_SHA1_80" && suite !== "AES_CM_128_HMAC_SHA1_32") return null;
  if (id === undefined || !Number.isInteger(id) || id < 0 || id > 999_999_999) return null;
  if (!sessionConfig.split(" ").every((word) => word === "" || /^(WSH=[0-9]{1,4}|KDR=0)$/.test(word))) return null;
  const [keySalt = "", ...rest] = (config.split(";")[0] ?? "").replace(/^inline:/i, "").split("|");
  if (!/^inline:/i.test(config) || !/^[A-Za-z0-9+/]{40}$/.test(keySalt)) return null;
  let mki: SdesKey["mki"] = null;
  for (const part of rest) {
    if (/^(2\^)?[0-9]{1,15}$/.test(part)) continue;
    const match = /^([0-9]{1,38}):([0-9]{1,3})$/.exec(part);
    const bytes = Number(match?.[2]);
    if (match === null || bytes < 1 || bytes > MAX_MKI_BYTES) return null;
    if (BigInt(match[1]!) >= 1n << BigInt(8 * bytes)) return null;
    mki = { value: match[1]!, bytes };
  }
  return { tag: id, suite, keySalt, mki };
}

export const cryptoLine = ({ tag, suite, keySalt, mki }: SdesKey): string =>
  `a=crypto:${tag} ${suite} inline:${keySalt}${mki === null ? "" : `|${mki.value}:${mki.bytes}`}`;

export const isSameKey = (a: SdesKey, b: SdesKey): boolean =>
  a.suite === b.suite && a.keySalt === b.keySalt && a.mki?.value === b.mki?.value && a.mki?.bytes === b.mki?.bytes;

export function keyOf({ suite, keySalt, mki }: SdesKey): SrtpKey {
  const bytes = Buffer.from(keySalt, "base64");
  return {
    suite,
    masterKey: bytes.subarray(0, MASTER_KEY_BYTES),
    masterSalt: bytes.subarray(MASTER_KEY_BYTES, KEY_SALT_BYTES),
    mki:
      mki === null
        ? new Uint8Array()
        : Buffer.from(
            BigInt(mki.value)
              .toString(16)
              .padStart(2 * mki.bytes, "0"),
            "hex",
          ),
  };
}
