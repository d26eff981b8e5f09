import type { EmotionRule } from "@intramuros/contracts/browser";

/** The list of rules as it is edited: values in, values out. */
export function moveRule(rules: readonly EmotionRule[], from: number, step: -1 | 1): readonly EmotionRule[] {
  const to = from + step;
  const one = rules[from];
  const other = rules[to];
  if (one === undefined || other === undefined) return rules;
  return rules.with(from, other).with(to, one);
}

export function newRule(rules: readonly EmotionRule[], name: string): EmotionRule {
  const names = new Set(rules.map((rule) => rule.id));
  let id = name;
  for (let count = 2; names.has(id); count++) id = `${name} ${count}`;
  return {
    id,
    enabled: true,
    emotion: "angry",
    minProbability: 0.6,
    consecutive: 1,
    style: "calm",
    prefix: { zh: "", en: "" },
    action: "offer-person",
  };
}
