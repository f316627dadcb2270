import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { transact } from '../../src/db/transaction.ts';
import { reserveCall } from '../../src/domain/usage/reserve-call.ts';
import { settleCall } from '../../src/domain/usage/settle-call.ts';
import { nodeId, type Person, type TestApi, take, testApi } from '../support/api.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { subscribe } from '../support/subscription.ts';
import { startTwilioRestTwin } from '../support/twilio-rest-twin.ts';
import { settled } from '../support/usage-app.ts';
import { fillWorkspace } from '../support/world.ts';

let api: TestApi;
const opened = new AsyncDisposableStack();

beforeAll(async () => {
  const twin = opened.use(await startTwilioRestTwin(ACCOUNT));
  api = opened.use(
    await testApi({
      env: { TWILIO_ACCOUNT_SID: ACCOUNT.accountSid, TWILIO_AUTH_TOKEN: ACCOUNT.authToken, TWILIO_API_URL: twin.url, PUBLIC_URL: 'https://voice.example.com' },
    }),
  );
});
afterAll(() => opened.disposeAsync());

const ask = async (query: string, sender: Partial<Person> = {}, variables: object = {}) => (await api.post({ query, variables }, sender)).result;
const consumer = async (email: string): Promise<Person> => {
  const register = 'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken refreshToken } errors { code } } }';
  const { data } = await ask(register, {}, { input: { email, password: 'correct horse battery', platform: 'CONSUMER' } });
  const user = await api.database.root.user.findUniqueOrThrow({ where: { email }, include: { memberships: true } });
  const { accessToken: token, refreshToken } = Object(data?.register).session;
  return { token, refreshToken, email, password: 'correct horse battery', userId: user.id, workspaceId: user.memberships[0]?.workspaceId ?? '' };
};

const USAGE = `{ workspace {
  subscription { plan { key name callsInTrial } status source trialEndsAt graceEndsAt currentPeriodEndsAt cancelsAtPeriodEnd }
  usage {
    trial { active endsAt callsUsed callsLimit callsRemaining } callsToday callsThisWeek callsThisMonth callsTotal secondsThisMonth
    costThisMonth { formatted } dayResetsAt weekResetsAt monthResetsAt
    permission { allowed reason message remainingCalls resetsAt suggestedPlan { key } } upgradePrompt { message plan { key } }
  }
  usageByMonth(months: 2) { month calls seconds cost { amount currency } }
} }`;

describe('plans', () => {
  it('are for everybody to see, with prices as money', async () => {
    const { data } = await ask(
      '{ plans { key platform name price { amount currency formatted } interval callsPerWeek minutesPerMonth concurrentCalls features } }',
    );
    expect(data?.plans).toHaveLength(6);
    expect(data?.plans).toContainEqual({
      key: 'BUSINESS_BASIC',
      platform: 'BUSINESS',
      name: 'Basic',
      price: { amount: 4_999, currency: 'USD', formatted: '$49.99' },
      interval: 'MONTH',
      callsPerWeek: 20,
      minutesPerMonth: 500,
      concurrentCalls: 3,
      features: ['CUSTOM_SCENARIOS', 'DEDICATED_NUMBER', 'TRANSCRIPTS', 'CALENDAR', 'KNOWLEDGE'],
    });
    expect((await ask('{ plans(platform: CONSUMER) { key } }')).data?.plans).toEqual([{ key: 'CONSUMER_TRIAL' }, { key: 'CONSUMER_WEEKLY' }]);
  });
});

