/**
 * From probabilities to "someone speaks": quick to start, deaf to clicks, slow to let go.
 *
 * | state  | frame                                            | next   |
 * | ------ | ------------------------------------------------ | ------ |
 * | quiet  | enough likely frames within the last few         | voiced |
 * | quiet  | otherwise                                        | quiet  |
 * | voiced | likely, or between the two thresholds            | voiced |
 * | voiced | unlikely                                         | paused |
 * | paused | two likely frames in a row                       | voiced |
 * | paused | otherwise                                        | paused |
 *
 * `paused` is left to `quiet` only by the machine above, which decides when an utterance has ended.
 */
export interface ActivityConfig {
  /** At or above: likely speech. */
  readonly onProbability: number;
  /** Below: silence. Between the two, what was goes on. */
  readonly offProbability: number;
  /** Likely frames in a row that start an utterance. A click or a knock makes one or two. */
  readonly onsetFrames: number;
  /** Their mean probability. Coughs and breath make frames that are likely, but not sure. */
  readonly onsetMean: number;
}

export const defaultActivity: ActivityConfig = {
  onProbability: 0.5,
  offProbability: 0.35,
  onsetFrames: 3,
  onsetMean: 0.7,
};

export interface Activity {
  readonly at: "quiet" | "voiced" | "paused";
  /** Probabilities of the likely frames that came last, in a row; at most `onsetFrames` are kept. */
  readonly run: readonly number[];
}
export const quiet: Activity = { at: "quiet", run: [] };

export type ActivityChange = "none" | "onset" | "pause" | "resume";

export interface ActivityStep {
  readonly activity: Activity;
  readonly change: ActivityChange;
}

/** One frame. A probability that was lost (null) leaves everything as it was. */
export function hear(activity: Activity, probability: number | null, config: ActivityConfig): ActivityStep {
  if (probability === null) return { activity, change: "none" };
  const likely = probability >= config.onProbability;
  const run = likely ? [...activity.run, probability].slice(-config.onsetFrames) : [];
  switch (activity.at) {
    case "quiet": {
      const mean = run.reduce((sum, value) => sum + value, 0) / Math.max(1, run.length);
      if (run.length >= config.onsetFrames && mean >= config.onsetMean)
        return { activity: { at: "voiced", run }, change: "onset" };
      return { activity: { at: "quiet", run }, change: "none" };
    }
    case "voiced":
      if (probability < config.offProbability) return { activity: { at: "paused", run: [] }, change: "pause" };
      return { activity: { at: "voiced", run }, change: "none" };
    case "paused":
      if (run.length >= 2) return { activity: { at: "voiced", run }, change: "resume" };
      return { activity: { at: "paused", run }, change: "none" };
  }
}
