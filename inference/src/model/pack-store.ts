import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { manifestOf, type PackCard, parsePackCard } from "./pack.ts";

/** A pack found on the disk: its card and where each file lies. */
export interface FoundPack {
  readonly card: PackCard;
  readonly folder: string;
  readonly builtIn: boolean;
  readonly sha256: string;
  /** Absolute path by role. */
  readonly files: ReadonlyMap<string, string>;
}
export interface FaultyPack {
  readonly folder: string;
  readonly problem: string;
}

export type Verified =
  | { readonly type: "ok"; readonly sizeBytes: number }
  | { readonly type: "missing"; readonly reason: string }
  | { readonly type: "changed"; readonly reason: string };

const here = path.dirname(fileURLToPath(import.meta.url));
export const builtInPacksFolder = path.join(here, "../../packs");

/** Reads every pack of a folder. A folder that is not there holds none. */
export function readPacks(root: string, builtIn: boolean): { packs: FoundPack[]; faulty: FaultyPack[] } {
  const packs: FoundPack[] = [];
  const faulty: FaultyPack[] = [];
  if (!existsSync(root)) return { packs, faulty };
  for (const name of readdirSync(root).sort()) {
    const folder = path.join(root, name);
    const cardFile = path.join(folder, "pack.json");
    if (!existsSync(cardFile)) continue;
    const result = statSync(cardFile).size > 1 << 20 ? tooLarge : parsePackCard(readFileSync(cardFile, "utf8"));
    if (result.type === "faulty") {
      faulty.push({ folder, problem: result.problem });
      continue;
    }
    if (!builtIn && result.card.files.some((file) => file.from.startsWith("npm:"))) {
      faulty.push({ folder, problem: "files: only built-in packs take files from npm packages" });
      continue;
    }
    const files = new Map(result.card.files.map((file) => [file.role, locate(folder, file.from)]));
    const sha256 = createHash("sha256").update(manifestOf(result.card)).digest("hex");
    packs.push({ card: result.card, folder, builtIn, sha256, files });
  }
  return { packs, faulty };
}
const tooLarge = { type: "faulty", problem: "pack.json is larger than 1 MiB" } as const;

function locate(folder: string, from: string): string {
  if (!from.startsWith("npm:")) return path.join(folder, from);
  const inside = from.slice(4);
  for (let at = here; ; at = path.dirname(at)) {
    const candidate = path.join(at, "node_modules", inside);
    if (existsSync(candidate) || at === path.dirname(at)) return candidate;
  }
}

/** Hashes each file once (about 1 GB/s) and compares it with the card, so that a model's identity is that of the bytes that run. */
export async function verifyPack(pack: FoundPack): Promise<Verified> {
  let sizeBytes = 0;
  for (const file of pack.card.files) {
    const at = pack.files.get(file.role)!;
    if (!existsSync(at)) {
      const reason = pack.builtIn
        ? `${at} is not there: run \`npm start\` again, it installs what is missing`
        : `${at} is not there: import the pack again`;
      return { type: "missing", reason };
    }
    sizeBytes += statSync(at).size;
    const hash = createHash("sha256");
    await pipeline(createReadStream(at, { highWaterMark: 1 << 20 }), hash);
    if (hash.digest("hex") !== file.sha256) {
      return {
        type: "changed",
        reason: `${file.role}: ${at} is not the file that pack.json names; import the pack again`,
      };
    }
  }
  return { type: "ok", sizeBytes };
}
