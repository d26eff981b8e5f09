import type { MonoMs } from "@intramuros/contracts";

/** Something that wants to be woken at `wakeAt`; `queuedAt` belongs to the queue. */
export interface Sleeping {
  wakeAt: MonoMs | null;
  queuedAt: MonoMs | null;
}

/**
 * All waits of the server in one binary heap. A sleeper that moves its wake later, or gives it up, leaves its entry where it is: when
 * the entry's time comes it is queued again or dropped. So the usual case, a timer that never fires, costs nothing.
 */
export interface TimerQueue<S extends Sleeping> {
  /** The sleeper's `wakeAt` has become earlier than its entry, or it has none. */
  add(sleeper: S): void;
  /** Takes out one sleeper whose time has come, or null. */
  due(now: MonoMs): S | null;
  /** When to look again, or null. */
  readonly nextAt: MonoMs | null;
  readonly size: number;
}

export function createTimerQueue<S extends Sleeping>(): TimerQueue<S> {
  const times: MonoMs[] = [];
  const sleepers: S[] = [];

  const push = (at: MonoMs, sleeper: S): void => {
    let i = times.length;
    times.push(at);
    sleepers.push(sleeper);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (times[parent]! <= at) break;
      times[i] = times[parent]!;
      sleepers[i] = sleepers[parent]!;
      i = parent;
    }
    times[i] = at;
    sleepers[i] = sleeper;
  };

  const pop = (): S => {
    const top = sleepers[0]!;
    const at = times.pop()!;
    const sleeper = sleepers.pop()!;
    const size = times.length;
    if (size > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= size) break;
        if (child + 1 < size && times[child + 1]! < times[child]!) child++;
        if (times[child]! >= at) break;
        times[i] = times[child]!;
        sleepers[i] = sleepers[child]!;
        i = child;
      }
      times[i] = at;
      sleepers[i] = sleeper;
    }
    return top;
  };

  return {
    add(sleeper) {
      const { wakeAt, queuedAt } = sleeper;
      if (wakeAt === null || (queuedAt !== null && queuedAt <= wakeAt)) return;
      sleeper.queuedAt = wakeAt;
      push(wakeAt, sleeper);
    },
    due(now) {
      while (times.length > 0 && times[0]! <= now) {
        const at = times[0]!;
        const sleeper = pop();
        // Only the earliest entry of a sleeper counts; later ones were superseded.
        if (sleeper.queuedAt !== at) continue;
        sleeper.queuedAt = null;
        const { wakeAt } = sleeper;
        if (wakeAt === null) continue;
        if (wakeAt <= at) return sleeper;
        sleeper.queuedAt = wakeAt;
        push(wakeAt, sleeper);
      }
      return null;
    },
    get nextAt() {
      return times[0] ?? null;
    },
    get size() {
      return times.length;
    },
  };
}
