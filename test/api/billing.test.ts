import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyPaymentsJob, recoverPaymentsJob, refreshSubscriptionJob, reportSecondsJob } from '../../src/jobs/payments.ts';
import { newId } from '../../src/kit/ids.ts';
import { graphql } from '../gql/gql.ts';
import { type Person, type TestApi, testApi } from '../support/api.ts';
import { delivery, PRICES, StripeLife, stock, WEBHOOK_SECRET } from '../support/stripe-life.ts';
import { STRIPE_KEY, type StripeTwin, startStripeTwin } from '../support/stripe-twin.ts';

const Checkout = graphql(`mutation Checkout($input: CreateCheckoutSessionInput!) {
  createCheckoutSession(input: $input) { url sessionId errors { code message path } }
}`);
const Portal = graphql(`mutation OpenPortal {
  createPortalSession { url sessionId errors { code message } }
}`);
const Standing = graphql(`query BillingStanding {
  workspace { subscription { plan { key } status source cancelsAtPeriodEnd } }
}`);

let stripe: StripeTwin;
let api: TestApi;
let ada: Person;

const seconds = () => Math.floor(Date.now() / 1_000);

beforeAll(async () => {
  stripe = await startStripeTwin({ mark: 'api' });
  stock(stripe.account);
  api = await testApi({
    env: {
      FRONTEND_URL: 'https://app.example.com',
      STRIPE_SECRET_KEY: STRIPE_KEY,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      STRIPE_API_URL: stripe.url,
      STRIPE_PRICE_BASIC: PRICES.BUSINESS_BASIC,
      STRIPE_PRICE_PROFESSIONAL: PRICES.BUSINESS_PROFESSIONAL,
      STRIPE_PRICE_ENTERPRISE: PRICES.BUSINESS_ENTERPRISE,
    },
  });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await stripe[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ada = await api.person('Ada');
});
afterEach(() => expect(stripe.violations).toEqual([]));

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(path, api.url), { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, body: await response.text() };
}
const postStripe = ({ body, signature }: { body: string; signature: string }) => post('/webhooks/stripe', body, { 'stripe-signature': signature });

async function checkout(planKey: 'BUSINESS_BASIC' | 'BUSINESS_PROFESSIONAL' | 'CONSUMER_WEEKLY' | 'BUSINESS_TRIAL', who: Person = ada) {
  const { data, errors } = await api.gql(Checkout, { input: { planKey } }, who);
  expect(errors).toBeUndefined();
  if (!data) throw new Error('no answer');
  return data.createCheckoutSession;
}
const customerOf = async ({ workspaceId }: Person = ada) => (await api.database.root.stripeCustomer.findUniqueOrThrow({ where: { workspaceId } })).customerId;
const standing = async (who: Person = ada) => (await api.gql(Standing, {}, who)).data?.workspace?.subscription;
const run = (subject: string) => applyPaymentsJob.run(api.app, { vendor: 'STRIPE', subject, attempt: 1 }, AbortSignal.timeout(10_000));
const jobsFor = async (subject: string) =>
  (await api.database.pool.query<{ name: string }>(`select name from pgboss.job where data->>'subject' = $1`, [subject])).rows.map(({ name }) => name);
const storedEvents = () => api.database.root.paymentEvent.count();

/** Everybody's first workspace is a business; the consumer platform makes consumers. */
async function consumer(): Promise<Person> {
  const person = await api.person('Cora');
  await api.database.root.workspace.update({ where: { id: person.workspaceId }, data: { platform: 'CONSUMER' } });
  return person;
}

