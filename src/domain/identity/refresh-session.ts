import type { RootDb } from '../../db/client.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { User } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse, unreachable } from '../../kit/errors.ts';
import type { RateLimiter } from '../../ports/rate-limiter.ts';
import { endSession } from './end-session.ts';
import { type Client, limit, REFRESH_BY_ACCOUNT, REFRESH_BY_ADDRESS } from './limits.ts';
import { hashRefreshToken, judgeToken } from './refresh-token.ts';
import { type IssuedSession, issueTokens, SESSION_MS, type TokenParts } from './session.ts';

/**
 * Exchanges a refresh token for the next pair of tokens. See `refresh-token.ts` for the rules.
 *
 * @returns TOKEN_EXPIRED where the token is unknown, its sign-in is over, or it was used before (which ends the
 *   sign-in); CONFLICT where another request is exchanging it at this moment.
 * @throws Fault RATE_LIMITED
 */
export async function refreshSession(
  parts: TokenParts & { root: RootDb; events: EventSink; rateLimiter: RateLimiter },
  input: { refreshToken: string },
  client: Client,
): Promise<Result<{ user: User; session: IssuedSession }>> {
  await limit(parts.rateLimiter, [[REFRESH_BY_ADDRESS, client.address]]);
  const hash = hashRefreshToken(input.refreshToken);
  const token = await parts.root.refreshToken.findUnique({ where: { hash }, include: { session: { include: { user: true } } } });
  if (!token) return refuse('TOKEN_EXPIRED', 'This refresh token is not known. Sign in again.', ['input', 'refreshToken']);
  const { session } = token;
  await limit(parts.rateLimiter, [[REFRESH_BY_ACCOUNT, session.userId]]);

  const facts = { sessionEnded: session.endedAt !== null, sessionExpiresAt: session.expiresAt, receivedAt: client.receivedAt };
  const state = judgeToken({ ...facts, usedAt: token.usedAt });
  switch (state) {
    case 'ended':
      return refuse('TOKEN_EXPIRED', 'This session is over. Sign in again.', ['input', 'refreshToken']);
    case 'reused':
      await endSession(parts, session.id, 'refresh token reused');
      return refuse('TOKEN_EXPIRED', 'This refresh token was used before, so its session has been ended. Sign in again.', ['input', 'refreshToken']);
    case 'overlapping':
      return overlapping();
    case 'good':
      break;
    default:
      return unreachable(state);
  }
  const issued = await transact({ db: parts.root, events: parts.events }, async (tx) => {
    const now = parts.clock.now();
    // The row decides between requests that found it unused together: one exchanges it, the others overlapped.
    const { count } = await tx.refreshToken.updateMany({ where: { hash, usedAt: null }, data: { usedAt: now } });
    if (count === 0) return null;
    const expiresAt = new Date(now.getTime() + SESSION_MS);
    const { count: alive } = await tx.session.updateMany({ where: { id: session.id, endedAt: null }, data: { expiresAt } });
    return alive === 0 ? null : issueTokens(parts, tx, { id: session.id, userId: session.userId, expiresAt });
  });
  return issued ? ok({ user: session.user, session: issued }) : overlapping();
}

const overlapping = () =>
  refuse('CONFLICT', 'Another request is refreshing this session right now; use the tokens that it is given.', ['input', 'refreshToken']);
