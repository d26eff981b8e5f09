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
export function withoutOf(task: string): "asr" | "tts" | "emotion" | "vad" | "other" {
  if (task === "asr" || task === "tts" || task === "vad") return task;
  if (task.includes("emotion")) return "emotion";
  return "other";
}
