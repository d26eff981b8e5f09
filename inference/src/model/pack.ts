import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/**
 * A pack is a folder with a `pack.json` (this description) and the files that it names. Built-in packs take their files from npm
 * packages (`npm:<package>/<path>`) or from their own folder; a customer's pack lies whole in `models/<id>/` of the home folder.
 */
const strict = { additionalProperties: false };

export const TASKS = ["vad", "asr", "tts", "text-emotion", "voice-emotion", "language-id", "intent"] as const;
export type Task = (typeof TASKS)[number];

/** How the files are to be run. A pack of another format is refused by name: see `runnable`. */
export const FORMATS = ["silero-vad-v6", "moonshine-v1", "espeak-ng", "ngram-softmax-v1", "rules"] as const;
export type Format = (typeof FORMATS)[number];

export const PackCardSchema = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9][a-z0-9.-]{0,63}$" }),
    version: Type.String({ minLength: 1, maxLength: 40 }),
    task: Type.Enum(TASKS),
    format: Type.String({ minLength: 1, maxLength: 40 }),
    languages: Type.Array(Type.String({ pattern: "^[a-z]{2,3}$" }), { maxItems: 100 }),
    engine: Type.Union([Type.Literal("onnxruntime"), Type.Literal("espeak-ng"), Type.Literal("rules")]),
    sampleRatesHz: Type.Optional(Type.Array(Type.Integer({ minimum: 8000, maximum: 48000 }), { maxItems: 8 })),
    licence: Type.String({ minLength: 1, maxLength: 200 }),
    attribution: Type.String({ maxLength: 500 }),
    description: Type.String({ maxLength: 2000 }),
    files: Type.Array(
      Type.Object(
        {
          role: Type.String({
            minLength: 1,
            maxLength: 40,
            description: "what the format calls it: model, encoder, decoder",
          }),
          from: Type.String({ minLength: 1, maxLength: 300 }),
          sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
        },
        strict,
      ),
      { maxItems: 32 },
    ),
    scores: Type.Array(
      Type.Object(
        { set: Type.String({ maxLength: 200 }), metric: Type.String({ maxLength: 60 }), value: Type.Number() },
        strict,
      ),
      { maxItems: 64 },
    ),
    /** Numbers that the format needs (heads, layers, buckets, temperature). Each format checks its own. */
    parameters: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.Unknown())),
    training: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 32 })),
  },
  strict,
);
export type PackCard = Static<typeof PackCardSchema>;

export type PackCardResult =
  | { readonly type: "ok"; readonly card: PackCard }
  | { readonly type: "faulty"; readonly problem: string };

/** Reads a `pack.json`; the problem names the field. */
export function parsePackCard(text: string): PackCardResult {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { type: "faulty", problem: `pack.json is not JSON: ${(error as Error).message}` };
  }
  if (Value.Check(PackCardSchema, raw)) {
    const unsafe = raw.files.find((file) => !isSafeSource(file.from));
    if (unsafe) return { type: "faulty", problem: `files: ${JSON.stringify(unsafe.from)} leaves the pack's folder` };
    return { type: "ok", card: raw };
  }
  const [fault] = Value.Errors(PackCardSchema, raw);
  return {
    type: "faulty",
    problem: `${fault?.instancePath.slice(1).replaceAll("/", ".") || "pack.json"}: ${fault?.message}`,
  };
}

/** A file's source is a path below the pack's folder or below an npm package, never an absolute path or one that climbs. */
export function isSafeSource(from: string): boolean {
  const path = from.startsWith("npm:") ? from.slice(4) : from;
  return (
    !path.startsWith("/") &&
    !path.includes("\\") &&
    !path.includes("\0") &&
    path.split("/").every((part) => part !== ".." && part !== "")
  );
}

export const isFormat = (format: string): format is Format => (FORMATS as readonly string[]).includes(format);

/** Text over which a pack's own hash is taken: one line a file, sorted, so that the order in the card does not matter. */
export function manifestOf(card: Pick<PackCard, "files">): string {
  return card.files
    .map((file) => `${file.sha256}  ${file.role}\n`)
    .sort()
    .join("");
}
