import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyPaymentEvents } from '../../src/domain/billing/apply-payment-events.ts';
import { customerOf } from '../../src/domain/billing/customer.ts';
import { refreshSubscription } from '../../src/domain/billing/refresh-subscription.ts';
import { recoverEvents } from '../../src/domain/billing/sync-payments.ts';
import { DAY } from '../../src/kit/time.ts';
import { type BillingApp, billingApp, deliver } from '../support/billing-app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import type { AccountEvent } from '../support/stripe-account.ts';
import { PRICES, StripeLife } from '../support/stripe-life.ts';
import { thorough } from '../support/thorough.ts';

const ORDERS = thorough(100, 500);

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase(8);
});
afterAll(() => database[Symbol.asyncDispose]());

/** As the nightly job does it. */
async function sync(app: BillingApp): Promise<void> {
  await recoverEvents(app);
  await refreshSubscription(app);
  const events = await app.root.paymentEvent.findMany({ where: { processedAt: null, OR: subjectsOf(app) }, distinct: ['subject'] });
  for (const { subject } of events) if (subject) await applyPaymentEvents(app, { subject });
}

/** Others have events in the same database. */
const subjectsOf = ({ twin }: BillingApp) =>
  [...twin.account.customers.keys(), ...[...twin.account.invoices.values()].flatMap(({ paymentIntent }) => paymentIntent ?? [])].map((subject) => ({
    subject,
  }));

interface Step {
  readonly afterDays: number;
  act(lives: StripeLife[], app: BillingApp, customer: string): void;
  /** What the workspace has once all is delivered. */
  readonly then: string;
}

const first = (act: (life: StripeLife) => void) => (lives: StripeLife[]) => lives[0] && act(lives[0]);
const second = (act: (life: StripeLife) => void) => (lives: StripeLife[]) => lives[1] && act(lives[1]);
const begin = (price: string, trialDays: number) => (lives: StripeLife[], app: BillingApp, customer: string) =>
  void lives.push(new StripeLife(app.twin.account, { customer, workspaceId: app.workspaceId, price, trialDays }));

/** One that was tried, failed, was paid late, upgraded and canceled; and after it another whose money went back and came again. */
const STEPS: readonly Step[] = [
  { afterDays: 8, act: begin(PRICES.BUSINESS_BASIC, 7), then: 'BUSINESS_BASIC TRIALING' },
  { afterDays: 4, act: first((life) => life.trialEnds()), then: 'BUSINESS_BASIC TRIALING' },
  { afterDays: 3, act: first((life) => life.renew()), then: 'BUSINESS_BASIC ACTIVE' },
  { afterDays: 30, act: first((life) => life.renew({ paid: false })), then: 'BUSINESS_BASIC GRACE' },
  { afterDays: 2, act: first((life) => life.payLate()), then: 'BUSINESS_BASIC ACTIVE' },
  { afterDays: 1, act: first((life) => life.upgrade(PRICES.BUSINESS_PROFESSIONAL)), then: 'BUSINESS_PROFESSIONAL ACTIVE' },
  { afterDays: 1, act: first((life) => life.cancelAtPeriodEnd()), then: 'BUSINESS_PROFESSIONAL ACTIVE' },
  { afterDays: 26, act: first((life) => life.end()), then: 'BUSINESS_PROFESSIONAL CANCELED' },
  { afterDays: 5, act: begin(PRICES.BUSINESS_ENTERPRISE, 0), then: 'BUSINESS_ENTERPRISE ACTIVE' },
  { afterDays: 1, act: second((life) => life.refund(10_000)), then: 'BUSINESS_ENTERPRISE ACTIVE' },
  { afterDays: 1, act: second((life) => life.refund(29_900)), then: 'BUSINESS_ENTERPRISE EXPIRED' },
  // What went back before is told of for 30 days, and the sync comes within them.
  { afterDays: 12, act: second((life) => life.renew()), then: 'BUSINESS_ENTERPRISE ACTIVE' },
  {
    afterDays: 2,
    act: second((life) => {
      life.dispute('created', 'needs_response');
      life.dispute('funds_withdrawn', 'needs_response');
    }),
    then: 'BUSINESS_ENTERPRISE PAST_DUE',
  },
  {
    afterDays: 10,
    act: second((life) => {
      life.dispute('closed', 'won');
      life.dispute('funds_reinstated', 'won');
    }),
    then: 'BUSINESS_ENTERPRISE ACTIVE',
  },
  { afterDays: 1, act: second((life) => life.cancelAtPeriodEnd()), then: 'BUSINESS_ENTERPRISE ACTIVE' },
];

