import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TenantDb, tenantDb } from '../../src/db/tenant.ts';
import { transact } from '../../src/db/transaction.ts';
import { businessMetrics, monthlyCents } from '../../src/domain/billing/business-metrics.ts';
import { CATALOGUE, isTrial, type PlanKey, plansOf } from '../../src/domain/plans/catalogue.ts';
import { recordRevenue } from '../../src/domain/plans/record-revenue.ts';
import { type SubscriptionState, setSubscription } from '../../src/domain/plans/set-subscription.ts';
import { subscriptionOf } from '../../src/domain/plans/subscription-of.ts';
import type { Platform, Prisma } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { DAY, HOUR } from '../../src/kit/time.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';

const START = new Date('2026-01-01T00:00:00Z');
const DAYS = 200;
const WORKSPACES = 60;

/** The same life in every run (a linear congruential generator, Numerical Recipes). */
let state = 7;
const chance = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)] as T;

/** What the test itself saw happen, in words of its own. */
interface Story {
  readonly platform: Platform;
  readonly madeAt: Date;
  readonly trialOpened: boolean;
  firstPaidAt: Date | null;
  /** From when on it was paid for, with what, through whom; and until when. */
  readonly paid: { from: Date; planKey: PlanKey; source: string; to: Date | null }[];
  readonly renewals: Date[];
  readonly ends: Date[];
}

let database: TestDatabase;
let clock: ManualClock;
const stories: Story[] = [];
const money: { at: Date; cents: number }[] = [];
const costs: { at: Date; micros: number }[] = [];
const numbers: { at: Date; workspaceId: string }[] = [];

beforeAll(async () => {
  database = await testDatabase();
  clock = manualClock(START);
  const events = { enqueue: async () => {}, announce: async () => {} };
  const people: { db: TenantDb; story: Story; state: SubscriptionState | null }[] = [];
  const change = async (person: (typeof people)[number], next: SubscriptionState) => {
    person.state = next;
    const input = { workspaceId: person.db.$workspaceId, state: next };
    // Told twice, as payment services do.
    for (let times = 0; times < 2; times++) await transact({ db: person.db, events }, (tx, emit) => setSubscription({ tx, emit, clock }, input));
  };
  for (let day = 0; day < DAYS; day++) {
    clock.advance(DAY - (day % 2 === 0 ? HOUR : -HOUR));
    const now = clock.now();
    if (people.length < WORKSPACES && chance() < 0.6) {
      const platform = chance() < 0.5 ? 'CONSUMER' : 'BUSINESS';
      const id = newId();
      await database.root.workspace.create({ data: { id, name: `W${day}`, platform, country: 'US', timeZone: 'UTC', createdAt: now } });
      const db = tenantDb(database.root, id);
      await subscriptionOf({ db, events });
      const story: Story = { platform, madeAt: now, trialOpened: true, firstPaidAt: null, paid: [], renewals: [], ends: [] };
      stories.push(story);
      people.push({ db, story, state: null });
    }
    for (const person of people) {
      const { story, db } = person;
      const workspaceId = db.$workspaceId;
      if (chance() < 0.1) {
        const callId = newId();
        const call = { id: callId, workspaceId, direction: 'INBOUND', status: 'ENDED', carrier: 'TWILIO', from: '+12025550142', to: '+12025550100' } as const;
        await database.root.call.create({ data: { ...call, plan: {}, createdAt: now } });
        const micros = Math.floor(chance() * 900_000);
        const cost: Prisma.CallCostUncheckedCreateInput = {
          id: newId(),
          workspaceId,
          callId,
          item: 'carrier-minutes',
          quantity: 1,
          unit: 'minute',
          amountMicros: BigInt(micros),
          source: 'prices',
          key: 'k',
          createdAt: now,
        };
        await database.root.callCost.create({ data: cost });
        costs.push({ at: now, micros });
      }
      if (chance() < 0.02) {
        await database.root.phoneLine.create({
          data: {
            id: newId(),
            workspaceId,
            phoneNumber: `+1202${Math.floor(chance() * 9_000_000) + 1_000_000}`,
            carrier: 'TWILIO',
            status: 'RELEASED',
            provisionedAt: now,
          },
        });
        numbers.push({ at: now, workspaceId });
      }
      const last = story.paid.at(-1);
      const open = last && last.to === null ? last : null;
      const state = person.state;
      if (!open || !state) {
        if (chance() > 0.05) continue;
        const { key: planKey } = oneOf(plansOf(story.platform).filter(({ key }) => !isTrial(key)));
        const source = chance() < 0.15 ? 'STAFF' : story.platform === 'CONSUMER' ? 'APP_STORE' : 'STRIPE';
        story.paid.push({ from: now, planKey, source, to: null });
        if (story.firstPaidAt === null) story.firstPaidAt = source === 'STAFF' ? new Date(0) : now;
        const periodEnds = new Date(now.getTime() + (CATALOGUE[planKey].interval === 'WEEK' ? 7 : 30) * DAY);
        await change(person, {
          planKey,
          status: 'ACTIVE',
          source,
          externalId: newId(),
          graceEndsAt: null,
          currentPeriodStartsAt: now,
          currentPeriodEndsAt: periodEnds,
          cancelsAtPeriodEnd: false,
        });
        continue;
      }
      const [endsAt, die] = [state.currentPeriodEndsAt ?? now, chance()];
      if (now >= endsAt) {
        const next = new Date(endsAt.getTime() + (CATALOGUE[state.planKey].interval === 'WEEK' ? 7 : 30) * DAY);
        if (state.cancelsAtPeriodEnd || (state.status === 'PAST_DUE' && chance() < 0.3)) {
          open.to = now;
          story.ends.push(now);
          await change(person, { ...state, status: state.cancelsAtPeriodEnd ? 'CANCELED' : 'EXPIRED' });
        } else if (state.status !== 'PAST_DUE' && chance() < 0.2) {
          await change(person, { ...state, status: 'PAST_DUE', graceEndsAt: new Date(endsAt.getTime() + 3 * DAY) });
        } else {
          story.renewals.push(now);
          await change(person, { ...state, status: 'ACTIVE', graceEndsAt: null, currentPeriodStartsAt: endsAt, currentPeriodEndsAt: next });
          if (open.source !== 'STAFF') {
            const cents = CATALOGUE[state.planKey].priceCents;
            money.push({ at: now, cents });
            const revenue = { workspaceId, source: state.source, key: newId(), planKey: state.planKey, amountMinor: cents, currency: 'usd', at: now };
            for (let times = 0; times < 2; times++) await transact({ db, events }, (tx) => recordRevenue(tx, revenue));
          }
        }
      } else if (state.status === 'ACTIVE' && die < 0.02) {
        await change(person, { ...state, cancelsAtPeriodEnd: !state.cancelsAtPeriodEnd });
      } else if (state.status === 'ACTIVE' && story.platform === 'BUSINESS' && die < 0.04) {
        const planKey = oneOf((['BUSINESS_BASIC', 'BUSINESS_PROFESSIONAL', 'BUSINESS_ENTERPRISE'] as const).filter((key) => key !== state.planKey));
        open.to = now;
        story.paid.push({ from: now, planKey, source: open.source, to: null });
        await change(person, { ...state, planKey });
      } else if (money.length > 0 && die > 0.995) {
        money.push({ at: now, cents: -4_999 });
        const refund = { workspaceId, source: 'STRIPE' as const, key: newId(), planKey: null, amountMinor: -4_999, currency: 'USD', at: now };
        await transact({ db, events }, (tx) => recordRevenue(tx, refund));
      }
    }
  }
}, 120_000);
afterAll(() => database[Symbol.asyncDispose]());

