import type { Clock, Timer } from '../../src/kit/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Passes `ms`, running in order whatever falls due. */
  advance(ms: number): void;
}

export function manualClock(startsAt = new Date('2026-03-02T15:00:00Z')): ManualClock {
  let elapsed = 0;
  const due = new Set<{ at: number; everyMs: number | null; action: () => void }>();
  const add = (ms: number, everyMs: number | null, action: () => void): Timer => {
    const entry = { at: elapsed + ms, everyMs, action };
    due.add(entry);
    const cancel = () => void due.delete(entry);
    return { cancel, [Symbol.dispose]: cancel };
  };
  return {
    now: () => new Date(startsAt.getTime() + elapsed),
    monotonicMs: () => elapsed,
    after: (ms, action) => add(ms, null, action),
    every: (ms, action) => add(ms, ms, action),
    sleep: (ms) => new Promise((resolve) => add(ms, null, resolve)),
    advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        const next = [...due].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!next) break;
        elapsed = next.at;
        if (next.everyMs === null) due.delete(next);
        else next.at += next.everyMs;
        next.action();
      }
      elapsed = end;
    },
  };
}
