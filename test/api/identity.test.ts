import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashRefreshToken } from '../../src/domain/identity/refresh-token.ts';
import { graphql } from '../gql/gql.ts';
import { type TestApi, testApi } from '../support/api.ts';

const Register = graphql(`mutation Register($input: RegisterInput!) {
  register(input: $input) {
    session { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }
    user { email name emailVerified isStaff memberships { role workspace { name platform country timeZone } } }
    errors { __typename code message path }
  }
}`);
const SignIn = graphql(`mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { session { accessToken refreshToken } user { email } errors { code message path } }
}`);
const Refresh = graphql(`mutation Refresh($token: String!) {
  refreshSession(input: { refreshToken: $token }) { session { accessToken refreshToken } user { email } errors { code message path } }
}`);
const SignOut = graphql(`mutation SignOut { signOut { signedOut errors { code } } }`);
const Viewer = graphql(`query Viewer { viewer { email } }`);
const Workspace = graphql(`query ActiveWorkspace { workspace { id name } }`);

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('registering', () => {
  it('makes a user with a workspace and signs them in', async () => {
    const input = { email: 'Grace@Example.com', password: 'correct horse', name: 'Grace', businessName: 'Bella Salon', timeZone: 'Europe/Berlin' };
    const { data } = await api.gql(Register, { input });
    expect(data?.register.errors).toEqual([]);
    expect(data?.register.user).toEqual({
      email: 'grace@example.com',
      name: 'Grace',
      emailVerified: false,
      isStaff: false,
      memberships: [{ role: 'OWNER', workspace: { name: 'Bella Salon', platform: 'BUSINESS', country: 'DE', timeZone: 'Europe/Berlin' } }],
    });
    const viewer = await api.gql(Viewer, {}, { token: data?.register.session?.accessToken });
    expect(viewer.data?.viewer?.email).toBe('grace@example.com');
  });

  it('makes a consumer workspace for a phone app, and what was asked for where it was', async () => {
    const platformOf = async (headers: Record<string, string>, platform?: 'CONSUMER' | 'BUSINESS') => {
      const email = `platform.${Math.random().toString(36).slice(2)}@example.com`;
      const { data } = await api.gql(Register, { input: { email, password: 'correct horse', platform: platform ?? null } }, { headers });
      return data?.register.user?.memberships[0]?.workspace.platform;
    };
    expect(await platformOf({ 'x-app-type': 'mobile' })).toBe('CONSUMER');
    expect(await platformOf({ 'user-agent': 'Speech-Assistant-Mobile-iOS/2.1' })).toBe('CONSUMER');
    expect(await platformOf({ 'x-app-type': 'mobile' }, 'BUSINESS')).toBe('BUSINESS');
    expect(await platformOf({})).toBe('BUSINESS');
  });

  it('answers a taken address, in any case of letters, with ALREADY_EXISTS', async () => {
    const { email } = await api.person('Taken');
    const { data } = await api.gql(Register, { input: { email: email.toUpperCase(), password: 'correct horse' } });
    expect(data?.register).toMatchObject({ session: null, user: null, errors: [{ code: 'ALREADY_EXISTS', path: ['input', 'email'] }] });
  });

  it('lets one of many simultaneous registrations of an address through', async () => {
    const input = { email: 'race@example.com', password: 'correct horse' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.gql(Register, { input })));
    expect(answers.filter(({ data }) => data?.register.session)).toHaveLength(1);
    expect(answers.flatMap(({ data }) => data?.register.errors ?? []).map(({ code }) => code)).toEqual(Array(4).fill('ALREADY_EXISTS'));
  });

  it('says everything that is wrong with the input, with its path', async () => {
    const { data } = await api.gql(Register, { input: { email: 'short@example.com', password: 'short', name: '  ' } });
    expect(data?.register.errors).toEqual([
      { __typename: 'InvalidInput', code: 'INVALID', message: 'Choose a password of at least 8 characters.', path: ['input', 'password'] },
      { __typename: 'InvalidInput', code: 'INVALID', message: 'A name cannot be empty.', path: ['input', 'name'] },
    ]);
  });

  it('refuses what is no e-mail address with a sentence', async () => {
    const { errors } = await api.gql(Register, { input: { email: 'nobody', password: 'correct horse' } });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain('"nobody" is not an e-mail address such as "ada@example.com".');
  });
});

