import { transact } from '../../db/transaction.ts';
import { releaseHolds } from '../bookings/release-holds.ts';
import type { CallScope } from './advance-call.ts';
import { isOver } from './state.ts';

/**
 * Lets go of what a call holds where it ended while a tool was at work: its hold came after those of the call were
 * released, and would keep others from the time until it expires. To be called when the hold is committed: a call that
 * ends later than that releases it itself.
 */
export async function releaseLateHolds(scope: Omit<CallScope, 'clock'>, { callId }: { callId: string }): Promise<void> {
  const workspaceId = scope.db.$workspaceId;
  const call = await scope.db.call.findFirst({ where: { id: callId }, select: { status: true } });
  if (call && isOver(call.status)) await transact(scope, (tx, emit) => releaseHolds(tx, { workspaceId, callId }, emit));
}
