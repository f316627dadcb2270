import type { PlanKey } from '../plans/catalogue.ts';
import { GRACE_MS, type SubscriptionStatus } from '../plans/standing.ts';

/** A subscription as the payment service has it now. */
export interface Paid {
  readonly id: string;
  readonly plan: PlanKey | null;
  readonly status: 'UNSTARTED' | 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'UNPAID' | 'PAUSED' | 'ENDED';
  readonly createdAt: Date;
  readonly trialEndsAt: Date | null;
  readonly periodStartsAt: Date;
  readonly periodEndsAt: Date;
  readonly cancelsAtPeriodEnd: boolean;
  readonly unpaidSince: Date | null;
}

/** Whether the money for the running period is still ours. */
export type Hold = 'NONE' | 'REFUNDED' | 'DISPUTED';

/** What becomes of our own subscription. */
export interface PaidState {
  readonly planKey: PlanKey;
  readonly status: SubscriptionStatus;
  readonly externalId: string;
  readonly graceEndsAt: Date | null;
  readonly currentPeriodStartsAt: Date;
  readonly currentPeriodEndsAt: Date;
  readonly cancelsAtPeriodEnd: boolean;
}

const RANK: Readonly<Record<Paid['status'], number>> = { ACTIVE: 5, TRIALING: 5, PAST_DUE: 4, UNPAID: 3, PAUSED: 2, ENDED: 1, UNSTARTED: 0 };

/** Whether it goes on: it is collected for, or may be again. */
export const goesOn = ({ status }: Pick<Paid, 'status'>): boolean => RANK[status] >= RANK.PAUSED;

/**
 * The one of a customer's subscriptions that counts: the best, and of those the newest. One that was never paid for, or
 * that buys none of our plans, is none.
 */
export function counting<P extends Paid>(subscriptions: readonly P[]): P | null {
  const ours = subscriptions.filter(({ status, plan }) => plan !== null && status !== 'UNSTARTED');
  const [best] = ours.toSorted((a, b) => RANK[b.status] - RANK[a.status] || b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1));
  return best ?? null;
}

/** Those that go on beside the one that counts, as where two people paid at once: nobody pays for two. */
export function surplus<P extends Paid>(subscriptions: readonly P[]): P[] {
  const pick = counting(subscriptions);
  if (!pick || !goesOn(pick)) return [];
  return subscriptions.filter((one) => one !== pick && one.plan !== null && goesOn(one));
}

/**
 * What a subscription comes to here. A failed renewal leaves three days, counted from the unpaid invoice. A period whose
 * money went back is over; one whose money is disputed is not paid until that is decided.
 *
 * @returns null for one that is none of ours.
 */
export function paidState(paid: Paid, hold: Hold): PaidState | null {
  if (paid.plan === null || paid.status === 'UNSTARTED') return null;
  const dates = {
    planKey: paid.plan,
    externalId: paid.id,
    currentPeriodStartsAt: paid.periodStartsAt,
    currentPeriodEndsAt: paid.periodEndsAt,
    cancelsAtPeriodEnd: paid.cancelsAtPeriodEnd,
  };
  const at = (status: SubscriptionStatus, graceEndsAt: Date | null = null): PaidState => ({ ...dates, status, graceEndsAt });
  switch (paid.status) {
    case 'ENDED':
      return at('CANCELED');
    case 'PAUSED':
      return at('EXPIRED');
    case 'UNPAID':
      return at('PAST_DUE');
    case 'PAST_DUE':
      return at('GRACE', new Date((paid.unpaidSince ?? paid.periodStartsAt).getTime() + GRACE_MS));
    case 'TRIALING':
    case 'ACTIVE':
      return at(hold === 'REFUNDED' ? 'EXPIRED' : hold === 'DISPUTED' ? 'PAST_DUE' : paid.status);
    default:
      return paid.status satisfies never;
  }
}

/** When the last trial of them all ends or ended; null where there was none. Every look at them says the same, whichever counts. */
export const lastTrialEnd = (subscriptions: readonly Pick<Paid, 'trialEndsAt'>[]): Date | null => {
  const ends = subscriptions.flatMap(({ trialEndsAt }) => trialEndsAt?.getTime() ?? []);
  return ends.length > 0 ? new Date(Math.max(...ends)) : null;
};

/** A payment of a subscription. */
export interface Payment {
  readonly paymentId: string | null;
  readonly amountMinor: number;
  readonly paidAt: Date;
}

/** Money that went back, or came again: part of a payment. */
export interface Reversal {
  readonly paymentId: string;
  readonly kind: 'REFUND' | 'DISPUTE';
  /** Less than zero where it went back. */
  readonly amountMinor: number;
}

/** Whether a payment for the running period went back: all of it by refunds, or any of it to a dispute. */
export function holdOf(payments: readonly Payment[], reversals: readonly Reversal[], periodStartsAt: Date): Hold {
  const sum = (paymentId: string, kind: Reversal['kind']) =>
    reversals.filter((one) => one.paymentId === paymentId && one.kind === kind).reduce((total, { amountMinor }) => total + amountMinor, 0);
  let hold: Hold = 'NONE';
  for (const { paymentId, amountMinor, paidAt } of payments) {
    if (!paymentId || amountMinor <= 0 || paidAt < periodStartsAt) continue;
    if (-sum(paymentId, 'REFUND') >= amountMinor) return 'REFUNDED';
    if (sum(paymentId, 'DISPUTE') < 0) hold = 'DISPUTED';
  }
  return hold;
}
