import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../src/kit/clock.ts';
import { newId } from '../../src/kit/ids.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, type TestApi, testApi } from '../support/api.ts';

const Callers = graphql(`query SimulatedCallers { simulatedCallers { key name phoneNumber description } }`);
const Ring = graphql(`mutation RingAssistant($input: RingAssistantInput!) {
  ringAssistant(input: $input) { call { id status direction from to carrierCallId assistant { id } } errors { code message path } }
}`);
const Open = graphql(`mutation OpenForLab($input: CreateAssistantInput!) { createAssistant(input: $input) { assistant { id } } }`);

const LINE = '+12025550177';
let lab: Simulator;
let api: TestApi;
let owner: Person;
let assistantId: string;

beforeAll(async () => {
  // The carrier is told the address beforehand, and its signatures are checked against it.
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  probe.close();
  const publicUrl = `http://127.0.0.1:${port}`;
  lab = await startSimulator({
    clock: createClock(10),
    logger: createLogger('silent'),
    voiceUrl: `${publicUrl}/webhooks/twilio/voice`,
    statusUrl: `${publicUrl}/webhooks/twilio/status`,
  });
  const env = { PORT: String(port), PUBLIC_URL: publicUrl, TWILIO_ACCOUNT_SID: lab.accountSid, TWILIO_AUTH_TOKEN: lab.authToken, TWILIO_API_URL: lab.restUrl };
  api = await testApi({ env, callLab: lab });
  owner = await api.person('Mara');
  const opened = await api.gql(Open, { input: { name: 'Robin' } }, owner);
  assistantId = opened.data?.createAssistant.assistant?.id ?? '';
  const rowId = Buffer.from(assistantId, 'base64url').toString().split(':')[1] ?? '';
  const line = {
    id: newId(),
    workspaceId: owner.workspaceId,
    assistantId: rowId,
    phoneNumber: LINE,
    carrier: 'TWILIO' as const,
    isPrimary: true,
    provisionedAt: new Date(),
  };
  await api.database.root.phoneLine.create({ data: line });
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
});

const ring = (input: { assistantId: string; caller: string }, who: Person = owner) => api.gql(Ring, { input }, who);

test('the lab tells whom it can have call', async () => {
  const { data } = await api.gql(Callers, {}, owner);
  expect(data?.simulatedCallers).toContainEqual({
    key: 'books-a-haircut',
    name: 'Sam Porter',
    phoneNumber: '+12025550101',
    description: expect.stringContaining('haircut'),
  });
  expect((await api.gql(Callers, {})).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

test('a simulated caller rings the assistant, and the call can be followed at once', async () => {
  const { data } = await ring({ assistantId, caller: 'hangs-up-at-the-greeting' });
  const { call, errors } = data?.ringAssistant ?? {};
  expect(errors).toEqual([]);
  expect(call).toMatchObject({
    direction: 'INBOUND',
    from: '+12025550108',
    to: LINE,
    assistant: { id: assistantId },
    carrierCallId: expect.stringMatching(/^CA/),
  });
  expect(lab.log.call(call?.carrierCallId ?? '')?.callerKey).toBe('hangs-up-at-the-greeting');
});

test('unknown callers, other tenants’ assistants and assistants without a line are refused', async () => {
  const stranger = await api.person('Eve');
  const lonely = (await api.gql(Open, { input: { name: 'Lonely' } }, owner)).data?.createAssistant.assistant?.id ?? '';
  const refusals = [
    await ring({ assistantId, caller: 'nobody' }),
    await ring({ assistantId, caller: 'books-a-haircut' }, stranger),
    await ring({ assistantId: nodeId('Assistant', newId()), caller: 'books-a-haircut' }),
    await ring({ assistantId: nodeId('Call', newId()), caller: 'books-a-haircut' }),
    await ring({ assistantId: lonely, caller: 'books-a-haircut' }),
  ];
  const before = lab.log.carrier.calls.length;
  expect(refusals.map(({ data }) => [data?.ringAssistant.call, data?.ringAssistant.errors[0]?.code, data?.ringAssistant.errors[0]?.path])).toEqual([
    [null, 'NOT_FOUND', ['input', 'caller']],
    [null, 'NOT_FOUND', ['input', 'assistantId']],
    [null, 'NOT_FOUND', ['input', 'assistantId']],
    [null, 'NOT_FOUND', ['input', 'assistantId']],
    [null, 'ILLEGAL_STATE', null],
  ]);
  expect(lab.log.carrier.calls).toHaveLength(before);
});

test('where no simulator runs, nobody can be had to call', async () => {
  await using plain = await testApi();
  const person = await plain.person();
  expect((await plain.gql(Callers, {}, person)).data?.simulatedCallers).toEqual([]);
  const { data } = await plain.gql(Ring, { input: { assistantId: nodeId('Assistant', newId()), caller: 'books-a-haircut' } }, person);
  expect(data?.ringAssistant).toMatchObject({ call: null, errors: [{ code: 'ILLEGAL_STATE' }] });
});
