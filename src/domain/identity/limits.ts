import { createHash } from 'node:crypto';
import { Fault } from '../../kit/errors.ts';
import type { RateLimiter, RateRule } from '../../ports/rate-limiter.ts';

/** Who asks, as the edge saw it. */
export interface Client {
  /** The network address, or for IPv6 its /64, which is what one subscriber holds. */
  readonly address: string;
  /** When the request reached us. */
  readonly receivedAt: Date;
}

const QUARTER_HOUR = 15 * 60;
const HOUR = 60 * 60;

export const SIGN_IN_BY_ADDRESS: RateRule = { name: 'sign-in-address', attempts: 60, windowSeconds: QUARTER_HOUR };
/** One address guessing at one account. */
export const SIGN_IN_BY_ACCOUNT: RateRule = { name: 'sign-in-account', attempts: 10, windowSeconds: QUARTER_HOUR };
/** Many addresses guessing at one account: higher, so that a stranger's guesses do not lock its owner out at once. */
export const SIGN_IN_BY_ACCOUNT_ANYWHERE: RateRule = { name: 'sign-in-account-anywhere', attempts: 100, windowSeconds: HOUR };
export const REGISTER_BY_ADDRESS: RateRule = { name: 'register-address', attempts: 30, windowSeconds: HOUR };
export const REGISTER_BY_ACCOUNT: RateRule = { name: 'register-account', attempts: 10, windowSeconds: HOUR };
export const REFRESH_BY_ADDRESS: RateRule = { name: 'refresh-address', attempts: 300, windowSeconds: QUARTER_HOUR };
export const REFRESH_BY_ACCOUNT: RateRule = { name: 'refresh-account', attempts: 60, windowSeconds: QUARTER_HOUR };

/** Counts the attempt under each rule. @throws Fault RATE_LIMITED with `retryAfterSeconds`, the longest of the refusals. */
export async function limit(rateLimiter: RateLimiter, attempts: readonly (readonly [RateRule, string])[]): Promise<void> {
  const refusals = await Promise.all(attempts.map(([rule, key]) => rateLimiter.take(rule, limitKey(key))));
  const retryAfterSeconds = Math.max(0, ...refusals.map((refusal) => refusal?.retryAfterSeconds ?? 0));
  if (retryAfterSeconds > 0) {
    throw new Fault('RATE_LIMITED', `Too many attempts. Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
  }
}

/** People's addresses are not left lying in a store of counters. */
export const limitKey = (who: string) => createHash('sha256').update(who).digest('base64url');
