import type { Call, Prisma } from '../../../generated/prisma/client.ts';

const NEVER_TAKEN = 'The carrier never took the call: no phone has rung.';

/** For the transaction that ends a call which never came to be: where it was a scheduled one, that was not placed either. */
export async function failScheduledCall(tx: Prisma.TransactionClient, { id: callId, workspaceId }: Pick<Call, 'id' | 'workspaceId'>, now: Date): Promise<void> {
  await tx.scheduledCall.updateMany({
    where: { workspaceId, callId, status: 'PLACED' },
    data: { status: 'FAILED', error: NEVER_TAKEN, settledAt: now },
  });
}
