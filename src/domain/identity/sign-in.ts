import type { RootDb } from '../../db/client.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { User } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import type { RateLimiter } from '../../ports/rate-limiter.ts';
import { type Client, limit, limitKey, SIGN_IN_BY_ACCOUNT, SIGN_IN_BY_ACCOUNT_ANYWHERE, SIGN_IN_BY_ADDRESS } from './limits.ts';
import { verifyPassword } from './password.ts';
import { beginSession, type IssuedSession, type TokenParts } from './session.ts';

/**
 * Signs a person in with e-mail address and password.
 *
 * @param input.email lower case
 * @returns INVALID_CREDENTIALS, the same and after the same work whether the address or the password is wrong.
 * @throws Fault RATE_LIMITED
 */
export async function signIn(
  parts: TokenParts & { root: RootDb; events: EventSink; rateLimiter: RateLimiter },
  input: { email: string; password: string },
  client: Client,
): Promise<Result<{ user: User; session: IssuedSession }>> {
  const account = `${input.email} ${client.address}`;
  await limit(parts.rateLimiter, [
    [SIGN_IN_BY_ADDRESS, client.address],
    [SIGN_IN_BY_ACCOUNT, account],
    [SIGN_IN_BY_ACCOUNT_ANYWHERE, input.email],
  ]);
  const user = await parts.root.user.findUnique({ where: { email: input.email } });
  const right = await verifyPassword(input.password, user?.passwordHash ?? null);
  if (!user || !right) return refuse('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.');
  await parts.rateLimiter.forget(SIGN_IN_BY_ACCOUNT, limitKey(account));
  return ok({ user, session: await transact({ db: parts.root, events: parts.events }, (tx) => beginSession(parts, tx, user.id)) });
}
