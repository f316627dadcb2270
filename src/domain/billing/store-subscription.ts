import type { PlanKey } from '../plans/catalogue.ts';
import type { SubscriptionStatus } from '../plans/standing.ts';

/** A line of purchases as the app store signed it. */
export interface Bought {
  readonly originalTransactionId: string;
  readonly status: 'ACTIVE' | 'GRACE' | 'RETRY' | 'EXPIRED' | 'REVOKED';
  readonly purchasedAt: Date;
  readonly expiresAt: Date;
  readonly graceEndsAt: Date | null;
  readonly willRenew: boolean | null;
  readonly signedAt: Date;
}

/** What the app store sells. */
export const STORE_PLAN: PlanKey = 'CONSUMER_WEEKLY';

const STATUSES: Readonly<Record<Bought['status'], SubscriptionStatus>> = {
  ACTIVE: 'ACTIVE',
  GRACE: 'GRACE',
  // The store goes on trying, without a grace of its own: nothing may be used meanwhile.
  RETRY: 'PAST_DUE',
  EXPIRED: 'EXPIRED',
  REVOKED: 'EXPIRED',
};

/** What a line of purchases comes to here. */
export const boughtState = (bought: Bought) => ({
  planKey: STORE_PLAN,
  status: STATUSES[bought.status],
  externalId: bought.originalTransactionId,
  graceEndsAt: bought.status === 'GRACE' ? (bought.graceEndsAt ?? bought.expiresAt) : null,
  currentPeriodStartsAt: bought.purchasedAt,
  currentPeriodEndsAt: bought.expiresAt,
  cancelsAtPeriodEnd: bought.willRenew === false,
});

/**
 * Whether one word of the store's is newer than another: it is of a later period, or of the same and signed later. A
 * refund of an earlier period is signed late, and says nothing of the present one.
 */
export const isNewer = (next: Pick<Bought, 'purchasedAt' | 'signedAt'>, known: Pick<Bought, 'purchasedAt' | 'signedAt'>): boolean =>
  next.purchasedAt.getTime() === known.purchasedAt.getTime() ? next.signedAt > known.signedAt : next.purchasedAt > known.purchasedAt;
