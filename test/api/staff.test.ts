import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAN_KEYS } from '../../src/domain/plans/catalogue.ts';
import { SUBSCRIPTION_STATUSES, standing } from '../../src/domain/plans/standing.ts';
import { standingWhere } from '../../src/domain/plans/standing-where.ts';
import { newId } from '../../src/kit/ids.ts';
import { DAY } from '../../src/kit/time.ts';
import { nodeId, type Person, type TestApi, testApi } from '../support/api.ts';
import { testDatabase } from '../support/database.ts';
import { subscribe } from '../support/subscription.ts';
import { fillWorkspace, type World } from '../support/world.ts';

const STAFF = { STAFF_EMAIL: 'Root@Example.com', STAFF_PASSWORD: 'a password for staff' };
const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { code } } }';
let api: TestApi;
let ada: Person;
let eve: Person;
let adas: World;
let token: string;

const ask = async (query: string, sender: { token?: string } = {}, variables: object = {}) => (await api.post({ query, variables }, sender)).result;
const signIn = async (email: string, password: string): Promise<string | null> => {
  const { data } = await ask(SIGN_IN, {}, { input: { email, password } });
  return Object(data?.signIn).session?.accessToken ?? null;
};

beforeAll(async () => {
  api = await testApi({ env: STAFF });
  [ada, eve] = [await api.person('Ada'), await api.person('Eve')];
  adas = await fillWorkspace(api.database.root, ada.workspaceId, 'OnlyAda');
  await fillWorkspace(api.database.root, eve.workspaceId, 'OnlyEve');
  await subscribe(api.database.root, eve.workspaceId, { planKey: 'BUSINESS_BASIC' });
  token = (await signIn('root@example.com', STAFF.STAFF_PASSWORD)) ?? '';
});
afterAll(() => api[Symbol.asyncDispose]());

const EVERYTHING = `{ staff {
  customers { totalCount edges { node { name subscription { status plan { key } } usage { callsTotal permission { allowed } } members { user { email } } } } }
  calls { totalCount edges { node { from transcriptText assistant { name } } } }
  callStats(from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z") { total inbound bookings messages totalCost { formatted } byDay { calls } byOutcome { calls } }
  metrics(from: "2020-01-01", to: "2099-12-31") { signUps { platform count } trialsStarted activeSubscriptions { platform count } featureUse { feature uses workspaces } }
} }`;

