import type { RootDb } from '../../db/client.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import { Prisma, type User } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import type { RateLimiter } from '../../ports/rate-limiter.ts';
import type { Platform } from '../platforms/detect-platform.ts';
import { createWorkspace } from '../workspaces/create-workspace.ts';
import { type Client, limit, REGISTER_BY_ACCOUNT, REGISTER_BY_ADDRESS } from './limits.ts';
import { hashPassword } from './password.ts';
import { beginSession, type IssuedSession, type TokenParts } from './session.ts';

export interface Registration {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  readonly name?: string | null;
  /** Names the workspace; without it the workspace is named for the person. */
  readonly businessName?: string | null;
  readonly platform: Platform;
  /** IANA name. */
  readonly timeZone?: string | null;
}

/**
 * Makes a user with a workspace of their own and signs them in.
 *
 * @returns ALREADY_EXISTS where the e-mail address has an account.
 * @throws Fault RATE_LIMITED
 */
export async function register(
  parts: TokenParts & { root: RootDb; events: EventSink; rateLimiter: RateLimiter },
  input: Registration,
  client: Client,
): Promise<Result<{ user: User; session: IssuedSession }>> {
  await limit(parts.rateLimiter, [
    [REGISTER_BY_ADDRESS, client.address],
    [REGISTER_BY_ACCOUNT, input.email],
  ]);
  const passwordHash = await hashPassword(input.password);
  try {
    return await transact({ db: parts.root, events: parts.events }, async (tx, emit) => {
      const data = { id: newId(), email: input.email, name: input.name ?? null, passwordHash, createdAt: parts.clock.now() };
      const user = await tx.user.create({ data });
      const name = input.businessName ?? input.name ?? input.email.slice(0, input.email.indexOf('@'));
      const { id: workspaceId } = await createWorkspace(
        { clock: parts.clock, tx },
        { name, platform: input.platform, timeZone: input.timeZone ?? null, ownerId: user.id },
      );
      emit({ type: 'WorkspaceCreated', workspaceId });
      return ok({ user, session: await beginSession(parts, tx, user.id) });
    });
  } catch (error) {
    if (!isTaken(error)) throw error;
    return refuse('ALREADY_EXISTS', 'An account with this e-mail address exists already. Sign in instead.', ['input', 'email']);
  }
}

const isTaken = (error: unknown) => error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
