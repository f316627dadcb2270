import { afterEach, beforeEach, expect, test } from 'vitest';
import { PaymentEventUnreadable, type Payments, PaymentsRejected, PaymentsUnreachable } from '../../src/ports/payments.ts';
import { stripePayments } from '../../src/vendors/stripe/payments.ts';
import { delivery, PRICES, StripeLife, stock, WEBHOOK_SECRET } from '../support/stripe-life.ts';
import { STRIPE_KEY, type StripeTwin, startStripeTwin } from '../support/stripe-twin.ts';

const DAY = 86_400;
const WISH = {
  workspaceId: 'w1',
  plan: 'BUSINESS_BASIC',
  successUrl: 'https://app.example.com/billing?checkout=success',
  cancelUrl: 'https://app.example.com/billing',
} as const;

let now = 1_790_000_000;
let twin: StripeTwin;
let payments: Payments;

beforeEach(async () => {
  twin = await startStripeTwin({ now: () => now, pageSize: 3 });
  stock(twin.account);
  payments = stripePayments({ secretKey: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, apiUrl: twin.url, prices: PRICES, timeoutMs: 1_500 });
});

afterEach(async () => {
  expect(twin.violations).toEqual([]);
  await twin[Symbol.asyncDispose]();
});

const customer = () => payments.createCustomer({ workspaceId: 'w1', email: 'ada@example.com', insteadOf: null });
async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of stream) found.push(one);
  return found;
}
const asked = (operation: string) => twin.requests.filter((request) => request.operation === operation);

test('a workspace is one customer, however often and however much at once it is made', async () => {
  const [first, second] = await Promise.all([customer(), customer()]);
  expect(second).toBe(first);
  expect([...twin.account.customers.values()]).toEqual([{ id: first, email: 'ada@example.com', metadata: { workspace: 'w1' } }]);
});

test('a customer whose making got no answer is made once', async () => {
  twin.script('POST /v1/customers', { type: 'break', done: true });
  await customer();
  expect(twin.account.customers.size).toBe(1);
  expect(asked('POST /v1/customers').map(({ replayed }) => replayed)).toEqual([false, true]);
});

test('a customer in the place of one that was deleted is another', async () => {
  const first = await customer();
  twin.account.deleteCustomer(first);
  const insteadOf = { workspaceId: 'w1', email: 'ada@example.com', insteadOf: first };
  const second = await payments.createCustomer(insteadOf);
  expect(second).not.toBe(first);
  expect(await payments.createCustomer(insteadOf)).toBe(second);
});

test('a checkout is for one plan, of our customer, and comes back to us', async () => {
  const customerId = await customer();
  const { url, sessionId } = await payments.checkout({ customerId, ...WISH });
  expect(url).toBe(`https://checkout.stripe.com/c/pay/${sessionId}`);
  expect(asked('POST /v1/checkout/sessions').at(-1)?.params).toMatchObject({
    mode: 'subscription',
    customer: customerId,
    client_reference_id: 'w1',
    line_items: [{ price: PRICES.BUSINESS_BASIC, quantity: 1 }],
    success_url: WISH.successUrl,
    cancel_url: WISH.cancelUrl,
  });
});

test('whoever asks again is given the same page, and for another plan a new one, the old being closed', async () => {
  const customerId = await customer();
  const [first, twice] = await Promise.all([payments.checkout({ customerId, ...WISH }), payments.checkout({ customerId, ...WISH })]);
  expect(twice).toEqual(first);
  expect(await payments.checkout({ customerId, ...WISH })).toEqual(first);
  const other = await payments.checkout({ customerId, ...WISH, plan: 'BUSINESS_PROFESSIONAL' });
  expect(other.sessionId).not.toBe(first.sessionId);
  expect([...twin.account.sessions.values()].map(({ id, status }) => [id, status])).toEqual([
    [first.sessionId, 'expired'],
    [other.sessionId, 'open'],
  ]);
  // And back again: a closed page is not handed out.
  expect((await payments.checkout({ customerId, ...WISH })).sessionId).not.toBe(first.sessionId);
});

