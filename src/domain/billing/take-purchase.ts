import type { TenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import type { StoreState } from '../../ports/receipts.ts';
import { recordRevenue } from '../plans/record-revenue.ts';
import { setSubscription } from '../plans/set-subscription.ts';
import { boughtState, isNewer, STORE_PLAN, saidAt } from './store-subscription.ts';

export interface PurchaseScope {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

/**
 * Takes what the app store has signed of a workspace's line of purchases. Money is booked whenever it was signed; the
 * state only where it is newer than what is known, so that neither order nor repetition matters.
 *
 * @param states verified; all of one line that belongs to the workspace.
 */
export async function takePurchase(scope: PurchaseScope, states: readonly StoreState[]): Promise<void> {
  const { db, clock } = scope;
  await transact(scope, async (tx, emit) => {
    for (const state of states) {
      const { originalTransactionId, productId, purchasedAt, signedAt, expiresAt, revokedAt } = state;
      // Holds the row until the end, so that what is read of it still holds when it is written.
      await tx.appStorePurchase.updateMany({ where: { originalTransactionId }, data: { updatedAt: clock.now() } });
      const known = await tx.appStorePurchase.findFirst({ where: { originalTransactionId } });
      if (!known) continue;
      await book(tx, db.$workspaceId, state);
      if (!isNewer(state, known)) continue;
      const data = { productId, ownership: ownershipOf(state), purchasedAt, signedAt: saidAt(state), expiresAt, revokedAt };
      await tx.appStorePurchase.updateMany({ where: { originalTransactionId }, data });
      await setSubscription({ tx, clock, emit }, { workspaceId: db.$workspaceId, state: { source: 'APP_STORE', ...boughtState(state) }, at: signedAt });
    }
  });
}

export const ownershipOf = ({ familyShared }: Pick<StoreState, 'familyShared'>): string => (familyShared ? 'FAMILY_SHARED' : 'PURCHASED');

/**
 * Each period once, once what went back of it, and once what then came again: a refund that was taken back is one that
 * something signed later knows nothing of. Sandboxes play with money that is none.
 */
async function book(tx: Prisma.TransactionClient, workspaceId: string, state: StoreState): Promise<void> {
  const { environment, price, transactionId, purchasedAt, revokedAt, signedAt } = state;
  if (environment !== 'PRODUCTION' || !price || price.amountMinor <= 0) return;
  const entry = { workspaceId, source: 'APP_STORE' as const, planKey: STORE_PLAN, currency: price.currency };
  const refunds = `${transactionId}/refund/`;
  await recordRevenue(tx, { ...entry, key: transactionId, amountMinor: price.amountMinor, at: purchasedAt });
  if (revokedAt && price.refundedMinor > 0)
    await recordRevenue(tx, { ...entry, key: `${refunds}${revokedAt.getTime()}`, amountMinor: -price.refundedMinor, at: revokedAt });
  if (revokedAt) return;
  const taken = await tx.revenueEntry.findMany({ where: { workspaceId, source: 'APP_STORE', key: { startsWith: refunds }, at: { lt: signedAt } } });
  for (const { key, amountMinor } of taken)
    await recordRevenue(tx, { ...entry, key: key.replace('/refund/', '/returned/'), amountMinor: -amountMinor, at: signedAt });
}
