import type { EmotionLabel, EmotionPolicy, EmotionRule, EmotionScore, Language } from "@intramuros/contracts";

/** An emotion that may be decided on: the label of an utterance and how probable it is. */
export interface Mood {
  readonly label: EmotionLabel;
  readonly probability: number;
}

/** What the policy does with the customer's mood. */
export interface PolicyEffect {
  readonly rule: string;
  readonly action: EmotionRule["action"];
  readonly emotion: EmotionLabel;
  /** Said before what the assistant says; may be empty. */
  readonly prefix: string;
  /** Speaking rate: 1 normal. */
  readonly rate: number;
}

export const CALM_RATE = 0.9;
const REMEMBERED = 10;

/** Latest first. A score that abstained is as if there were none: it neither counts nor ends a row. */
export function rememberMood(recent: readonly Mood[], score: EmotionScore | null): readonly Mood[] {
  if (score === null || score.abstained) return recent;
  const probability = score.probabilities[score.label] ?? 0;
  return [{ label: score.label, probability }, ...recent].slice(0, REMEMBERED);
}

/**
 * The first enabled rule that fits the latest utterances; null when none does. `recent` is latest first; the caller asks only on a
 * turn whose own score did not abstain, so that one angry sentence is not answered twice.
 */
export function applyPolicy(policy: EmotionPolicy, recent: readonly Mood[], language: Language): PolicyEffect | null {
  const rule = policy.rules.find((candidate) => candidate.enabled && fits(candidate, recent));
  if (rule === undefined) return null;
  return {
    rule: rule.id,
    action: rule.action,
    emotion: rule.emotion,
    prefix: rule.prefix[language].trim(),
    rate: rule.style === "calm" ? CALM_RATE : 1,
  };
}

const fits = (rule: EmotionRule, recent: readonly Mood[]): boolean =>
  recent.length >= rule.consecutive &&
  recent
    .slice(0, rule.consecutive)
    .every((mood) => mood.label === rule.emotion && mood.probability >= rule.minProbability);

/** What a new installation does; an administrator may change all of it. */
export const DEFAULT_POLICY: EmotionPolicy = {
  rules: [
    {
      id: "very-angry",
      enabled: true,
      emotion: "angry",
      minProbability: 0.85,
      consecutive: 1,
      style: "calm",
      prefix: { zh: "非常抱歉让您这么生气。", en: "I am very sorry about this." },
      action: "handoff",
    },
    {
      id: "angry-again",
      enabled: true,
      emotion: "angry",
      minProbability: 0.6,
      consecutive: 2,
      style: "calm",
      prefix: { zh: "很抱歉，这件事让您不愉快了。", en: "I am sorry that this is still not right." },
      action: "handoff",
    },
    {
      id: "angry",
      enabled: true,
      emotion: "angry",
      minProbability: 0.6,
      consecutive: 1,
      style: "calm",
      prefix: { zh: "很抱歉给您带来了不便，我来帮您。", en: "I am sorry for the trouble. Let me help." },
      action: "offer-person",
    },
    {
      id: "anxious",
      enabled: true,
      emotion: "anxious",
      minProbability: 0.6,
      consecutive: 1,
      style: "calm",
      prefix: { zh: "您别着急，我们一步一步来。", en: "Please don't worry, we will sort this out step by step." },
      action: "offer-person",
    },
  ],
};
