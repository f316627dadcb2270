import type { TenantDb } from '../../db/tenant.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Payments } from '../../ports/payments.ts';

/** The payment service's id of the workspace as a customer; null where it is none yet, or none any more. */
export const findCustomer = async (db: TenantDb): Promise<string | null> =>
  (await db.stripeCustomer.findFirst({ where: { deletedAt: null } }))?.customerId ?? null;

/** The same, made at the first need. Two who need it at once are given the same. */
export async function customerOf({ db, clock, payments }: { db: TenantDb; clock: Clock; payments: Payments }): Promise<string> {
  const known = await db.stripeCustomer.findFirst();
  if (known && !known.deletedAt) return known.customerId;
  const workspaceId = db.$workspaceId;
  // The first owner: who asks plays no part, so that the same is asked for whoever asks.
  const owner = await db.membership.findFirstOrThrow({ where: { role: 'OWNER' }, orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }], include: { user: true } });
  const customerId = await payments.createCustomer({ workspaceId, email: owner.user.email, insteadOf: known?.customerId ?? null });
  const made = { customerId, createdAt: clock.now() };
  if (known) await db.stripeCustomer.updateMany({ where: { customerId: known.customerId }, data: { ...made, deletedAt: null } });
  else await db.stripeCustomer.createMany({ data: [{ workspaceId, ...made }], skipDuplicates: true });
  return (await db.stripeCustomer.findFirstOrThrow()).customerId;
}
