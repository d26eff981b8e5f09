import type { Model } from "@intramuros/contracts/browser";

const ORDER: Record<Model["state"], number> = { failed: 0, missing: 1, loading: 2, ready: 3 };

/** What needs somebody comes first. */
export function sortModels(models: readonly Model[]): readonly Model[] {
  return [...models].sort(
    (left, right) =>
      ORDER[left.state] - ORDER[right.state] || left.task.localeCompare(right.task) || left.id.localeCompare(right.id),
  );
}

/** Which sentence says what the absence of a model means. */
export function withoutOf(task: string): "asr" | "tts" | "emotion" | "voice" | "vad" | "other" {
  if (task === "asr" || task === "tts" || task === "vad") return task;
  if (task === "voice-emotion") return "voice";
  if (task.includes("emotion")) return "emotion";
  return "other";
}

/** An error rate is told in percent, as its trade does; any other score as it is. */
export function scoreText(score: { readonly metric: string; readonly value: number }): string {
  if (/^(wer|cer)$/i.test(score.metric) && score.value <= 1) return `${(score.value * 100).toFixed(1)}%`;
  return String(Math.round(score.value * 1000) / 1000);
}
