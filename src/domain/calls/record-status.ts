import type { RootDb } from '../../db/client.ts';
import type { EventSink } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import { DAY } from '../../kit/time.ts';
import type { CarrierStatus } from '../../ports/carrier.ts';
import { advanceCall, CARRIER_EVENT, callScope } from './advance-call.ts';
import { keepEarlyStatus } from './dialing/early-status.ts';
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
  // Carriers do not tell of yesterday: it was kept back and sent again by somebody else.
  if (at && scope.clock.now().getTime() - at.getTime() > DAY) return scope.logger.warn({ carrierCallId, state, at }, 'a status of long ago is passed over');
  const find = () => findCall(scope.root, { carrierCallId, ...(callId && { callId }) });
  // Its row may come a moment later: the end is kept for it, unless the row has come while it was written down.
  const call = (await find()) ?? ((await keepEarlyStatus(scope.root, { status, now: scope.clock.now() })) ? await find() : null);
  if (!call) {
    // Or never: a call that we turned away has none.
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