test('a plan without a price cannot be sold, and the reason names the setting', async () => {
  const unpriced = stripePayments({ secretKey: STRIPE_KEY, webhookSecret: null, apiUrl: twin.url, prices: { ...PRICES, BUSINESS_BASIC: null } });
  await expect(unpriced.checkout({ customerId: await customer(), ...WISH })).rejects.toThrow('STRIPE_PRICE_BASIC');
});

test('the portal cancels at the end of the period, upgrades at once and downgrades with the next period; it is set up once', async () => {
  const customerId = await customer();
  const returnUrl = 'https://app.example.com/billing';
  await payments.portal({ customerId, returnUrl });
  await payments.portal({ customerId, returnUrl });
  const again = stripePayments({ secretKey: STRIPE_KEY, webhookSecret: null, apiUrl: twin.url, prices: PRICES });
  expect((await again.portal({ customerId, returnUrl })).url).toContain('https://billing.stripe.com/');
  const [configuration, ...more] = twin.account.configurations.values();
  expect(more).toEqual([]);
  expect(configuration?.features).toMatchObject({
    subscription_cancel: { enabled: true, mode: 'at_period_end' },
    subscription_update: {
      enabled: true,
      proration_behavior: 'always_invoice',
      schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
      products: Object.values(PRICES).map((price) => ({ product: `prod_${price}`, prices: [price] })),
    },
  });
  expect([...twin.account.portals.values()].map((session) => session.configuration)).toEqual(Array(3).fill(configuration?.id));
});

test('the portal leads straight to the change of a plan', async () => {
  const customerId = await customer();
  const { subscription } = new StripeLife(twin.account, { customer: customerId, workspaceId: 'w1', price: PRICES.BUSINESS_BASIC });
  await payments.portal({ customerId, returnUrl: 'https://app.example.com/billing', change: { subscriptionId: subscription.id, plan: 'BUSINESS_ENTERPRISE' } });
  expect([...twin.account.portals.values()][0]?.flow_data).toMatchObject({
    type: 'subscription_update_confirm',
    subscription_update_confirm: { subscription: subscription.id, items: [{ id: subscription.itemId, price: PRICES.BUSINESS_ENTERPRISE, quantity: 1 }] },
  });
});

test('a subscription is read as it is now: plan, period, and since when it owes', async () => {
  const customerId = await customer();
  const life = new StripeLife(twin.account, { customer: customerId, workspaceId: 'w1', price: PRICES.BUSINESS_BASIC, trialDays: 7 });
  const [trial] = await payments.subscriptionsOf(customerId);
  expect(trial).toMatchObject({ plan: 'BUSINESS_BASIC', status: 'TRIALING', trialEndsAt: new Date((now + 7 * DAY) * 1_000), unpaidSince: null });
  now += 7 * DAY;
  life.renew({ paid: false });
  const failedAt = new Date(now * 1_000);
  now += DAY;
  expect((await payments.subscriptionsOf(customerId))[0]).toMatchObject({ status: 'PAST_DUE', unpaidSince: failedAt, periodStartsAt: failedAt });
  life.payLate();
  life.upgrade(PRICES.BUSINESS_PROFESSIONAL);
  life.cancelAtPeriodEnd();
  expect((await payments.subscriptionsOf(customerId))[0]).toMatchObject({
    plan: 'BUSINESS_PROFESSIONAL',
    status: 'ACTIVE',
    cancelsAtPeriodEnd: true,
    unpaidSince: null,
  });
  const paid = await payments.paidInvoices(customerId);
  expect(paid.map(({ amountMinor, currency, plan }) => [amountMinor, currency, plan])).toEqual([
    [4_901, 'USD', 'BUSINESS_PROFESSIONAL'],
    [4_999, 'USD', 'BUSINESS_BASIC'],
    [0, 'USD', 'BUSINESS_BASIC'],
  ]);
  expect(paid.map(({ paymentId }) => paymentId !== null)).toEqual([true, true, false]);
  expect(new Set(paid.map(({ subscriptionId }) => subscriptionId))).toEqual(new Set([life.subscription.id]));
});

