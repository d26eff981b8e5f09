import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logKey, parseVerifierKey, readCheckpoint, signCheckpoint, verifierKey } from "./checkpoint.ts";
import { leafHash } from "./merkle.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const key = logKey(publicKey);
const head = { origin: key.name, size: 12_345, root: leafHash(Buffer.from("x")) };

describe("checkpoint", () => {
  test("the published example key of the signed note format has its published key id", () => {
    // golang.org/x/mod/sumdb/note, the package's example.
    const text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const known = parseVerifierKey(text);
    expect(known?.name).toBe("PeterNeumann");
    expect(known === null ? "" : verifierKey(known)).toBe(text);
    expect(parseVerifierKey(text.replace("c74f20a3", "c74f20a4"))).toBeNull();
  });

  test("what was signed is read back; another log's key, size, root or signature is not", () => {
    const note = signCheckpoint(head, key, privateKey);
    expect(readCheckpoint(note, key)).toEqual({ type: "head", head });
    expect(note.split("\n").slice(0, 3)).toEqual([key.name, "12345", head.root.toString("base64")]);
    const other = logKey(generateKeyPairSync("ed25519").publicKey);
    expect(readCheckpoint(note, other)).toMatchObject({ type: "fault" });
    expect(readCheckpoint(note, { ...other, name: key.name })).toMatchObject({ problem: /no signature of this log/ });
    expect(readCheckpoint(note.replace("12345", "12346"), key)).toMatchObject({ problem: /signature does not hold/ });
    expect(readCheckpoint(note.replace("12345", "012345"), key)).toMatchObject({ problem: /not a number/ });
    expect(readCheckpoint(note.slice(0, note.indexOf("\n\n") + 2), key)).toMatchObject({ type: "fault" });
  });

  test("a cosignature of a key that we do not know is passed over", () => {
    const note = `${signCheckpoint(head, key, privateKey)}— witness.example ${Buffer.alloc(72, 7).toString("base64")}\n`;
    expect(readCheckpoint(note, key)).toEqual({ type: "head", head });
  });

  test("no character changed anywhere in body or signature is accepted, and no text makes the reader throw", () => {
    const note = signCheckpoint(head, key, privateKey);
    fc.assert(
      fc.property(fc.nat(note.length - 2), fc.constantFrom("A", "0", "\n", " ", "é"), (at, letter) => {
        const changed = note.slice(0, at) + letter + note.slice(at + 1);
        const read = readCheckpoint(changed, key);
        // The last base64 digit carries unused bits: the same bytes are the same signature.
        if (read.type === "head") expect(read.head).toEqual(head);
        if (at < note.indexOf("\n\n") && changed !== note) expect(read.type).toBe("fault");
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(readCheckpoint(text, key).type).toBe("fault");
      }),
    );
  });
});
