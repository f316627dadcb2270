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
  readonly revokedAt: Date | null;
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
 * As of when a word of the store's counts. A transaction alone knows nothing of renewals, whenever it was signed: unless
 * it says that the money went back, it counts as of the purchase.
 */
export const saidAt = ({ willRenew, revokedAt, purchasedAt, signedAt }: Bought): Date => (willRenew === null && revokedAt === null ? purchasedAt : signedAt);

/**
 * Whether one word of the store's is newer than another: it is of a later period, or of the same and signed later. A
 * refund of an earlier period is signed late, and says nothing of the present one.
 */
export const isNewer = (next: Bought, known: { readonly purchasedAt: Date /** As of when it counts. */; readonly signedAt: Date }): boolean =>
  next.purchasedAt.getTime() === known.purchasedAt.getTime() ? saidAt(next) > known.signedAt : next.purchasedAt > known.purchasedAt;