test('a subscription is ended at once, and what is left of it is credited; a second time changes nothing', async () => {
  const customerId = await customer();
  const { subscription } = new StripeLife(twin.account, { customer: customerId, workspaceId: 'w1', price: PRICES.BUSINESS_BASIC });
  await payments.endSubscription(subscription.id);
  await payments.endSubscription(subscription.id);
  expect(await payments.subscriptionsOf(customerId)).toMatchObject([{ id: subscription.id, status: 'ENDED' }]);
  expect(twin.account.credits).toEqual(new Map([[customerId, 4_999]]));
});

test('somebody whom Stripe does not know (any more) has no subscriptions', async () => {
  expect(await payments.subscriptionsOf('cus_of_somebody_else')).toEqual([]);
});

test('events that say more than the present state are found again, over all pages', async () => {
  const customerId = await customer();
  const life = new StripeLife(twin.account, { customer: customerId, workspaceId: 'w1', price: PRICES.BUSINESS_BASIC });
  for (let renewal = 0; renewal < 5; renewal++) {
    life.renew();
    life.refund(1_000);
    life.refund(4_999);
  }
  life.dispute('created', 'needs_response');
  const since = new Date(now * 1_000);
  const found = await all(payments.eventsSince(since));
  expect(found.map(({ fact }) => fact.kind).toSorted()).toEqual(['CHECKED_OUT', 'DISPUTED', ...Array(10).fill('REFUNDED')]);
  expect(found[0]?.fact).toMatchObject({ kind: 'DISPUTED', outcome: 'OPEN', amountMinor: 4_999, currency: 'USD' });
  expect(await all(payments.eventsSince(new Date((now + 1) * 1_000)))).toEqual([]);
});

test('the seconds of a call are counted once', async () => {
  const usage = { customerId: await customer(), callId: 'call1', seconds: 125, at: new Date(now * 1_000) };
  await payments.reportSeconds(usage);
  await payments.reportSeconds(usage);
  expect([...twin.account.meterEvents.values()]).toEqual([
    { event_name: 'callgraph_answered_seconds', identifier: 'call1', timestamp: now, payload: { stripe_customer_id: usage.customerId, value: '125' } },
  ]);
  // The key is forgotten after a day; the identifier still tells.
  twin.account.meterEvents.set('call2', {});
  await payments.reportSeconds({ ...usage, callId: 'call2' });
  await expect(payments.reportSeconds({ ...usage, callId: 'call3', at: new Date((now - 36 * DAY) * 1_000) })).rejects.toThrow(PaymentsRejected);
  expect([...twin.account.meterEvents.keys()]).toEqual(['call1', 'call2']);
});

test('products, prices and the meter are made once; a price that changed is replaced', async () => {
  const offers = [
    { plan: 'BUSINESS_BASIC', name: 'Basic', amountMinor: 4_999, currency: 'USD' },
    { plan: 'BUSINESS_PROFESSIONAL', name: 'Professional', amountMinor: 9_900, currency: 'USD' },
  ] as const;
  const before = twin.account.prices.size;
  const first = await payments.publish(offers);
  expect(await payments.publish(offers)).toEqual(first);
  expect([twin.account.products.size, twin.account.prices.size - before, twin.account.meters.size]).toEqual([2, 2, 1]);
  const [dearer] = await payments.publish([{ ...offers[0], name: 'Basic plan', amountMinor: 5_999 }]);
  expect(dearer?.priceId).not.toBe(first[0]?.priceId);
  expect(twin.account.products.get('callgraph_business_basic')?.name).toBe('Basic plan');
  expect(await payments.publish([{ ...offers[0], name: 'Basic plan', amountMinor: 5_999 }])).toEqual([dearer]);
});