describe('a new workspace', () => {
  it('has the trial of its platform for seven days from when it was made', async () => {
    const [business, person] = [await api.person(), await consumer('con@example.com')];
    for (const [somebody, key, calls, suggested] of [
      [business, 'BUSINESS_TRIAL', 4, 'BUSINESS_BASIC'],
      [person, 'CONSUMER_TRIAL', 3, 'CONSUMER_WEEKLY'],
    ] as const) {
      const { data, errors } = await ask(USAGE, somebody);
      expect(errors).toBeUndefined();
      const { createdAt } = await api.database.root.workspace.findUniqueOrThrow({ where: { id: somebody.workspaceId } });
      const endsAt = new Date(createdAt.getTime() + 7 * 86_400_000).toISOString();
      expect(data?.workspace).toMatchObject({
        subscription: { plan: { key, callsInTrial: calls }, status: 'TRIALING', source: 'NONE', trialEndsAt: endsAt, graceEndsAt: null },
        usage: {
          trial: { active: true, endsAt, callsUsed: 0, callsLimit: calls, callsRemaining: calls },
          callsTotal: 0,
          costThisMonth: { formatted: '$0.00' },
          permission: { allowed: true, reason: null, remainingCalls: calls, suggestedPlan: null },
          upgradePrompt: null,
        },
      });
      await api.database.root.subscription.updateMany({ where: { workspaceId: somebody.workspaceId }, data: { trialEndsAt: new Date() } });
      expect((await ask(USAGE, somebody)).data?.workspace).toMatchObject({
        subscription: { status: 'EXPIRED' },
        usage: { permission: { allowed: false, reason: 'TRIAL_EXPIRED', suggestedPlan: { key: suggested } }, upgradePrompt: { plan: { key: suggested } } },
      });
    }
  });

  it('of somebody who has had a trial has none, whatever the address is spelled like and though the first account is gone', async () => {
    const first = await consumer('ada.byron@gmail.com');
    expect((await ask(USAGE, first)).data?.workspace).toMatchObject({ subscription: { status: 'TRIALING' } });
    await api.database.root.workspace.delete({ where: { id: first.workspaceId } });
    await api.database.root.user.delete({ where: { id: first.userId } });
    const again = await consumer('adabyron+second@googlemail.com');
    expect((await ask(USAGE, again)).data?.workspace).toMatchObject({
      subscription: { status: 'EXPIRED' },
      usage: { permission: { allowed: false, reason: 'TRIAL_EXPIRED', suggestedPlan: { key: 'CONSUMER_WEEKLY' } } },
    });
  });
});

