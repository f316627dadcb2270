import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { daysBefore, evenShares, rentOfDay } from '../../src/domain/calls/costs/rental-shares.ts';
import { shareRental } from '../../src/domain/calls/costs/share-rental.ts';
import { newId } from '../../src/kit/ids.ts';
import { DAY, HOUR, MINUTE } from '../../src/kit/time.ts';
import { type CallApp, callApp, LINE } from '../support/call-app.ts';
import { endedCall } from '../support/ended-call.ts';

test('shares add up to the millionth, and differ by one at most', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10_000_000n }), fc.integer({ min: 1, max: 500 }), (micros, among) => {
      const shares = evenShares(micros, among);
      expect(shares).toHaveLength(among);
      expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(micros);
      expect((shares[0] ?? 0n) - (shares.at(-1) ?? 0n)).toBeLessThanOrEqual(1n);
    }),
  );
});

test('twelve months are a year of days, and days are whole ones of UTC', () => {
  expect([rentOfDay(1_150_000), rentOfDay(0)]).toEqual([37_808n, 0n]);
  expect(daysBefore(new Date('2026-03-01T00:00:00Z'), 2)).toEqual([
    { from: new Date('2026-02-28T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') },
    { from: new Date('2026-02-27T00:00:00Z'), to: new Date('2026-02-28T00:00:00Z') },
  ]);
});

describe("a number's rent", () => {
  let app: CallApp;
  let midnight: number;
  beforeEach(async () => {
    app = await callApp();
    midnight = Math.floor(app.clock.now().getTime() / DAY) * DAY;
    await app.root.phoneLine.updateMany({
      where: { phoneNumber: LINE },
      data: { carrierNumberId: 'PN1', monthlyCostMicros: 1_150_000, provisionedAt: new Date(0) },
    });
  });
  afterEach(() => app[Symbol.asyncDispose]());

  let calls = 0;
  const call = (at: number, more: Partial<Parameters<typeof endedCall>[1]> = {}) =>
    endedCall(app, { carrierCallId: `CA${String(++calls).padStart(32, '0')}`, createdAt: new Date(at), ...more });
  const shares = async () =>
    (await app.root.callCost.findMany({ where: { item: 'number-rental' }, orderBy: [{ createdAt: 'asc' }, { callId: 'asc' }] })).map(
      ({ callId, amountMicros, quantity }) => ({ callId, amountMicros, quantity }),
    );

  test('is shared among the answered calls of each day that is over, once', async () => {
    const before = await call(midnight - 25 * HOUR);
    const [first, last] = [await call(midnight - DAY), await call(midnight - 1, { direction: 'OUTBOUND', from: LINE, to: '+12025550142' })];
    await call(midnight - HOUR, { answeredAt: null, status: 'FAILED', outcome: 'NO_ANSWER' });
    await call(midnight - HOUR, { to: '+12025550177' });
    await call(midnight);
    expect([await shareRental(app), await shareRental(app)]).toEqual([3, 0]);
    expect(await shares()).toEqual([
      { callId: before.id, amountMicros: 37_808n, quantity: 1 },
      { callId: first.id, amountMicros: 18_904n, quantity: 0.5 },
      { callId: last.id, amountMicros: 18_904n, quantity: 0.5 },
    ]);
    // What becomes known later of a day that was shared out changes nothing.
    await call(midnight - 2 * MINUTE);
    expect(await shareRental(app)).toBe(0);
    app.clock.advance(DAY);
    expect(await shareRental(app)).toBe(1);
  });

  test('is shared out whole on a day of ten thousand calls', async () => {
    const { id } = await call(midnight - HOUR);
    await app.root.$executeRaw`
      INSERT INTO "Call" SELECT (jsonb_populate_record(c, jsonb_build_object('id', 'more-' || nth, 'carrierCallId', NULL))).*
      FROM "Call" c, generate_series(1, 9999) AS nth WHERE c."id" = ${id}`;
    expect(await shareRental(app)).toBe(10_000);
    expect((await shares()).reduce((sum, { amountMicros }) => sum + amountMicros, 0n)).toBe(37_808n);
  });

  test('belongs to the month of the day', async () => {
    await call(midnight - HOUR);
    await shareRental(app);
    expect(await app.root.callCost.findFirstOrThrow({ where: { item: 'number-rental' } })).toMatchObject({
      createdAt: new Date(midnight - 1),
      unit: 'day',
      source: 'carrier',
    });
  });

  test('is nobody else’s: not of a workspace that had the number before, and none where nobody bought it', async () => {
    const mine = await call(midnight - HOUR);
    const other = { id: newId(), name: 'Before', platform: 'BUSINESS', country: 'US', timeZone: 'America/New_York', createdAt: new Date(0) } as const;
    await app.root.workspace.create({ data: other });
    const line = { workspaceId: other.id, phoneNumber: LINE, carrier: 'TWILIO', monthlyCostMicros: 1_150_000, provisionedAt: new Date(0) } as const;
    await app.root.phoneLine.create({ data: { ...line, id: newId(), carrierNumberId: 'PN0', status: 'RELEASED', releasedAt: new Date(midnight - 3 * HOUR) } });
    expect(await shareRental(app)).toBe(1);
    expect((await shares()).map(({ callId }) => callId)).toEqual([mine.id]);

    await app.root.callCost.deleteMany({});
    await app.root.phoneLine.updateMany({ where: { phoneNumber: LINE }, data: { carrierNumberId: null } });
    expect(await shareRental(app)).toBe(0);
  });
});
