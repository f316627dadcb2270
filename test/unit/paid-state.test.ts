import { expect, test } from 'vitest';
import { trialEndingMail } from '../../src/domain/billing/billing-letters.ts';
import { counting, goesOn, holdOf, lastTrialEnd, type Paid, paidState } from '../../src/domain/billing/paid-state.ts';
import { type Bought, boughtState, isNewer, saidAt } from '../../src/domain/billing/store-subscription.ts';

const at = (day: number) => new Date(Date.UTC(2026, 2, day));
const paid = (more: Partial<Paid> = {}): Paid => ({
  id: 'sub_1',
  plan: 'BUSINESS_BASIC',
  status: 'ACTIVE',
  createdAt: at(1),
  trialEndsAt: null,
  periodStartsAt: at(1),
  periodEndsAt: at(31),
  cancelsAtPeriodEnd: false,
  unpaidSince: null,
  ...more,
});

test.each([
  ['TRIALING', 'NONE', 'TRIALING'],
  ['ACTIVE', 'NONE', 'ACTIVE'],
  ['ACTIVE', 'REFUNDED', 'EXPIRED'],
  ['ACTIVE', 'DISPUTED', 'PAST_DUE'],
  ['PAST_DUE', 'NONE', 'GRACE'],
  ['UNPAID', 'NONE', 'PAST_DUE'],
  ['PAUSED', 'NONE', 'EXPIRED'],
  ['ENDED', 'NONE', 'CANCELED'],
  ['ENDED', 'DISPUTED', 'CANCELED'],
] as const)('a subscription that is %s, its money %s, is %s here', (status, hold, expected) => {
  expect(paidState(paid({ status }), hold)?.status).toBe(expected);
});

test('grace is three days from the unpaid invoice', () => {
  expect(paidState(paid({ status: 'PAST_DUE', unpaidSince: at(10) }), 'NONE')?.graceEndsAt).toEqual(at(13));
  expect(paidState(paid({ status: 'PAST_DUE' }), 'NONE')?.graceEndsAt).toEqual(at(4));
});

test('what was never paid for, or buys nothing of ours, is nothing', () => {
  expect(paidState(paid({ status: 'UNSTARTED' }), 'NONE')).toBeNull();
  expect(paidState(paid({ plan: null }), 'NONE')).toBeNull();
  expect(counting([paid({ status: 'UNSTARTED' }), paid({ plan: null })])).toBeNull();
});

test('of many the best counts, and of equals the newest, in whichever order they are listed', () => {
  const all = [
    paid({ id: 'old', status: 'ENDED', createdAt: at(5) }),
    paid({ id: 'owing', status: 'PAST_DUE', createdAt: at(4) }),
    paid({ id: 'first', createdAt: at(2) }),
    paid({ id: 'newest', createdAt: at(3) }),
    paid({ id: 'begun', status: 'UNSTARTED', createdAt: at(9) }),
  ];
  for (const order of [all, all.toReversed()]) expect(counting(order)?.id).toBe('newest');
  expect(counting(all.slice(0, 2))?.id).toBe('owing');
});

test('whoever has one that goes on is not sold another', () => {
  expect((['TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED'] as const).map((status) => goesOn({ status }))).toEqual(Array(5).fill(true));
  expect((['ENDED', 'UNSTARTED'] as const).map((status) => goesOn({ status }))).toEqual([false, false]);
});

test('the last trial counts, whichever subscription it was of', () => {
  expect(lastTrialEnd([paid({ trialEndsAt: at(3) }), paid(), paid({ trialEndsAt: at(2) })])).toEqual(at(3));
  expect(lastTrialEnd([paid()])).toBeNull();
});

const payment = (more: object = {}) => ({ paymentId: 'pi_1', amountMinor: 4_999, paidAt: at(2), ...more });
const refund = (amountMinor: number, paymentId = 'pi_1') => ({ paymentId, kind: 'REFUND' as const, amountMinor });
const dispute = (amountMinor: number, paymentId = 'pi_1') => ({ paymentId, kind: 'DISPUTE' as const, amountMinor });

