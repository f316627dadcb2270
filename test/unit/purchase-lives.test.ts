import { afterAll, beforeAll, expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { applyStoreNotices, type StoreApp } from '../../src/domain/billing/apply-store-notices.ts';
import { storePaymentEvent } from '../../src/domain/billing/payment-events.ts';
import { redeemPurchase } from '../../src/domain/billing/redeem-purchase.ts';
import { DAY } from '../../src/kit/time.ts';
import { appStoreReceipts } from '../../src/vendors/app-store/receipts.ts';
import { APP_ID, type AppStoreTwin, BUNDLE_ID, startAppStoreTwin } from '../support/app-store-twin.ts';
import { type BillingApp, billingApp } from '../support/billing-app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { notification, renewal, transaction } from '../support/purchase-life.ts';

let database: TestDatabase;
let lineNumber = 0;

beforeAll(async () => {
  database = await testDatabase(8);
});
afterAll(() => database[Symbol.asyncDispose]());

interface PurchaseApp extends AsyncDisposable {
  readonly app: BillingApp & StoreApp;
  readonly store: AppStoreTwin;
  /** The line of purchases. */
  readonly line: string;
  /** What happened to it, as notifications, in order. */
  readonly told: string[];
  /** Goes on by some days; the store tells of it. */
  happen(step: Step): void;
  deliver(payload: string): Promise<'done' | 'unknown' | 'none'>;
}

/** @param asks whether the store may be asked; else what it signed counts. */
async function purchaseApp({ asks, boughtFor }: { asks: boolean; boughtFor?: (app: BillingApp) => string }): Promise<PurchaseApp> {
  const base = await billingApp(database, { platform: 'CONSUMER' });
  const store = await startAppStoreTwin({ now: () => base.clock.now() });
  const verifying = {
    bundleId: BUNDLE_ID,
    appId: APP_ID,
    rootCertificates: [store.chain.root.der],
    environments: ['PRODUCTION'] as const,
    onlineChecks: false,
  };
  const app = { ...base, receipts: appStoreReceipts({ ...verifying, api: asks ? store.apiKey : null, apiUrl: store.url, clock: base.clock }) };
  const line = String(2_000_000_000_000_000 + ++lineNumber * 1_000);
  const told: string[] = [];
  let period = 0;
  let current: Record<string, unknown> = {};
  return {
    app,
    store,
    line,
    told,
    happen({ afterDays, type, subtype, status, renews = {}, begins = false, bought = {} }) {
      app.clock.advance(afterDays * DAY);
      const at = app.clock.now().getTime();
      if (begins) {
        period += 1;
        const token = boughtFor ? { appAccountToken: boughtFor(app) } : {};
        current = { ...transaction({ at }), originalTransactionId: line, transactionId: String(Number(line) + period), ...token };
      }
      current = { ...current, signedDate: at, ...bought };
      // Taken back: the store does not say when something that is good now was not.
      if (current.revocationDate === null) delete current.revocationDate;
      const renewing = { ...renewal({ at }), originalTransactionId: line, ...renews };
      store.lines.set(line, { status, transaction: current, renewal: renewing });
      told.push(notification(store, type, { at, status, transaction: current, renewal: renewing, ...(subtype && { subtype }) }));
    },
    async deliver(payload) {
      const { id, type, at, state } = await app.receipts.readNotification(payload);
      const subject = state?.originalTransactionId ?? null;
      await storePaymentEvent(app, { vendor: 'APP_STORE', id, type, at, subject, payload: { ...state } });
      return subject ? applyStoreNotices(app, { subject }) : 'none';
    },
    async [Symbol.asyncDispose]() {
      expect(store.violations).toEqual([]);
      await store[Symbol.asyncDispose]();
      await base[Symbol.asyncDispose]();
    },
  };
}

interface Step {
  readonly afterDays: number;
  readonly type: string;
  readonly subtype?: string;
  readonly status: number;
  /** Whether a new period begins. */
  readonly begins?: boolean;
  readonly bought?: Record<string, unknown>;
  readonly renews?: object;
  /** What the workspace has then. */
  readonly then: string;
}

/** When the tenth of these happens. */
const AT = Date.UTC(2026, 3, 3, 15);
const LIFE: readonly Step[] = [
  { afterDays: 8, type: 'SUBSCRIBED', subtype: 'INITIAL_BUY', status: 1, begins: true, then: 'ACTIVE' },
  { afterDays: 7, type: 'DID_RENEW', status: 1, begins: true, then: 'ACTIVE' },
  { afterDays: 1, type: 'PRICE_INCREASE', subtype: 'PENDING', status: 1, renews: { priceIncreaseStatus: 0 }, then: 'ACTIVE' },
  { afterDays: 1, type: 'DID_CHANGE_RENEWAL_STATUS', subtype: 'AUTO_RENEW_DISABLED', status: 1, renews: { autoRenewStatus: 0 }, then: 'ACTIVE' },
  { afterDays: 1, type: 'DID_CHANGE_RENEWAL_STATUS', subtype: 'AUTO_RENEW_ENABLED', status: 1, then: 'ACTIVE' },
  {
    afterDays: 4,
    type: 'DID_FAIL_TO_RENEW',
    subtype: 'GRACE_PERIOD',
    status: 4,
    renews: { isInBillingRetryPeriod: true, gracePeriodExpiresDate: Date.UTC(2026, 2, 30, 15) },
    then: 'GRACE',
  },
  { afterDays: 6, type: 'GRACE_PERIOD_EXPIRED', status: 3, renews: { isInBillingRetryPeriod: true }, then: 'PAST_DUE' },
  { afterDays: 1, type: 'DID_RENEW', subtype: 'BILLING_RECOVERY', status: 1, begins: true, then: 'ACTIVE' },
  { afterDays: 2, type: 'OFFER_REDEEMED', status: 1, bought: { offerType: 2 }, then: 'ACTIVE' },
  { afterDays: 1, type: 'REFUND', status: 5, bought: { revocationDate: AT, revocationReason: 0 }, then: 'EXPIRED' },
  { afterDays: 1, type: 'REFUND_REVERSED', status: 1, bought: { revocationDate: null }, then: 'ACTIVE' },
  { afterDays: 3, type: 'DID_FAIL_TO_RENEW', status: 3, renews: { isInBillingRetryPeriod: true }, then: 'PAST_DUE' },
  { afterDays: 20, type: 'EXPIRED', subtype: 'BILLING_RETRY', status: 2, renews: { autoRenewStatus: 0 }, then: 'EXPIRED' },
  { afterDays: 5, type: 'SUBSCRIBED', subtype: 'RESUBSCRIBE', status: 1, begins: true, then: 'ACTIVE' },
];

const redeem = ({ app, store, line }: PurchaseApp, workspaceId = app.workspaceId) =>
  redeemPurchase({ ...app, workspaceId }, { signedTransaction: store.signTransaction(store.lines.get(line)?.transaction ?? {}) });

test.each([
  ['asked', true],
  ['not asked', false],
])('a life in the App Store, step by step, with the store %s', async (_how, asks) => {
  await using life = await purchaseApp({ asks });
  for (const [index, step] of LIFE.entries()) {
    life.happen(step);
    if (index === 0) expect(await redeem(life)).toEqual({ ok: true, value: null });
    expect(await life.deliver(life.told.at(-1) ?? ''), step.type).toBe('done');
    expect(await life.app.standing(), `${step.type} ${step.subtype ?? ''}`).toBe(`CONSUMER_WEEKLY ${step.then}`);
  }
  const books = Object.values(await life.app.books()).reduce((sum, amount) => sum + amount, 0);
  expect(books).toBe(4 * 499);
});

/** The same numbers in the same order for the same seed. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  let state = seed;
  const chance = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return all
    .flatMap((one) => (chance() < 0.3 ? [one, one] : [one]))
    .map((one) => ({ one, at: chance() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

test('notifications in any order and twice end as they do in order, also where the store is not asked', { timeout: 120_000 }, async () => {
  const ends = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    await using life = await purchaseApp({ asks: false });
    for (const [index, step] of LIFE.entries()) {
      life.happen(step);
      if (index === 0) await redeem(life);
    }
    for (const payload of seed === 0 ? life.told : shuffled(life.told, seed)) await life.deliver(payload);
    const end = JSON.stringify({ state: await life.app.state(), books: Object.values(await life.app.books()).reduce((sum, amount) => sum + amount, 0) });
    ends.add(end.replaceAll(life.line, 'line'));
  }
  expect([...ends]).toHaveLength(1);
});

test('a purchase belongs to the workspace that came with it first', async () => {
  await using life = await purchaseApp({ asks: true });
  await using other = await billingApp(database, { platform: 'CONSUMER' });
  life.happen({ afterDays: 1, type: 'SUBSCRIBED', status: 1, begins: true, then: 'ACTIVE' });
  const [first, second] = await Promise.all([redeem(life), redeem(life, other.workspaceId)]);
  expect([first, second].filter(({ ok }) => ok)).toHaveLength(1);
  expect([first, second].find(({ ok }) => !ok)).toMatchObject({ problems: [{ code: 'CONFLICT' }] });
  const owner = first.ok ? life.app.workspaceId : other.workspaceId;
  expect(await redeem(life, owner)).toEqual({ ok: true, value: null });
  expect(await database.root.appStorePurchase.findMany({ where: { originalTransactionId: life.line } })).toMatchObject([{ workspaceId: owner }]);
  expect(await tenantDb(database.root, owner).revenueEntry.count()).toBe(1);
});

test('what the store tells of a purchase that nobody has come with waits for them', async () => {
  await using life = await purchaseApp({ asks: false });
  life.happen({ afterDays: 1, type: 'SUBSCRIBED', status: 1, begins: true, then: 'ACTIVE' });
  const early = redeem(life);
  life.happen({ afterDays: 1, type: 'DID_CHANGE_RENEWAL_STATUS', subtype: 'AUTO_RENEW_DISABLED', status: 1, renews: { autoRenewStatus: 0 }, then: 'ACTIVE' });
  await early;
  await database.root.appStorePurchase.deleteMany({ where: { originalTransactionId: life.line } });
  expect(await life.deliver(life.told.at(-1) ?? '')).toBe('unknown');
  await redeem(life);
  expect(life.app.told).toContainEqual({ type: 'PaymentTold', vendor: 'APP_STORE', subject: life.line });
  expect(await applyStoreNotices(life.app, { subject: life.line })).toBe('done');
  expect(await life.app.state()).toMatchObject({ status: 'ACTIVE', cancelsAtPeriodEnd: true });
});

test('a purchase that says for whom it was made needs nobody to come with it', async () => {
  await using life = await purchaseApp({
    asks: true,
    boughtFor: ({ workspaceId }) => workspaceId.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase(),
  });
  life.happen({ afterDays: 1, type: 'SUBSCRIBED', status: 1, begins: true, then: 'ACTIVE' });
  expect(await life.deliver(life.told[0] ?? '')).toBe('done');
  expect(await life.app.standing()).toBe('CONSUMER_WEEKLY ACTIVE');
  await using other = await billingApp(database, { platform: 'CONSUMER' });
  expect(await redeem(life, other.workspaceId)).toMatchObject({ problems: [{ code: 'CONFLICT' }] });
});

test('a family that shares no more has nothing any more, and nothing went back', async () => {
  await using life = await purchaseApp({ asks: true });
  life.happen({ afterDays: 1, type: 'SUBSCRIBED', status: 1, begins: true, bought: { inAppOwnershipType: 'FAMILY_SHARED' }, then: 'ACTIVE' });
  await redeem(life);
  expect(await life.app.standing()).toBe('CONSUMER_WEEKLY ACTIVE');
  life.happen({
    afterDays: 1,
    type: 'REVOKE',
    status: 5,
    bought: { revocationDate: life.app.clock.now().getTime(), revocationType: 'FAMILY_REVOKE' },
    then: 'EXPIRED',
  });
  await life.deliver(life.told.at(-1) ?? '');
  expect(await life.app.standing()).toBe('CONSUMER_WEEKLY EXPIRED');
  expect(await life.app.books()).toEqual({});
});

test('a business redeems nothing, and neither does who brings nothing', async () => {
  await using life = await purchaseApp({ asks: true });
  await using business = await billingApp(database);
  life.happen({ afterDays: 1, type: 'SUBSCRIBED', status: 1, begins: true, then: 'ACTIVE' });
  expect(await redeem(life, business.workspaceId)).toMatchObject({ problems: [{ code: 'INVALID' }] });
  expect(await redeemPurchase(life.app, { signedTransaction: 'nothing' })).toMatchObject({
    problems: [{ code: 'INVALID', path: ['input', 'signedTransaction'] }],
  });
  expect(await redeemPurchase({ ...life.app, receipts: null }, { signedTransaction: 'nothing' })).toMatchObject({ problems: [{ code: 'ILLEGAL_STATE' }] });
  life.store.refuse(500);
  await expect(redeem(life)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
});