test('the figures of any days are those that somebody counts who saw every single thing happen', async () => {
  const spans = [
    [0, DAYS + 10],
    ...Array.from({ length: 40 }, () => [Math.floor(chance() * DAYS), Math.floor(chance() * DAYS)].toSorted((one, other) => one - other)),
  ];
  let seen = 0;
  for (const [first = 0, last = 0] of spans) {
    const [from, to] = [new Date(START.getTime() + first * DAY), new Date(START.getTime() + last * DAY)];
    const within = (at: Date | null) => at !== null && at >= from && at < to;
    const started = stories.filter(({ madeAt }) => within(madeAt));
    const converted = started.filter(({ firstPaidAt }) => firstPaidAt !== null && firstPaidAt.getTime() > 0);
    const active = stories.flatMap(({ platform, paid }) =>
      paid.filter((period) => period.from < to && (period.to === null || period.to >= to)).map((period) => ({ platform, ...period })),
    );
    const paying = active.filter(({ source }) => source !== 'STAFF');
    let yearly = 0;
    for (const { planKey } of paying) yearly += planKey === 'CONSUMER_WEEKLY' ? 499 * 52 : CATALOGUE[planKey].priceCents * 12;
    const recurring = Math.round(yearly / 12);
    const costCents = Math.round(costs.filter(({ at }) => within(at)).reduce((sum, { micros }) => sum + micros, 0) / 10_000);
    const earned = money.filter(({ at }) => within(at)).reduce((sum, { cents }) => sum + cents, 0);
    const got = numbers.filter(({ at }) => within(at));
    const metrics = await businessMetrics(database.root, { from, to });
    const counted = (of: readonly { platform: Platform }[]) =>
      (['CONSUMER', 'BUSINESS'] as const).map((platform) => ({ platform, count: of.filter((one) => one.platform === platform).length }));
    expect(metrics).toMatchObject({
      signUps: counted(started),
      activeSubscriptions: counted(active),
      trialsStarted: started.length,
      trialsConverted: converted.length,
      trialConversion: started.length === 0 ? 0 : converted.length / started.length,
      monthlyRecurringRevenue: { amount: recurring, currency: 'USD' },
      averageRevenuePerWorkspace: { amount: paying.length === 0 ? 0 : Math.round(recurring / paying.length) },
      renewals: stories.flatMap(({ renewals }) => renewals).filter(within).length,
      churned: stories.flatMap(({ ends }) => ends).filter(within).length,
      callCost: { amount: costCents },
      margin: { amount: earned - costCents },
    });
    expect(metrics.featureUse).toContainEqual({
      feature: 'DEDICATED_NUMBER',
      uses: got.length,
      workspaces: new Set(got.map(({ workspaceId }) => workspaceId)).size,
    });
    for (const { amount } of [metrics.monthlyRecurringRevenue, metrics.averageRevenuePerWorkspace, metrics.callCost, metrics.margin])
      expect(Number.isSafeInteger(amount)).toBe(true);
    seen += metrics.renewals + metrics.churned;
  }
  // It was a life worth counting.
  expect(seen).toBeGreaterThan(100);
  expect(stories.flatMap(({ ends }) => ends).length).toBeGreaterThan(5);
});

test('what subscriptions bring a month is rounded once, to whole cents', () => {
  expect(monthlyCents([{ planKey: 'CONSUMER_WEEKLY', count: 1 }])).toBe(2_162);
  expect(monthlyCents([{ planKey: 'CONSUMER_WEEKLY', count: 3 }])).toBe(6_487);
  expect(
    monthlyCents([
      { planKey: 'BUSINESS_BASIC', count: 2 },
      { planKey: 'BUSINESS_TRIAL', count: 9 },
    ]),
  ).toBe(9_998);
  expect(monthlyCents([])).toBe(0);
});