test.each([
  ['nothing went back', [], 'NONE'],
  ['a part was refunded', [refund(-1_000)], 'NONE'],
  ['all was refunded, in parts', [refund(-1_000), refund(-3_999)], 'REFUNDED'],
  ['it is disputed', [dispute(-4_999)], 'DISPUTED'],
  ['the dispute was won', [dispute(-4_999), dispute(4_999)], 'NONE'],
  ['another payment was refunded', [refund(-4_999, 'pi_2')], 'NONE'],
])('the running period is held by what became of its payment: %s', (_what, reversals, hold) => {
  expect(holdOf([payment()], reversals, at(1))).toBe(hold);
});

test('a payment of an earlier period, or of nothing, holds nothing', () => {
  expect(holdOf([payment({ paidAt: at(1) })], [refund(-4_999)], at(2))).toBe('NONE');
  expect(holdOf([payment({ amountMinor: 0 }), payment({ paymentId: null })], [], at(1))).toBe('NONE');
});

const bought = (more: Partial<Bought> = {}): Bought => ({
  originalTransactionId: '1',
  status: 'ACTIVE',
  purchasedAt: at(1),
  expiresAt: at(8),
  graceEndsAt: null,
  willRenew: true,
  revokedAt: null,
  signedAt: at(1),
  ...more,
});

test.each([
  ['ACTIVE', 'ACTIVE', null],
  ['GRACE', 'GRACE', at(12)],
  ['RETRY', 'PAST_DUE', null],
  ['EXPIRED', 'EXPIRED', null],
  ['REVOKED', 'EXPIRED', null],
] as const)('a purchase that is %s is %s here', (status, expected, graceEndsAt) => {
  expect(boughtState(bought({ status, graceEndsAt: at(12) }))).toMatchObject({
    planKey: 'CONSUMER_WEEKLY',
    status: expected,
    graceEndsAt,
    currentPeriodEndsAt: at(8),
  });
});

test('it ends with its period where the store says that it will not renew, and not where it says nothing', () => {
  expect([true, false, null].map((willRenew) => boughtState(bought({ willRenew })).cancelsAtPeriodEnd)).toEqual([false, true, false]);
});

test('the newer word counts: of a later period, or signed later; a bare transaction knows nothing of renewals', () => {
  const known = { purchasedAt: at(8), signedAt: at(9) };
  expect(isNewer(bought({ purchasedAt: at(8), signedAt: at(10) }), known)).toBe(true);
  expect(isNewer(bought({ purchasedAt: at(8), signedAt: at(9) }), known)).toBe(false);
  expect(isNewer(bought({ purchasedAt: at(1), signedAt: at(20), revokedAt: at(19) }), known)).toBe(false);
  expect(isNewer(bought({ purchasedAt: at(15), signedAt: at(15) }), known)).toBe(true);
  expect(isNewer(bought({ purchasedAt: at(8), signedAt: at(20), willRenew: null }), known)).toBe(false);
  expect(saidAt(bought({ purchasedAt: at(8), signedAt: at(20), willRenew: null, revokedAt: at(19) }))).toEqual(at(20));
});

test('whose trial ends is told when and what follows, in their own time', () => {
  const ending = {
    subscriptionId: 'sub_1',
    planKey: 'BUSINESS_BASIC' as const,
    endsAt: new Date('2026-03-10T03:00:00Z'),
    timeZone: 'America/Chicago',
    frontendUrl: 'https://app.example.com',
  };
  const mail = trialEndingMail({ ...ending, cancels: false, to: { address: 'ada@example.com', name: 'Ada' } });
  expect(mail.subject).toBe('Your trial of Basic ends on Monday, March 9, 2026');
  expect(mail.text).toContain('From then on $49.99 a month');
  expect(mail.text).toContain('https://app.example.com/billing');
  expect(trialEndingMail({ ...ending, cancels: true, to: { address: 'ada@example.com', name: null } }).text).toContain('nothing will be charged');
});
