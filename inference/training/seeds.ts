import type { EmotionLabel } from "@intramuros/contracts";

export type ByEmotion = Readonly<Record<EmotionLabel, readonly string[]>>;
export interface Seeds {
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly train: ByEmotion;
  readonly heldOut: ByEmotion;
}

const MOST_PER_TEMPLATE = 12;

/** A template with its slots filled in all ways, at most twelve of them, spread evenly. */
export function fill(template: string, slots: Seeds["slots"]): string[] {
  const found = /\{(\w+)\}/.exec(template);
  if (!found) return [template];
  const [whole, name] = found;
  const fillings = slots[name!] ?? [];
  const all = fillings.flatMap((filling) => fill(template.replace(whole, filling), slots));
  if (all.length <= MOST_PER_TEMPLATE) return all;
  return Array.from({ length: MOST_PER_TEMPLATE }, (_, at) => all[Math.floor((at * all.length) / MOST_PER_TEMPLATE)]!);
}