describe('platform staff', () => {
  it('see every customer, their usage and their calls, and the figures of all', async () => {
    const { data, errors } = await ask(EVERYTHING, { token });
    expect(errors).toBeUndefined();
    expect(data?.staff).toMatchObject({
      customers: {
        totalCount: 2,
        edges: [
          { node: { name: 'Eve', subscription: { status: 'ACTIVE', plan: { key: 'BUSINESS_BASIC' } }, members: [{ user: { email: eve.email } }] } },
          {
            node: {
              name: 'Ada',
              subscription: { status: 'TRIALING', plan: { key: 'BUSINESS_TRIAL' } },
              usage: { callsTotal: 0, permission: { allowed: true } },
            },
          },
        ],
      },
      calls: { totalCount: 2, edges: [{ node: { assistant: { name: 'OnlyEve' } } }, { node: { assistant: { name: 'OnlyAda' } } }] },
      callStats: { total: 2, inbound: 2, bookings: 2, messages: 2, totalCost: { formatted: '$0.02' }, byDay: [{ calls: 2 }] },
      metrics: {
        signUps: [
          { platform: 'CONSUMER', count: 0 },
          { platform: 'BUSINESS', count: 2 },
        ],
      },
    });
    expect(Object(data?.staff).metrics.featureUse).toContainEqual({ feature: 'CALENDAR', uses: 2, workspaces: 2 });
    expect(Object(data?.staff).metrics.featureUse).toHaveLength(10);
  });

  it('find customers by name, by a member’s address and by where their subscription stands', async () => {
    const find = async (args: string) =>
      Object((await ask(`{ staff { customers(${args}) { totalCount edges { node { name } } } } }`, { token })).data?.staff).customers;
    expect(await find('search: "ADA"')).toEqual({ totalCount: 1, edges: [{ node: { name: 'Ada' } }] });
    expect(await find(`search: "${eve.email}"`)).toEqual({ totalCount: 1, edges: [{ node: { name: 'Eve' } }] });
    expect(await find('status: TRIALING')).toEqual({ totalCount: 1, edges: [{ node: { name: 'Ada' } }] });
    expect(await find('status: ACTIVE, search: "a"')).toEqual({ totalCount: 1, edges: [{ node: { name: 'Eve' } }] });
    expect(await find('first: 1')).toEqual({ totalCount: 2, edges: [{ node: { name: 'Eve' } }] });
    const one = await ask(
      `{ staff { customer(id: "${nodeId('Workspace', ada.workspaceId)}") { name calls { totalCount } } none: customer(id: "nothing") { name } } }`,
      { token },
    );
    expect(one.data?.staff).toEqual({ customer: { name: 'Ada', calls: { totalCount: 1 } }, none: null });
    const assistant = nodeId('Assistant', adas.Assistant);
    expect((await ask(`{ staff { calls(filter: { assistantId: "${assistant}" }) { totalCount edges { node { id } } } } }`, { token })).data?.staff).toEqual({
      calls: { totalCount: 1, edges: [{ node: { id: nodeId('Call', adas.Call) } }] },
    });
  });

  it('see; they change nothing in a workspace that is not theirs', async () => {
    const update = `mutation { updateAssistant(input: { id: "${nodeId('Assistant', adas.Assistant)}", name: "Mine" }) { errors { code } } }`;
    expect((await ask(update, { token })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const asAda = await api.post({ query: update }, { token, headers: { 'x-workspace-id': nodeId('Workspace', ada.workspaceId) } });
    expect(asAda.result.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    // Who does not ask as staff sees what everybody sees.
    expect((await ask(`{ node(id: "${nodeId('Call', adas.Call)}") { id } }`, { token })).data).toEqual({ node: null });
    expect((await ask('{ staff { metrics(from: "2026-02-01", to: "2026-01-01") { renewals } } }', { token })).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    );
  });

  it('are nobody else: to all others it is forbidden, and to strangers it needs a sign-in', async () => {
    for (const sender of [ada, eve]) {
      const { data, errors } = await ask(`{ staff { customers { totalCount } } node(id: "${nodeId('Workspace', eve.workspaceId)}") { id } }`, sender);
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect(data?.staff).toBeNull();
      if (sender === ada) expect(data?.node).toBeNull();
    }
    expect((await ask(EVERYTHING)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('the figures of one’s own calls', () => {
  const stats = '{ workspace { callStats(from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z") { total answered missed averageSeconds } } }';

  it('are for plans with analytics, and count no other’s calls', async () => {
    expect((await ask(stats, eve)).errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'PLAN_REQUIRED',
      suggestedPlan: 'BUSINESS_PROFESSIONAL',
    });
    await subscribe(api.database.root, eve.workspaceId, { planKey: 'BUSINESS_PROFESSIONAL' });
    expect((await ask(stats, eve)).data?.workspace).toEqual({ callStats: { total: 1, answered: 1, missed: 0, averageSeconds: 0 } });
    await subscribe(api.database.root, eve.workspaceId, { planKey: 'BUSINESS_BASIC' });
  });
});

describe('the first of the staff', () => {
  it('is made once, and an account that somebody else opened under the address is theirs no more', async () => {
    const thief = { email: 'boss@example.com', password: 'a thief’s own password' };
    await using database = await testDatabase();
    const env = { DATABASE_URL: database.url };
    let stolen: string;
    {
      await using before = await testApi({ env });
      const register = 'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } } }';
      const { result } = await before.post({ query: register, variables: { input: thief } });
      stolen = Object(result.data?.register).session.accessToken;
    }
    await using after = await testApi({ env: { ...env, STAFF_EMAIL: thief.email, STAFF_PASSWORD: 'the real one, really' } });
    const attempt = async (password: string) =>
      Object((await after.post({ query: SIGN_IN, variables: { input: { email: thief.email, password } } })).result.data?.signIn).session;
    expect((await after.post({ query: '{ staff { customers { totalCount } } }' }, { token: stolen })).result.errors?.[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    );
    expect(await attempt(thief.password)).toBeNull();
    expect(await attempt('the real one, really')).not.toBeNull();
    expect(await database.root.user.count({ where: { isStaff: true } })).toBe(1);
    // Another one is not made, whatever the settings say later.
    await using again = await testApi({ env: { ...env, STAFF_EMAIL: 'other@example.com', STAFF_PASSWORD: 'another password' } });
    expect(again.app.config.staff?.email).toBe('other@example.com');
    expect(await database.root.user.findMany({ where: { isStaff: true }, select: { email: true } })).toEqual([{ email: thief.email }]);
  });
});

describe('where subscriptions stand, as a condition', () => {
  it('finds each subscription under the one status that it has', async () => {
    await using database = await testDatabase();
    const now = new Date('2026-03-10T12:00:00Z');
    const days = [null, -10, -3, -2, 0, 2];
    const dates = (index: number) => {
      const offset = days[index % days.length] ?? null;
      return offset === null ? null : new Date(now.getTime() + offset * DAY);
    };
    let index = 0;
    const rows = Array.from({ length: 1_500 }, () => {
      index += 1;
      return {
        id: newId(),
        workspaceId: newId(),
        planKey: PLAN_KEYS[index % PLAN_KEYS.length] ?? 'BUSINESS_BASIC',
        status: SUBSCRIPTION_STATUSES[Math.floor(index / 6) % 6] ?? 'ACTIVE',
        trialEndsAt: dates(Math.floor(index / 7)),
        graceEndsAt: dates(Math.floor(index / 11)),
        currentPeriodEndsAt: dates(Math.floor(index / 13)),
        cancelsAtPeriodEnd: Math.floor(index / 5) % 2 === 0,
        createdAt: now,
        updatedAt: now,
      };
    });
    await database.root.workspace.createMany({
      data: rows.map(({ workspaceId }) => ({ id: workspaceId, name: 'A', platform: 'BUSINESS', country: 'US', timeZone: 'UTC', createdAt: now })),
    });
    await database.root.subscription.createMany({ data: rows });
    for (const status of SUBSCRIPTION_STATUSES) {
      const found = await database.root.subscription.findMany({ where: standingWhere(status, now), select: { id: true } });
      const expected = rows.filter((row) => standing(row, now).status === status);
      expect(new Set(found.map(({ id }) => id))).toEqual(new Set(expected.map(({ id }) => id)));
      expect(expected.length).toBeGreaterThan(0);
    }
  });
});
