import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Logger } from '../../kit/logger.ts';
import { SECOND } from '../../kit/time.ts';
import type { RateLimiter, RateRule } from '../../ports/rate-limiter.ts';

/** Counts in Redis. While Redis is away each process counts for itself, so that nobody is locked out and nobody may guess freely. */
export async function connectRedisRateLimiter({ url, logger }: { url: string; logger: Logger }): Promise<RateLimiter> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 2 * SECOND,
    connectTimeout: 5 * SECOND,
  });
  redis.on('error', (error) => logger.warn({ err: error }, 'rate limits: Redis is away'));
  await redis.connect().catch(() => {});
  const limiters = new Map<string, RateLimiterRedis>();

  const limiterOf = (rule: RateRule): RateLimiterRedis => {
    const known = limiters.get(rule.name);
    if (known) return known;
    const counting = { keyPrefix: `callgraph:limit:${rule.name}`, points: rule.attempts, duration: rule.windowSeconds };
    const limiter = new RateLimiterRedis({ ...counting, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter: new RateLimiterMemory(counting) });
    limiters.set(rule.name, limiter);
    return limiter;
  };

  return {
    async take(rule, key) {
      try {
        await limiterOf(rule).consume(key);
        return null;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return { retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / SECOND)) };
      }
    },
    async forget(rule, key) {
      await limiterOf(rule).delete(key);
    },
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };
}
