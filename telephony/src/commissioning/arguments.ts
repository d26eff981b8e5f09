import { CODECS, type Language } from "@intramuros/contracts";
import type { CodecName } from "../rtp/rtp-endpoint.ts";

/** What the command line asks for. */
export interface CallArguments {
  readonly say: string | null;
  readonly wav: string | null;
  readonly digits: readonly string[];
  readonly to: string;
  readonly language: Language;
  readonly server: { readonly host: string; readonly port: number } | null;
  /** What the caller offers, best first. */
  readonly codecs: readonly CodecName[];
  readonly count: number;
  readonly json: boolean;
  readonly timeoutMs: number;
}

export type ArgumentsResult =
  | { readonly type: "ok"; readonly value: CallArguments }
  | { readonly type: "faulty"; readonly problem: string };

export const USAGE = `npm run call -- (--say TEXT | --wav FILE | --digits 1,2) [--to NUMBER] [--lang zh|en] [--server HOST:PORT] [--codec G722|PCMA|PCMU] [--count N] [--timeout MS] [--json]`;

/** Numbers of the seed set-up, by the language that answers there. */
export const DEFAULT_NUMBER: Readonly<Record<Language, string>> = { en: "8002", zh: "8001" };
/** Wideband first, as desk phones offer it. */
export const DEFAULT_CODECS: readonly CodecName[] = ["G722", "PCMA", "PCMU"];
export const DEFAULT_TIMEOUT_MS = 90_000;

const WITH_VALUE = [
  "--say",
  "--wav",
  "--digits",
  "--to",
  "--lang",
  "--server",
  "--codec",
  "--count",
  "--timeout",
] as const;

/** Reads the words after `--`. Pure; a fault is one sentence. */
export function parseArguments(words: readonly string[]): ArgumentsResult {
  const values = new Map<string, string>();
  let json = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--json") {
      json = true;
      continue;
    }
    if (!(WITH_VALUE as readonly string[]).includes(word)) return faulty(`unknown word "${word}"`);
    const value = words[++at];
    if (value === undefined) return faulty(`${word} needs a value`);
    values.set(word, value);
  }
  const say = values.get("--say") ?? null;
  const wav = values.get("--wav") ?? null;
  const digits = (values.get("--digits") ?? "").split(",").filter((key) => key !== "");
  if (say === null && wav === null && digits.length === 0)
    return faulty("say what the caller does: --say, --wav or --digits");
  if (say !== null && wav !== null) return faulty("--say and --wav exclude each other");
  if (say !== null && (say.trim() === "" || say.length > 300)) return faulty("--say takes 1 to 300 characters");
  if (digits.some((key) => !/^[0-9*#]$/.test(key))) return faulty("--digits takes keys divided by commas, e.g. 1,2,#");
  const lang = values.get("--lang") ?? (say !== null && /\p{Script=Han}/u.test(say) ? "zh" : "en");
  if (lang !== "zh" && lang !== "en") return faulty("--lang is zh or en");
  const to = values.get("--to") ?? DEFAULT_NUMBER[lang];
  if (!/^[+0-9A-Za-z._-]{1,40}$/.test(to)) return faulty("--to takes a number");
  const server = values.has("--server") ? parseServer(values.get("--server") ?? "") : null;
  if (server === undefined) return faulty("--server takes an IPv4 address and a port, e.g. 127.0.0.1:5060");
  const codec = values.get("--codec");
  const codecs = codec === undefined ? DEFAULT_CODECS : CODECS.filter((name) => name === codec.toUpperCase());
  if (codecs.length === 0) return faulty(`--codec is one of ${CODECS.join(", ")}`);
  const count = Number(values.get("--count") ?? 1);
  if (!Number.isInteger(count) || count < 1 || count > 1000) return faulty("--count takes 1 to 1000");
  const timeoutMs = Number(values.get("--timeout") ?? DEFAULT_TIMEOUT_MS);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 5000 || timeoutMs > 600_000)
    return faulty("--timeout takes 5000 to 600000 milliseconds");
  return { type: "ok", value: { say, wav, digits, to, language: lang, server, codecs, count, json, timeoutMs } };
}

const faulty = (problem: string): ArgumentsResult => ({ type: "faulty", problem });

function parseServer(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/.exec(text);
  return match === null ? undefined : { host: match[1] ?? "", port: Number(match[2]) };
}
