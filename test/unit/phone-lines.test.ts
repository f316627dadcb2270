import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import { mayHaveLine } from '../../src/domain/phone-lines/allowance.ts';
import { areaCodeAt } from '../../src/domain/phone-lines/area-codes.ts';
import { checkLines, NOT_LISTED } from '../../src/domain/phone-lines/check-lines.ts';
import { giveBackNumber } from '../../src/domain/phone-lines/give-back-number.ts';
import { provisionPhoneNumber } from '../../src/domain/phone-lines/provision-number.ts';
import { releasePhoneNumber } from '../../src/domain/phone-lines/release-line.ts';
import { searchStages } from '../../src/domain/phone-lines/search-stages.ts';
import { setPrimaryPhoneNumber } from '../../src/domain/phone-lines/set-primary-line.ts';
import { mayUseSharedNumber } from '../../src/domain/phone-lines/shared-number.ts';
import type { PhoneLine } from '../../src/generated/prisma/client.ts';
import type { Result } from '../../src/kit/errors.ts';
import { ACCOUNT, type CallApp, callApp, LINE, seedWorkspace } from '../support/call-app.ts';
import { callSid } from '../support/twilio-webhook.ts';

const FIRST = '+14155550101';
const SECOND = '+14155550102';
const SHARED = '+12025550150';
const CALLER = '+12125550142';
let app: CallApp;

