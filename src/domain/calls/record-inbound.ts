import { transact } from '../../db/transaction.ts';
import type { Call } from '../../generated/prisma/client.ts';
import { newId } from '../../kit/ids.ts';
import type { CarrierName, CarrierVoiceRequest } from '../../ports/carrier.ts';
import type { Answerer } from '../phone-lines/find-line.ts';
import type { CallScope } from './advance-call.ts';
import { findCaller } from './find-caller.ts';
import { callerSection } from './known-caller.ts';
import { callPlanFor } from './plan-call.ts';
import { storedPlan } from './stored-plan.ts';

/**
 * Makes the row of a call that comes in, its plan frozen with what is known of the caller. The carrier's id is unique:
 * of two deliveries at once, one makes the row and both find it.
 *
 * @param answerer whose call it is; it has an assistant.
 */
export async function recordInbound(
  scope: CallScope,
  {
    answerer,
    assistant,
    voice,
    carrier,
  }: { answerer: Answerer; assistant: NonNullable<Answerer['assistant']>; voice: CarrierVoiceRequest; carrier: CarrierName },
): Promise<Call> {
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
  return transact(scope, async (tx, emit) => {
    const { count } = await tx.call.createMany({ data: [row], skipDuplicates: true });
    if (count === 1) emit({ type: 'CallChanged', workspaceId, callId: row.id, version: 1 });
    return tx.call.findUniqueOrThrow({ where: { carrierCallId: voice.carrierCallId } });
  });
}
