import type { RootDb } from '../../db/client.ts';
import { tenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { NumberPurchase } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import { MINUTE } from '../../kit/time.ts';
import type { Carrier } from '../../ports/carrier.ts';
import { labelOf } from './line-scope.ts';
import { refusePurchase, settlePurchase } from './settle-purchase.ts';

export interface SweepScope {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly carrier: Carrier | null;
}

/** Longer than whoever ordered waits for an answer: until then it is theirs to settle. */
const LEFT_ALONE_MS = MINUTE;
/** A number whose order was carried out is listed after at most this; then it never was. */
const LISTED_AFTER_MS = 2 * MINUTE;
const MOST_AT_ONCE = 100;

/**
 * Finds out what became of orders whose answer was lost or whose process died: the number that the carrier lists under
 * the purchase's label becomes the line that it was meant to be; where there is none, the purchase is refused.
 */
export async function reconcilePurchases(scope: SweepScope, signal?: AbortSignal): Promise<void> {
  const { root, clock, carrier, logger } = scope;
  if (!carrier) return;
  const open = await root.numberPurchase.findMany({
    where: { status: 'PENDING', carrier: carrier.name, createdAt: { lte: new Date(clock.now().getTime() - LEFT_ALONE_MS) } },
    orderBy: { createdAt: 'asc' },
    take: MOST_AT_ONCE,
  });
  for (const purchase of open) {
    if (signal?.aborted) return;
    try {
      await reconcile(scope, carrier, purchase);
    } catch (error) {
      // One that cannot be asked about keeps no other waiting; the next run asks again.
      logger.warn({ purchaseId: purchase.id, err: error }, 'an open purchase could not be looked after');
    }
  }
}

async function reconcile({ root, clock, events, logger }: SweepScope, carrier: Carrier, purchase: NumberPurchase): Promise<void> {
  const { workspaceId } = purchase;
  const scope = { db: tenantDb(root, workspaceId), clock, events };
  const [number, ...others] = await carrier.numbers.listOwned({ label: labelOf(purchase.id) });
  if (!number) {
    if (clock.now().getTime() - purchase.createdAt.getTime() < LISTED_AFTER_MS) return;
    await refusePurchase(scope, purchase.id, 'The order never reached the carrier. Order again.');
    return;
  }
  const line = await settlePurchase(scope, purchase.id, number);
  logger.warn(
    { purchaseId: purchase.id, phoneLineId: line?.id },
    line ? 'a number was bought, and its answer lost: it is a line now' : 'a number is given back',
  );
  for (const { carrierNumberId } of others) await transact(scope, async (_tx, emit) => emit({ type: 'NumberUnwanted', workspaceId, carrierNumberId }));
}
