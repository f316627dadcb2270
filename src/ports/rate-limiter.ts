/** Counts attempts over all processes, so that guessing costs time. */
export interface RateLimiter extends AsyncDisposable {
  /**
   * Counts one attempt.
   *
   * @param key who attempts: an address, an account; each counts by itself within a rule.
   * @returns null where the attempt is within the rule, else how long to wait.
   */
  take(rule: RateRule, key: string): Promise<RateRefusal | null>;
  /** Forgets the attempts counted for the key, as after a success. */
  forget(rule: RateRule, key: string): Promise<void>;
}

/** At most `attempts` in any window of `windowSeconds`, which begins with the first of them. */
export interface RateRule {
  /** Unique among the rules; part of the stored key. */
  readonly name: string;
  readonly attempts: number;
  readonly windowSeconds: number;
}

export interface RateRefusal {
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;
}

/** For where limits are switched off. */
export const unlimited: RateLimiter = {
  take: async () => null,
  forget: async () => {},
  [Symbol.asyncDispose]: async () => {},
};
