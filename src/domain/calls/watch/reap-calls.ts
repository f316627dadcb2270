import { transact } from '../../../db/transaction.ts';
import { advanceCall, callScope } from '../advance-call.ts';
import { forgetEarlyStatuses } from '../dialing/early-status.ts';
import { lockCall } from '../lock-call.ts';
import { settleBridge } from '../settle-bridge.ts';
import { type ReapDecision, reapDecision } from './reap.ts';
import { type ReconcileScope, reconcileCall } from './reconcile-call.ts';

const MOST_AT_ONCE = 200;

/**
 * Looks after calls that have stopped moving: asks the carrier what became of them, ends what it says is over, and
 * closes what dead bridges left open. A call whose bridge is alive is never touched.
 *
 * @returns how many calls were acted upon, by what was decided.
 */
export async function reapCalls(scope: ReconcileScope, signal?: AbortSignal): Promise<Record<Exclude<ReapDecision, 'leave'>, number>> {
  const now = scope.clock.now();
  await forgetEarlyStatuses(scope.root, now);
  const idle = { OR: [{ bridgeAliveUntil: null }, { bridgeAliveUntil: { lte: now } }] };
  const candidates = await scope.root.call.findMany({
    where: {
      OR: [
        { status: { notIn: ['ENDED', 'FAILED'] }, ...idle },
        { bridgeId: { not: null }, bridgeAliveUntil: { lte: now } },
      ],
    },
    select: {
      id: true,
      workspaceId: true,
      status: true,
      createdAt: true,
      dialedAt: true,
      ringingAt: true,
      answeredAt: true,
      bridgeId: true,
      bridgeAliveUntil: true,
    },
    orderBy: { createdAt: 'asc' },
  });
  const done = { abandon: 0, 'ask-carrier': 0, release: 0 };
  for (const call of candidates) {
    const decision = reapDecision(call, now);
    if (decision === 'leave') continue;
    if (signal?.aborted || done.abandon + done['ask-carrier'] + done.release >= MOST_AT_ONCE) break;
    try {
      await act(scope, decision, { workspaceId: call.workspaceId, callId: call.id });
      done[decision]++;
    } catch (error) {
      // One call that cannot be asked about keeps no other waiting; the next run asks again.
      scope.logger.warn({ callId: call.id, err: error }, 'a stuck call could not be looked after');
    }
  }
  return done;
}

async function act(scope: ReconcileScope, decision: Exclude<ReapDecision, 'leave'>, call: { workspaceId: string; callId: string }): Promise<void> {
  const inWorkspace = callScope(scope, call.workspaceId);
  switch (decision) {
    case 'abandon':
      await advanceCall(inWorkspace, { callId: call.callId, event: 'not-found', reason: 'never-dialed', onlyFrom: 'QUEUED' });
      return;
    case 'ask-carrier':
      await reconcileCall(scope, call);
      return;
    case 'release':
      await transact(inWorkspace, async (tx, emit) => {
        const row = await lockCall(tx, call.workspaceId, call.callId);
        if (!row || reapDecision(row, scope.clock.now()) !== 'release') return;
        await settleBridge(tx, call, emit);
        const released = await tx.call.update({
          where: { id: call.callId, workspaceId: call.workspaceId },
          data: { bridgeId: null, version: { increment: 1 } },
        });
        emit({ type: 'CallChanged', ...call, version: released.version });
        emit({ type: 'CallReleased', ...call, assistantId: released.assistantId });
      });
  }
}
