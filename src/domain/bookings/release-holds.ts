import type { DomainEvent } from '../../events.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { utcDay } from './kept-times-cache.ts';

/** Lets go of what a call holds: the caller has hung up. One statement, within the transaction that ends the call. */
export async function releaseHolds(
  tx: Prisma.TransactionClient,
  { workspaceId, callId }: { workspaceId: string; callId: string },
  emit: (event: DomainEvent) => void,
): Promise<void> {
  const released = await tx.$queryRaw<{ assistantId: string; startsAt: Date }[]>`
    delete from "Booking" where "workspaceId" = ${workspaceId} and "callId" = ${callId} and "status" = 'HELD' returning "assistantId", "startsAt"`;
  for (const { assistantId, startsAt } of released) emit({ type: 'SlotsChanged', workspaceId, assistantId, days: [utcDay(startsAt)] });
}
