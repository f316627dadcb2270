import type { Prisma } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { newId } from '../../kit/ids.ts';
import { DAY, MINUTE } from '../../kit/time.ts';
import { hashRefreshToken, newRefreshToken } from './refresh-token.ts';
import { signSessionToken } from './session-token.ts';

/** An access token is good this long; a sign-in this long after its last refresh. */
const ACCESS_TOKEN_MS = 15 * MINUTE;
export const SESSION_MS = 30 * DAY;

/** What signing tokens takes. */
export interface TokenParts {
  readonly clock: Clock;
  readonly config: { readonly secretKeys: readonly [string, ...string[]] };
}

/** What a client is given to speak for its user. */
export interface IssuedSession {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  /** For an httpOnly cookie: good until `refreshTokenExpiresAt`, and never exchanged for tokens that a script could read. */
  readonly cookieToken: string;
}

/** Begins a sign-in: a new family of refresh tokens. */
export async function beginSession(parts: TokenParts, tx: Prisma.TransactionClient, userId: string): Promise<IssuedSession> {
  const now = parts.clock.now();
  const session = { id: newId(), userId, createdAt: now, expiresAt: new Date(now.getTime() + SESSION_MS) };
  await tx.session.create({ data: session });
  return issueTokens(parts, tx, session);
}

/** Hands out the next pair of tokens of a sign-in. */
export async function issueTokens(
  { clock, config }: TokenParts,
  tx: Prisma.TransactionClient,
  session: { id: string; userId: string; expiresAt: Date },
): Promise<IssuedSession> {
  const now = clock.now();
  const refreshToken = newRefreshToken();
  await tx.refreshToken.create({ data: { hash: hashRefreshToken(refreshToken), sessionId: session.id, createdAt: now } });
  const claims = { userId: session.userId, sessionId: session.id };
  const accessTokenExpiresAt = new Date(Math.min(now.getTime() + ACCESS_TOKEN_MS, session.expiresAt.getTime()));
  return {
    sessionId: session.id,
    accessToken: await signSessionToken(config.secretKeys, 'access-token', claims, now, accessTokenExpiresAt),
    accessTokenExpiresAt,
    refreshToken,
    refreshTokenExpiresAt: session.expiresAt,
    cookieToken: await signSessionToken(config.secretKeys, 'session-cookie', claims, now, session.expiresAt),
  };
}
