import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "@intramuros/contracts";
import type { InferenceLink } from "./inference-link-client.ts";
import { synthesize, type VoiceRequest } from "./synthesis-client.ts";
import { bytesOf, samplesOf } from "./wav.ts";

/**
 * The fixed prompts of the set-up as sound on disk: greetings start at once, and menus and hand-overs are heard while inference is
 * down. A prompt that is not there yet is synthesised when a call needs it, and by `warm` as soon as the voice can be had.
 */
export interface PromptStore {
  /** The sound, if it is there. */
  get(request: VoiceRequest): Int16Array | null;
  /** Takes the prompts of a new set-up: loads, synthesises what is missing, forgets the rest. */
  warm(prompts: readonly VoiceRequest[]): void;
  readonly missing: number;
  close(): Promise<void>;
}

const MAX_PROMPTS = 4000;
const MAX_SECONDS = 120;
const RETRY_MS = 2000;

export function openPromptStore(options: {
  readonly folder: string;
  readonly link: InferenceLink;
  readonly log: Logger;
}): PromptStore {
  const { folder, link, log } = options;
  const sounds = new Map<string, Int16Array>();
  let wanted = new Map<string, VoiceRequest>();
  let running: Promise<void> | null = null;
  let again = false;
  let closed = false;
  let retry: NodeJS.Timeout | null = null;
  let cancel: (() => void) | null = null;

  const work = async (): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const onDisk = new Set((await readdir(folder)).filter((name) => name.endsWith(".pcm")));
    for (const name of onDisk) {
      if (!wanted.has(name.slice(0, -4))) await rm(path.join(folder, name), { force: true });
    }
    for (const key of sounds.keys()) if (!wanted.has(key)) sounds.delete(key);
    for (const key of wanted.keys()) {
      if (!sounds.has(key) && onDisk.has(`${key}.pcm`)) {
        sounds.set(key, samplesOf(await readFile(path.join(folder, `${key}.pcm`))));
      }
    }
    for (const [key, request] of wanted) {
      if (closed || again) return;
      if (sounds.has(key)) continue;
      if (!link.isUp()) return;
      const sound = await once(request);
      if (sound === null) {
        retry ??= setTimeout(() => {
          retry = null;
          start();
        }, RETRY_MS);
        return;
      }
      const file = path.join(folder, `${key}.pcm`);
      await writeFile(`${file}.new`, bytesOf(sound), { mode: 0o600 });
      await rename(`${file}.new`, file);
      sounds.set(key, sound);
    }
  };
  const once = (request: VoiceRequest): Promise<Int16Array | null> =>
    new Promise((resolve) => {
      const chunks: Int16Array[] = [];
      let samples = 0;
      const stream = synthesize(link, request, {
        onAudio(chunk) {
          samples += chunk.length;
          if (samples > MAX_SECONDS * request.sampleRateHz) {
            stream.cancel();
            resolve(null);
          } else chunks.push(chunk);
        },
        onEnd: () => resolve(samples === 0 ? null : joined(chunks, samples)),
        onFailed: () => resolve(null),
      });
      cancel = () => {
        stream.cancel();
        resolve(null);
      };
    });
  const start = (): void => {
    if (closed) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = work()
      .catch((error: unknown) => log.error({ err: error }, "prompts could not be kept"))
      .finally(() => {
        running = null;
        cancel = null;
        if (again) {
          again = false;
          start();
        }
      });
  };
  link.onChange((up) => {
    if (up) start();
  });

  return {
    get(request) {
      const key = keyOf(request);
      const sound = sounds.get(key);
      if (sound !== undefined) return sound;
      if (!wanted.has(key)) return null;
      // Asked for before `warm` came to it, in the first second of the process: half a megabyte at most, read at once.
      try {
        const read = samplesOf(readFileSync(path.join(folder, `${key}.pcm`)));
        sounds.set(key, read);
        return read;
      } catch {
        return null; // not synthesised yet
      }
    },
    warm(prompts) {
      wanted = new Map(prompts.slice(0, MAX_PROMPTS).map((request) => [keyOf(request), request]));
      start();
    },
    get missing() {
      let count = 0;
      for (const key of wanted.keys()) if (!sounds.has(key)) count++;
      return count;
    },
    async close() {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      cancel?.();
      await running;
    },
  };
}

const keyOf = (request: VoiceRequest): string =>
  createHash("sha256")
    .update(JSON.stringify([request.text, request.language, request.rate || 1, request.sampleRateHz]))
    .digest("hex");

function joined(chunks: readonly Int16Array[], samples: number): Int16Array {
  const all = new Int16Array(samples);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