describe('buying a plan', () => {
  test('begins at Stripe and ends at our own page', async () => {
    const { url, sessionId, errors } = await checkout('BUSINESS_BASIC');
    expect(errors).toEqual([]);
    expect(url).toBe(`https://checkout.stripe.com/c/pay/${sessionId}`);
    expect(stripe.account.sessions.get(sessionId ?? '')).toMatchObject({
      client_reference_id: ada.workspaceId,
      customer: await customerOf(),
      success_url: 'https://app.example.com/billing?checkout=success&session_id={CHECKOUT_SESSION_ID}',
      cancel_url: 'https://app.example.com/billing?checkout=canceled',
    });
  });

  test('ten who ask at once are one customer, with one page', async () => {
    const pages = await Promise.all(Array.from({ length: 10 }, () => checkout('BUSINESS_BASIC')));
    expect(new Set(pages.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect([...stripe.account.customers.values()].filter(({ metadata }) => metadata.workspace === ada.workspaceId)).toHaveLength(1);
  });

  test('is for what is sold by card', async () => {
    expect((await checkout('CONSUMER_WEEKLY')).errors).toMatchObject([{ code: 'INVALID', path: ['input', 'planKey'] }]);
    expect((await checkout('BUSINESS_TRIAL')).errors).toMatchObject([{ code: 'INVALID' }]);
    expect((await checkout('BUSINESS_BASIC', await consumer())).errors).toMatchObject([{ code: 'INVALID' }]);
  });

  test('is for owners and managers', async () => {
    await api.database.root.membership.updateMany({ where: { userId: ada.userId }, data: { role: 'MEMBER' } });
    for (const asked of [await api.gql(Checkout, { input: { planKey: 'BUSINESS_BASIC' } }, ada), await api.gql(Portal, {}, ada)])
      expect(asked.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await api.gql(Portal, {})).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('leads whoever has a plan to its change, and nobody pays for two', async () => {
    await checkout('BUSINESS_BASIC');
    const life = new StripeLife(stripe.account, { customer: await customerOf(), workspaceId: ada.workspaceId, price: PRICES.BUSINESS_BASIC });
    expect((await checkout('BUSINESS_BASIC')).errors).toMatchObject([{ code: 'ILLEGAL_STATE' }]);
    const change = await checkout('BUSINESS_PROFESSIONAL');
    expect(change.url).toContain('https://billing.stripe.com/');
    expect(stripe.account.portals.get(change.sessionId ?? '')).toMatchObject({
      flow_data: { subscription_update_confirm: { subscription: life.subscription.id } },
    });
    life.renew({ paid: false });
    expect((await checkout('BUSINESS_PROFESSIONAL')).errors).toMatchObject([{ code: 'PAYMENT_REQUIRED' }]);
    life.end();
    expect((await checkout('BUSINESS_PROFESSIONAL')).url).toContain('https://checkout.stripe.com/');
  });

  test('says so where Stripe does not answer, or says no', async () => {
    stripe.script('POST /v1/customers', ...Array(3).fill({ type: 'break', done: false }));
    const { errors } = await api.gql(Checkout, { input: { planKey: 'BUSINESS_BASIC' } }, ada);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', service: 'payments' });
    stripe.script('POST /v1/customers', { type: 'refuse', status: 400, code: 'email_invalid' });
    expect((await checkout('BUSINESS_BASIC')).errors).toMatchObject([{ code: 'UPSTREAM_REJECTED' }]);
  });

  test('the portal is for whoever has bought something', async () => {
    const none = await api.gql(Portal, {}, ada);
    expect(none.data?.createPortalSession.errors).toMatchObject([{ code: 'ILLEGAL_STATE' }]);
    await checkout('BUSINESS_BASIC');
    const opened = await api.gql(Portal, {}, ada);
    expect(stripe.account.portals.get(opened.data?.createPortalSession.sessionId ?? '')).toMatchObject({
      customer: await customerOf(),
      return_url: 'https://app.example.com/billing',
    });
  });
});

describe("Stripe's webhook", () => {
  test('is stored once, acknowledged, and acted upon by a job that asks how things are', async () => {
    await checkout('BUSINESS_BASIC');
    const customer = await customerOf();
    const before = stripe.account.events.length;
    new StripeLife(stripe.account, { customer, workspaceId: ada.workspaceId, price: PRICES.BUSINESS_BASIC });
    const events = stripe.account.events.slice(before);
    for (const event of [...events, ...events])
      expect(await postStripe(delivery(event, { at: seconds() }))).toEqual({ status: 200, body: '{"received":true}' });
    expect(await api.database.root.paymentEvent.count({ where: { subject: customer } })).toBe(events.length);
    expect(await jobsFor(customer)).toEqual(['apply-payments']);
    expect(await standing()).toMatchObject({ plan: { key: 'BUSINESS_TRIAL' }, source: 'NONE' });
    await run(customer);
    expect(await standing()).toEqual({ plan: { key: 'BUSINESS_BASIC' }, status: 'ACTIVE', source: 'STRIPE', cancelsAtPeriodEnd: false });
    expect(await api.database.root.paymentEvent.count({ where: { subject: customer, processedAt: null } })).toBe(0);
  });

  test.each([
    ['another secret', { secret: 'whsec_guess' }, 403],
    ['an old time', { at: seconds() - 3_600 }, 403],
  ])('with %s is refused, counted, and nothing is stored', async (_what, how, status) => {
    const before = await storedEvents();
    const event = stripe.account.tell('invoice.paid', { id: 'in_1', object: 'invoice', customer: 'cus_1' });
    const reply = await postStripe(delivery(event, { at: seconds(), ...how }));
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.body)).toEqual({ error: expect.any(String) });
    expect(await storedEvents()).toBe(before);
    expect(await api.app.metrics.metrics()).toContain('callgraph_payment_webhooks_refused_total{vendor="stripe",reason="signature"}');
  });

  test('that cannot be read, is too large or is not posted is answered, and nothing is stored', async () => {
    const before = await storedEvents();
    expect((await postStripe(delivery('{}', { at: seconds() }))).status).toBe(400);
    expect((await post('/webhooks/stripe', 'nothing')).status).toBe(403);
    const large = await post('/webhooks/stripe', 'x'.repeat(2 * 1024 * 1024)).catch(() => null);
    if (large) expect(large.status).toBe(413);
    expect((await fetch(new URL('/webhooks/stripe', api.url))).status).toBe(405);
    expect(await storedEvents()).toBe(before);
  });

  test('about somebody unknown is kept, and tried again until they are known', async () => {
    const customer = `cus_${newId()}`;
    stripe.account.customers.set(customer, { id: customer, email: 'x@example.com', metadata: {} });
    const event = stripe.account.tell('customer.subscription.updated', { id: 'sub_x', object: 'subscription', customer });
    expect((await postStripe(delivery(event, { at: seconds() }))).status).toBe(200);
    await run(customer);
    expect(await api.database.root.paymentEvent.findMany({ where: { subject: customer } })).toMatchObject([
      { processedAt: null, attempts: 1, error: expect.any(String) },
    ]);
    expect(await jobsFor(customer)).toEqual(['apply-payments', 'apply-payments']);
    // The checkout tells whose customer it is, although our own note of that was lost.
    const life = new StripeLife(stripe.account, { customer, workspaceId: ada.workspaceId, price: PRICES.BUSINESS_PROFESSIONAL });
    const completed = stripe.account.events.find(({ type, object }) => type === 'checkout.session.completed' && object.subscription === life.subscription.id);
    if (!completed) throw new Error('no checkout');
    await postStripe(delivery(completed, { at: seconds() }));
    await run(customer);
    expect(await standing()).toMatchObject({ plan: { key: 'BUSINESS_PROFESSIONAL' }, status: 'ACTIVE' });
  });

  test('that was lost is made good by the nightly look', async () => {
    await checkout('BUSINESS_BASIC');
    const customer = await customerOf();
    const life = new StripeLife(stripe.account, { customer, workspaceId: ada.workspaceId, price: PRICES.BUSINESS_BASIC });
    life.refund(4_999);
    await recoverPaymentsJob.run(api.app, null, AbortSignal.timeout(10_000));
    expect(await jobsFor(customer)).toContain('apply-payments');
    const { rows } = await api.database.pool.query(`select 1 from pgboss.job where name = $1 and data->>'workspaceId' = $2`, [
      refreshSubscriptionJob.name,
      ada.workspaceId,
    ]);
    expect(rows).toHaveLength(1);
    await refreshSubscriptionJob.run(api.app, { workspaceId: ada.workspaceId }, AbortSignal.timeout(10_000));
    expect(await standing()).toMatchObject({ plan: { key: 'BUSINESS_BASIC' }, status: 'ACTIVE' });
    await run(customer);
    expect(await standing()).toMatchObject({ status: 'EXPIRED' });
  });
});

test('the answered seconds of whoever pays by card are counted on the meter, once', async () => {
  await checkout('BUSINESS_BASIC');
  const callId = newId();
  const now = new Date();
  const entry = { id: newId(), workspaceId: ada.workspaceId, callId, kind: 'SETTLED' as const, phase: 1, planKey: 'BUSINESS_BASIC' as const };
  await api.database.root.usageEntry.create({ data: { ...entry, calls: 1, seconds: 61, at: now, createdAt: now } });
  for (let times = 0; times < 2; times++) await reportSecondsJob.run(api.app, { workspaceId: ada.workspaceId, callId }, AbortSignal.timeout(10_000));
  expect(stripe.account.meterEvents.get(callId)).toMatchObject({ payload: { stripe_customer_id: await customerOf(), value: '61' } });
  const other = await api.person('Trial');
  await reportSecondsJob.run(api.app, { workspaceId: other.workspaceId, callId }, AbortSignal.timeout(10_000));
  expect(stripe.account.meterEvents.size).toBe(1);
});

test('where no payment service is configured, what needs one says so', async () => {
  await using bare = await testApi();
  const bob = await bare.person('Bob');
  const { data } = await bare.gql(Checkout, { input: { planKey: 'BUSINESS_BASIC' } }, bob);
  expect(data?.createCheckoutSession.errors).toMatchObject([{ code: 'ILLEGAL_STATE' }]);
  expect((await fetch(new URL('/webhooks/stripe', bare.url), { method: 'POST', body: '{}' })).status).toBe(404);
  expect((await fetch(new URL('/webhooks/app-store', bare.url), { method: 'POST', body: '{}' })).status).toBe(404);
});