describe('what was used', () => {
  it('is told as it changes, to its own workspace alone, beginning with what is', async () => {
    const [ada, eve] = [await api.person(), await api.person('Eve')];
    const subscription = 'subscription { usage { callsToday trial { callsUsed } permission { allowed remainingCalls } } }';
    const document = { toString: () => subscription };
    await using stream = api.subscribe<{ usage: object }, object>(document, {}, { token: ada.token, over: 'ws' });
    await using other = api.subscribe<{ usage: object }, object>(document, {}, { token: eve.token, over: 'sse' });
    const [present] = await take(stream, 1);
    await take(other, 1);
    expect(present?.data?.usage).toMatchObject({ callsToday: 0, permission: { allowed: true, remainingCalls: 4 } });

    const { app } = api;
    const db = tenantDb(api.database.root, ada.workspaceId);
    const world = await fillWorkspace(api.database.root, ada.workspaceId, 'Ada');
    const call = { workspaceId: ada.workspaceId, callId: world.Call };
    await transact({ db, events: app.events }, (tx, emit) => reserveCall({ tx, emit, clock: app.clock }, { ...call, to: null, maximumSeconds: 60 }));
    expect((await take(stream, 1))[0]?.data?.usage).toMatchObject({ callsToday: 0, permission: { remainingCalls: 3 } });
    const ended = { id: world.Call, workspaceId: ada.workspaceId, answeredAt: app.clock.now(), endedAt: app.clock.now(), durationSeconds: 31 };
    await transact({ db, events: app.events }, (tx, emit) => settleCall(tx, ended, emit));
    expect((await take(stream, 1))[0]?.data?.usage).toMatchObject({ callsToday: 1, trial: { callsUsed: 1 }, permission: { remainingCalls: 3 } });
    // Nothing came to the other: what comes next is its own.
    await subscribe(api.database.root, eve.workspaceId);
    const eves = tenantDb(api.database.root, eve.workspaceId);
    await transact({ db: eves, events: app.events }, async (_tx, emit) => emit({ type: 'UsageChanged', workspaceId: eve.workspaceId }));
    expect((await take(other, 1))[0]?.data?.usage).toMatchObject({ callsToday: 0, trial: null, permission: { remainingCalls: null } });
    expect((await ask(USAGE, ada)).data?.workspace).toMatchObject({
      usage: { callsTotal: 1, secondsThisMonth: 31 },
      usageByMonth: [{ calls: 1, seconds: 31 }, { calls: 0 }],
    });
  });

  it('asks for one to sixty months', async () => {
    const ada = await api.person();
    expect((await ask('{ workspace { usageByMonth(months: 61) { month } } }', ada)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(Object((await ask('{ workspace { usageByMonth { month } } }', ada)).data?.workspace).usageByMonth).toHaveLength(12);
  });
});

describe('a call that the plan does not allow', () => {
  it('is refused with the limit, when it ends, and the plan to buy', async () => {
    const ada = await api.person();
    const { root } = api.database;
    const world = await fillWorkspace(root, ada.workspaceId, 'Ada');
    await subscribe(root, ada.workspaceId, { planKey: 'BUSINESS_BASIC' });
    await root.usageEntry.createMany({
      data: settled(
        ada.workspaceId,
        Array.from({ length: 20 }, () => ({ at: new Date(), seconds: 30 })),
      ),
    });
    const place = `mutation ($input: PlaceCallInput!) { placeCall(input: $input) { call { id } errors { __typename code message
      ... on LimitReached { permission { allowed reason message remainingCalls resetsAt suggestedPlan { key price { formatted } } } } } } }`;
    const { data, errors } = await ask(place, ada, { input: { to: '+12025550142', assistantId: nodeId('Assistant', world.Assistant) } });
    expect(errors).toBeUndefined();
    expect(data?.placeCall).toEqual({
      call: null,
      errors: [
        {
          __typename: 'LimitReached',
          code: 'LIMIT_REACHED',
          message: 'All 20 calls of this week are used or under way. Get more with the plan Professional.',
          permission: {
            allowed: false,
            reason: 'WEEKLY_CALLS_USED',
            message: 'All 20 calls of this week are used or under way. Get more with the plan Professional.',
            remainingCalls: 0,
            resetsAt: expect.any(String),
            suggestedPlan: { key: 'BUSINESS_PROFESSIONAL', price: { formatted: '$99.00' } },
          },
        },
      ],
    });
  });
});

describe('a feature that the plan does not include', () => {
  const connect = `mutation { connectCalendar(input: {}) { authorizationUrl errors { __typename code ... on PlanRequired { feature suggestedPlan { key } } } } }`;

  it('is refused with the plan to buy, if there is one, and where the trial is over', async () => {
    const con = await consumer('connects@example.com');
    expect((await ask(connect, con)).data?.connectCalendar).toMatchObject({
      errors: [{ __typename: 'PlanRequired', code: 'PLAN_REQUIRED', feature: 'CALENDAR', suggestedPlan: null }],
    });
    const ada = await api.person();
    expect((await ask(connect, ada)).data?.connectCalendar).toMatchObject({ errors: [{ __typename: 'InvalidInput', code: 'ILLEGAL_STATE' }] });
    await api.database.root.subscription.updateMany({ where: { workspaceId: ada.workspaceId }, data: { trialEndsAt: new Date() } });
    expect((await ask(connect, ada)).data?.connectCalendar).toMatchObject({ errors: [{ code: 'TRIAL_EXPIRED', suggestedPlan: { key: 'BUSINESS_BASIC' } }] });
  });

  it('is not read either: what was said is for those whose plan has transcripts, also after it has run out', async () => {
    const con = await consumer('reads@example.com');
    const { root } = api.database;
    const { Call, TranscriptTurn } = await fillWorkspace(root, con.workspaceId, 'Con');
    const [call, turn] = [{ id: nodeId('Call', Call) }, { id: nodeId('TranscriptTurn', TranscriptTurn) }];
    const queries = [
      ['query ($id: ID!) { node(id: $id) { ... on Call { transcriptText } } }', call],
      ['query ($id: ID!) { node(id: $id) { ... on Call { transcript { edges { node { text } } } } } }', call],
      ['query ($id: ID!) { node(id: $id) { ... on TranscriptTurn { text } } }', turn],
    ] as const;
    const listen = { toString: () => 'subscription ($id: ID!) { transcript(callId: $id) { turn { text } } }' };
    for (const [query, variables] of queries) {
      const { data, errors } = await ask(query, con, variables);
      expect(JSON.stringify(data)).not.toContain('Con');
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN', reason: 'PLAN_REQUIRED', feature: 'TRANSCRIPTS', suggestedPlan: null } });
    }
    await using refused = api.subscribe<object, object>(listen, call, { token: con.token, over: 'sse' });
    expect((await take(refused, 1))[0]?.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', feature: 'TRANSCRIPTS' });

    await subscribe(root, con.workspaceId, { planKey: 'BUSINESS_BASIC', status: 'EXPIRED' });
    for (const [query, variables] of queries) expect(JSON.stringify((await ask(query, con, variables)).data)).toContain('Con');
  });
});
