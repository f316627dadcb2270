import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { advanceCall } from '../../src/domain/calls/advance-call.ts';
import { runCampaign } from '../../src/domain/campaigns/run-campaign.ts';
import { settleAttempt } from '../../src/domain/campaigns/settle-attempt.ts';
import type { Contact, Survey } from '../../src/generated/prisma/client.ts';
import { graphql } from '../gql/gql.ts';
import { drain, nodeId, type Person, type TestApi, take, testApi } from '../support/api.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { seedPeople, seedSurvey } from '../support/campaign-app.ts';
import { noonZone } from '../support/noon-zone.ts';
import { subscribe } from '../support/subscription.ts';
import { startTwilioRestTwin, type TwilioRestTwin } from '../support/twilio-rest-twin.ts';

const Launch = graphql(`mutation Launch($input: LaunchCampaignInput!) {
  launchCampaign(input: $input) {
    campaign {
      id name status testMode estimatedDurationMinutes startedAt endedAt pauseReason phoneLine { phoneNumber } survey { title }
      settings { maxConcurrentCalls maxAttempts callingHours { from to days } startsAt endsAt detectVoicemail leaveVoicemail }
      progress { total pending }
    }
    phoneLine { phoneNumber } message errors { code message path }
  }
}`);
const Preview = graphql(`mutation Preview($input: LaunchCampaignInput!) {
  previewCampaign(input: $input) {
    total dialed deferred suppressed rejected estimatedDurationMinutes buysNumber
    contacts { contact { phoneNumber } verdict reason at } errors { code message path }
  }
}`);
const Change = graphql(`mutation Change($pause: PauseCampaignInput!, $resume: ResumeCampaignInput!, $cancel: CancelCampaignInput!) {
  pauseCampaign(input: $pause) { campaign { status pauseReason } errors { code } }
  resumeCampaign(input: $resume) { campaign { status pauseReason } errors { code } }
  cancelCampaign(input: $cancel) { campaign { status } errors { code } }
}`);
const Everything = graphql(`query Everything($id: ID!) {
  node(id: $id) { ... on Campaign {
    status progress { total completed inProgress failed pending retrying suppressed percent answered attempts sequence cost { amount } }
    contacts(first: 10) { totalCount edges { node { contact { phoneNumber } state attempts lastOutcome reason lastCall { id permit { granted } campaign { id } contact { phoneNumber } } } } }
    waiting: contacts(first: 10, states: [PENDING]) { totalCount }
  } }
  workspace { campaigns(first: 5) { totalCount } calls(filter: { campaignId: $id }) { totalCount } }
}`);
const Progress = graphql(`subscription Progress($campaignId: ID!) {
  campaignProgress(campaignId: $campaignId) { status sequence total completed inProgress failed pending retrying suppressed percent etaSeconds }
}`);
const People = graphql(`subscription People($campaignId: ID!) { campaignContact(campaignId: $campaignId) { contact { phoneNumber } state lastOutcome } }`);

let api: TestApi;
let carrier: TwilioRestTwin;
let ada: Person;
let survey: Survey;

