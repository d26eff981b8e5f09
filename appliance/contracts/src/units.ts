/** Units are in the name (`silenceMs`, `clockHz`); the brands below keep the two clocks apart. */
declare const clock: unique symbol;

/** Milliseconds since 1970-01-01 UTC, whole. */
export type UnixMs = number & { readonly [clock]: "unix" };
/** Milliseconds of a clock that never goes back; only differences mean something. */
export type MonoMs = number & { readonly [clock]: "mono" };

export const unixMs = (ms: number): UnixMs => Math.trunc(ms) as UnixMs;
export const monoMs = (ms: number): MonoMs => ms as MonoMs;

export const LANGUAGES = ["zh", "en"] as const;
/** What is spoken and written: Mandarin (`zh-CN`) or English. */
export type Language = (typeof LANGUAGES)[number];
export const isLanguage = (text: string): text is Language => text === "zh" || text === "en";
