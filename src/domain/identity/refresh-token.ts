import { createHash, randomBytes } from 'node:crypto';

/**
 * What a presented refresh token is, decided over what the database knows of it.
 *
 * A family of tokens belongs to one sign-in. Each token is good once and has at most one successor. Coming back with a
 * used one means that two hold it, the owner and a thief, and nobody can tell which is which: the family ends
 * (RFC 9700, section 4.14.2). The one exception are two requests under way at once, a page open in two tabs, say:
 * a token that arrived before its first use was answered is refused without ending anything, because nobody who
 * had stolen a *used* token could have sent it then.
 */
export type TokenState = 'good' | 'overlapping' | 'reused' | 'ended';

export interface TokenFacts {
  readonly sessionEnded: boolean;
  readonly sessionExpiresAt: Date;
  /** When its first use was recorded; null while it is unused. */
  readonly usedAt: Date | null;
  /** When the request that presents it reached us. */
  readonly receivedAt: Date;
}

export function judgeToken({ sessionEnded, sessionExpiresAt, usedAt, receivedAt }: TokenFacts): TokenState {
  if (sessionEnded || sessionExpiresAt <= receivedAt) return 'ended';
  if (usedAt === null) return 'good';
  return receivedAt < usedAt ? 'overlapping' : 'reused';
}

/** 256 random bits: too many to guess, so a plain hash keeps them. */
export const newRefreshToken = () => randomBytes(32).toString('base64url');

export const hashRefreshToken = (token: string) => createHash('sha256').update(token).digest('hex');
