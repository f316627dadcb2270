import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock } from '../../src/kit/clock.ts';
import { freePort } from '../../src/kit/free-port.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, type TestApi, testApi } from '../support/api.ts';

const Search = graphql(`query AvailableNumbers($country: String, $areaCode: String, $contains: String, $kind: PhoneNumberKind, $limit: Int) {
  workspace { availablePhoneNumbers(country: $country, areaCode: $areaCode, contains: $contains, kind: $kind, limit: $limit) {
    phoneNumber locality region country voice sms needsAddress monthlyCost { amount currency formatted }
  } }
}`);
const Account = graphql(`query CarrierAccountOf { workspace { carrierAccount { carrier accountId name status developmentMode sharedNumber } } }`);
const Lines = graphql(`query LinesOf($status: PhoneNumberStatus) {
  workspace { phoneLines(status: $status) { id phoneNumber status isPrimary releasedAt suspendedReason monthlyCost { formatted } assistant { id } } }
}`);
const Provision = graphql(`mutation Provision($input: ProvisionPhoneNumberInput!) {
  provisionPhoneNumber(input: $input) { phoneLine { id phoneNumber status isPrimary assistant { id } monthlyCost { amount } } errors { code message path } }
}`);
const Release = graphql(`mutation Release($input: ReleasePhoneNumberInput!) {
  releasePhoneNumber(input: $input) { phoneLine { id status isPrimary releasedAt assistant { id } } errors { code } }
}`);
const Primary = graphql(`mutation MakePrimary($input: SetPrimaryPhoneNumberInput!) {
  setPrimaryPhoneNumber(input: $input) { phoneLine { id isPrimary } errors { code } }
}`);
const Open = graphql(`mutation OpenForLines($input: CreateAssistantInput!) { createAssistant(input: $input) { assistant { id } } }`);
const Ring = graphql(`mutation RingTheLine($input: RingAssistantInput!) { ringAssistant(input: $input) { call { from to status } errors { message } } }`);
const Place = graphql(`mutation PlaceFromLines($input: PlaceCallInput!) {
  placeCall(input: $input) {
    call { from to permit { granted decidedAt rules { rule passed evidence } } }
    errors { __typename code message path ... on DialRefused { permit { granted rules { rule passed } } } }
  }
}`);
const Schedule = graphql(`mutation Schedule($input: ScheduleCallInput!) {
  scheduleCall(input: $input) { scheduledCall { id to at status error assistant { id } call { id } } errors { code path } }
}`);
const Cancel = graphql(`mutation CancelScheduled($input: CancelScheduledCallInput!) {
  cancelScheduledCall(input: $input) { scheduledCall { id status } errors { code } }
}`);
const Scheduled = graphql(`query ScheduledCallsOf($status: ScheduledCallStatus) { workspace { scheduledCalls(status: $status) { id status } } }`);

const SHARED = '+12025550150';
let lab: Simulator;
let api: TestApi;

beforeAll(async () => {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  lab = await startSimulator({ clock: createClock(3), logger: createLogger('silent'), ownedNumbers: [SHARED] });
  const twilio = { TWILIO_ACCOUNT_SID: lab.accountSid, TWILIO_AUTH_TOKEN: lab.authToken, TWILIO_API_URL: lab.restUrl, TWILIO_PHONE_NUMBER: SHARED };
  api = await testApi({ env: { PORT: String(port), PUBLIC_URL: publicUrl, ...twilio }, callLab: lab });
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
});

async function owner() {
  const person = await api.person('Mara');
  const opened = await api.gql(Open, { input: { name: 'Robin' } }, person);
  return { person, assistantId: opened.data?.createAssistant.assistant?.id ?? '' };
}
const provision = async (person: Person, input: Record<string, unknown>) => (await api.gql(Provision, { input }, person)).data?.provisionPhoneNumber;
const linesOf = async (person: Person) => (await api.gql(Lines, {}, person)).data?.workspace?.phoneLines ?? [];

