import type { RootDb } from '../../db/client.ts';
import type { EventSink } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { CarrierStatus } from '../../ports/carrier.ts';
import { advanceCall, CARRIER_EVENT, callScope } from './advance-call.ts';
import { findCall } from './find-call.ts';

export interface StatusScope {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
}

/**
 * Takes down what the carrier says of a call: once for each event, whatever the order.
 *
 * @param callId our id from the address, where we placed the call.
 */
export async function recordStatus(scope: StatusScope, { status, callId }: { status: CarrierStatus; callId?: string }): Promise<void> {
  const { carrierCallId, state, eventKey, at, durationSeconds, reason } = status;
  const call = await findCall(scope.root, { carrierCallId, ...(callId && { callId }) });
  if (!call) {
    // A call that we turned away has no row.
    scope.logger.debug({ carrierCallId, callId, state }, 'the carrier speaks of a call that we do not know');
    return;
  }
  const advanced = await advanceCall(callScope(scope, call.workspaceId), {
    callId: call.id,
    event: CARRIER_EVENT[state],
    key: eventKey,
    carrierCallId,
    at,
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(reason !== undefined && { reason }),
  });
  if (advanced.ok && (advanced.value.effect === 'illegal' || advanced.value.effect === 'other-call')) {
    scope.logger.warn({ callId: call.id, state, effect: advanced.value.effect, status: call.status }, 'the carrier tells what cannot be');
  }
}
