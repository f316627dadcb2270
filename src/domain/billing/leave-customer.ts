import type { TenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import { setSubscription } from '../plans/set-subscription.ts';

/**
 * The customer was deleted at the payment service, which ends what it subscribed to: so does ours, whose state cannot be
 * asked for any more. The next checkout makes another customer.
 */
export async function leaveCustomer(scope: { db: TenantDb; clock: Clock; events: EventSink }, customerId: string): Promise<void> {
  const { db, clock } = scope;
  await transact(scope, async (tx, emit) => {
    const left = await tx.stripeCustomer.updateMany({ where: { workspaceId: db.$workspaceId, customerId, deletedAt: null }, data: { deletedAt: clock.now() } });
    const ours = await tx.subscription.findFirst({ where: { workspaceId: db.$workspaceId, source: 'STRIPE' } });
    if (left.count === 0 || !ours) return;
    const { id: _id, workspaceId, version: _version, createdAt: _created, updatedAt: _updated, ...state } = ours;
    await setSubscription({ tx, clock, emit }, { workspaceId, state: { ...state, status: 'CANCELED', graceEndsAt: null } });
  });
}
