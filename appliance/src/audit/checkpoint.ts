import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { HASH_BYTES } from "./merkle.ts";

/**
 * What the log claims about itself, in the C2SP formats: a tlog-checkpoint (origin, size, root) in a signed note (Ed25519,
 * signature type 0x01).
 */
export interface TreeHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

export interface NoteKey {
  /** Without spaces and plus signs; the log's origin. */
  readonly name: string;
  readonly publicKey: KeyObject;
}

const ED25519 = 1;
const DASH = "\u2014";

const rawPublicKey = (key: KeyObject): Buffer => Buffer.from(key.export({ format: "jwk" }).x as string, "base64url");

/** First four bytes of SHA-256(name, newline, type, public key). */
const keyId = (key: NoteKey): Buffer =>
  createHash("sha256")
    .update(`${key.name}\n`)
    .update(Buffer.of(ED25519))
    .update(rawPublicKey(key.publicKey))
    .digest()
    .subarray(0, 4);

/** A house's log is named after its key, so that two houses' logs are never taken for one. */
export function logKey(publicKey: KeyObject): NoteKey {
  const name = createHash("sha256").update(rawPublicKey(publicKey)).digest("hex").slice(0, 16);
  return { name: `intramuros/audit/${name}`, publicKey };
}

/** The verifier key as auditors keep it: name+key id+base64(type, key). */
export const verifierKey = (key: NoteKey): string =>
  `${key.name}+${keyId(key).toString("hex")}+${Buffer.concat([Buffer.of(ED25519), rawPublicKey(key.publicKey)]).toString("base64")}`;

/** Null when the text is not a verifier key. */
export function parseVerifierKey(text: string): NoteKey | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
  if (match?.[1] === undefined) return null;
  const bytes = Buffer.from(match[3] ?? "", "base64");
  if (bytes.length !== 33 || bytes[0] !== ED25519) return null;
  const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.subarray(1).toString("base64url") };
  const key = { name: match[1], publicKey: createPublicKey({ key: jwk, format: "jwk" }) };
  return keyId(key).toString("hex") === match[2] ? key : null;
}

const bodyOf = (head: TreeHead): string => `${head.origin}\n${head.size}\n${head.root.toString("base64")}\n`;

export function signCheckpoint(head: TreeHead, key: NoteKey, privateKey: KeyObject): string {
  const body = bodyOf(head);
  const signature = Buffer.concat([keyId(key), sign(null, Buffer.from(body, "utf8"), privateKey)]);
  return `${body}\n${DASH} ${key.name} ${signature.toString("base64")}\n`;
}

export type CheckpointFault = { readonly type: "fault"; readonly problem: string };

/** The head that a note proves, when one of its signatures is this key's and holds. Signatures of other keys are passed over. */
export function readCheckpoint(
  note: string,
  key: NoteKey,
): { readonly type: "head"; readonly head: TreeHead } | CheckpointFault {
  const fault = (problem: string): CheckpointFault => ({ type: "fault", problem });
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || note.length > 65_536) return fault("the checkpoint is not a signed note");
  const body = note.slice(0, split + 1);
  const [origin, size, root, ...extensions] = body.slice(0, -1).split("\n");
  if (origin === undefined || size === undefined || root === undefined || extensions.includes("")) {
    return fault("the checkpoint lacks its three lines");
  }
  if (origin !== key.name) return fault("the checkpoint is of another log");
  const rootBytes = Buffer.from(root, "base64");
  if (rootBytes.length !== HASH_BYTES || rootBytes.toString("base64") !== root)
    return fault("the checkpoint's root is not a hash");
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size)) return fault("the checkpoint's size is not a number");
  const known = note
    .slice(split + 2)
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([dash, name]) => dash === DASH && name === key.name)
    .map(([, , text]) => Buffer.from(text ?? "", "base64"))
    .filter((bytes) => bytes.length === 4 + 64 && bytes.subarray(0, 4).equals(keyId(key)));
  if (known.length === 0) return fault("the checkpoint bears no signature of this log's key");
  const good = known.some((bytes) => verify(null, Buffer.from(body, "utf8"), key.publicKey, bytes.subarray(4)));
  return good
    ? { type: "head", head: { origin, size: Number(size), root: rootBytes } }
    : fault("the checkpoint's signature does not hold");
}
