import { expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { measure } from '../../src/domain/usage/measure.ts';
import { periodsAt } from '../../src/domain/usage/periods.ts';
import { usageByMonth, usageOf } from '../../src/domain/usage/usage-of.ts';
import type { Prisma } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { DAY, HOUR, MINUTE } from '../../src/kit/time.ts';
import { testDatabase } from '../support/database.ts';
import { manualClock } from '../support/manual-clock.ts';
import { subscribe } from '../support/subscription.ts';

/** The same numbers in every run (a linear congruential generator, Numerical Recipes). */
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const EVENTS = 100_000;
const FROM = Date.parse('2025-01-15T00:00:00Z');
const SPAN_MS = 500 * DAY;
// Clock changes in March, October and November, in April the other way round, by half an hour, and none.
const ZONES = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca'];
/** Around which moments many things happen: clock changes, ends of months and years, in one zone or another. */
const EDGES = ['2025-03-09T07:00:00Z', '2025-10-26T01:00:00Z', '2025-12-31T23:00:00Z', '2026-03-01T05:00:00Z', '2026-03-29T01:00:00Z', '2026-04-04T15:00:00Z'];

test('over 100,000 random events, across clock changes and ends of months, what usage shows is the sum of the ledger', { timeout: 120_000 }, async () => {
  await using database = await testDatabase();
  const { root, pool } = database;
  const next = chance(20_260_310);
  const within = (most: number) => Math.floor(next() * most);
  const someTime = () =>
    next() < 0.3 ? new Date(Date.parse(EDGES[within(EDGES.length)] ?? '') + (within(96) - 48) * HOUR + within(HOUR)) : new Date(FROM + within(SPAN_MS));

  const workspaces = ZONES.map((timeZone) => ({ id: newId(), timeZone }));
  await root.workspace.createMany({
    data: workspaces.map((workspace) => ({ ...workspace, name: workspace.timeZone, platform: 'BUSINESS', country: 'US', createdAt: new Date(FROM) })),
  });
  for (const { id } of workspaces) await subscribe(root, id);

  const entries: Prisma.UsageEntryCreateManyInput[] = Array.from({ length: EVENTS }, (_, index) => {
    const at = someTime();
    const kind = (['SETTLED', 'SETTLED', 'RELEASED', 'RESERVED'] as const)[within(4)] ?? 'SETTLED';
    const counts = kind === 'SETTLED';
    return {
      id: newId(),
      workspaceId: workspaces[index % workspaces.length]?.id ?? '',
      callId: newId(),
      kind,
      phase: kind === 'RESERVED' ? 0 : 1,
      planKey: 'BUSINESS_ENTERPRISE',
      calls: counts ? 1 : 0,
      seconds: counts ? within(1_800) : 0,
      at,
      createdAt: at,
    };
  });
  // Through the client they would take a minute.
  const store = `insert into "UsageEntry" (id, "workspaceId", "callId", kind, phase, "planKey", calls, seconds, at, "createdAt")
    select id, "workspaceId", "callId", kind, phase, "planKey", calls, seconds, at, "createdAt" from jsonb_populate_recordset(null::"UsageEntry", $1)`;
  for (let start = 0; start < EVENTS; start += 20_000) await pool.query(store, [JSON.stringify(entries.slice(start, start + 20_000))]);

  let compared = 0;
  for (const { id: workspaceId, timeZone } of workspaces) {
    // The slow way: each event's date on the wall of the zone, told apart by what a calendar prints.
    const dated = entries
      .filter((entry) => entry.workspaceId === workspaceId && entry.kind === 'SETTLED')
      .map((entry) => ({ seconds: entry.seconds, date: wallDate(new Date(entry.at), timeZone) }));
    const sum = (same: (date: Temporal.PlainDate) => boolean) => {
      const those = dated.filter(({ date }) => same(date));
      return { calls: those.length, seconds: those.reduce((seconds, one) => seconds + one.seconds, 0) };
    };
    const moments = [...EDGES.flatMap((edge) => [-1, 0, 1].map((ms) => new Date(Date.parse(edge) + ms))), ...Array.from({ length: 12 }, someTime)];
    const boundaries = moments.slice(0, 6).flatMap((moment) => {
      const { day, month } = periodsAt(moment, timeZone);
      return [day.from, new Date(day.to.getTime() - 1), month.to];
    });
    for (const now of [...moments, ...boundaries]) {
      const today = wallDate(now, timeZone);
      const measured = await measure(root, { workspaceId, periods: periodsAt(now, timeZone), trial: null });
      const month = sum((date) => date.year === today.year && date.month === today.month);
      expect({ now, ...measured }).toMatchObject({
        callsToday: sum((date) => date.equals(today)).calls,
        callsThisWeek: sum((date) => date.yearOfWeek === today.yearOfWeek && date.weekOfYear === today.weekOfYear).calls,
        callsThisMonth: month.calls,
        secondsThisMonth: month.seconds,
      });
      compared += 1;
    }
    const clock = manualClock(new Date(FROM + SPAN_MS));
    const scope = { db: tenantDb(root, workspaceId), clock, events: { enqueue: async () => {}, announce: async () => {} } };
    const months = await usageByMonth(scope, { months: 18 });
    for (const { month, calls, seconds } of months) {
      expect({ month, calls, seconds }).toEqual({ month, ...sum((date) => date.with({ day: 1 }).toString() === month) });
    }
    expect(months.reduce((calls, month) => calls + month.calls, 0)).toBe(dated.length);
    expect((await usageOf(scope)).callsTotal).toBe(dated.length);
  }
  expect(compared).toBe(ZONES.length * (EDGES.length * 3 + 12 + 18));
});

/** The date that a calendar on the wall shows. */
function wallDate(at: Date, timeZone: string): Temporal.PlainDate {
  const key = `${timeZone}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(key, format);
  return Temporal.PlainDate.from(format.format(at));
}
const formats = new Map<string, Intl.DateTimeFormat>();

test('the cost of a month is the sum of millionths, rounded to a cent once', async () => {
  await using database = await testDatabase();
  const { root } = database;
  const now = new Date('2026-03-31T20:00:00Z');
  const workspaceId = newId();
  await root.workspace.create({ data: { id: workspaceId, name: 'A', platform: 'BUSINESS', country: 'US', timeZone: 'America/New_York', createdAt: now } });
  const scope = { db: tenantDb(root, workspaceId), clock: manualClock(now), events: { enqueue: async () => {}, announce: async () => {} } };
  const call = { workspaceId, direction: 'INBOUND', status: 'ENDED', carrier: 'TWILIO', from: '+12025550142', to: '+12025550100', plan: {} } as const;
  const callId = newId();
  await root.call.create({ data: { ...call, id: callId, createdAt: now } });
  const cost = (key: string, micros: bigint, createdAt: Date) =>
    root.callCost.create({
      data: { id: newId(), workspaceId, callId, item: 'carrier-minutes', quantity: 1, unit: 'minute', amountMicros: micros, source: 'prices', key, createdAt },
    });
  for (let index = 0; index < 3; index++) await cost(`a${index}`, 4_000n, new Date(now.getTime() - index * MINUTE));
  await cost('april', 9_000_000n, new Date('2026-04-01T04:00:00Z'));
  expect((await usageOf(scope)).costThisMonth).toEqual({ amount: 1, currency: 'USD' });
  expect((await usageByMonth(scope, { months: 2 })).map(({ month, cost }) => [month, cost.amount])).toEqual([
    ['2026-03-01', 1],
    ['2026-02-01', 0],
  ]);
});
