import type { RootDb } from '../../db/client.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import type { StoreState } from '../../ports/receipts.ts';
import { ownershipOf } from './take-purchase.ts';

interface Binding {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

const LONG_AGO = new Date(0);

/**
 * A line of purchases belongs to the workspace that it was bought for, or else to the first that comes with it, for
 * good.
 *
 * @returns the workspace that it belongs to.
 */
export async function bindPurchase({ root, clock, events }: Binding, state: StoreState, workspaceId: string): Promise<string> {
  const { originalTransactionId, productId, environment, expiresAt } = state;
  const boughtFor = await consumerWorkspace(root, state.boughtFor);
  const now = clock.now();
  // Nothing of it is taken yet: what is signed of it is newer than this.
  const nothing = { purchasedAt: LONG_AGO, signedAt: LONG_AGO, expiresAt, createdAt: now, updatedAt: now };
  const row = { originalTransactionId, workspaceId: boughtFor ?? workspaceId, productId, environment, ownership: ownershipOf(state), ...nothing };
  await transact({ db: root, events }, async (tx, emit) => {
    const { count } = await tx.appStorePurchase.createMany({ data: [row], skipDuplicates: true });
    // What was told of it while it was nobody's can be acted upon now.
    if (count === 1) emit({ type: 'PaymentTold', vendor: 'APP_STORE', subject: originalTransactionId });
  });
  return (await root.appStorePurchase.findUniqueOrThrow({ where: { originalTransactionId } })).workspaceId;
}

/** Whose line of purchases it is; null where nobody has come with it yet. */
export async function ownerOf(binding: Binding, state: StoreState): Promise<string | null> {
  const known = await binding.root.appStorePurchase.findUnique({ where: { originalTransactionId: state.originalTransactionId } });
  if (known) return known.workspaceId;
  const boughtFor = await consumerWorkspace(binding.root, state.boughtFor);
  return boughtFor && bindPurchase(binding, state, boughtFor);
}

/** The app may say with a purchase for which workspace it is. */
async function consumerWorkspace(root: RootDb, id: string | null): Promise<string | null> {
  if (!id) return null;
  return (await root.workspace.findFirst({ where: { id, platform: 'CONSUMER' }, select: { id: true } }))?.id ?? null;
}
