import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReceiptRefused, type Receipts, ReceiptsUnreachable } from '../../src/ports/receipts.ts';
import { type AppStoreOptions, appStoreReceipts } from '../../src/vendors/app-store/receipts.ts';
import { APP_ID, type AppStoreTwin, BUNDLE_ID, makeChain, signWith, startAppStoreTwin } from '../support/app-store-twin.ts';
import { makeCertificate } from '../support/certificates.ts';
import { manualClock } from '../support/manual-clock.ts';
import { notification, renewal, transaction } from '../support/purchase-life.ts';

const clock = manualClock(new Date('2026-03-02T15:00:00Z'));
let twin: AppStoreTwin;

beforeEach(async () => {
  twin = await startAppStoreTwin({ now: () => clock.now() });
});
afterEach(async () => {
  expect(twin.violations).toEqual([]);
  await twin[Symbol.asyncDispose]();
});

const receiptsFor = (options: Partial<AppStoreOptions> = {}): Receipts =>
  appStoreReceipts({
    bundleId: BUNDLE_ID,
    appId: APP_ID,
    rootCertificates: [twin.chain.root.der],
    environments: ['PRODUCTION'],
    onlineChecks: false,
    api: twin.apiKey,
    apiUrl: twin.url,
    clock,
    timeoutMs: 5_000,
    ...options,
  });

const now = () => clock.now().getTime();
const bought = (more: object = {}) => transaction({ at: now(), ...more });

async function reasonOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ReceiptRefused)) throw error ?? new Error('it was taken');
  return error.reason;
}

test('a transaction that the App Store signed is read', async () => {
  const state = await receiptsFor().readTransaction(twin.signTransaction(bought({ appAccountToken: '0192F0C1-0000-7000-8000-00000000ABCD' })));
  expect(state).toEqual({
    originalTransactionId: '2000000000000001',
    transactionId: '2000000000000001',
    productId: 'weekly',
    environment: 'PRODUCTION',
    boughtFor: '0192f0c100007000800000000000abcd',
    familyShared: false,
    status: 'ACTIVE',
    purchasedAt: clock.now(),
    expiresAt: new Date(now() + 7 * 86_400_000),
    graceEndsAt: null,
    willRenew: null,
    revokedAt: null,
    price: { amountMinor: 499, currency: 'USD', refundedMinor: 0 },
    signedAt: clock.now(),
  });
});

test.each([
  ['JPY', 800_000, 800],
  ['EUR', 5_990, 599],
  ['KWD', 1_500, 1_500],
])('prices are whole minor units of their currency: %s', async (currency, price, amountMinor) => {
  const state = await receiptsFor().readTransaction(twin.signTransaction(bought({ currency, price })));
  expect(state.price).toEqual({ amountMinor, currency, refundedMinor: 0 });
});

test.each([
  [{}, 499],
  [{ revocationType: 'REFUND_PRORATED', revocationPercentage: 40_000 }, 200],
  [{ revocationType: 'FAMILY_REVOKE' }, 0],
])('a refund says how much went back: %o', async (more, refundedMinor) => {
  const state = await receiptsFor().readTransaction(twin.signTransaction(bought({ revocationDate: now(), ...more })));
  expect(state).toMatchObject({ status: 'REVOKED', price: { amountMinor: 499, refundedMinor } });
});

test('what somebody else of the family bought costs nothing', async () => {
  const state = await receiptsFor().readTransaction(twin.signTransaction(bought({ inAppOwnershipType: 'FAMILY_SHARED' })));
  expect(state).toMatchObject({ familyShared: true, price: null });
});

test('only what the configured roots vouch for is believed', async () => {
  const receipts = receiptsFor();
  const payload = bought();
  const stranger = makeChain();
  const { leaf, intermediate, root } = twin.chain;
  const cases: Record<string, string> = {
    'a chain of its own': signWith(stranger, payload),
    'a chain of its own that brings our root along': signWith(stranger, payload, { certificates: [stranger.leaf.der, stranger.intermediate.der, root.der] }),
    'our chain, signed by somebody else': signWith(twin.chain, payload, { key: stranger.leaf.privateKey }),
    'two certificates': signWith(twin.chain, payload, { certificates: [leaf.der, root.der] }),
    'the intermediate in the place of the leaf': signWith(twin.chain, payload, {
      certificates: [intermediate.der, intermediate.der, root.der],
      key: intermediate.privateKey,
    }),
    'no certificates': signWith(twin.chain, payload, { certificates: [] }),
    'bytes that are no certificates': signWith(twin.chain, payload, { certificates: [Buffer.from('a'), Buffer.from('b'), Buffer.from('c')] }),
  };
  for (const [name, jws] of Object.entries(cases)) expect(await reasonOf(receipts.readTransaction(jws)), name).toBe('NOT_SIGNED');
});

test.each([
  ['a leaf that is not for receipts', { leafMarks: [] }],
  ['an intermediate that is not for developers', { intermediateMarks: [] }],
  ['an intermediate that is no authority', { intermediateIsAuthority: false }],
  ['a leaf that had expired when it signed', { leafValidTo: new Date('2026-01-01T00:00:00Z') }],
])('a chain that is not of the right kind is refused: %s', async (_what, wish) => {
  const chain = makeChain(wish);
  expect(await reasonOf(receiptsFor({ rootCertificates: [chain.root.der] }).readTransaction(signWith(chain, bought())))).toBe('NOT_SIGNED');
});

test('a leaf that has expired since still counts for what it signed before', async () => {
  const chain = makeChain({ leafValidTo: new Date(now() + 1_000) });
  clock.advance(30 * 86_400_000);
  const state = await receiptsFor({ rootCertificates: [chain.root.der] }).readTransaction(
    signWith(chain, { ...bought(), signedDate: now() - 30 * 86_400_000 }),
  );
  expect(state.originalTransactionId).toBe('2000000000000001');
});

