import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyPaymentEvents } from '../../src/domain/billing/apply-payment-events.ts';
import { customerOf } from '../../src/domain/billing/customer.ts';
import { openCheckout } from '../../src/domain/billing/open-checkout.ts';
import { PaymentsUnreachable } from '../../src/ports/payments.ts';
import { type BillingApp, billingApp, deliver } from '../support/billing-app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { PRICES, StripeLife } from '../support/stripe-life.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const begin = (app: BillingApp, customer: string, price: string) => new StripeLife(app.twin.account, { customer, workspaceId: app.workspaceId, price });

/** Everything that Stripe has told so far, in the order that is wished for. */
async function deliverAll(app: BillingApp, order = (events: BillingApp['twin']['account']['events']) => events): Promise<void> {
  for (const event of order([...app.twin.account.events])) {
    const subject = await deliver(app, event);
    if (subject) await applyPaymentEvents(app, { subject });
  }
}

describe('where two plans were paid in the same instant', () => {
  test('the newer one stays, and what was paid for the other is credited', async () => {
    await using app = await billingApp(database);
    const customer = await customerOf(app);
    const older = begin(app, customer, PRICES.BUSINESS_BASIC);
    app.clock.advance(1_000);
    const newer = begin(app, customer, PRICES.BUSINESS_PROFESSIONAL);
    await deliverAll(app);
    await deliverAll(app);
    expect([older.subscription.status, newer.subscription.status]).toEqual(['canceled', 'active']);
    expect(app.twin.account.credits.get(customer)).toBe(4_999);
    expect(await app.standing()).toBe('BUSINESS_PROFESSIONAL ACTIVE');
    expect(app.twin.requests.filter(({ operation }) => operation.startsWith('DELETE'))).toHaveLength(1);
    expect(app.twin.violations).toEqual([]);
  });

  test('and Stripe does not answer, it is tried again', async () => {
    await using app = await billingApp(database);
    const customer = await customerOf(app);
    const older = begin(app, customer, PRICES.BUSINESS_BASIC);
    begin(app, customer, PRICES.BUSINESS_ENTERPRISE);
    const broken = { type: 'break', done: false } as const;
    app.twin.script('DELETE /v1/subscriptions/{id}', broken, broken, broken);
    await expect(deliverAll(app)).rejects.toThrow(PaymentsUnreachable);
    expect(older.subscription.status).toBe('active');
    expect(await app.standing()).toBe('BUSINESS_ENTERPRISE ACTIVE');
    expect(await applyPaymentEvents(app, { subject: customer })).toBe('done');
    expect(older.subscription.status).toBe('canceled');
  });

  test('a subscription to something that is not ours is left alone', async () => {
    await using app = await billingApp(database);
    const customer = await customerOf(app);
    const [price] = app.twin.account.prices.values();
    if (price) app.twin.account.prices.set('price_other', { ...price, id: 'price_other', metadata: {} });
    const other = begin(app, customer, 'price_other');
    begin(app, customer, PRICES.BUSINESS_BASIC);
    await deliverAll(app);
    expect(other.subscription.status).toBe('active');
    expect(await app.standing()).toBe('BUSINESS_BASIC ACTIVE');
  });
});

describe('a customer who is deleted at Stripe', () => {
  test.each([
    ['in order', (events: BillingApp['twin']['account']['events']) => events],
    ['the other way round', (events: BillingApp['twin']['account']['events']) => events.toReversed()],
  ])('has no plan any more, told %s, and is another one at the next checkout', async (_how, order) => {
    await using app = await billingApp(database);
    const customer = await customerOf(app);
    begin(app, customer, PRICES.BUSINESS_BASIC);
    await deliverAll(app);
    expect(await app.standing()).toBe('BUSINESS_BASIC ACTIVE');
    app.twin.account.deleteCustomer(customer);
    await deliverAll(app, order);
    expect(await app.standing()).toBe('BUSINESS_BASIC CANCELED');

    const pages = await Promise.all([1, 2].map(() => openCheckout(app, { planKey: 'BUSINESS_PROFESSIONAL' })));
    expect(pages).toMatchObject([{ ok: true }, { ok: true }]);
    const [next, ...more] = app.twin.account.customers.keys();
    expect([next, more]).toEqual([await customerOf(app), []]);
    expect(next).not.toBe(customer);
    begin(app, next ?? '', PRICES.BUSINESS_PROFESSIONAL);
    // What is told late of the old one changes nothing.
    await deliverAll(app, order);
    expect(await app.standing()).toBe('BUSINESS_PROFESSIONAL ACTIVE');
    expect(app.twin.violations).toEqual([]);
  });
});