describe('numbers on sale', () => {
  test('are found by area code, kind, digits and country, with what they cost', async () => {
    const { person } = await owner();
    const search = async (variables: Record<string, unknown>) => (await api.gql(Search, variables, person)).data?.workspace?.availablePhoneNumbers ?? [];
    expect(await search({ areaCode: '415', limit: 3 })).toEqual(
      ['00', '01', '02'].map((last) => ({
        phoneNumber: `+141555501${last}`,
        locality: 'San Francisco',
        region: 'CA',
        country: 'US',
        voice: true,
        sms: true,
        needsAddress: false,
        monthlyCost: { amount: 115, currency: 'USD', formatted: '$1.15' },
      })),
    );
    expect(await search({})).toHaveLength(10);
    expect(await search({ areaCode: '212' })).toEqual([]);
    expect(await search({ kind: 'TOLL_FREE', contains: '0142', limit: 1 })).toMatchObject([
      { phoneNumber: '+18335550142', monthlyCost: { formatted: '$2.15' } },
    ]);
    expect(await search({ country: 'DE', limit: 1 })).toMatchObject([{ needsAddress: true, monthlyCost: null }]);
    expect(await search({ country: 'ZW' })).toEqual([]);
  });

  test.each([{ country: 'Germany' }, { areaCode: '1234' }, { contains: '%' }, { limit: 51 }, { limit: 0 }])(
    'what cannot be looked for is said: %j',
    async (variables) => {
      const { person } = await owner();
      const { errors } = await api.gql(Search, variables, person);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  test('without a carrier there are none, and the account says so', async () => {
    await using plain = await testApi();
    const person = await plain.person();
    const { errors } = await plain.gql(Search, {}, person);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', service: 'carrier' });
    expect((await plain.gql(Account, {}, person)).data?.workspace?.carrierAccount).toMatchObject({
      status: 'not-configured',
      accountId: '',
      sharedNumber: null,
    });
    const refused = await plain.gql(Provision, { input: { areaCode: '415' } }, person);
    expect(refused.data?.provisionPhoneNumber).toMatchObject({ phoneLine: null, errors: [{ code: 'ILLEGAL_STATE' }] });
  });

  test('the account is shown with its shared number', async () => {
    const { person } = await owner();
    expect((await api.gql(Account, {}, person)).data?.workspace?.carrierAccount).toEqual({
      carrier: 'TWILIO',
      accountId: lab.accountSid,
      name: 'The call lab',
      status: 'active',
      developmentMode: true,
      sharedNumber: SHARED,
    });
  });
});

describe('a line', () => {
  test('is bought, rung, called from, and given back, all in the call lab', async () => {
    const { person, assistantId } = await owner();
    const [first] = [await provision(person, { phoneNumber: '+1 312 555 0100', assistantId, idempotencyKey: 'one' })];
    expect(first).toMatchObject({
      phoneLine: { phoneNumber: '+13125550100', isPrimary: true, assistant: { id: assistantId }, monthlyCost: { amount: 115 } },
      errors: [],
    });
    const rung = await api.gql(Ring, { input: { assistantId, caller: 'hangs-up-at-the-greeting' } }, person);
    expect(rung.data?.ringAssistant).toMatchObject({ call: { to: '+13125550100' }, errors: [] });

    const second = await provision(person, { areaCode: '212' });
    expect(second).toMatchObject({ phoneLine: { phoneNumber: '+16465550100', isPrimary: false, assistant: null }, errors: [] });
    const secondId = second?.phoneLine?.id ?? '';
    await api.gql(Primary, { input: { phoneLineId: secondId } }, person);
    const placed = await api.gql(Place, { input: { to: '+12025550122', assistantId } }, person);
    expect(placed.data?.placeCall).toMatchObject({ call: { from: '+16465550100', permit: { granted: true } }, errors: [] });
    expect(placed.data?.placeCall.call?.permit?.rules.map(({ rule }) => rule)).toEqual([
      'workspace-active',
      'valid-number',
      'not-suppressed',
      'line-to-call-from',
    ]);

    const released = await api.gql(Release, { input: { phoneLineId: secondId } }, person);
    expect(released.data?.releasePhoneNumber).toMatchObject({ phoneLine: { status: 'RELEASED', isPrimary: false, assistant: null }, errors: [] });
    expect((await linesOf(person)).map(({ phoneNumber, status, isPrimary }) => [phoneNumber, status, isPrimary])).toEqual([
      ['+13125550100', 'ACTIVE', true],
      ['+16465550100', 'RELEASED', false],
    ]);
    expect((await api.gql(Primary, { input: { phoneLineId: secondId } }, person)).data?.setPrimaryPhoneNumber.errors).toEqual([{ code: 'ILLEGAL_STATE' }]);
  });

  test('two clicks at once, of one person and of two, sell a number once', async () => {
    const [{ person }, { person: other }] = [await owner(), await owner()];
    const input = { phoneNumber: '+15125550100' };
    const clicks = await Promise.all([provision(person, input), provision(person, input), provision(other, input), provision(other, input)]);
    const sold = new Set(clicks.flatMap((click) => click?.phoneLine?.id ?? []));
    expect(sold.size).toBe(1);
    const refused = clicks.filter((click) => !click?.phoneLine);
    expect(refused).toHaveLength(2);
    for (const click of refused) expect(click?.errors[0]?.code).toMatch(/CONFLICT|UPSTREAM_REJECTED/);
    expect(
      lab.log.carrier.requests.filter(({ method, status, form }) => method === 'POST' && status === 201 && form.PhoneNumber === input.phoneNumber),
    ).toHaveLength(1);
  });

  test('whose answer was lost is there all the same', async () => {
    const { person } = await owner();
    lab.faults.carrier.loseAnswers = 1;
    expect(await provision(person, { phoneNumber: '+13035550100' })).toMatchObject({ phoneLine: { phoneNumber: '+13035550100' }, errors: [] });
  });

  test.each([
    [{ phoneNumber: '+493023125001' }, 'UPSTREAM_REJECTED', /address/],
    [{ phoneNumber: '+33199001201' }, 'UPSTREAM_REJECTED', /papers/],
    [{ phoneNumber: '+12125550100' }, 'CONFLICT', /taken/],
    [{ country: 'ZW' }, 'CONFLICT', /no number/],
    [{ country: 'Narnia' }, 'INVALID', /two capital letters/],
  ])('that cannot be had is refused in words: %j', async (input, code, words) => {
    const { person } = await owner();
    expect(await provision(person, input)).toMatchObject({ phoneLine: null, errors: [{ code, message: expect.stringMatching(words) }] });
  });

  test('is not for consumers, who call from the shared number', async () => {
    const { person, assistantId } = await owner();
    await api.database.root.workspace.update({ where: { id: person.workspaceId }, data: { platform: 'CONSUMER' } });
    expect(await provision(person, { areaCode: '415' })).toMatchObject({ phoneLine: null, errors: [{ code: 'PLAN_REQUIRED' }] });
    const placed = await api.gql(Place, { input: { to: '+12025550122', assistantId } }, person);
    expect(placed.data?.placeCall).toMatchObject({ call: { from: SHARED }, errors: [] });
  });
});

describe('what the permit refuses', () => {
  test('comes with the rules that were asked', async () => {
    const { person, assistantId } = await owner();
    const suppression = { phoneNumber: '+12025550122', reason: 'MANUAL' as const, source: 'a person', createdAt: new Date() };
    await api.database.root.suppression.create({ data: { ...suppression, workspaceId: person.workspaceId } });
    const place = async (to: string) => (await api.gql(Place, { input: { to, assistantId } }, person)).data?.placeCall;
    expect(await place('+12025550122')).toMatchObject({
      call: null,
      errors: [{ __typename: 'DialRefused', code: 'SUPPRESSED', permit: { granted: false, rules: [{}, {}, { rule: 'not-suppressed', passed: false }] } }],
    });
    expect(await place('+19005550142')).toMatchObject({ call: null, errors: [{ __typename: 'DialRefused', code: 'INVALID', path: ['input', 'to'] }] });
    expect(await place('112')).toMatchObject({
      call: null,
      errors: [{ __typename: 'DialRefused', code: 'INVALID', message: expect.stringContaining('Emergency') }],
    });
  });
});

describe('a scheduled call', () => {
  test('is scheduled, listed and taken back', async () => {
    const { person, assistantId } = await owner();
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const { data } = await api.gql(Schedule, { input: { to: '+12125550142', assistantId, at, idempotencyKey: 'k' } }, person);
    expect(data?.scheduleCall).toMatchObject({
      scheduledCall: { to: '+12125550142', at, status: 'PENDING', error: null, assistant: { id: assistantId }, call: null },
      errors: [],
    });
    const id = data?.scheduleCall.scheduledCall?.id ?? '';
    const listed = async (status?: 'PENDING' | 'CANCELED') => (await api.gql(Scheduled, { status }, person)).data?.workspace?.scheduledCalls;
    expect(await listed('PENDING')).toEqual([{ id, status: 'PENDING' }]);
    expect((await api.gql(Cancel, { input: { id } }, person)).data?.cancelScheduledCall).toEqual({ scheduledCall: { id, status: 'CANCELED' }, errors: [] });
    expect(await listed('PENDING')).toEqual([]);
    expect(await listed()).toEqual([{ id, status: 'CANCELED' }]);
  });

  test('of the past, of nobody, or of a foreign assistant is refused', async () => {
    const { person, assistantId } = await owner();
    const schedule = async (input: object) =>
      (await api.gql(Schedule, { input: { to: '+12125550142', assistantId, at: '2020-01-01T00:00:00Z', ...input } }, person)).data?.scheduleCall.errors;
    expect(await schedule({})).toEqual([{ code: 'INVALID', path: ['input', 'at'] }]);
    expect(await schedule({ assistantId: undefined })).toEqual([{ code: 'INVALID', path: ['input', 'assistantId'] }]);
    expect(await schedule({ assistantId: nodeId('Assistant', 'nobody') })).toEqual([{ code: 'NOT_FOUND', path: ['input', 'assistantId'] }]);
  });
});
