import { type Clock, createClock } from './clock.ts';

/** A clock that can be put forward: what happens within minutes takes its time, and the days in between take none. */
export interface SkippingClock extends Clock {
  /** By how much it was put forward in all, in milliseconds. */
  readonly skippedMs: number;
  /** What waits for a timer waits as long as before; whatever looks at the clock sees that it is later. */
  skip(ms: number): void;
}

export function skippingClock(clock: Clock = createClock()): SkippingClock {
  let skippedMs = 0;
  return {
    ...clock,
    now: () => new Date(clock.now().getTime() + skippedMs),
    get skippedMs() {
      return skippedMs;
    },
    skip(ms) {
      skippedMs += ms;
    },
  };
}
