import { transact, type Work } from '../../../db/transaction.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import { newId } from '../../../kit/ids.ts';
import type { CarrierName, CarrierVoiceRequest } from '../../../ports/carrier.ts';
import type { Answerer } from '../../phone-lines/find-line.ts';
import type { CallScope } from '../advance-call.ts';
import { callPlanFor } from '../plan-call.ts';
import { inTurn, takePart } from '../reserve-part.ts';
import { storedPlan } from '../stored-plan.ts';
import { findCaller } from './find-caller.ts';
import { callerSection } from './known-caller.ts';

/**
 * Makes the row of a call that comes in, its plan frozen with what is known of the caller. The carrier's id is unique:
 * of two deliveries at once, one makes the row and both find it.
 *
 * @param answerer whose call it is; it has an assistant.
 * @param reserves whether it takes its part of what the plan allows.
 * @returns the row, which stands also where the plan has nothing left for it.
 */
export async function recordInbound(
  scope: CallScope,
  {
    answerer,
    assistant,
    voice,
    carrier,
    reserves,
  }: { answerer: Answerer; assistant: NonNullable<Answerer['assistant']>; voice: CarrierVoiceRequest; carrier: CarrierName; reserves: boolean },
): Promise<{ call: Call; withinPlan: boolean }> {
  const { db, clock } = scope;
  const now = clock.now();
  const { workspaceId, workspace } = answerer;
  const caller = await findCaller(db, { party: voice.from, now });
  const plan = callPlanFor(assistant, workspace, 'INBOUND');
  const known = caller ? callerSection(caller, { now, timeZone: plan.timeZone }) : '';
  const row = {
    id: newId(),
    workspaceId,
    assistantId: assistant.id,
    direction: 'INBOUND' as const,
    status: 'RINGING' as const,
    carrier,
    carrierCallId: voice.carrierCallId,
    from: voice.from,
    to: voice.to,
    engine: assistant.engine,
    plan: storedPlan({ ...plan, instructions: known ? `${plan.instructions}\n${known}` : plan.instructions }),
    createdAt: now,
    ringingAt: now,
  };
  const make: Work<{ call: Call; withinPlan: boolean }> = async (tx, emit) => {
    const { count } = await tx.call.createMany({ data: [row], skipDuplicates: true });
    const call = await tx.call.findUniqueOrThrow({ where: { carrierCallId: voice.carrierCallId } });
    if (count === 1) emit({ type: 'CallChanged', workspaceId, callId: row.id, version: 1 });
    if (count === 0 || !reserves) return { call, withinPlan: true };
    const part = await takePart({ tx, emit, clock }, call);
    return part.ok ? { call: part.value, withinPlan: true } : { call, withinPlan: false };
  };
  return inTurn(workspaceId, () => transact(scope, make));
}
