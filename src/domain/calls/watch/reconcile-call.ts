import type { RootDb } from '../../../db/client.ts';
import type { EventSink } from '../../../db/transaction.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import type { Logger } from '../../../kit/logger.ts';
import { MINUTE, SECOND } from '../../../kit/time.ts';
import { type Carrier, type CarrierCall, CarrierRejected } from '../../../ports/carrier.ts';
import { advanceCall, CARRIER_EVENT, callScope } from '../advance-call.ts';
import { isOver } from '../state.ts';

export interface ReconcileScope {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly carrier: Carrier | null;
  readonly logger: Logger;
}

/** A request whose answer was lost shows in the carrier's listing after at most this; then it never arrived. */
const LISTED_AFTER_MS = 2 * MINUTE;
/** Carriers tell times in whole seconds, by clocks of their own. */
const CLOCK_TOLERANCE_MS = 5 * SECOND;

/**
 * Asks the carrier what became of a call and applies the answer: by its id, or by looking through the calls to that
 * number where the id never came. Hangs up what somebody asked to be ended. A call with a live bridge is left alone.
 *
 * @returns `settled` once nothing is left to ask; `open` where it is to be asked again. @throws CarrierUncertain
 */
export async function reconcileCall(scope: ReconcileScope, { workspaceId, callId }: { workspaceId: string; callId: string }): Promise<'settled' | 'open'> {
  const { carrier } = scope;
  const inWorkspace = callScope(scope, workspaceId);
  const call = await inWorkspace.db.call.findUnique({ where: { id: callId, workspaceId } });
  if (!call || isOver(call.status)) return 'settled';
  if (!carrier || carrier.name !== call.carrier) return 'open';

  const advance = (change: Omit<Parameters<typeof advanceCall>[1], 'callId' | 'unlessBridged'>) =>
    advanceCall(inWorkspace, { ...change, callId, unlessBridged: true });
  const found = call.carrierCallId ? await carrier.fetchCall(call.carrierCallId) : await lookFor(scope, carrier, call);
  if (!found) {
    const since = scope.clock.now().getTime() - (call.dialedAt ?? call.createdAt).getTime();
    if (since < LISTED_AFTER_MS) return 'open';
    await advance({ event: 'not-found' });
    return 'settled';
  }

  const { carrierCallId, state, reason, durationSeconds } = found;
  const advanced = await advance({
    event: CARRIER_EVENT[state],
    carrierCallId,
    ...(reason !== undefined && { reason }),
    ...(durationSeconds !== undefined && { durationSeconds }),
  });
  if (!advanced.ok || isOver(advanced.value.call.status)) return 'settled';
  if (advanced.value.effect === 'bridged') return 'settled';
  if (advanced.value.call.endReason) await endAtCarrier(scope, carrier, callId, carrierCallId);
  return advanced.value.call.status === 'UNKNOWN' || advanced.value.call.endReason ? 'open' : 'settled';
}

/** The oldest of the carrier's calls between the two numbers since we asked that none of our rows has. */
async function lookFor({ root }: ReconcileScope, carrier: Carrier, call: Call): Promise<CarrierCall | null> {
  const since = new Date((call.dialedAt ?? call.createdAt).getTime() - CLOCK_TOLERANCE_MS);
  const listed = await carrier.findCalls({ from: call.from, to: call.to, since });
  if (listed.length === 0) return null;
  const taken = await root.call.findMany({
    where: { carrierCallId: { in: listed.map(({ carrierCallId }) => carrierCallId) } },
    select: { carrierCallId: true },
  });
  const known = new Set(taken.map(({ carrierCallId }) => carrierCallId));
  return listed.filter(({ carrierCallId }) => !known.has(carrierCallId)).at(-1) ?? null;
}

async function endAtCarrier({ logger }: ReconcileScope, carrier: Carrier, callId: string, carrierCallId: string): Promise<void> {
  try {
    await carrier.endCall(carrierCallId);
  } catch (error) {
    if (!(error instanceof CarrierRejected)) throw error;
    logger.error({ callId, code: error.code }, 'the carrier refused to hang up');
  }
}
