import type { Clock } from '../../kit/clock.ts';
import { SECOND } from '../../kit/time.ts';

/** What of an answer says whether to wait. */
interface Answered {
  readonly statusCode: number;
  readonly headers?: unknown;
}

/** Somebody waits for the answer: all pauses together are no longer than this. */
const LONGEST_WAIT_MS = 8 * SECOND;
/** Also where the vendor says to come back at once. */
const SHORTEST_PAUSE_MS = 250;
const TOO_MANY = 429;

/**
 * Asks again where the vendor refused with 429 and said when to come back: a request that was refused so has done
 * nothing, a POST neither. Without `Retry-After`, or where it is longer than anybody waits, the refusal stands.
 */
export async function askPatiently<Answer extends Answered>(clock: Pick<Clock, 'sleep' | 'now'>, ask: () => Promise<Answer>): Promise<Answer> {
  for (let leftMs = LONGEST_WAIT_MS; ; ) {
    const answer = await ask();
    const asked = answer.statusCode === TOO_MANY ? retryAfterMs(answer.headers, clock.now()) : null;
    const pauseMs = asked === null ? Number.POSITIVE_INFINITY : Math.max(asked, SHORTEST_PAUSE_MS);
    if (pauseMs > leftMs) return answer;
    leftMs -= pauseMs;
    await clock.sleep(pauseMs);
  }
}

/**
 * How long to wait by a `Retry-After` header: a number of seconds or a date (RFC 9110, section 10.2.3).
 *
 * @returns milliseconds; null where there is none, or none that can be read.
 */
export function retryAfterMs(headers: unknown, now: Date): number | null {
  if (typeof headers !== 'object' || headers === null || !('retry-after' in headers)) return null;
  const text = String(headers['retry-after']).trim();
  if (/^\d+$/.test(text)) return Number(text) * SECOND;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
