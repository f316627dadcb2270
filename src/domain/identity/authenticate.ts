import type { RootDb } from '../../db/client.ts';
import type { Membership, User } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import type { TokenParts } from './session.ts';
import { readSessionToken } from './session-token.ts';

/** A person who is signed in. */
export interface Viewer {
  readonly user: User;
  readonly sessionId: string;
  readonly sessionExpiresAt: Date;
  /** Oldest first. */
  readonly memberships: readonly Membership[];
}

/** How a request says who it speaks for. */
export type Credential =
  /** An access token, from the Authorization header. */
  | { readonly type: 'bearer'; readonly token: string }
  /** From the httpOnly cookie. */
  | { readonly type: 'cookie'; readonly token: string };

/** Why nobody is signed in, as a sentence for the client. */
export interface NotSignedIn {
  readonly reason: string;
}

/**
 * Finds out who a request speaks for. The sign-in is looked up each time, so that one that has ended is over at once
 * and not when its last access token runs out.
 */
export async function authenticate(parts: TokenParts & { root: RootDb }, credential: Credential | null): Promise<Viewer | NotSignedIn> {
  if (!credential) return { reason: 'Sign in first: send the access token as "Authorization: Bearer …".' };
  const purpose = credential.type === 'bearer' ? 'access-token' : 'session-cookie';
  const claims = await readSessionToken(parts.config.secretKeys, purpose, credential.token, parts.clock.now());
  if (claims === 'expired') return { reason: 'The access token has expired. Call refreshSession for a new one.' };
  if (claims === 'invalid') return { reason: 'The access token is not valid. Sign in for a new one.' };
  return (await viewerOfSession(parts, claims.sessionId)) ?? { reason: 'The session has ended. Sign in again.' };
}

/** @returns null where the sign-in has ended or run out. */
export async function viewerOfSession({ root, clock }: { root: RootDb; clock: Clock }, sessionId: string): Promise<Viewer | null> {
  const session = await root.session.findUnique({
    where: { id: sessionId, endedAt: null, expiresAt: { gt: clock.now() } },
    include: { user: { include: { memberships: { orderBy: [{ createdAt: 'asc' }, { workspaceId: 'asc' }] } } } },
  });
  if (!session) return null;
  const { memberships, ...user } = session.user;
  return { user, sessionId: session.id, sessionExpiresAt: session.expiresAt, memberships };
}