describe('signing in', () => {
  it('takes the right password and answers the same for a wrong one and an unknown address', async () => {
    const { email, password } = await api.person();
    const right = await api.gql(SignIn, { input: { email, password } });
    expect(right.data?.signIn).toMatchObject({ user: { email }, errors: [] });
    const wrong = await api.gql(SignIn, { input: { email, password: 'incorrect horse' } });
    const unknown = await api.gql(SignIn, { input: { email: 'nobody@example.com', password } });
    expect(wrong.data?.signIn).toMatchObject({ session: null, user: null, errors: [{ code: 'INVALID_CREDENTIALS' }] });
    expect(unknown.data?.signIn).toEqual(wrong.data?.signIn);
  });

  it('does the same work for an unknown address as for a wrong password', async () => {
    const { email } = await api.person();
    const timed = async (address: string) => {
      const started = performance.now();
      await api.gql(SignIn, { input: { email: address, password: 'incorrect horse' } });
      return performance.now() - started;
    };
    // The quickest of several taken in turn: what else the machine does only ever makes one slower.
    let [known, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < 8; round++) {
      known = Math.min(known, await timed(email));
      unknown = Math.min(unknown, await timed('nobody@example.com'));
    }
    expect(unknown / known).toBeGreaterThan(0.5);
  });

  it('keeps neither passwords nor tokens in the database', async () => {
    const { email, password, refreshToken } = await api.person();
    const user = await api.database.root.user.findUniqueOrThrow({ where: { email }, include: { sessions: { include: { tokens: true } } } });
    expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(user)).not.toContain(password);
    expect(JSON.stringify(user)).not.toContain(refreshToken);
  });
});

