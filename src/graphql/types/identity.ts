import { z } from 'zod';
import { viewerOfSession } from '../../domain/identity/authenticate.ts';
import { givenPassword, newPassword, personName } from '../../domain/identity/credentials.ts';
import { endSession } from '../../domain/identity/end-session.ts';
import { refreshSession } from '../../domain/identity/refresh-session.ts';
import { register } from '../../domain/identity/register.ts';
import type { IssuedSession } from '../../domain/identity/session.ts';
import { signIn } from '../../domain/identity/sign-in.ts';
import type { User as UserRow } from '../../generated/prisma/client.ts';
import { type Result, refuse } from '../../kit/errors.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { answer, payload } from '../errors.ts';
import { clearedSessionCookie, sessionCookie } from '../session-cookie.ts';
import { Platform } from './platform.ts';

const User = builder.prismaNode('User', {
  nullable: true,
  description: 'A person. Seen by themselves and by those they share a workspace with.',
  id: { field: 'id', description: 'The global id of the person.' },
  fields: (t) => ({
    email: t.expose('email', { type: 'EmailAddress', description: 'The address they sign in with, in lower case.' }),
    name: t.exposeString('name', { nullable: true, description: 'What they call themselves; null where they have not said.' }),
    emailVerified: t.boolean({
      description: 'Whether they have shown that the address is theirs.',
      select: { emailVerifiedAt: true },
      resolve: (user) => user.emailVerifiedAt !== null,
    }),
    isStaff: t.exposeBoolean('isStaff', { description: 'Whether they run the platform itself.' }),
    memberships: t.relation('memberships', {
      description: "The workspaces they belong to, oldest first; of another person only those that are the viewer's too.",
      query: (_args, context) => ({
        where: { workspaceId: { in: context.viewer?.memberships.map((membership) => membership.workspaceId) ?? [] } },
        orderBy: [{ createdAt: 'asc' }, { workspaceId: 'asc' }],
      }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When they registered.' }),
  }),
});

const Session = builder.objectRef<IssuedSession>('Session').implement({
  description: 'The tokens of a sign-in. Keep the refresh token secret: it is good for 30 days, once.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'Send it with each request as `Authorization: Bearer …`, or in `connectionParams` of a socket.',
    }),
    accessTokenExpiresAt: t.expose('accessTokenExpiresAt', {
      type: 'DateTime',
      description: '15 minutes after it was made. Call `refreshSession` before that.',
    }),
    refreshToken: t.exposeString('refreshToken', {
      description: 'Exchange it with `refreshSession`. Using one twice ends the session, because then two hold it.',
    }),
    refreshTokenExpiresAt: t.expose('refreshTokenExpiresAt', { type: 'DateTime', description: '30 days after it was made.' }),
  }),
});

const SessionPayload = payload<{ session: IssuedSession; user: UserRow }>('SessionPayload', 'A sign-in, or why there is none.', (t) => ({
  session: t.expose('session', { type: Session, nullable: true, description: 'The tokens of the sign-in.' }),
  user: t.expose('user', { type: User, nullable: true, description: 'Who has signed in.' }),
}));

const cookieDescription =
  'For web pages: also sets an httpOnly cookie that holds the sign-in for 30 days, so that the page need not keep any token. It does so over HTTP only, not on a socket.';

const RegisterInput = builder
  .inputRef<{
    email: string;
    password: string;
    name?: string | null;
    businessName?: string | null;
    platform?: 'CONSUMER' | 'BUSINESS' | null;
    timeZone?: string | null;
    cookie?: boolean | null;
  }>('RegisterInput')
  .implement({
    description: 'A new user.',
    validate: z.looseObject({ password: newPassword, name: personName.nullish(), businessName: personName.nullish() }),
    fields: (t) => ({
      email: t.field({ type: 'EmailAddress', required: true, description: 'The address to sign in with.' }),
      password: t.string({ required: true, description: '8 to 256 characters.' }),
      name: t.string({ description: 'What to call the person, 1 to 200 characters.' }),
      businessName: t.string({ description: 'Names the workspace, e.g. `Bella Salon`; without it the workspace is named for the person.' }),
      platform: t.field({
        type: Platform,
        description: 'Whom the workspace is for. Left out, the app that asks decides: phone apps make consumer workspaces, all else business ones.',
      }),
      timeZone: t.field({ type: 'TimeZone', description: 'Where the workspace is; decides its country too. `America/New_York` if left out.' }),
      cookie: t.boolean({ description: cookieDescription }),
    }),
  });

