import { z } from 'zod';
import type { RootDb } from '../../db/client.ts';
import { tenantDb } from '../../db/tenant.ts';
import type { EventSink } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Receipts, StoreState } from '../../ports/receipts.ts';
import { ownerOf } from './bind-purchase.ts';
import { eventsToApply, markApplied, markWaiting } from './payment-events.ts';
import { takePurchase } from './take-purchase.ts';

export interface StoreApp {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly receipts: Receipts;
}

const date = z.coerce.date();

/** A state as it was stored with a notification: it was verified before. */
const storedState: z.ZodType<StoreState> = z.object({
  originalTransactionId: z.string(),
  transactionId: z.string(),
  productId: z.string(),
  environment: z.enum(['PRODUCTION', 'SANDBOX']),
  boughtFor: z.string().nullable(),
  familyShared: z.boolean(),
  status: z.enum(['ACTIVE', 'GRACE', 'RETRY', 'EXPIRED', 'REVOKED']),
  purchasedAt: date,
  expiresAt: date,
  graceEndsAt: date.nullable(),
  willRenew: z.boolean().nullable(),
  revokedAt: date.nullable(),
  price: z.object({ amountMinor: z.int(), currency: z.string(), refundedMinor: z.int() }).nullable(),
  signedAt: date,
});

/**
 * Acts upon what the app store told of one line of purchases: asks how it stands where the store can be asked, and
 * takes the newest that is signed.
 *
 * @returns `unknown` where nobody has come with the purchase yet: the notifications stay, to be tried again.
 */
export async function applyStoreNotices(app: StoreApp, { subject }: { subject: string }): Promise<'done' | 'unknown'> {
  const rows = await eventsToApply(app, { vendor: 'APP_STORE', subject });
  const told = rows.map(({ payload }) => storedState.parse(payload));
  const [first] = told;
  if (!first) return 'done';
  const ids = rows.map(({ id }) => id);
  const owner = await ownerOf(app, first);
  if (!owner) {
    await markWaiting(app, ids, 'Nobody has come with this purchase yet.');
    app.logger.info({ subject, types: rows.map(({ type }) => type) }, 'nobody has come with a purchase that the App Store told of');
    return 'unknown';
  }
  await refreshPurchase(app, { workspaceId: owner, purchase: first }, [...told, ...(await saidOfRefunded(app, told))]);
  await markApplied(app, ids);
  return 'done';
}

/** What was told before of periods whose money went back: something signed after a refund, and without it, takes it back, whichever comes first. */
async function saidOfRefunded({ root }: StoreApp, told: readonly StoreState[]): Promise<StoreState[]> {
  const refunded = told.filter(({ revokedAt }) => revokedAt !== null);
  const rows = await root.paymentEvent.findMany({
    where: {
      vendor: 'APP_STORE',
      processedAt: { not: null },
      OR: refunded.map(({ originalTransactionId, transactionId }) => ({
        subject: originalTransactionId,
        payload: { path: ['transactionId'], equals: transactionId },
      })),
    },
  });
  return rows.map(({ payload }) => storedState.parse(payload));
}

/** Asks the store how a line of purchases stands, and takes that with what else was told of it. */
export async function refreshPurchase(
  { receipts, root, ...app }: StoreApp,
  { workspaceId, purchase }: { workspaceId: string; purchase: Pick<StoreState, 'originalTransactionId' | 'environment'> },
  told: readonly StoreState[] = [],
): Promise<void> {
  const now = await receipts.currentState(purchase);
  if (now || told.length > 0) await takePurchase({ ...app, db: tenantDb(root, workspaceId) }, now ? [...told, now] : told);
}