describe('a session', () => {
  it('goes on with a new pair of tokens for each refresh', async () => {
    const person = await api.person();
    const first = await api.gql(Refresh, { token: person.refreshToken });
    const second = await api.gql(Refresh, { token: first.data?.refreshSession.session?.refreshToken ?? '' });
    expect(second.data?.refreshSession).toMatchObject({ user: { email: person.email }, errors: [] });
    const { accessToken } = second.data?.refreshSession.session ?? {};
    expect((await api.gql(Viewer, {}, { token: accessToken })).data?.viewer?.email).toBe(person.email);
  });

  it('ends with all its tokens when a refresh token is used again', async () => {
    const person = await api.person();
    const first = await api.gql(Refresh, { token: person.refreshToken });
    const successor = first.data?.refreshSession.session;
    const reuse = await api.gql(Refresh, { token: person.refreshToken });
    expect(reuse.data?.refreshSession).toMatchObject({ session: null, errors: [{ code: 'TOKEN_EXPIRED', path: ['input', 'refreshToken'] }] });
    const afterwards = await api.gql(Refresh, { token: successor?.refreshToken ?? '' });
    expect(afterwards.data?.refreshSession).toMatchObject({ session: null, errors: [{ code: 'TOKEN_EXPIRED' }] });
    expect((await api.gql(Viewer, {}, { token: successor?.accessToken })).data?.viewer).toBeNull();
  });

  it('gives one successor to a token that several requests bring at once, and goes on', async () => {
    const person = await api.person();
    const { root } = api.database;
    // All are under way before the first is answered: until then somebody else holds the row that decides.
    const { asked } = await root.$transaction(
      async (tx) => {
        await tx.$queryRaw`select 1 from "RefreshToken" where hash = ${hashRefreshToken(person.refreshToken)} for update`;
        const all = Promise.all(Array.from({ length: 6 }, () => api.gql(Refresh, { token: person.refreshToken })));
        const waiting = () => root.$queryRaw`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        await expect.poll(waiting, { timeout: 10_000, interval: 20 }).toHaveLength(6);
        return { asked: all };
      },
      { timeout: 20_000 },
    );
    const answers = await asked;
    const successors = answers.flatMap(({ data }) => data?.refreshSession.session ?? []);
    expect(successors).toHaveLength(1);
    expect(answers.flatMap(({ data }) => data?.refreshSession.errors ?? []).map(({ code }) => code)).toEqual(Array(5).fill('CONFLICT'));
    const next = await api.gql(Refresh, { token: successors[0]?.refreshToken ?? '' });
    expect(next.data?.refreshSession.errors).toEqual([]);
  });

  it('knows no token that it did not make', async () => {
    const { data } = await api.gql(Refresh, { token: 'a'.repeat(43) });
    expect(data?.refreshSession).toMatchObject({ session: null, errors: [{ code: 'TOKEN_EXPIRED' }] });
  });

  it('is over at once after signing out, its access token with it', async () => {
    const person = await api.person();
    expect((await api.gql(SignOut, {}, person)).data?.signOut).toEqual({ signedOut: true, errors: [] });
    expect((await api.gql(Viewer, {}, person)).data?.viewer).toBeNull();
    const { errors } = await api.gql(Workspace, {}, person);
    expect(errors?.[0]).toMatchObject({ message: 'The session has ended. Sign in again.', extensions: { code: 'UNAUTHENTICATED' } });
    expect((await api.gql(Refresh, { token: person.refreshToken })).data?.refreshSession.errors[0]?.code).toBe('TOKEN_EXPIRED');
  });

  it('leaves other sessions of the same person alone', async () => {
    const person = await api.person();
    const other = await api.gql(SignIn, { input: { email: person.email, password: person.password } });
    await api.gql(SignOut, {}, person);
    expect((await api.gql(Viewer, {}, { token: other.data?.signIn.session?.accessToken })).data?.viewer?.email).toBe(person.email);
  });

  it('asks for a sign-in where one is needed, and tells what is wrong with a token', async () => {
    const messageFor = async (token?: string) => (await api.gql(Workspace, {}, { token })).errors?.[0];
    expect(await messageFor()).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(await messageFor('not.a.token')).toMatchObject({
      message: 'The access token is not valid. Sign in for a new one.',
      extensions: { code: 'UNAUTHENTICATED' },
    });
    const person = await api.person();
    const tampered = `${person.token.slice(0, -4)}AAAA`;
    expect(await messageFor(tampered)).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });
});

describe('the active workspace', () => {
  it('is the first one, or that of the header X-Workspace-Id', async () => {
    const [ada, ben] = [await api.person('Ada'), await api.person('Ben')];
    await api.database.root.membership.create({ data: { workspaceId: ben.workspaceId, userId: ada.userId, role: 'MEMBER', createdAt: new Date() } });
    const first = await api.gql(Workspace, {}, ada);
    expect(first.data?.workspace?.name).toBe('Ada');
    const bens = await api.gql(Workspace, {}, ben);
    const chosen = await api.gql(Workspace, {}, { ...ada, headers: { 'x-workspace-id': bens.data?.workspace?.id ?? '' } });
    expect(chosen.data?.workspace?.name).toBe('Ben');
  });

  it('is NOT_FOUND where the viewer is no member, as where there is none', async () => {
    const [ada, ben] = [await api.person('Ada'), await api.person('Ben')];
    for (const id of [ben.workspaceId, 'nothing', 'V29ya3NwYWNlOm5vdGhpbmc']) {
      const { data, errors } = await api.gql(Workspace, {}, { ...ada, headers: { 'x-workspace-id': id } });
      expect(data?.workspace).toBeNull();
      expect(errors?.[0]).toMatchObject({ message: 'There is no such workspace.', extensions: { code: 'NOT_FOUND' } });
    }
  });
});
