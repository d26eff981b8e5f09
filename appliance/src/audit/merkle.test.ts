import { describe, expect, test } from "vitest";
import {
  consistencyProof,
  emptyFrontier,
  emptyRoot,
  type Frontier,
  frontierRoot,
  growFrontier,
  inclusionProof,
  leafHash,
  nodeHash,
  subtreeRoot,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";

/** The eight leaves and the roots over the first n of them that Certificate Transparency's reference implementations share. */
const inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const roots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const leaves = inputs.map((hex) => leafHash(Buffer.from(hex, "hex")));

export const memoryNodes = (all: readonly Buffer[]) => {
  const read = async (level: number, index: number): Promise<Buffer> =>
    level === 0
      ? (all[index] as Buffer)
      : nodeHash(await read(level - 1, index * 2), await read(level - 1, index * 2 + 1));
  return read;
};

describe("Merkle tree of RFC 6962", () => {
  test("the roots over the reference leaves are the published ones, grown leaf by leaf and computed from nodes", async () => {
    let frontier: Frontier = emptyFrontier;
    expect(emptyRoot.toString("hex")).toBe(roots[0]);
    for (const [index, leaf] of leaves.entries()) {
      frontier = growFrontier(frontier, leaf);
      expect(frontierRoot(frontier).toString("hex"), `size ${index + 1}`).toBe(roots[index + 1]);
      expect((await subtreeRoot(memoryNodes(leaves), 0, index + 1)).toString("hex")).toBe(roots[index + 1]);
    }
  });

  test("the published inclusion and consistency proofs come out", async () => {
    const read = memoryNodes(leaves);
    const hex = (proof: readonly Buffer[]): string[] => proof.map((node) => node.toString("hex"));
    expect(hex(await inclusionProof(read, 0, 8))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(hex(await consistencyProof(read, 1, 8))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
  });

  test("proofs of impossible sizes and of wrong lengths are refused", async () => {
    const [leaf, root] = [leaves[0] as Buffer, Buffer.from(roots[8] as string, "hex")];
    const proof = await inclusionProof(memoryNodes(leaves), 0, 8);
    const claim = { index: 0, size: 8, leaf, proof, root };
    expect(verifyInclusion(claim)).toBe(true);
    for (const wrong of [
      { index: 8 },
      { index: -1 },
      { size: 0 },
      { size: 7.5 },
      { proof: proof.slice(1) },
      { proof: [...proof, leaf] },
      { proof: proof.map((node) => node.subarray(1)) },
    ]) {
      expect(verifyInclusion({ ...claim, ...wrong }), JSON.stringify(wrong)).toBe(false);
    }
    const first = Buffer.from(roots[3] as string, "hex");
    const steps = await consistencyProof(memoryNodes(leaves), 3, 8);
    const step = { firstSize: 3, secondSize: 8, firstRoot: first, secondRoot: root, proof: steps };
    expect(verifyConsistency(step)).toBe(true);
    expect(verifyConsistency({ ...step, firstSize: 9 })).toBe(false);
    expect(verifyConsistency({ ...step, proof: [] })).toBe(false);
    expect(verifyConsistency({ ...step, firstRoot: root })).toBe(false);
    expect(verifyConsistency({ ...step, firstSize: 8, firstRoot: root, proof: [] })).toBe(true);
    expect(verifyConsistency({ ...step, firstSize: 0, firstRoot: emptyRoot, proof: [] })).toBe(true);
    expect(verifyConsistency({ ...step, firstSize: 0, firstRoot: first, proof: [] })).toBe(false);
  });
});