beforeEach(async () => {
  app = await callApp({ sharedNumber: SHARED });
  for (const phoneNumber of [FIRST, SECOND]) app.twin.numbers.offers.push({ phoneNumber, country: 'US', kind: 'Local' });
});
afterEach(async () => {
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

const line = (result: Result<PhoneLine>): PhoneLine => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problems)}`);
  return result.value;
};
const buy = async (phoneNumber: string) => line(await provisionPhoneNumber(app, { phoneNumber, assistantId: app.assistant.id }));
const now = (id: string) => app.root.phoneLine.findUniqueOrThrow({ where: { id } });
const seeded = () => app.root.phoneLine.findFirstOrThrow({ where: { phoneNumber: LINE } });
const primaries = async () => (await app.db.phoneLine.findMany({ where: { isPrimary: true } })).map(({ phoneNumber }) => phoneNumber);
const voice = (to: string, from = CALLER) =>
  app.post('/webhooks/twilio/voice', {
    CallSid: callSid(`${to}${from}${Math.random()}`),
    AccountSid: ACCOUNT.accountSid,
    CallStatus: 'ringing',
    Direction: 'inbound',
    From: from,
    To: to,
  });

describe('giving a number back', () => {
  test('keeps the row, frees the assistant, moves the primary line on, and has the carrier told by a job', async () => {
    const [first, second] = [await buy(FIRST), await buy(SECOND)];
    line(await setPrimaryPhoneNumber(app, { phoneLineId: second.id }));
    await releasePhoneNumber(app, { phoneLineId: (await seeded()).id });
    const released = line(await releasePhoneNumber(app, { phoneLineId: second.id }));
    expect(released).toMatchObject({ status: 'RELEASED', releasedAt: app.clock.now(), assistantId: null, isPrimary: false, phoneNumber: SECOND });
    expect(await primaries()).toEqual([FIRST]);
    expect(await now(first.id)).toMatchObject({ isPrimary: true });
    expect(app.enqueued).toContainEqual({ type: 'NumberUnwanted', workspaceId: app.workspace.id, carrierNumberId: second.carrierNumberId });
    await giveBackNumber(app, { carrierNumberId: second.carrierNumberId ?? '' });
    await giveBackNumber(app, { carrierNumberId: second.carrierNumberId ?? '' });
    expect(app.twin.numbers.owned.map(({ phoneNumber }) => phoneNumber)).toEqual([FIRST]);
  });

  test('twice changes nothing, and is told once', async () => {
    const { id } = await buy(FIRST);
    const [one, other] = await Promise.all([releasePhoneNumber(app, { phoneLineId: id }), releasePhoneNumber(app, { phoneLineId: id })]);
    expect(line(one).releasedAt).toEqual(line(other).releasedAt);
    expect(app.enqueued.filter(({ type }) => type === 'NumberUnwanted')).toHaveLength(1);
  });

  test('a number that is a line is never taken back', async () => {
    const { carrierNumberId } = await buy(FIRST);
    await giveBackNumber(app, { carrierNumberId: carrierNumberId ?? '' });
    expect(app.twin.numbers.owned).toHaveLength(1);
  });

  test('what is not there, or another workspace has, is not found', async () => {
    const { id } = await buy(FIRST);
    const { workspace } = await seedWorkspace(app.root, '+12025550199');
    const scope = { ...app, db: tenantDb(app.root, workspace.id) };
    expect(await releasePhoneNumber(scope, { phoneLineId: id })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
    expect(await setPrimaryPhoneNumber(scope, { phoneLineId: id })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
  });
});

describe('the primary line', () => {
  test('is one, however many are made primary at once', async () => {
    const lines = [await buy(FIRST), await buy(SECOND), await seeded()];
    await Promise.all([...lines, ...lines].map(({ id }) => setPrimaryPhoneNumber(app, { phoneLineId: id })));
    expect(await primaries()).toHaveLength(1);
  });

  test.each(['RELEASED', 'SUSPENDED'] as const)('cannot be one that is %s', async (status) => {
    const { id } = await buy(FIRST);
    await app.root.phoneLine.update({ where: { id }, data: { status } });
    expect(await setPrimaryPhoneNumber(app, { phoneLineId: id })).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE' }] });
  });
});

describe('holding our lines against what the carrier lists', () => {
  const HOUR = 3_600_000;

  test('a line whose number is gone is suspended with the reason, answers nobody, and is back with its number', async () => {
    const { id } = await buy(FIRST);
    line(await setPrimaryPhoneNumber(app, { phoneLineId: id }));
    const [number] = app.twin.numbers.owned.splice(0, 1);
    await checkLines(app);
    expect(await now(id)).toMatchObject({ status: 'ACTIVE' });
    app.clock.advance(HOUR);
    await checkLines(app);
    expect(await now(id)).toMatchObject({ status: 'SUSPENDED', suspendedReason: NOT_LISTED, isPrimary: false });
    expect(await primaries()).toEqual([LINE]);
    expect((await voice(FIRST)).body).toContain('not in service');
    if (number) app.twin.numbers.owned.push(number);
    await checkLines(app);
    expect(await now(id)).toMatchObject({ status: 'ACTIVE', suspendedReason: null });
  });

  test('calls that go elsewhere come to us again', async () => {
    await buy(FIRST);
    Object.assign(app.twin.numbers.owned[0] ?? {}, { voiceUrl: 'https://old.example.com/webhooks/twilio/voice' });
    await checkLines(app);
    expect(app.twin.numbers.owned[0]?.voiceUrl).toBe('https://voice.example.com/webhooks/twilio/voice');
  });

  test('what was bought for us and is no line is given back; what is not ours is left alone', async () => {
    const { id, carrierNumberId } = await buy(FIRST);
    await app.root.phoneLine.update({ where: { id }, data: { status: 'RELEASED' } });
    const urls = { voiceUrl: 'https://v', fallbackUrl: 'https://f', statusUrl: 'https://s' };
    app.twin.numbers.owned.push({ sid: `PN${'1'.repeat(32)}`, phoneNumber: '+13125550100', label: 'Front desk', ...urls });
    app.twin.numbers.owned.push({ sid: `PN${'2'.repeat(32)}`, phoneNumber: '+13125550101', label: `callgraph:${'3'.repeat(32)}`, ...urls });
    await checkLines(app);
    expect(app.enqueued.filter(({ type }) => type === 'NumberUnwanted')).toEqual([{ type: 'NumberUnwanted', workspaceId: app.workspace.id, carrierNumberId }]);
  });

  test('a carrier that does not answer changes nothing', async () => {
    const { id } = await buy(FIRST);
    app.clock.advance(HOUR);
    app.twin.script('GET', { type: 'garbage', status: 503, done: false });
    await expect(checkLines(app)).rejects.toThrow();
    expect(await now(id)).toMatchObject({ status: 'ACTIVE' });
  });
});

describe('the shared number', () => {
  const dial = (workspaceId: string, assistantId: string) => placeCall({ ...app, db: tenantDb(app.root, workspaceId) }, { to: CALLER, assistantId });
  async function consumer(name: string) {
    const { workspace, assistant } = await seedWorkspace(app.root, `+1312555010${name.length}`);
    await app.root.workspace.update({ where: { id: workspace.id }, data: { platform: 'CONSUMER', name } });
    await app.root.phoneLine.updateMany({ where: { workspaceId: workspace.id }, data: { status: 'RELEASED', isPrimary: false } });
    return { workspace, assistant };
  }

  test('is what consumers call from, and whoever calls it back reaches who called last', async () => {
    const [ada, eve] = [await consumer('Ada'), await consumer('Evelyn')];
    expect(await dial(ada.workspace.id, ada.assistant.id)).toMatchObject({ ok: true, value: { from: SHARED } });
    app.clock.advance(1_000);
    await dial(eve.workspace.id, eve.assistant.id);
    const { body } = await voice(SHARED);
    expect(body).toContain('<Connect');
    expect(await app.root.call.findFirst({ where: { direction: 'INBOUND' } })).toMatchObject({
      workspaceId: eve.workspace.id,
      assistantId: eve.assistant.id,
      from: CALLER,
      to: SHARED,
    });
  });

  test('tells somebody whom nobody called, or too long ago, so politely', async () => {
    const ada = await consumer('Ada');
    await dial(ada.workspace.id, ada.assistant.id);
    for (const from of ['+12125550199', 'anonymous', '']) expect((await voice(SHARED, from)).body).toMatch(/<Say[^>]*>Thank you for calling back\./);
    app.clock.advance(30 * 86_400_000 + 1_000);
    expect((await voice(SHARED)).body).toMatch(/<Say[^>]*>Thank you for calling back\./);
    expect(await app.root.call.count({ where: { direction: 'INBOUND' } })).toBe(0);
  });

  test('is for businesses only while one develops', async () => {
    await app.root.phoneLine.updateMany({ data: { status: 'RELEASED', isPrimary: false } });
    const business = { to: CALLER, assistantId: app.assistant.id };
    expect(await placeCall(app, business)).toMatchObject({ ok: false, problems: [{ code: 'ILLEGAL_STATE', permit: { granted: false } }] });
    const developing = { ...app, config: { ...app.config, production: false } };
    expect(await placeCall(developing, business)).toMatchObject({ ok: true, value: { from: SHARED } });
    await app.root.phoneLine.updateMany({ data: { status: 'ACTIVE' } });
    expect(await placeCall(developing, business)).toMatchObject({ ok: true, value: { from: LINE } });
  });

  test.each([
    ['CONSUMER', false, true],
    ['CONSUMER', true, true],
    ['BUSINESS', false, false],
    ['BUSINESS', true, true],
  ] as const)('a %s workspace, in development %s: %s', (platform, developmentMode, may) => {
    expect(mayUseSharedNumber({ platform, developmentMode })).toBe(may);
  });
});

describe('who may have a line', () => {
  test.each([
    [0, null],
    [19, null],
    [20, 'LIMIT_REACHED'],
  ] as const)('who has %i: %s', (held, code) => {
    expect(mayHaveLine({ held })?.code ?? null).toBe(code);
  });
});

describe('where a number is looked for', () => {
  test('an area code, its overlay and neighbours, its state, the country, and mobile numbers last', () => {
    expect(searchStages({ country: 'US', areaCode: '212' })).toEqual([
      { country: 'US', kind: 'LOCAL', areaCode: '212' },
      { country: 'US', kind: 'LOCAL', areaCode: '646' },
      { country: 'US', kind: 'LOCAL', areaCode: '332' },
      { country: 'US', kind: 'LOCAL', areaCode: '917' },
      { country: 'US', kind: 'LOCAL', areaCode: '718' },
      { country: 'US', kind: 'LOCAL', region: 'NY' },
      { country: 'US', kind: 'LOCAL' },
      { country: 'US', kind: 'MOBILE' },
    ]);
  });

  test('an area code decides between the US and Canada; one that is not known is tried all the same', () => {
    expect(searchStages({ country: 'US', areaCode: '416' }).every(({ country }) => country === 'CA')).toBe(true);
    expect(searchStages({ country: 'US', areaCode: '999' }).map(({ areaCode }) => areaCode)).toEqual(['999', undefined, undefined]);
    expect(searchStages({ country: 'GB' })).toEqual([
      { country: 'GB', kind: 'LOCAL' },
      { country: 'GB', kind: 'MOBILE' },
    ]);
  });

  test('every area code is its neighbours’ neighbour, in one region', () => {
    const { region, neighbours } = areaCodeAt('903') ?? { region: '', neighbours: [] };
    expect(region).toBe('TX');
    for (const code of neighbours) expect(areaCodeAt(code)).toMatchObject({ region, neighbours: expect.arrayContaining(['903']) });
  });
});
