import type { Prisma } from '../../generated/prisma/client.ts';
import { MOST_LIVE_CALLS } from '../calls/incoming/admit-inbound.ts';
import { CATALOGUE } from '../plans/catalogue.ts';

/** How many calls a workspace may have at one time, in and out, by its plan. */
export async function mostCallsAtOnce(tx: Prisma.TransactionClient, workspaceId: string): Promise<number> {
  const subscription = await tx.subscription.findUnique({ where: { workspaceId }, select: { planKey: true } });
  return subscription ? Math.min(MOST_LIVE_CALLS, CATALOGUE[subscription.planKey].concurrentCalls) : 1;
}