test('a changed byte breaks the signature', async () => {
  const [header, payload = '', signature] = twin.signTransaction(bought()).split('.');
  const changed = Buffer.from(Buffer.from(payload, 'base64url').toString('utf8').replace('"weekly"', '"yearly"')).toString('base64url');
  expect(await reasonOf(receiptsFor().readTransaction([header, changed, signature].join('.')))).toBe('NOT_SIGNED');
  const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  expect(await reasonOf(receiptsFor().readTransaction(`${unsigned}.${payload}.`))).toBe('NOT_SIGNED');
});

test.each(['', 'nothing', 'a.b.c', '..', `${'x'.repeat(5_000)}.e30.`])('what is no signed data is refused: %#', async (jws) => {
  expect(['UNREADABLE', 'OTHER_ENVIRONMENT']).toContain(await reasonOf(receiptsFor().readTransaction(jws)));
  expect(['UNREADABLE', 'OTHER_ENVIRONMENT']).toContain(await reasonOf(receiptsFor().readNotification(jws)));
});

test('what was signed for another app is refused', async () => {
  expect(await reasonOf(receiptsFor().readTransaction(twin.signTransaction(bought({ bundleId: 'com.example.other' }))))).toBe('OTHER_APP');
  const about = notification(twin, 'DID_RENEW', { at: now(), transaction: bought() });
  expect(await reasonOf(receiptsFor({ bundleId: 'com.example.other' }).readNotification(about))).toBe('OTHER_APP');
  expect(await reasonOf(receiptsFor({ appId: 42 }).readNotification(about))).toBe('OTHER_APP');
  expect((await receiptsFor({ appId: null }).readNotification(about)).type).toBe('DID_RENEW');
});

test('a sandbox counts where it is allowed, and nowhere does what is not signed at all', async () => {
  const inSandbox = twin.signTransaction(bought({ environment: 'Sandbox' }));
  expect(await reasonOf(receiptsFor().readTransaction(inSandbox))).toBe('OTHER_ENVIRONMENT');
  expect(await reasonOf(receiptsFor().readNotification(notification(twin, 'TEST', { at: now(), environment: 'Sandbox' })))).toBe('OTHER_ENVIRONMENT');
  const both = receiptsFor({ environments: ['PRODUCTION', 'SANDBOX'] });
  expect((await both.readTransaction(inSandbox)).environment).toBe('SANDBOX');
  for (const environment of ['Xcode', 'LocalTesting']) {
    expect(await reasonOf(both.readTransaction(twin.signTransaction(bought({ environment }))))).toBe('OTHER_ENVIRONMENT');
  }
});

test('what is no subscription is none', async () => {
  expect(await reasonOf(receiptsFor().readTransaction(twin.signTransaction(bought({ type: 'Consumable' }))))).toBe('NO_SUBSCRIPTION');
  expect(
    (await receiptsFor().readNotification(notification(twin, 'ONE_TIME_CHARGE', { at: now(), transaction: bought({ type: 'Consumable' }) }))).state,
  ).toBeNull();
  expect(await receiptsFor().readNotification(notification(twin, 'TEST', { at: now() }))).toMatchObject({ type: 'TEST', state: null });
});

test('a notification says how a subscription stands; all that it holds has to be signed', async () => {
  const grace = now() + 16 * 86_400_000;
  const renews = renewal({ at: now(), isInBillingRetryPeriod: true, gracePeriodExpiresDate: grace });
  const read = await receiptsFor().readNotification(
    notification(twin, 'DID_FAIL_TO_RENEW', { subtype: 'GRACE_PERIOD', at: now(), status: 4, transaction: bought(), renewal: renews }),
  );
  expect(read).toMatchObject({
    type: 'DID_FAIL_TO_RENEW/GRACE_PERIOD',
    at: clock.now(),
    state: { status: 'GRACE', graceEndsAt: new Date(grace), willRenew: true },
  });
  const smuggled = twin.signNotification({
    notificationType: 'DID_RENEW',
    notificationUUID: 'u1',
    version: '2.0',
    signedDate: now(),
    data: { environment: 'Production', bundleId: BUNDLE_ID, appAppleId: APP_ID, signedTransactionInfo: signWith(makeChain(), bought()) },
  });
  expect(await reasonOf(receiptsFor().readNotification(smuggled))).toBe('NOT_SIGNED');
});

test('the store is asked with a token of its own kind, and what it answers is verified too', async () => {
  const receipts = receiptsFor();
  twin.lines.set('2000000000000001', { status: 1, transaction: bought(), renewal: renewal({ at: now(), autoRenewStatus: 0 }) });
  const purchase = { originalTransactionId: '2000000000000001', environment: 'PRODUCTION' } as const;
  expect(await receipts.currentState(purchase)).toMatchObject({ status: 'ACTIVE', willRenew: false, signedAt: clock.now() });
  expect(await receipts.currentState({ ...purchase, originalTransactionId: '2000000000000009' })).toBeNull();
  expect(await receiptsFor({ api: null }).currentState(purchase)).toBeNull();
  twin.refuse(500);
  await expect(receipts.currentState(purchase)).rejects.toThrow(ReceiptsUnreachable);
  await expect(receiptsFor({ apiUrl: 'http://127.0.0.1:1' }).currentState(purchase)).rejects.toThrow(ReceiptsUnreachable);
  expect(await reasonOf(receiptsFor({ rootCertificates: [makeCertificate({ name: 'Other', authority: true }).der] }).currentState(purchase))).toBe(
    'NOT_SIGNED',
  );
});
