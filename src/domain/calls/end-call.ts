import type { Call } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';
import { type Carrier, CarrierRejected, CarrierUncertain } from '../../ports/carrier.ts';
import { advanceCall, type CallScope } from './advance-call.ts';
import { isOver } from './state.ts';

export interface EndCallScope extends CallScope {
  readonly carrier: Carrier | null;
  readonly logger: Logger;
}

/**
 * Hangs up. A call that is over already is fine. The wish is recorded first, so that it comes true also where the
 * carrier cannot be reached now, or where the call's answer has yet to come; the carrier's status then ends the row.
 *
 * @returns the call; `NOT_FOUND`, or `UPSTREAM_REJECTED` where the carrier refused.
 */
export async function endCall(scope: EndCallScope, { callId }: { callId: string }): Promise<Result<Call>> {
  const requested = await advanceCall(scope, { callId, event: 'end-requested' });
  if (!requested.ok) return requested;
  const { call } = requested.value;
  if (isOver(call.status) || !call.carrierCallId || !scope.carrier) return ok(call);
  const refusal = await hangUp(scope, scope.carrier, { ...call, carrierCallId: call.carrierCallId });
  return refusal ? refuse('UPSTREAM_REJECTED', 'The carrier refused to hang up.') : ok(call);
}

/** Asks the carrier to end a call; without an answer the call is looked at again soon. @returns the refusal, if any. */
export async function hangUp(scope: EndCallScope, carrier: Carrier, call: Call & { carrierCallId: string }): Promise<CarrierRejected | null> {
  const { id: callId, workspaceId } = call;
  try {
    await carrier.endCall(call.carrierCallId);
    return null;
  } catch (error) {
    if (error instanceof CarrierRejected) {
      scope.logger.error({ callId, code: error.code }, 'the carrier refused to hang up');
      return error;
    }
    if (!(error instanceof CarrierUncertain)) throw error;
    scope.logger.warn({ callId, err: error }, 'the carrier did not say whether it hung up');
    await scope.db.$transaction((tx) => scope.events.enqueue([{ type: 'CallUncertain', workspaceId, callId }], tx));
    return null;
  }
}
