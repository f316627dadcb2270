import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { ensureLine } from '../../src/domain/phone-lines/ensure-line.ts';
import { type ProvisionNumber, provisionPhoneNumber } from '../../src/domain/phone-lines/provision-number.ts';
import { reconcilePurchases } from '../../src/domain/phone-lines/reconcile-purchases.ts';
import { releasePhoneNumber } from '../../src/domain/phone-lines/release-line.ts';
import type { PhoneLine } from '../../src/generated/prisma/client.ts';
import { createClock } from '../../src/kit/clock.ts';
import type { Result } from '../../src/kit/errors.ts';
import { newId } from '../../src/kit/ids.ts';
import { type CallApp, callApp, seedWorkspace } from '../support/call-app.ts';
import { subscribe } from '../support/subscription.ts';

const NUMBER = '+14155550101';
let app: CallApp;

beforeEach(async () => {
  app = await callApp();
  for (const phoneNumber of [NUMBER, '+14155550102', '+12125550103']) app.twin.numbers.offers.push({ phoneNumber, country: 'US', kind: 'Local', region: 'CA' });
});
afterEach(async () => {
  expect(app.twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
});

// Whoever waits for somebody else's purchase waits by a clock that goes.
const provision = (input: ProvisionNumber = {}) => provisionPhoneNumber({ ...app, clock: createClock() }, input);
const line = (result: Result<PhoneLine>): PhoneLine => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problems)}`);
  return result.value;
};
const bought = () => app.twin.numbers.owned.map(({ phoneNumber }) => phoneNumber);
const orders = () => app.twin.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/IncomingPhoneNumbers.json'));
const problem = (code: string) => ({ ok: false, problems: [{ code }] });

describe('buying a number', () => {
  test('makes it a line whose calls come to us, labelled with its purchase', async () => {
    const made = line(await provision({ phoneNumber: '(415) 555-0101', assistantId: app.assistant.id }));
    expect(made).toMatchObject({
      phoneNumber: NUMBER,
      status: 'ACTIVE',
      carrier: 'TWILIO',
      assistantId: app.assistant.id,
      isPrimary: false,
      monthlyCostMicros: 1_150_000,
      carrierNumberId: app.twin.numbers.owned[0]?.sid,
    });
    const purchase = await app.root.numberPurchase.findFirstOrThrow();
    expect(purchase).toMatchObject({ status: 'BOUGHT', phoneLineId: made.id, phoneNumber: NUMBER });
    expect(app.twin.numbers.owned).toMatchObject([
      {
        label: `callgraph:${purchase.id}`,
        voiceUrl: 'https://voice.example.com/webhooks/twilio/voice',
        fallbackUrl: 'https://voice.example.com/webhooks/twilio/voice?fallback=1',
        statusUrl: 'https://voice.example.com/webhooks/twilio/status',
      },
    ]);
  });

  test('the intent stands before the carrier is asked', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    app.twin.script('POST', { type: 'slow', until: promise });
    const asked = app.twin.nextRequest();
    const made = provision({ phoneNumber: NUMBER });
    await asked;
    expect(await app.root.numberPurchase.findFirst()).toMatchObject({ status: 'PENDING', phoneNumber: NUMBER });
    expect(await app.root.phoneLine.count()).toBe(1);
    resolve();
    line(await made);
  });

  test('two clicks at once buy it once and name one line', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => provision({ phoneNumber: NUMBER })));
    expect(new Set(made.map((result) => line(result).id)).size).toBe(1);
    expect(orders()).toHaveLength(1);
    expect(line(await provision({ phoneNumber: NUMBER })).id).toBe(line(made[0] ?? problemless()).id);
  });

  test('a key is one number, however often it is asked for, also where the number is left to us', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => provision({ areaCode: '415', idempotencyKey: 'first number' })));
    expect(new Set(made.map((result) => line(result).id)).size).toBe(1);
    expect(line(await provision({ areaCode: '415', idempotencyKey: 'first number' })).id).toBe(line(made[0] ?? problemless()).id);
    expect(orders()).toHaveLength(1);
    expect(await provision({ phoneNumber: '+12125550103', idempotencyKey: 'first number' })).toMatchObject(problem('CONFLICT'));
  });

  test('a workspace without a line of its own makes it the primary one', async () => {
    await app.root.phoneLine.updateMany({ data: { status: 'RELEASED', isPrimary: false } });
    expect(line(await provision({ phoneNumber: NUMBER })).isPrimary).toBe(true);
  });

  test.each([
    [21422, 'CONFLICT', /taken/],
    [21631, 'UPSTREAM_REJECTED', /address/],
    [21649, 'UPSTREAM_REJECTED', /bundle/],
    [21421, 'INVALID', /does not sell/],
    [20429, 'UPSTREAM_REJECTED', /minute/],
  ] as const)('a refusal with %i is said in words, and can be tried again with its key', async (code, expected, words) => {
    app.twin.script('POST', { type: 'refuse', status: code === 20429 ? 429 : 400, code, message: 'no' });
    expect(await provision({ phoneNumber: NUMBER, idempotencyKey: 'k' })).toMatchObject({
      ok: false,
      problems: [{ code: expected, message: expect.stringMatching(words) }],
    });
    expect(await app.root.numberPurchase.findFirst()).toMatchObject({ status: 'REFUSED', error: expect.stringMatching(words) });
    line(await provision({ phoneNumber: NUMBER, idempotencyKey: 'k' }));
    expect(await app.root.numberPurchase.count()).toBe(1);
  });

  test('nothing is asked of the carrier where nothing may be bought', async () => {
    expect(await provision({ phoneNumber: 'mother' })).toMatchObject(problem('INVALID'));
    expect(await provision({ phoneNumber: NUMBER, assistantId: 'nobody' })).toMatchObject(problem('NOT_FOUND'));
    expect(await provisionPhoneNumber({ ...app, carrier: null }, { phoneNumber: NUMBER })).toMatchObject(problem('ILLEGAL_STATE'));
    await app.root.workspace.updateMany({ data: { suspendedAt: new Date() } });
    expect(await provision({ phoneNumber: NUMBER })).toMatchObject(problem('ILLEGAL_STATE'));
    const workspace = await app.root.workspace.update({ where: { id: app.db.$workspaceId }, data: { suspendedAt: null } });
    await subscribe(app.root, workspace.id, { planKey: 'CONSUMER_WEEKLY' });
    expect(await provision({ phoneNumber: NUMBER })).toMatchObject(problem('PLAN_REQUIRED'));
    expect(app.twin.requests).toEqual([]);
    expect(await app.root.numberPurchase.count()).toBe(0);
  });

  test('of many at once no more are bought than a workspace may have', async () => {
    for (let index = 0; index < 18; index++) await addLine(`+13125550${String(index + 100)}`);
    const wanted = Array.from({ length: 5 }, (_, index) => `+1415555020${index}`);
    for (const phoneNumber of wanted) app.twin.numbers.offers.push({ phoneNumber, country: 'US', kind: 'Local' });
    const made = await Promise.all(wanted.map((phoneNumber) => provision({ phoneNumber })));
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
    expect(made.filter(({ ok }) => !ok)[0]).toMatchObject(problem('LIMIT_REACHED'));
    expect(orders()).toHaveLength(1);
  });
});

describe('an order whose answer is lost', () => {
  test('is found at once, where the carrier lists it', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    expect(line(await provision({ phoneNumber: NUMBER, assistantId: app.assistant.id }))).toMatchObject({ phoneNumber: NUMBER, assistantId: app.assistant.id });
    expect(bought()).toEqual([NUMBER]);
  });

  test('is found later where the carrier stays silent, and the number becomes the line that it was to be', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    app.twin.script('GET', { type: 'break', done: false });
    expect(await provisionPhoneNumber(app, { phoneNumber: NUMBER, assistantId: app.assistant.id })).toMatchObject(problem('UPSTREAM_REJECTED'));
    app.clock.advance(59_000);
    await reconcilePurchases(app);
    expect(await app.root.numberPurchase.findFirst()).toMatchObject({ status: 'PENDING' });
    app.clock.advance(1_000);
    await Promise.all([reconcilePurchases(app), reconcilePurchases(app)]);
    expect(await app.db.phoneLine.findMany({ where: { phoneNumber: NUMBER } })).toMatchObject([{ status: 'ACTIVE', assistantId: app.assistant.id }]);
    expect(await app.root.numberPurchase.findFirst()).toMatchObject({ status: 'BOUGHT' });
    expect(bought()).toEqual([NUMBER]);
  });

  test('is given up where it never reached the carrier, and can be ordered again', async () => {
    app.twin.script('POST', { type: 'break', done: false });
    expect(await provisionPhoneNumber(app, { phoneNumber: NUMBER, idempotencyKey: 'k' })).toMatchObject(problem('UPSTREAM_REJECTED'));
    app.clock.advance(60_000);
    await reconcilePurchases(app);
    expect(await app.root.numberPurchase.findFirst()).toMatchObject({ status: 'PENDING' });
    app.clock.advance(60_000);
    await reconcilePurchases(app);
    expect(await app.root.numberPurchase.findFirst()).toMatchObject({ status: 'REFUSED', error: expect.stringContaining('never reached') });
    line(await provision({ phoneNumber: NUMBER, idempotencyKey: 'k' }));
  });

  test('of a process that died is looked after, once it is not waited for any more', async () => {
    const id = newId();
    const row = { id, workspaceId: app.workspace.id, phoneNumber: NUMBER, carrier: 'TWILIO' as const, status: 'PENDING' as const, createdAt: app.clock.now() };
    await app.root.numberPurchase.create({ data: row });
    await app.carrier.numbers.buy({ phoneNumber: NUMBER, label: `callgraph:${id}`, voiceUrl: 'https://v', fallbackUrl: 'https://f', statusUrl: 'https://s' });
    app.clock.advance(60_000);
    await reconcilePurchases(app);
    expect(await app.db.phoneLine.findFirst({ where: { phoneNumber: NUMBER } })).toMatchObject({ status: 'ACTIVE' });
  });

  test('is given back where the workspace was suspended meanwhile', async () => {
    app.twin.script('POST', { type: 'break', done: true });
    app.twin.script('GET', { type: 'break', done: false });
    await provisionPhoneNumber(app, { phoneNumber: NUMBER });
    await app.root.workspace.updateMany({ data: { suspendedAt: new Date() } });
    app.clock.advance(60_000);
    await reconcilePurchases(app);
    expect(await app.db.phoneLine.count({ where: { phoneNumber: NUMBER } })).toBe(0);
    expect(app.enqueued).toContainEqual({ type: 'NumberUnwanted', workspaceId: app.workspace.id, carrierNumberId: app.twin.numbers.owned[0]?.sid });
  });

  test('that comes after it was given up is given back', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    app.twin.script('POST', { type: 'slow', until: promise });
    const asked = app.twin.nextRequest();
    const made = provision({ phoneNumber: NUMBER });
    await asked;
    await app.root.numberPurchase.updateMany({ data: { status: 'REFUSED' } });
    resolve();
    expect(await made).toMatchObject(problem('CONFLICT'));
    expect(app.enqueued).toContainEqual(expect.objectContaining({ type: 'NumberUnwanted' }));
  });
});

describe('a line where one is needed', () => {
  beforeEach(() => app.root.phoneLine.updateMany({ data: { status: 'RELEASED', isPrimary: false } }));
  const ensure = (wish: Parameters<typeof ensureLine>[1] = {}) => ensureLine({ ...app, clock: createClock() }, wish);

  test('is bought once by many who need it, and not at all where there is one', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => ensure({ areaCode: '415' })));
    expect(new Set(made.map((result) => line(result).id)).size).toBe(1);
    expect(bought()).toEqual([NUMBER]);
    line(await ensure({ areaCode: '212' }));
    expect(bought()).toEqual([NUMBER]);
  });

  test('is of a neighbouring area code where the wished one is sold out', async () => {
    app.twin.numbers.offers.push({ phoneNumber: '+16285550104', country: 'US', kind: 'Local' });
    app.twin.numbers.offers.splice(0, 2);
    expect(line(await ensure({ areaCode: '415' })).phoneNumber).toBe('+16285550104');
  });

  test('is of the state where the neighbours are sold out, and else of the country', async () => {
    app.twin.numbers.offers.splice(0, 3, { phoneNumber: '+12125550103', country: 'US', kind: 'Local', region: 'NY' });
    app.twin.numbers.offers.push({ phoneNumber: '+16195550104', country: 'US', kind: 'Local', region: 'CA' });
    expect(line(await ensure({ areaCode: '415' })).phoneNumber).toBe('+16195550104');
    line(await releasePhoneNumber(app, { phoneLineId: line(await ensure()).id }));
    expect(line(await ensure({ areaCode: '415' })).phoneNumber).toBe('+12125550103');
  });

  test('is the next one where somebody was faster', async () => {
    app.twin.script('POST', { type: 'refuse', status: 400, code: 21422, message: 'not available' });
    expect(line(await ensure({ areaCode: '415' })).phoneNumber).toBe('+14155550102');
    expect(await app.root.numberPurchase.findMany()).toMatchObject([{ status: 'BOUGHT', phoneNumber: '+14155550102' }]);
  });

  test('is refused in words where there is none to be had', async () => {
    app.twin.numbers.offers.length = 0;
    expect(await ensure({ areaCode: '415' })).toMatchObject(problem('CONFLICT'));
    expect(await app.root.numberPurchase.count()).toBe(0);
    await app.root.workspace.updateMany({ data: { country: 'DE' } });
    app.twin.numbers.offers.push({ phoneNumber: '+4930231250105', country: 'DE', kind: 'Local', addressRequirements: 'local' });
    expect(await ensure()).toMatchObject({ ok: false, problems: [{ code: 'UPSTREAM_REJECTED', message: expect.stringContaining('address') }] });
  });
});

test('another workspace cannot have a number that is ours', async () => {
  line(await provision({ phoneNumber: NUMBER }));
  const other = await seedWorkspace(app.root, '+12025550199');
  const scope = { ...app, clock: createClock(), db: tenantDb(app.root, other.workspace.id) };
  expect(await provisionPhoneNumber(scope, { phoneNumber: NUMBER })).toMatchObject(problem('CONFLICT'));
  expect(await app.root.phoneLine.count({ where: { phoneNumber: NUMBER, status: 'ACTIVE' } })).toBe(1);
});

const addLine = (phoneNumber: string) =>
  app.root.phoneLine.create({ data: { id: newId(), workspaceId: app.workspace.id, phoneNumber, carrier: 'TWILIO', provisionedAt: new Date() } });

function problemless(): never {
  throw new Error('nothing was answered');
}