interface End {
  readonly state: Record<string, unknown>;
  readonly books: Record<string, number>;
}

/** Ids differ from account to account by its mark. */
const comparable = async (app: BillingApp, mark: string): Promise<End> =>
  JSON.parse(JSON.stringify({ state: await app.state(), books: await app.books() }).replaceAll(mark, ''));

async function inOrder(mark: string): Promise<End> {
  await using app = await billingApp(database, { mark });
  const customer = await customerOf(app);
  const lives: StripeLife[] = [];
  let told = 0;
  for (const { afterDays, act, then } of STEPS) {
    app.clock.advance(afterDays * DAY);
    act(lives, app, customer);
    for (const event of app.twin.account.events.slice(told)) {
      const subject = await deliver(app, event);
      if (subject) expect(await applyPaymentEvents(app, { subject })).toBe('done');
    }
    told = app.twin.account.events.length;
    expect(await app.standing()).toBe(then);
  }
  expect(app.twin.violations).toEqual([]);
  expect(app.mailer.mails.map(({ subject }) => subject)).toEqual(['Your trial of Basic ends on Tuesday, March 17, 2026']);
  return comparable(app, mark);
}

/** A small generator of the same numbers for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Events arrive whenever they like: before later steps, after them, twice, or never; jobs run at any moment, and two at once. */
async function inDisorder(seed: number): Promise<End> {
  const chance = random(seed);
  const mark = `x${seed}x`;
  await using app = await billingApp(database, { mark });
  const customer = await customerOf(app);
  const lives: StripeLife[] = [];
  const onTheWay: AccountEvent[] = [];
  let told = 0;
  const arrive = async (share: number) => {
    const subjects = new Set<string>();
    for (let count = Math.ceil(onTheWay.length * share); count > 0; count--) {
      const [event] = onTheWay.splice(Math.floor(chance() * onTheWay.length), 1);
      const subject = event && (await deliver(app, event));
      if (subject) subjects.add(subject);
    }
    for (const subject of subjects) {
      if (chance() < 0.1) await Promise.all([applyPaymentEvents(app, { subject }), applyPaymentEvents(app, { subject })]);
      else if (chance() < 0.4) await applyPaymentEvents(app, { subject });
    }
  };
  for (const { afterDays, act } of STEPS) {
    app.clock.advance(afterDays * DAY);
    act(lives, app, customer);
    for (const event of app.twin.account.events.slice(told)) {
      if (chance() < 0.2) continue;
      onTheWay.push(event);
      if (chance() < 0.3) onTheWay.push(event);
    }
    told = app.twin.account.events.length;
    if (chance() < 0.5) await arrive(chance() * 0.6);
  }
  // Some come before the sync, and some after it.
  await arrive(0.5);
  await sync(app);
  await arrive(1);
  expect(app.twin.violations).toEqual([]);
  return comparable(app, mark);
}

test('two lives in order: every state on the way', async () => {
  const { state, books } = await inOrder('told');
  expect(state).toMatchObject({ planKey: 'BUSINESS_ENTERPRISE', status: 'ACTIVE', source: 'STRIPE', cancelsAtPeriodEnd: true, graceEndsAt: null });
  expect(Object.values(books).reduce((sum, amount) => sum + amount, 0)).toBe(4_999 + 4_999 + 4_901 + 29_900);
});

test(`two lives in ${ORDERS} random orders, with duplicates and losses and one sync, end as they do in order`, { timeout: 600_000 }, async () => {
  const expected = await inOrder('ordered');
  const seeds = Array.from({ length: ORDERS }, (_, index) => index + 1);
  const different: unknown[] = [];
  const worker = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const end = await inDisorder(seed);
      if (JSON.stringify(end) !== JSON.stringify(expected)) different.push({ seed, end });
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  if (different.length > 0) expect(different[0]).toEqual({ end: expected });
});
