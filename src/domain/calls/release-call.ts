import type { RootDb } from '../../db/client.ts';
import { tenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import { lockCall } from './lock-call.ts';
import type { BridgeEnding } from './records.ts';
import { settleBridge } from './settle-bridge.ts';
import { isOver } from './state.ts';

export interface ReleaseScope {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

/**
 * A bridge lets go of its call, all its turns written. Where we ended the conversation the row says so, and the carrier
 * hangs up when it asks what comes next. `CallReleased` is told when the call is over as well, whichever comes last.
 * A bridge that no longer holds the call changes nothing.
 */
export async function releaseCall(
  scope: ReleaseScope,
  { callId, workspaceId, bridgeId, ending }: { callId: string; workspaceId: string; bridgeId: string; ending: BridgeEnding },
): Promise<void> {
  await transact({ db: tenantDb(scope.root, workspaceId), events: scope.events }, async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, callId);
    if (!call || call.bridgeId !== bridgeId) return;
    await settleBridge(tx, { workspaceId, callId }, emit);
    const over = isOver(call.status);
    const released = await tx.call.update({
      where: { id: callId, workspaceId },
      data: {
        bridgeId: null,
        // From here on the reaper may ask the carrier what became of the call.
        bridgeAliveUntil: scope.clock.now(),
        ...(ending.type === 'ended' && !over && !call.endReason && { endReason: ending.reason }),
        ...(ending.type === 'handed-over' && ending.withoutModel && { engine: 'GATHER' as const }),
        version: { increment: 1 },
      },
    });
    if (ending.type === 'transfer') await tx.callTransfer.updateMany({ where: { workspaceId, callId, status: 'REQUESTED' }, data: { status: 'ANNOUNCED' } });
    emit({ type: 'CallChanged', workspaceId, callId, version: released.version });
    if (over) emit({ type: 'CallReleased', workspaceId, callId, assistantId: call.assistantId });
  });
}