beforeAll(async () => {
  carrier = await startTwilioRestTwin(ACCOUNT);
  for (let index = 10; index < 60; index++) carrier.numbers.offers.push({ phoneNumber: `+141555501${index}`, country: 'US', kind: 'Local' });
  const env = { TWILIO_ACCOUNT_SID: ACCOUNT.accountSid, TWILIO_AUTH_TOKEN: ACCOUNT.authToken, TWILIO_API_URL: carrier.url, CARRIER_CALLS_PER_SECOND: '0' };
  api = await testApi({ env });
});
afterAll(async () => {
  expect(carrier.violations).toEqual([]);
  await api[Symbol.asyncDispose]();
  await carrier[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ada = await api.person();
  await subscribe(api.database.root, ada.workspaceId);
  survey = await seedSurvey(api.database, ada.workspaceId);
});

const people = (count: number, more: Partial<Contact> = {}, from = 100) =>
  seedPeople(api.database, { survey, count, from, more: { timeZone: noonZone(), ...more } });
const launch = (more: object = {}) => api.gql(Launch, { input: { surveyId: nodeId('Survey', survey.id), ...more } }, ada);
async function launched(more: object = {}): Promise<string> {
  const { data, errors } = await launch(more);
  const campaign = data?.launchCampaign.campaign;
  if (!campaign) throw new Error(JSON.stringify(errors ?? data));
  return campaign.id;
}
const rowId = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
const scope = () => ({ ...api.app, db: tenantDb(api.app.root, ada.workspaceId) });
const work = (id: string) => runCampaign(scope(), { campaignId: rowId(id) });
async function endAll(event: 'carrier-busy' | 'carrier-completed' | 'carrier-no-answer'): Promise<void> {
  for (const { id } of await api.database.root.call.findMany({ where: { workspaceId: ada.workspaceId, status: 'DIALING' } })) {
    if (event === 'carrier-completed') await api.database.root.call.update({ where: { id }, data: { verdict: 'COMPLETED', bridgeCount: 1 } });
    await advanceCall(scope(), { callId: id, event });
    await settleAttempt(scope(), { callId: id });
  }
}

describe('launching a campaign', () => {
  it('buys a number on the way, freezes the survey, and says what happens', async () => {
    await people(3);
    const { data } = await launch({ name: 'Spring', maxConcurrentCalls: 2, callingHours: { from: '09:00', to: '20:00', days: ['MONDAY'] } });
    const line = data?.launchCampaign.phoneLine?.phoneNumber;
    expect(line).toMatch(/^\+1415555/);
    expect(data?.launchCampaign).toMatchObject({
      campaign: {
        name: 'Spring',
        status: 'RUNNING',
        testMode: false,
        endedAt: null,
        phoneLine: { phoneNumber: line },
        survey: { title: 'How was your visit?' },
        settings: {
          maxConcurrentCalls: 2,
          maxAttempts: 3,
          callingHours: { from: '09:00', to: '20:00', days: ['MONDAY'] },
          startsAt: null,
          endsAt: null,
          detectVoicemail: true,
          leaveVoicemail: false,
        },
        progress: { total: 3, pending: 3 },
      },
      message: expect.stringMatching(/^3 people are called from \+1415555\d+ now; that takes about \d+ minutes/),
      errors: [],
    });
    const { frozenSurvey } = await api.database.root.campaign.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
    expect(frozenSurvey).toMatchObject({ surveyId: survey.id, questions: [{ key: 'stars' }] });
  });

  it('twice with one key, and by many at once, is one campaign and one number', async () => {
    await people(2);
    const all = await Promise.all(Array.from({ length: 6 }, () => launched({ idempotencyKey: 'k' })));
    expect(new Set([...all, await launched({ idempotencyKey: 'k' })]).size).toBe(1);
    expect(await api.database.root.campaign.count({ where: { workspaceId: ada.workspaceId } })).toBe(1);
    expect(await api.database.root.campaignContact.count({ where: { workspaceId: ada.workspaceId } })).toBe(2);
    expect(await api.database.root.phoneLine.count({ where: { workspaceId: ada.workspaceId } })).toBe(1);
    survey = await seedSurvey(api.database, ada.workspaceId);
    await people(1, {}, 300);
    expect((await launch({ idempotencyKey: 'k' })).data?.launchCampaign).toMatchObject({ campaign: null, errors: [{ code: 'CONFLICT' }] });
  });

  it('is refused in words where it cannot be', async () => {
    const refusal = async (more: object = {}) => (await launch(more)).data?.launchCampaign.errors;
    expect(await refusal()).toMatchObject([{ code: 'ILLEGAL_STATE', message: expect.stringMatching(/nobody to call/) }]);
    await people(2, { consent: 'NONE' });
    expect(await refusal()).toMatchObject([{ code: 'NO_CONSENT' }]);
    expect(await refusal({ maxAttempts: 0, callingHours: { from: '10:00', to: '09:00', days: [] } })).toMatchObject([
      { code: 'INVALID', path: ['input', 'maxAttempts'] },
      { code: 'INVALID', path: ['input', 'callingHours', 'to'] },
      { code: 'INVALID', path: ['input', 'callingHours', 'days'] },
    ]);
    await people(1, {}, 200);
    const unaskable = [{ kind: 'FILE_UPLOAD', questionKey: null, message: 'A file cannot be sent by telephone.', blocks: true }];
    await api.database.root.survey.update({ where: { id: survey.id }, data: { unaskable } });
    expect(await refusal()).toEqual([{ code: 'INVALID', message: 'A file cannot be sent by telephone.', path: ['input', 'surveyId'] }]);
    await api.database.root.survey.update({ where: { id: survey.id }, data: { unaskable: [] } });
    await api.database.root.workspace.update({ where: { id: ada.workspaceId }, data: { suspendedAt: new Date() } });
    expect(await refusal()).toMatchObject([{ code: 'ILLEGAL_STATE', message: expect.stringMatching(/suspended/) }]);
    expect(await api.database.root.phoneLine.count({ where: { workspaceId: ada.workspaceId } })).toBe(0);
    expect(await api.database.root.campaign.count({ where: { workspaceId: ada.workspaceId } })).toBe(0);
  });

  it('can be looked at before: who would be called, who later, who never, and why', async () => {
    await people(2);
    await people(1, { timeZone: noonZone(new Date(Date.now() + 12 * 3_600_000)) }, 200);
    await people(1, { consent: 'NONE' }, 210);
    const [suppressed] = await people(1, {}, 220);
    await people(1, { phoneNumber: '+19005550142' }, 230);
    const row = { phoneNumber: suppressed?.phoneNumber ?? '', reason: 'IMPORTED' as const, source: 'list.csv', createdAt: new Date() };
    await api.database.root.suppression.create({ data: { ...row, workspaceId: ada.workspaceId } });
    const { data } = await api.gql(Preview, { input: { surveyId: nodeId('Survey', survey.id) } }, ada);
    expect(data?.previewCampaign).toMatchObject({ total: 6, dialed: 2, deferred: 1, suppressed: 2, rejected: 1, buysNumber: true, errors: [] });
    const reasons = data?.previewCampaign.contacts?.map(({ verdict, reason, at }) => [verdict, reason, at !== null]);
    expect(reasons?.toSorted()).toMatchObject([
      ['DEFERRED', expect.stringMatching(/too early or too late/), true],
      ['DIALED', null, true],
      ['DIALED', null, true],
      ['REJECTED', expect.stringMatching(/charged extra/), false],
      ['SUPPRESSED', expect.stringMatching(/list.csv/), false],
      ['SUPPRESSED', expect.stringMatching(/not agreed/), false],
    ]);
    expect(carrier.calls).toHaveLength(0);
    expect(await api.database.root.phoneLine.count({ where: { workspaceId: ada.workspaceId } })).toBe(0);
  });
});

describe('a campaign that runs', () => {
  it('tells all of itself, and its calls tell of it', async () => {
    const [first] = await people(3);
    const id = await launched({ maxConcurrentCalls: 1 });
    await work(id);
    await endAll('carrier-busy');
    await work(id);
    const { data } = await api.gql(Everything, { id }, ada);
    expect(data?.node).toMatchObject({
      status: 'RUNNING',
      progress: { total: 3, completed: 0, inProgress: 1, failed: 0, pending: 1, retrying: 1, suppressed: 0, percent: 0, answered: 0, attempts: 2 },
      contacts: { totalCount: 3 },
      waiting: { totalCount: 1 },
    });
    const [edge] = data?.node && 'contacts' in data.node ? data.node.contacts.edges : [];
    const called = { contact: { phoneNumber: first?.phoneNumber }, campaign: { id }, permit: { granted: true } };
    expect(edge?.node).toMatchObject({ state: 'RETRY_WAIT', attempts: 1, lastOutcome: 'BUSY', reason: 'The line was busy; they are called again.' });
    expect(edge?.node.lastCall).toMatchObject({ ...called, contact: { phoneNumber: edge?.node.contact.phoneNumber } });
    expect(data?.workspace).toEqual({ campaigns: { totalCount: 1 }, calls: { totalCount: 2 } });
  });

  it('is paused, goes on and is canceled', async () => {
    await people(2);
    const id = await launched();
    const { data } = await api.gql(Change, { pause: { id }, resume: { id }, cancel: { id } }, ada);
    expect(data).toEqual({
      pauseCampaign: { campaign: { status: 'PAUSED', pauseReason: 'It was paused by somebody of the workspace.' }, errors: [] },
      resumeCampaign: { campaign: { status: 'RUNNING', pauseReason: null }, errors: [] },
      cancelCampaign: { campaign: { status: 'CANCELING' }, errors: [] },
    });
    await work(id);
    const again = await api.gql(Change, { pause: { id }, resume: { id }, cancel: { id } }, ada);
    expect(again.data).toMatchObject({
      pauseCampaign: { errors: [{ code: 'ILLEGAL_STATE' }] },
      resumeCampaign: { errors: [{ code: 'ILLEGAL_STATE' }] },
      cancelCampaign: { campaign: { status: 'CANCELED' }, errors: [] },
    });
  });
});

describe.each(['ws', 'sse'] as const)('following a campaign over %s', (over) => {
  it('shows its progress at once, no more than four times a second, and the last of it; the total is the sum, always', async () => {
    await people(40);
    const id = await launched({ maxConcurrentCalls: 8 });
    await using stream = api.subscribe(Progress, { campaignId: id }, { ...ada, over });
    const all = drain(stream);
    const startedMs = performance.now();
    while ((await work(id)) + (await api.database.root.call.count({ where: { workspaceId: ada.workspaceId, status: 'DIALING' } })) > 0) {
      await endAll('carrier-completed');
    }
    await work(id);
    const events = (await all).map(({ data }) => data?.campaignProgress);
    expect(events.length).toBeLessThanOrEqual(2 + (performance.now() - startedMs) / 250);
    expect(events[0]).toMatchObject({ status: 'RUNNING', total: 40 });
    expect(events.at(-1)).toMatchObject({ status: 'COMPLETED', completed: 40, percent: 100, etaSeconds: null });
    let sequence = 0;
    for (const event of events) {
      if (!event) throw new Error('a progress is missing');
      expect(event.total).toBe(event.completed + event.inProgress + event.failed + event.pending + event.retrying + event.suppressed);
      expect(event.total).toBe(40);
      expect(event.sequence).toBeGreaterThan(sequence);
      sequence = event.sequence;
    }
  });

  it('shows each person as they move on', async () => {
    const [person] = await people(1);
    const id = await launched();
    await using stream = api.subscribe(People, { campaignId: id }, { ...ada, over });
    const shown = async (count: number) => (await take(stream, count)).map(({ data }) => data?.campaignContact);
    expect(await shown(1)).toEqual([{ contact: { phoneNumber: person?.phoneNumber }, state: 'PENDING', lastOutcome: null }]);
    await work(id);
    expect((await shown(1))[0]).toMatchObject({ state: 'ACTIVE' });
    await endAll('carrier-completed');
    let last = (await shown(1))[0];
    while (last?.state === 'ACTIVE') last = (await shown(1))[0];
    expect(last).toMatchObject({ state: 'DONE', lastOutcome: 'COMPLETED' });
  });

  it('of another workspace is NOT_FOUND', async () => {
    await people(1);
    const id = await launched();
    const eve = await api.person('Eve');
    await subscribe(api.database.root, eve.workspaceId);
    await using progress = api.subscribe(Progress, { campaignId: id }, { ...eve, over });
    expect((await take(progress, 1))[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    await using everybody = api.subscribe(People, { campaignId: id }, { ...eve, over });
    expect((await take(everybody, 1))[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});