const SignInInput = builder.inputRef<{ email: string; password: string; cookie?: boolean | null }>('SignInInput').implement({
  description: 'Who signs in.',
  validate: z.looseObject({ password: givenPassword }),
  fields: (t) => ({
    email: t.field({ type: 'EmailAddress', required: true, description: 'The address the person registered with.' }),
    password: t.string({ required: true, description: 'Their password.' }),
    cookie: t.boolean({ description: cookieDescription }),
  }),
});

const RefreshSessionInput = builder.inputRef<{ refreshToken: string }>('RefreshSessionInput').implement({
  description: 'The token to exchange.',
  fields: (t) => ({ refreshToken: t.string({ required: true, description: 'The newest refresh token of the session.' }) }),
});

const SignOutPayload = payload<{ signedOut: boolean }>('SignOutPayload', 'That the session is over.', (t) => ({
  signedOut: t.exposeBoolean('signedOut', { nullable: true, description: 'True once the session is over.' }),
}));

builder.queryFields((t) => ({
  viewer: t.prismaField({
    type: User,
    nullable: true,
    skipTypeScopes: true,
    description: 'The signed-in user, or null.',
    resolve: (query, _root, _args, context) => (context.viewer ? context.db.user.findUnique({ ...query, where: { id: context.viewer.user.id } }) : null),
  }),
}));

builder.mutationFields((t) => ({
  register: t.field({
    type: SessionPayload,
    skipTypeScopes: true,
    description:
      'Makes a user with a workspace of their own and signs them in. Errors: INVALID, ALREADY_EXISTS. RATE_LIMITED at the top level after 30 in an hour from one address.',
    args: { input: t.arg({ type: RegisterInput, required: true, description: 'The new user.' }) },
    resolve: (_root, { input }, context) =>
      entered(context, input.cookie, () => register(context.app, { ...input, platform: input.platform ?? context.exchange.platform }, context.exchange)),
  }),
  signIn: t.field({
    type: SessionPayload,
    skipTypeScopes: true,
    description: 'Signs a user in. Errors: INVALID_CREDENTIALS. RATE_LIMITED at the top level after 10 attempts at one account in 15 minutes.',
    args: { input: t.arg({ type: SignInInput, required: true, description: 'Who signs in.' }) },
    resolve: (_root, { input }, context) => entered(context, input.cookie, () => signIn(context.app, input, context.exchange)),
  }),
  refreshSession: t.field({
    type: SessionPayload,
    skipTypeScopes: true,
    description:
      'Exchanges a refresh token for new tokens. Each is good once: using one again ends the session (TOKEN_EXPIRED). Of two requests with the same token at the same moment one is answered and the other refused with CONFLICT, and the session goes on.',
    args: { input: t.arg({ type: RefreshSessionInput, required: true, description: 'The token to exchange.' }) },
    resolve: (_root, { input }, context) => entered(context, false, () => refreshSession(context.app, input, context.exchange)),
  }),
  signOut: t.field({
    type: SignOutPayload,
    description: 'Ends the session: its tokens are void at once, its cookie is cleared and its sockets are closed with 4403.',
    resolve: async (_root, _args, context) => {
      await endSession(context.app, context.signedIn().sessionId, 'signed out');
      context.exchange.setCookie?.(clearedSessionCookie(context.app.config.publicUrl));
      return { errors: [], signedOut: true };
    },
  }),
}));

/** Runs a sign-in: the rest of the operation speaks for who has signed in, and a browser that asked for it gets its cookie. */
async function entered(context: Context, cookie: boolean | null | undefined, run: () => Promise<Result<{ session: IssuedSession; user: UserRow }>>) {
  const { app, exchange } = context;
  if (cookie && !exchange.setCookie) return answer(refuse('INVALID', 'A cookie can be set over HTTP only, not on a socket.', ['input', 'cookie']), () => ({}));
  const result = await run();
  if (!result.ok) return answer(result, () => ({}));
  const { session } = result.value;
  const viewer = await viewerOfSession(app, session.sessionId);
  if (viewer) context.become(viewer);
  if (cookie) exchange.setCookie?.(sessionCookie(app.config.publicUrl, session.cookieToken, session.refreshTokenExpiresAt));
  return answer(result, (value) => value);
}
