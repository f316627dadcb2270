import type { DomainEvent } from '../../events.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { newId } from '../../kit/ids.ts';
import { releaseTrialCall } from '../plans/trial-calls.ts';

/** A call that is over. */
export interface EndedCall {
  readonly id: string;
  readonly workspaceId: string;
  /** Null where nobody answered: then it counts for nothing. */
  readonly answeredAt: Date | null;
  readonly endedAt: Date | null;
  /** Whole seconds of answered time. */
  readonly durationSeconds: number | null;
}

/**
 * Turns the part that a call holds into what it has used, in the transaction that ends it: there is no moment at which
 * a call is over and still holds something, whatever dies. It counts in the day, week and month in which it was
 * answered. A call that holds nothing changes nothing, so that twice is once.
 */
export async function settleCall(tx: Prisma.TransactionClient, call: EndedCall, emit: (event: DomainEvent) => void): Promise<void> {
  const { id: callId, workspaceId, answeredAt } = call;
  const hold = await tx.usageHold.findUnique({ where: { callId, workspaceId } });
  if (!hold) return;
  const { planKey, trialExtra } = hold;
  const { count } = await tx.usageHold.deleteMany({ where: { callId, workspaceId } });
  if (count === 0) return;
  const closing = answeredAt
    ? { kind: 'SETTLED' as const, calls: 1, seconds: call.durationSeconds ?? 0, at: answeredAt }
    : { kind: 'RELEASED' as const, calls: 0, seconds: 0, at: call.endedAt ?? hold.createdAt };
  await tx.usageEntry.create({
    data: { id: newId(), workspaceId, callId, phase: 1, planKey, trialExtra, createdAt: call.endedAt ?? hold.createdAt, ...closing },
  });
  if (!answeredAt) await releaseTrialCall(tx, { callId, claimedBy: workspaceId });
  emit({ type: 'UsageChanged', workspaceId });
}
