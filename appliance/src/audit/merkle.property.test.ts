import fc from "fast-check";
import { expect, test } from "vitest";
import { fillTiles, nodeReader, TILE_WIDTH, tileKey } from "./log-layout.ts";
import {
  consistencyProof,
  emptyFrontier,
  frontierRoot,
  growFrontier,
  inclusionProof,
  leafHash,
  subtreeRoot,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";

/** A log of 70,000 leaves (more than 256²), as tiles and single leaves, with the root at every size asked for. */
const SIZE = 70_000;
const leaves: Buffer[] = [];
const roots: Buffer[] = [frontierRoot(emptyFrontier)];
const tiles = new Map<string, Buffer>();
let frontier = emptyFrontier;
const partial: Buffer[][] = [];
for (let index = 0; index < SIZE; index += 1) {
  const leaf = leafHash(Buffer.from(`leaf ${index}`));
  leaves.push(leaf);
  frontier = growFrontier(frontier, leaf);
  roots.push(frontierRoot(frontier));
  for (const { key, tile } of fillTiles(partial, index, leaf)) tiles.set(key, tile);
}
const read = nodeReader({
  leaf: async (index) => leaves[index] as Buffer,
  tile: async (level, index) => tiles.get(tileKey(level, index)),
});
const sizes = fc.oneof(
  fc.integer({ min: 1, max: SIZE }),
  fc.integer({ min: 1, max: 600 }),
  fc.constantFrom(255, 256, 257, 512, 65_535, 65_536, 65_537),
);
const flip = (hash: Buffer, bit: number): Buffer => {
  const bad = Buffer.from(hash);
  bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bad;
};
const bit = fc.integer({ min: 0, max: 255 });

test("there is a full tile for each 256 leaves and each 256 tiles", () => {
  expect([...tiles.keys()].filter((key) => key.startsWith("tile!0"))).toHaveLength(Math.floor(SIZE / TILE_WIDTH));
  expect([...tiles.keys()].filter((key) => key.startsWith("tile!1"))).toHaveLength(1);
});

test("every size's root, read from tiles, is the one grown leaf by leaf", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, async (size) => {
      expect(await subtreeRoot(read, 0, size)).toEqual(roots[size]);
    }),
  );
});

test("every leaf's inclusion proof holds, and no longer with any bit of it flipped", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), bit, fc.nat(), async (size, at, flipped, which) => {
      const index = at % size;
      const proof = await inclusionProof(read, index, size);
      const claim = { index, size, leaf: leaves[index] as Buffer, proof, root: roots[size] as Buffer };
      expect(verifyInclusion(claim)).toBe(true);
      expect(verifyInclusion({ ...claim, leaf: flip(claim.leaf, flipped) })).toBe(false);
      expect(verifyInclusion({ ...claim, root: flip(claim.root, flipped) })).toBe(false);
      if (proof.length > 0) {
        const bad = proof.map((node, n) => (n === which % proof.length ? flip(node, flipped) : node));
        expect(verifyInclusion({ ...claim, proof: bad })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
      }
      if (size > 1) expect(verifyInclusion({ ...claim, index: (index + 1) % size })).toBe(false);
    }),
  );
});

test("every older head is consistent with every newer one, and with no other", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, sizes, bit, fc.nat(), async (a, b, flipped, which) => {
      const [first, second] = a < b ? [a, b] : [b, a];
      const proof = await consistencyProof(read, first, second);
      const claim = {
        firstSize: first,
        secondSize: second,
        firstRoot: roots[first] as Buffer,
        secondRoot: roots[second] as Buffer,
        proof,
      };
      expect(verifyConsistency(claim)).toBe(true);
      expect(verifyConsistency({ ...claim, secondRoot: flip(claim.secondRoot, flipped) })).toBe(false);
      if (first < second)
        expect(verifyConsistency({ ...claim, firstRoot: flip(claim.firstRoot, flipped) })).toBe(false);
      if (proof.length > 0) {
        // Each node of the proof, also in its middle, is checked.
        const bad = proof.map((node, n) => (n === which % proof.length ? flip(node, flipped) : node));
        expect(verifyConsistency({ ...claim, proof: bad })).toBe(false);
      }
    }),
  );
});

test("no sizes and no hashes make the verifiers throw", () => {
  const hash = fc.uint8Array({ minLength: 0, maxLength: 40 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.double(), fc.double(), hash, fc.array(hash, { maxLength: 70 }), hash, (a, b, one, proof, root) => {
      expect(typeof verifyInclusion({ index: a, size: b, leaf: one, proof, root })).toBe("boolean");
      expect(typeof verifyConsistency({ firstSize: a, secondSize: b, firstRoot: one, secondRoot: root, proof })).toBe(
        "boolean",
      );
    }),
  );
});