test('a no is a refusal, and no answer is none', async () => {
  twin.script('POST /v1/customers', { type: 'refuse', status: 400, code: 'email_invalid' });
  await expect(customer()).rejects.toThrow(PaymentsRejected);
  twin.script('POST /v1/customers', ...Array(3).fill({ type: 'refuse', status: 503, code: 'lock_timeout' }));
  await expect(customer()).rejects.toThrow(PaymentsUnreachable);
  twin.script('POST /v1/customers', ...Array(3).fill({ type: 'break', done: false }));
  await expect(customer()).rejects.toThrow(PaymentsUnreachable);
});

test('an error tells nothing of the key that it was asked with', async () => {
  const stranger = stripePayments({ secretKey: 'sk_live_very_secret', webhookSecret: null, apiUrl: twin.url, prices: PRICES });
  const error = await stranger.subscriptionsOf('cus_1').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PaymentsRejected);
  expect(JSON.stringify([String(error), error, (error as Error).cause ?? null])).not.toContain('very_secret');
});

test('an event is believed where its signature fits, within five minutes', async () => {
  const event = twin.account.tell('invoice.paid', { id: 'in_1', object: 'invoice', customer: 'cus_1' });
  const read = ({ body, signature }: { body: string; signature: string | undefined }) =>
    payments.readEvent({ body: Buffer.from(body), signature, now: new Date(now * 1_000) });
  expect(await read(delivery(event, { at: now }))).toEqual({
    id: event.id,
    type: 'invoice.paid',
    at: new Date(now * 1_000),
    fact: { kind: 'SUBSCRIPTION_CHANGED', customerId: 'cus_1' },
  });
  expect(await read(delivery(event, { at: now - 299 }))).not.toBeNull();
  expect(await read(delivery(event, { at: now - 301 })), 'too old').toBeNull();
  expect(await read(delivery(event, { at: now, secret: 'whsec_other' })), 'another secret').toBeNull();
  const good = delivery(event, { at: now });
  expect(await read({ ...good, body: good.body.replace('cus_1', 'cus_2') }), 'changed').toBeNull();
  expect(await read({ ...good, body: `${good.body} ` }), 'a byte more').toBeNull();
  expect(await read({ ...good, signature: undefined }), 'unsigned').toBeNull();
  for (const nonsense of ['', 't=,v1=', 'v1=00', `t=${now}`, good.signature.replace('v1=', 'v0=')])
    expect(await read({ ...good, signature: nonsense })).toBeNull();
  // While a secret is being rolled there are two.
  expect(await read({ ...good, signature: good.signature.replace('v1=', `v1=${'0'.repeat(64)},v1=`) })).not.toBeNull();
  const unconfigured = stripePayments({ secretKey: STRIPE_KEY, webhookSecret: null, apiUrl: twin.url, prices: PRICES });
  expect(await unconfigured.readEvent({ body: Buffer.from(good.body), signature: good.signature, now: new Date(now * 1_000) })).toBeNull();
});

test.each([
  ['no JSON', 'nothing'],
  ['no event', '{"object":"list"}'],
  ['an event without its parts', '{"id":"evt_1","object":"event","type":"charge.refunded","created":1,"data":{"object":{}}}'],
])('what is signed and yet unreadable is told apart: %s', async (_what, body) => {
  const signed = delivery(body, { at: now });
  await expect(payments.readEvent({ body: Buffer.from(body), signature: signed.signature, now: new Date(now * 1_000) })).rejects.toThrow(
    PaymentEventUnreadable,
  );
});

test('an event that does not concern us is one all the same', async () => {
  const body = JSON.stringify({ id: 'evt_9', object: 'event', type: 'product.created', created: now, data: { object: {} } });
  const read = await payments.readEvent({ body: Buffer.from(body), signature: delivery(body, { at: now }).signature, now: new Date(now * 1_000) });
  expect(read).toMatchObject({ id: 'evt_9', fact: null });
});
