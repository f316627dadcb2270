import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { retry } from '../../kit/retry.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { AccessRefused, CalendarRejected, CalendarUnreachable, ConsentLost, RateLimited } from '../../ports/calendar.ts';

/** An answer that is no success, as far as it can be read. */
export interface GoogleAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
}

/** Google's errors have a body like `{"error":{"code":403,"message":"…","errors":[{"reason":"rateLimitExceeded"}]}}`. */
const errorBody = z.object({
  error: z.object({ message: z.string().optional(), errors: z.array(z.object({ reason: z.string().optional() })).optional() }),
});

/** Of tokens: `{"error":"invalid_grant","error_description":"…"}` (RFC 6749, section 5.2). */
const tokenErrorBody = z.object({ error: z.string(), error_description: z.string().optional() });

const RATE_REASONS = new Set(['rateLimitExceeded', 'userRateLimitExceeded']);
const QUOTA_REASONS = new Set(['quotaExceeded', 'dailyLimitExceeded']);
/** Taken back, run out, or ended by the organization's rules: no use in asking again. */
const CONSENT_ERRORS = new Set(['invalid_grant', 'access_denied', 'admin_policy_enforced', 'org_internal']);

const RATE_PAUSE_SECONDS = 30;
const QUOTA_PAUSE_SECONDS = (15 * MINUTE) / SECOND;

/** @param doing what was asked for, for the message. */
export function calendarFailure(doing: string, { status, body, retryAfter }: GoogleAnswer, now: Date): Error {
  const parsed = errorBody.safeParse(body);
  const reason = parsed.data?.error.errors?.[0]?.reason ?? '';
  const text = `${doing}: Google answered ${status} ${reason || (parsed.data?.error.message ?? '')}`.trim();
  if (status === 401) return new AccessRefused(text);
  if (status === 429 || RATE_REASONS.has(reason)) return new RateLimited(text, pauseSeconds(retryAfter, now) ?? RATE_PAUSE_SECONDS);
  if (QUOTA_REASONS.has(reason)) return new RateLimited(text, pauseSeconds(retryAfter, now) ?? QUOTA_PAUSE_SECONDS);
  if (reason === 'insufficientPermissions') return new ConsentLost(text);
  if (status >= 500 || status === 408) return new CalendarUnreachable(text);
  return new CalendarRejected(text, reason || String(status));
}

export function tokenFailure(doing: string, { status, body, retryAfter }: GoogleAnswer, now: Date): Error {
  const parsed = tokenErrorBody.safeParse(body);
  const code = parsed.data?.error ?? '';
  const text = `${doing}: Google answered ${status} ${code} ${parsed.data?.error_description ?? ''}`.trim();
  if (CONSENT_ERRORS.has(code)) return new ConsentLost(text);
  if (status === 429) return new RateLimited(text, pauseSeconds(retryAfter, now) ?? RATE_PAUSE_SECONDS);
  if (status >= 500 || status === 408 || !parsed.success) return new CalendarUnreachable(text);
  return new CalendarRejected(text, code);
}

/** Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3). */
function pauseSeconds(retryAfter: string | null, now: Date): number | null {
  if (!retryAfter) return null;
  const seconds = Number(retryAfter);
  const pause = Number.isFinite(seconds) ? seconds : (Date.parse(retryAfter) - now.getTime()) / SECOND;
  return Number.isFinite(pause) ? Math.max(1, Math.ceil(pause)) : null;
}

/** Again while the service is away for a moment. Longer pauses are for whoever asked: a job can wait, a person cannot. */
export const withPatience = <T>(clock: Clock, signal: AbortSignal | undefined, ask: () => Promise<T>): Promise<T> =>
  retry({ clock, attempts: 3, pauseMs: SECOND / 2, longestPauseMs: 2 * SECOND, again: worthAnother, signal }, ask);

function worthAnother(error: unknown): boolean | number {
  return error instanceof RateLimited ? error.retryAfterSeconds * SECOND : error instanceof CalendarUnreachable;
}
