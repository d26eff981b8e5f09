import type { Language } from "@intramuros/contracts";
import { PHRASES_EN } from "./phrases-en.ts";
import { PHRASES_ZH } from "./phrases-zh.ts";

type Forms = readonly string[];

/** Each phrase in one or more forms that say the same. */
export interface Phrases {
  readonly greeting: Forms;
  readonly howAreYou: Forms;
  readonly whoAreYou: Forms;
  readonly thanks: Forms;
  readonly anythingElse: Forms;
  readonly goAhead: Forms;
  readonly help: (topics: readonly string[]) => Forms;
  readonly goodbye: Forms;
  readonly notHeard: Forms;
  readonly notKnown: (topics: readonly string[]) => Forms;
  readonly offerPerson: Forms;
  readonly offerAfterAnswer: Forms;
  readonly offerInMood: Forms;
  readonly offerForComplaint: Forms;
  readonly stillHere: Forms;
  readonly handoff: Forms;
  readonly handoffNotUnderstood: Forms;
  readonly clarifyOne: (title: string) => Forms;
  readonly clarifyTwo: (first: string, second: string) => Forms;
  /** Three titles, as examples. */
  readonly clarifyMany: (titles: readonly string[]) => Forms;
  readonly whichOne: (titles: readonly string[]) => Forms;
  readonly nothingToRepeat: Forms;
}

export const PHRASES: Readonly<Record<Language, Phrases>> = { zh: PHRASES_ZH, en: PHRASES_EN };

/** One of the forms: another one than was said last, where there are two. The same words always get the same reply. */
export function formOf(forms: Forms, seed: string, lastText: string): string {
  let hash = 0;
  for (const character of seed) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  const chosen = forms[hash % forms.length]!;
  return lastText.includes(chosen) ? forms[(hash + 1) % forms.length]! : chosen;
}
