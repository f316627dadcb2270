import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiter, RateRule } from '../../ports/rate-limiter.ts';

/**
 * Counts in a table of its own, beside the program's and not among its migrations, as it may be emptied at any time. Unlogged:
 * a crash of the database forgets the attempts.
 */
const TABLE = `
  select pg_advisory_xact_lock(hashtext('callgraph.rate-limits'));
  create schema if not exists rate_limits;
  create unlogged table if not exists rate_limits.attempts (key text primary key, points integer not null, expire bigint);
`;

export function postgresRateLimiter({ pool }: { pool: pg.Pool }): RateLimiter {
  const limiters = new Map<string, RateLimiterPostgres>();
  let table: Promise<unknown> | undefined;

  async function limiterOf(rule: RateRule): Promise<RateLimiterPostgres> {
    // Several statements in one query are one transaction, so that processes that start together take turns.
    table ??= pool.query(TABLE);
    await table.catch((error: unknown) => {
      table = undefined;
      throw error;
    });
    const known = limiters.get(rule.name);
    if (known) return known;
    const store = { storeClient: pool, storeType: 'pool', schemaName: 'rate_limits', tableName: 'attempts', tableCreated: true };
    // One of them removes what has run out, for all.
    const limiter = new RateLimiterPostgres({
      ...store,
      keyPrefix: rule.name,
      points: rule.attempts,
      duration: rule.windowSeconds,
      clearExpiredByTimeout: limiters.size === 0,
    });
    limiters.set(rule.name, limiter);
    return limiter;
  }

  return {
    async take(rule, key) {
      const limiter = await limiterOf(rule);
      try {
        await limiter.consume(key);
        return null;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return { retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000)) };
      }
    },
    async forget(rule, key) {
      await (await limiterOf(rule)).delete(key);
    },
    [Symbol.asyncDispose]: async () => limiters.clear(),
  };
}
