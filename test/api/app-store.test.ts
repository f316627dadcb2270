import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { applyPaymentsJob } from '../../src/jobs/payments.ts';
import { graphql } from '../gql/gql.ts';
import { type Person, type TestApi, testApi } from '../support/api.ts';
import { APP_ID, type AppStoreTwin, BUNDLE_ID, makeChain, signWith, startAppStoreTwin } from '../support/app-store-twin.ts';
import { notification, transaction } from '../support/purchase-life.ts';

const Redeem = graphql(`mutation Redeem($input: RedeemAppStorePurchaseInput!) {
  redeemAppStorePurchase(input: $input) { workspace { subscription { plan { key } status source } } errors { code message path } }
}`);
const Standing = graphql(`query PurchaseStanding {
  workspace { subscription { plan { key } status } }
}`);

let store: AppStoreTwin;
let api: TestApi;

beforeAll(async () => {
  store = await startAppStoreTwin({ now: () => new Date() });
  const key = {
    APP_STORE_ISSUER_ID: store.apiKey.issuerId,
    APP_STORE_KEY_ID: store.apiKey.keyId,
    APP_STORE_PRIVATE_KEY: store.apiKey.privateKey.replaceAll('\n', '\\n'),
  };
  const app = { APP_STORE_BUNDLE_ID: BUNDLE_ID, APP_STORE_APP_ID: String(APP_ID), APP_STORE_ROOT_CERTIFICATES: store.chain.root.der.toString('base64') };
  api = await testApi({ env: { ...app, ...key, APP_STORE_API_URL: store.url } });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});
afterEach(() => expect(store.violations).toEqual([]));

async function post(body: string) {
  const response = await fetch(new URL('/webhooks/app-store', api.url), { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return { status: response.status, body: await response.text() };
}
const postStore = (signedPayload: string) => post(JSON.stringify({ signedPayload }));
const standing = async (who: Person) => (await api.gql(Standing, {}, who)).data?.workspace?.subscription;
const storedEvents = () => api.database.root.paymentEvent.count();
const jobsFor = async (subject: string) =>
  (await api.database.pool.query<{ name: string }>(`select name from pgboss.job where data->>'subject' = $1`, [subject])).rows.map(({ name }) => name);

async function consumer(): Promise<Person> {
  const person = await api.person('Cora');
  await api.database.root.workspace.update({ where: { id: person.workspaceId }, data: { platform: 'CONSUMER' } });
  return person;
}

const bought = (line: string) => transaction({ at: Date.now() - 1_000, originalTransactionId: line, transactionId: line });

test('a purchase becomes the subscription of whoever brings it, and of nobody else', async () => {
  const [cora, other] = [await consumer(), await consumer()];
  const signedTransaction = store.signTransaction(bought('3000000000000001'));
  const taken = await api.gql(Redeem, { input: { signedTransaction } }, cora);
  expect(taken.data?.redeemAppStorePurchase).toEqual({
    workspace: { subscription: { plan: { key: 'CONSUMER_WEEKLY' }, status: 'ACTIVE', source: 'APP_STORE' } },
    errors: [],
  });
  const refused = await api.gql(Redeem, { input: { signedTransaction } }, other);
  expect(refused.data?.redeemAppStorePurchase).toMatchObject({ workspace: null, errors: [{ code: 'CONFLICT', path: ['input', 'signedTransaction'] }] });
  const forged = await api.gql(Redeem, { input: { signedTransaction: signWith(makeChain(), bought('3000000000000002')) } }, other);
  expect(forged.data?.redeemAppStorePurchase.errors).toMatchObject([{ code: 'INVALID' }]);
});

test('a notification is stored once and acted upon by a job', async () => {
  const cora = await consumer();
  const line = '3000000000000003';
  const now = Date.now();
  store.lines.set(line, {
    status: 1,
    transaction: bought(line),
    renewal: { originalTransactionId: line, environment: 'Production', autoRenewStatus: 0, signedDate: now },
  });
  await api.gql(Redeem, { input: { signedTransaction: store.signTransaction(bought(line)) } }, cora);
  store.lines.set(line, {
    status: 2,
    transaction: bought(line),
    renewal: { originalTransactionId: line, environment: 'Production', autoRenewStatus: 0, signedDate: now },
  });
  const payload = notification(store, 'EXPIRED', { subtype: 'VOLUNTARY', at: now, status: 2, transaction: bought(line) });
  for (let times = 0; times < 2; times++) expect(await postStore(payload)).toEqual({ status: 200, body: '{"received":true}' });
  expect(await api.database.root.paymentEvent.findMany({ where: { subject: line } })).toMatchObject([
    { vendor: 'APP_STORE', type: 'EXPIRED/VOLUNTARY', processedAt: null },
  ]);
  expect(await jobsFor(line)).toEqual(['apply-payments']);
  await applyPaymentsJob.run(api.app, { vendor: 'APP_STORE', subject: line, attempt: 1 }, AbortSignal.timeout(10_000));
  expect(await standing(cora)).toMatchObject({ plan: { key: 'CONSUMER_WEEKLY' }, status: 'EXPIRED' });
});

test('what it has not signed for us is refused, and nothing is stored', async () => {
  const before = await storedEvents();
  const good = notification(store, 'DID_RENEW', { at: Date.now(), transaction: bought('3000000000000004') });
  expect((await postStore(`${good.slice(0, -4)}AAAA`)).status).toBe(403);
  expect((await postStore('a.b.c')).status).toBe(403);
  expect((await post('nothing')).status).toBe(400);
  expect((await post('{"signedPayload":1}')).status).toBe(400);
  expect((await postStore(notification(store, 'TEST', { at: Date.now(), environment: 'Xcode' }))).status).toBe(403);
  expect(await storedEvents()).toBe(before);
  expect((await postStore(notification(store, 'TEST', { at: Date.now() }))).status).toBe(200);
  expect(await storedEvents()).toBe(before + 1);
});

test('a purchase is redeemed by owners and managers', async () => {
  const cora = await consumer();
  await api.database.root.membership.updateMany({ where: { userId: cora.userId }, data: { role: 'MEMBER' } });
  const { errors } = await api.gql(Redeem, { input: { signedTransaction: 'x' } }, cora);
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
