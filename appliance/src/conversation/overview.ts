import type { EmotionLabel, Overview } from "@intramuros/contracts";
import type { Conversation } from "./conversation.ts";

/**
 * The figures of the first page by the hour, each conversation in the hour in which it began. Every change of a conversation takes
 * its old share out and puts the new one in, so that reading costs a few sums and never a scan.
 */
export type Figures = ReadonlyMap<number, HourFigures>;

export interface HourFigures {
  readonly calls: number;
  readonly chats: number;
  readonly angry: number;
  readonly anxious: number;
  readonly answered: number;
  readonly handedOver: number;
  readonly messages: number;
  readonly abandoned: number;
  /** Answers by response time, in steps of `RESPONSE_STEP_MS`; the last step holds the rest. */
  readonly responses: readonly number[];
}

const HOUR_MS = 3_600_000;
const HOURS_SHOWN = 24;
export const RESPONSE_STEP_MS = 20;
const RESPONSE_STEPS = 500;

const NOTHING: HourFigures = {
  calls: 0,
  chats: 0,
  angry: 0,
  anxious: 0,
  answered: 0,
  handedOver: 0,
  messages: 0,
  abandoned: 0,
  responses: [],
};

const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

/** The figures after one conversation has changed; hours that no page shows any more are dropped. */
export function count(
  figures: Figures,
  change: { readonly before: Conversation | null; readonly after: Conversation; readonly now: number },
): Figures {
  const { before, after, now } = change;
  const hour = hourOf(after.summary.startedAt);
  const oldest = hourOf(now) - (HOURS_SHOWN + 1) * HOUR_MS;
  if (hour < oldest) return figures;
  const next = new Map([...figures].filter(([start]) => start >= oldest));
  const less = before === null ? NOTHING : shareOf(before);
  const more = shareOf(after);
  const sum = next.get(hour) ?? NOTHING;
  const at = (field: Exclude<keyof HourFigures, "responses">): number => sum[field] + more[field] - less[field];
  next.set(hour, {
    calls: at("calls"),
    chats: at("chats"),
    angry: at("angry"),
    anxious: at("anxious"),
    answered: at("answered"),
    handedOver: at("handedOver"),
    messages: at("messages"),
    abandoned: at("abandoned"),
    responses: addResponses(sum.responses, newResponses(before, after)),
  });
  return next;
}

function shareOf(conversation: Conversation): HourFigures {
  const one = (is: boolean): number => (is ? 1 : 0);
  const { medium, outcome } = conversation.summary;
  const felt = (label: EmotionLabel): number => one(conversation.felt.includes(label));
  return {
    calls: one(medium === "phone"),
    chats: one(medium === "web-chat"),
    angry: felt("angry"),
    anxious: felt("anxious"),
    answered: one(outcome === "answered"),
    handedOver: one(outcome === "handed-over"),
    messages: one(outcome === "message-taken"),
    abandoned: one(outcome === "abandoned" || outcome === "failed"),
    responses: [],
  };
}

/** A change adds at most one response time; a first sight (after a restart) brings all that the record keeps. */
function newResponses(before: Conversation | null, after: Conversation): readonly number[] {
  if (before === null) return after.responsesMs;
  return before.responsesMs === after.responsesMs ? [] : after.responsesMs.slice(-1);
}

function addResponses(steps: readonly number[], responsesMs: readonly number[]): readonly number[] {
  if (responsesMs.length === 0) return steps;
  const next = steps.length === 0 ? new Array<number>(RESPONSE_STEPS).fill(0) : [...steps];
  for (const ms of responsesMs) {
    const step = Math.min(RESPONSE_STEPS - 1, Math.floor(ms / RESPONSE_STEP_MS));
    next[step] = (next[step] ?? 0) + 1;
  }
  return next;
}

/** What the page shows: today since `dayStart`, and the last 24 hours one by one. */
export function readFigures(
  figures: Figures,
  when: { readonly now: number; readonly dayStart: number },
): Pick<Overview, "today" | "hourly"> {
  const today = [...figures].filter(([start]) => start + HOUR_MS > when.dayStart).map(([, hour]) => hour);
  const sum = (field: Exclude<keyof HourFigures, "responses">): number =>
    today.reduce((total, hour) => total + hour[field], 0);
  const steps = new Array<number>(RESPONSE_STEPS).fill(0);
  for (const hour of today) for (const [step, n] of hour.responses.entries()) steps[step] = (steps[step] ?? 0) + n;
  const p50 = percentile(steps, 0.5);
  const p95 = percentile(steps, 0.95);
  const last = hourOf(when.now);
  const hourly = Array.from({ length: HOURS_SHOWN }, (_, index) => {
    const hourStart = last - (HOURS_SHOWN - 1 - index) * HOUR_MS;
    const { calls, chats, angry, anxious } = figures.get(hourStart) ?? NOTHING;
    return { hourStart, calls, chats, angry, anxious };
  });
  return {
    today: {
      conversations: sum("calls") + sum("chats"),
      answered: sum("answered"),
      handedOver: sum("handedOver"),
      messages: sum("messages"),
      abandoned: sum("abandoned"),
      ...(p50 === null ? {} : { responseP50Ms: p50 }),
      ...(p95 === null ? {} : { responseP95Ms: p95 }),
    },
    hourly,
  };
}

/** The upper edge of the step in which the share of answers is reached; null when there were none. */
function percentile(steps: readonly number[], share: number): number | null {
  const total = steps.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [step, n] of steps.entries()) {
    seen += n;
    if (seen >= total * share) return (step + 1) * RESPONSE_STEP_MS;
  }
  return null;
}

/** Who is there now, and how they feel. */
export function liveFigures(
  live: Iterable<Conversation>,
): Pick<Overview, "mood"> & { readonly live: Omit<Overview["live"], "maxCalls"> } {
  let calls = 0;
  let chats = 0;
  let withAgent = 0;
  let waiting = 0;
  const mood: Record<string, number> = {};
  for (const { summary, at } of live) {
    if (summary.medium === "phone") calls += 1;
    else chats += 1;
    if (at === "agent") withAgent += 1;
    if (at === "queue") waiting += 1;
    const label = summary.mood?.label ?? "neutral";
    mood[label] = (mood[label] ?? 0) + 1;
  }
  return { live: { calls, chats, withAgent, waiting }, mood };
}
