/** A running timer; disposing of it stops it. */
export interface Timer extends Disposable {
  cancel(): void;
}

/** Time as an argument: the real clock, or one that runs faster for the simulator and the tests. */
export interface Clock {
  /** The wall clock. It may jump; use it for what is stored and shown. */
  now(): Date;
  /** Milliseconds since an arbitrary start. Never jumps; use it for what is measured. */
  monotonicMs(): number;
  /** Runs `action` once after `ms` of this clock's time. */
  after(ms: number, action: () => void): Timer;
  /** Runs `action` every `ms` of this clock's time until cancelled. */
  every(ms: number, action: () => void): Timer;
  /** Resolves after `ms` of this clock's time; rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * A clock that runs `speed` times as fast as the machine's, from `startsAt` on.
 *
 * @param speed 1 is real time; 10 makes ten seconds pass in one.
 * @param startsAt the wall time it begins at; the machine's own by default.
 */
export function createClock(speed = 1, startsAt?: Date): Clock {
  const monotonicStart = performance.now();
  const offset = startsAt ? startsAt.getTime() : undefined;
  const wallStart = offset ?? Date.now();
  const elapsed = () => (performance.now() - monotonicStart) * speed;
  const timer = (handle: NodeJS.Timeout, clear: (handle: NodeJS.Timeout) => void): Timer => ({
    cancel: () => clear(handle),
    [Symbol.dispose]: () => clear(handle),
  });
  const after = (ms: number, action: () => void) => timer(setTimeout(action, ms / speed), clearTimeout);
  return {
    // At real speed the machine's own wall clock decides, corrections included.
    now: () => new Date(speed === 1 && offset === undefined ? Date.now() : wallStart + elapsed()),
    monotonicMs: elapsed,
    after,
    every: (ms, action) => timer(setInterval(action, ms / speed), clearInterval),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = () => {
          running.cancel();
          reject(signal?.reason);
        };
        const running = after(ms, () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        });
        signal?.addEventListener('abort', stop, { once: true });
      }),
  };
}
