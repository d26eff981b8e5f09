import type { IntentExample, IntentMatch } from "../language/intent.ts";
import type { JudgeConfig, Judgement } from "./judge.ts";

/** The model of one language, as the worker is started with it. */
export interface NgramModel {
  readonly language: string;
  readonly file: string;
  readonly buckets: number;
  readonly config: JudgeConfig;
}

export type NgramRequest =
  | { readonly type: "judge"; readonly job: number; readonly language: string; readonly text: string }
  | {
      readonly type: "match";
      readonly job: number;
      readonly language: string;
      readonly text: string;
      readonly examples: readonly IntentExample[];
    };

export type NgramReply =
  | { readonly type: "judged"; readonly job: number; readonly judgement: Judgement; readonly ms: number }
  | { readonly type: "matched"; readonly job: number; readonly matches: readonly IntentMatch[]; readonly ms: number }
  | { readonly type: "failed"; readonly job: number; readonly reason: string };

/** The numbers that the format `ngram-softmax-v1` needs in a pack; null when one is missing. */
export function ngramParameters(
  parameters: Readonly<Record<string, unknown>> | undefined,
): { readonly buckets: number; readonly config: JudgeConfig } | null {
  const { buckets, tellProbability, tellMargin } = parameters ?? {};
  if (typeof buckets !== "number" || !Number.isInteger(buckets) || buckets < 1 || buckets > 1 << 24) return null;
  if (!isShare(tellProbability) || !isShare(tellMargin)) return null;
  return { buckets, config: { tellProbability, tellMargin } };
}

const isShare = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= 1;
