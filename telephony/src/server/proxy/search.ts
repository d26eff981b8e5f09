import { type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";

/**
 * How a stateful proxy looks for whom a request is meant (RFC 3261 §16.6–§16.8, §16.10): its targets one after the other or all at once.
 * A branch is one forwarded request.
 *
 * | state     | input                     | next      | outputs                                                       |
 * | --------- | ------------------------- | --------- | ------------------------------------------------------------- |
 * | searching | 101–199                   | searching | forward                                                       |
 * | searching | 2xx                       | answered  | forward, cancel the others, done                              |
 * | searching | 6xx                       | refused   | cancel the others; no further target                          |
 * | searching | 3xx, redirects followed   | searching | its contacts are targets too                                  |
 * | searching | 401, 407 (serial)         | searching | no further target                                             |
 * | searching | other final               | searching | serial: open the next target                                  |
 * | searching | wake: no provisional, no final, timer C | searching | cancel that branch, which counts as 408; as other final |
 * | searching, refused | the last branch ends | over    | respond with the best, done                                   |
 * | any but over | cancel                 | cancelled | cancel all (the parent answers 487)                           |
 * | cancelled | the last branch ends      | over      | done                                                          |
 * | answered  | 2xx                       | answered  | forward: a repetition, or another branch's                    |
 * | cancelled, over | 2xx                 | same      | undo: nobody waits for it any more                            |
 */
export interface Search {
  readonly at: "searching" | "answered" | "refused" | "cancelled" | "over";
  readonly queue: readonly string[];
  readonly branches: readonly Branch[];
}

export interface Branch {
  readonly target: string;
  /** `left`: given up and cancelled; its end is not waited for. */
  readonly at: "open" | "left" | "over";
  /** Final status; null while there is none, and for a redirection that was followed. */
  readonly status: number | null;
  /** When the next target is tried although nothing at all was heard. */
  readonly hurryAt: MonoMs | null;
  /** Timer C, or the application's own limit. */
  readonly giveUpAt: MonoMs | null;
}

export interface SearchConfig {
  readonly parallel: boolean;
  readonly followRedirects: boolean;
  readonly isInvite: boolean;
  readonly provisionalMs: number | null;
  readonly finalMs: number | null;
  /** RFC 3261 §16.6: more than three minutes; begins anew with each 101–199. */
  readonly timerCMs: number;
}

export type SearchInput =
  | { readonly type: "provisional"; readonly branch: number; readonly status: number }
  | {
      readonly type: "final";
      readonly branch: number;
      readonly status: number;
      /** Of a 3xx. */
      readonly contacts: readonly string[];
    }
  | { readonly type: "cancel" };

export type SearchOutput =
  | { readonly type: "open"; readonly branch: number; readonly target: string }
  | { readonly type: "cancel"; readonly branch: number }
  /** The response just given goes to the caller. */
  | { readonly type: "forward"; readonly branch: number }
  /** The final response of that branch goes to the caller; null: 408, for none has answered. */
  | { readonly type: "respond"; readonly branch: number | null }
  /** The 2xx just given must be acknowledged and ended by ourselves. */
  | { readonly type: "undo"; readonly branch: number }
  | { readonly type: "done" };

type Answer = Step<Search, SearchOutput>;

/** Redirections could go on for ever. */
export const MAX_BRANCHES = 20;

export function startSearch(targets: readonly string[], now: MonoMs, config: SearchConfig): Answer {
  const search: Search = { at: "searching", queue: targets.slice(0, MAX_BRANCHES), branches: [] };
  return proceed(search, [], now, config);
}

export function stepSearch(search: Search, input: SearchInput | Wake, now: MonoMs, config: SearchConfig): Answer {
  switch (input.type) {
    case "provisional":
      return onProvisional(search, input, now, config);
    case "final":
      return onFinal(search, input, now, config);
    case "cancel": {
      if (search.at === "over" || search.at === "answered" || search.at === "cancelled") return answer(search, []);
      return proceed({ ...withoutLimits(search), at: "cancelled", queue: [] }, cancelsOf(search), now, config);
    }
    case "wake":
      return onWake(search, now, config);
  }
}

function onProvisional(
  search: Search,
  { branch: index, status }: Extract<SearchInput, { type: "provisional" }>,
  now: MonoMs,
  config: SearchConfig,
): Answer {
  const branch = search.branches[index];
  if (branch === undefined || branch.at !== "open") return answer(search, []);
  const isSlow = branch.giveUpAt !== null && config.finalMs === null && status > 100;
  const giveUpAt = isSlow ? monoMs(now + config.timerCMs) : branch.giveUpAt;
  const next = withBranch(search, index, { ...branch, hurryAt: null, giveUpAt });
  const isTold = status > 100 && search.at === "searching";
  return answer(next, isTold ? [{ type: "forward", branch: index }] : []);
}

function onFinal(
  search: Search,
  { branch: index, status, contacts }: Extract<SearchInput, { type: "final" }>,
  now: MonoMs,
  config: SearchConfig,
): Answer {
  const branch = search.branches[index];
  if (branch === undefined) return answer(search, []);
  const isSuccess = status >= 200 && status < 300;
  if (branch.at === "over" && !isSuccess) return answer(search, []);
  const ended = withBranch(search, index, { ...branch, at: "over", status });
  if (isSuccess) return onSuccess(ended, index, now, config);
  if (search.at !== "searching") return proceed(ended, [], now, config);
  if (status >= 600) {
    return proceed({ ...withoutLimits(ended), at: "refused", queue: [] }, cancelsOf(ended), now, config);
  }
  if (status < 400 && config.followRedirects) {
    const known = new Set([...ended.queue, ...ended.branches.map(({ target }) => target)]);
    const fresh = [...new Set(contacts)].filter((contact) => !known.has(contact));
    if (fresh.length > 0) {
      const followed = withBranch(ended, index, { ...branch, at: "over", status: null });
      return proceed({ ...followed, queue: [...fresh, ...ended.queue] }, [], now, config);
    }
  }
  const isChallenge = status === 401 || status === 407;
  return proceed(isChallenge ? { ...ended, queue: [] } : ended, [], now, config);
}

function onSuccess(search: Search, index: number, now: MonoMs, config: SearchConfig): Answer {
  switch (search.at) {
    case "answered":
      return answer(search, [{ type: "forward", branch: index }]);
    case "cancelled":
      return proceed(search, [{ type: "undo", branch: index }], now, config);
    case "over":
      return answer(search, [{ type: "undo", branch: index }]);
    case "searching":
    case "refused": {
      const others = cancelsOf(search);
      return answer({ ...withoutLimits(search), at: "answered", queue: [] }, [
        { type: "forward", branch: index },
        ...others,
        { type: "done" },
      ]);
    }
  }
}

function onWake(search: Search, now: MonoMs, config: SearchConfig): Answer {
  const outputs: SearchOutput[] = [];
  let next = search;
  search.branches.forEach((branch, index) => {
    if (branch.at !== "open") return;
    const isLate =
      (branch.hurryAt !== null && now >= branch.hurryAt) || (branch.giveUpAt !== null && now >= branch.giveUpAt);
    if (!isLate) return;
    outputs.push({ type: "cancel", branch: index });
    next = withBranch(next, index, { ...branch, at: "left", status: 408 });
  });
  return outputs.length === 0 ? answer(search, []) : proceed(next, outputs, now, config);
}

/** Opens what may be opened; when nothing is left to wait for, ends. */
function proceed(search: Search, before: readonly SearchOutput[], now: MonoMs, config: SearchConfig): Answer {
  const outputs = [...before];
  let { queue, branches } = search;
  while (queue.length > 0 && branches.length < MAX_BRANCHES && (config.parallel || openOf({ branches }).length === 0)) {
    const [target = "", ...rest] = queue;
    outputs.push({ type: "open", branch: branches.length, target });
    branches = [...branches, newBranch(target, now, config)];
    queue = rest;
  }
  const next: Search = { ...search, queue, branches };
  if (openOf(next).length > 0 || search.at === "answered" || search.at === "over") return answer(next, outputs);
  if (search.at !== "cancelled") outputs.push({ type: "respond", branch: bestOf(branches) });
  outputs.push({ type: "done" });
  return answer({ ...next, at: "over", queue: [] }, outputs);
}

function newBranch(target: string, now: MonoMs, config: SearchConfig): Branch {
  const { provisionalMs, finalMs, timerCMs, isInvite } = config;
  const limitMs = finalMs ?? (isInvite ? timerCMs : null);
  return {
    target,
    at: "open",
    status: null,
    hurryAt: provisionalMs === null ? null : monoMs(now + provisionalMs),
    giveUpAt: limitMs === null ? null : monoMs(now + limitMs),
  };
}

function answer(state: Search, outputs: readonly SearchOutput[]): Answer {
  let wakeAt: MonoMs | null = null;
  if (state.at !== "answered" && state.at !== "over") {
    for (const { at, hurryAt, giveUpAt } of state.branches) {
      if (at !== "open") continue;
      for (const time of [hurryAt, giveUpAt]) if (time !== null && (wakeAt === null || time < wakeAt)) wakeAt = time;
    }
  }
  return { state, outputs, wakeAt };
}

const withBranch = (search: Search, index: number, branch: Branch): Search => ({
  ...search,
  branches: search.branches.with(index, branch),
});

/** For all that are open; those of a refused search were cancelled when the 6xx came. */
const cancelsOf = (search: Search): readonly SearchOutput[] =>
  search.at === "refused" ? [] : openOf(search).map((branch) => ({ type: "cancel", branch }));

/** All are cancelled: their transactions see to it that they end. */
const withoutLimits = (search: Search): Search => ({
  ...search,
  branches: search.branches.map((branch) => ({ ...branch, hurryAt: null, giveUpAt: null })),
});

const openOf = ({ branches }: Pick<Search, "branches">): readonly number[] =>
  branches.flatMap(({ at }, index) => (at === "open" ? [index] : []));

const CALLER_CAN_ACT = new Set([401, 407, 415, 420, 484]);
/** Lower is better (RFC 3261 §16.7 step 6): 6xx, 3xx, what lets the caller try again, other 4xx, 5xx; 408 says least. */
function rankOf(status: number): number {
  if (status >= 600) return 0;
  if (status < 400) return 1;
  if (CALLER_CAN_ACT.has(status)) return 2;
  if (status === 408) return 5;
  return status < 500 ? 3 : 4;
}

function bestOf(branches: readonly Branch[]): number | null {
  let best: number | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  branches.forEach(({ at, status }, index) => {
    // A branch that was left has no response to pass on.
    if (at !== "over" || status === null || rankOf(status) >= bestRank) return;
    best = index;
    bestRank = rankOf(status);
  });
  return best;
}
