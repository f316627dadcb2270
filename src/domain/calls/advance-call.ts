import type { RootDb } from '../../db/client.ts';
import { type TenantDb, tenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { Call } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import type { CarrierCallState } from '../../ports/carrier-webhook.ts';
import { releaseHolds } from '../bookings/release-holds.ts';
import { settleCall } from '../usage/settle-call.ts';
import { failScheduledCall } from './dialing/fail-scheduled-call.ts';
import { completeTurns } from './gather/gather-turns.ts';
import { lockCall } from './lock-call.ts';
import { type CallStep, progress } from './progress.ts';
import type { CallEvent, CallStatus } from './state.ts';

export interface CallScope {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** What a verb that serves all workspaces hands on once it knows whose the call is. */
export const callScope = ({ root, clock, events }: { root: RootDb; clock: Clock; events: EventSink }, workspaceId: string): CallScope => ({
  db: tenantDb(root, workspaceId),
  clock,
  events,
});

/** What a carrier's word for a call means as an event of ours. */
export const CARRIER_EVENT: Readonly<Record<CarrierCallState, CallEvent>> = {
  queued: 'dial-accepted',
  dialing: 'dial-accepted',
  ringing: 'carrier-ringing',
  'in-progress': 'carrier-answered',
  completed: 'carrier-completed',
  busy: 'carrier-busy',
  'no-answer': 'carrier-no-answer',
  failed: 'carrier-failed',
  canceled: 'carrier-canceled',
};

export interface Advance extends CallStep {
  readonly callId: string;
  /** The carrier's own key of the event: one that was seen before counts for nothing. */
  readonly key?: string;
  /** Counts for nothing while a bridge's heartbeat is good: a live conversation knows better than a listing. */
  readonly unlessBridged?: boolean;
  /** Counts for nothing in any other state: what was seen of the call before is true no more. */
  readonly onlyFrom?: CallStatus;
}

export interface Advanced {
  readonly call: Call;
  /** `advanced`: the row changed. The others: nothing was written, and why. */
  readonly effect: 'advanced' | 'unchanged' | 'duplicate' | 'bridged' | 'late' | 'illegal' | 'other-call';
}

/**
 * Applies one event to a call, under the row's lock. Twice, late and out of order do no harm. Tells `CallChanged` for
 * each change, `CallEnded` once, and `CallReleased` where no bridge holds the ended call.
 *
 * @returns the row as it is afterwards; `NOT_FOUND` where the workspace has no such call.
 */
export async function advanceCall(scope: CallScope, { callId, key, unlessBridged, onlyFrom, ...step }: Advance): Promise<Result<Advanced>> {
  const workspaceId = scope.db.$workspaceId;
  return transact(scope, async (tx, emit): Promise<Result<Advanced>> => {
    const call = await lockCall(tx, workspaceId, callId);
    if (!call) return refuse('NOT_FOUND', 'There is no such call.', ['input', 'callId']);
    const now = scope.clock.now();
    const bridged = call.bridgeId !== null && call.bridgeAliveUntil !== null && call.bridgeAliveUntil > now;
    if (unlessBridged && bridged) return ok({ call, effect: 'bridged' });
    if (onlyFrom && call.status !== onlyFrom) return ok({ call, effect: 'late' });
    const next = progress(call, step, now);
    if (!next.ok && next.rejection === 'other-call') return ok({ call, effect: 'other-call' });
    if (key) {
      const { count } = await tx.carrierEvent.createMany({ data: [{ callId, workspaceId, key, event: step.event, receivedAt: now }], skipDuplicates: true });
      if (count === 0) return ok({ call, effect: 'duplicate' });
    }
    if (!next.ok) return ok({ call, effect: next.rejection });
    if (Object.keys(next.change).length === 0) return ok({ call, effect: 'unchanged' });

    const changed = await tx.call.update({ where: { id: callId, workspaceId }, data: { ...next.change, version: { increment: 1 } } });
    emit({ type: 'CallChanged', workspaceId, callId, version: changed.version });
    if (changed.status === 'UNKNOWN') emit({ type: 'CallUncertain', workspaceId, callId });
    if (next.ended) {
      emit({ type: 'CallEnded', workspaceId, callId });
      await settleCall(tx, changed, emit);
      await releaseHolds(tx, { workspaceId, callId }, emit);
      if (step.event === 'not-found' && changed.status === 'FAILED') await failScheduledCall(tx, changed, now);
      // Of a call without a bridge nobody else knows that nothing more is heard.
      if (changed.engine === 'GATHER' && changed.bridgeId === null) await completeTurns(tx, changed, { now, reply: '' }, emit);
    }
    if (next.ended && changed.bridgeId === null) emit({ type: 'CallReleased', workspaceId, callId, assistantId: changed.assistantId });
    return ok({ call: changed, effect: 'advanced' });
  });
}
