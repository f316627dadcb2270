import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeId } from '../support/api.ts';
import { startApi } from '../support/api-process.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { startTwilioRestTwin, type TwilioRestTwin } from '../support/twilio-rest-twin.ts';
import { settled } from '../support/usage-app.ts';
import { fillWorkspace } from '../support/world.ts';

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } } }';
const PLACE = `mutation ($input: PlaceCallInput!) { placeCall(input: $input) {
  call { id } errors { code ... on LimitReached { permission { reason suggestedPlan { key } } } } } }`;

let database: TestDatabase;
let twin: TwilioRestTwin;
const opened = new AsyncDisposableStack();
beforeAll(async () => {
  database = opened.use(await testDatabase());
  twin = opened.use(await startTwilioRestTwin(ACCOUNT));
});
afterAll(() => opened.disposeAsync());

test('a hundred simultaneous starts on one remaining trial call, over three api processes on one database: one is admitted', { timeout: 120_000 }, async () => {
  const twilio = { TWILIO_ACCOUNT_SID: ACCOUNT.accountSid, TWILIO_AUTH_TOKEN: ACCOUNT.authToken, TWILIO_API_URL: twin.url };
  await using processes = new AsyncDisposableStack();
  const apis = await Promise.all(
    Array.from({ length: 3 }, async () => processes.use(await startApi(database, { ...twilio, PUBLIC_URL: 'https://voice.example.com' }))),
  );
  const [first] = apis;
  if (!first) throw new Error('no process');
  const registered = await first.ask(REGISTER, { input: { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' } });
  const token = registered.register.session.accessToken;
  const { workspaceId } = await database.root.membership.findFirstOrThrow();
  const { Assistant } = await fillWorkspace(database.root, workspaceId, 'Ada');
  const before = Array.from({ length: 3 }, () => ({ at: new Date(), seconds: 30, planKey: 'BUSINESS_TRIAL' as const }));
  await database.root.usageEntry.createMany({ data: settled(workspaceId, before) });

  const place = (index: number) => {
    const input = { to: `+1202555${1_000 + index}`, assistantId: nodeId('Assistant', Assistant) };
    return (apis[index % apis.length] ?? first).ask(PLACE, { input }, token).then(({ placeCall }) => placeCall);
  };
  const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => place(index)));
  expect(answers.filter(({ call }) => call !== null)).toHaveLength(1);
  for (const { errors } of answers.filter(({ call }) => call === null)) {
    expect(errors).toEqual([{ code: 'LIMIT_REACHED', permission: { reason: 'TRIAL_CALLS_USED', suggestedPlan: { key: 'BUSINESS_BASIC' } } }]);
  }
  expect(twin.calls).toHaveLength(1);
  expect(twin.violations).toEqual([]);
  expect(await database.root.usageHold.count()).toBe(1);
  expect(await database.root.subscription.count()).toBe(1);
});
