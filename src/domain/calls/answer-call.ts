import type { RootDb } from '../../db/client.ts';
import { tenantDb } from '../../db/tenant.ts';
import { type EventSink, transact, type Work } from '../../db/transaction.ts';
import type { Call } from '../../generated/prisma/client.ts';
import { ok, type Result } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import type { Logger } from '../../kit/logger.ts';
import type { CarrierReply, CarrierVoiceRequest } from '../../ports/carrier.ts';
import { findAnsweringLine } from '../phone-lines/find-line.ts';
import { advanceCall, CARRIER_EVENT, callScope } from './advance-call.ts';
import { type ConnectScope, connectCall } from './connect-call.ts';
import { findCall } from './find-call.ts';
import { callPlanFor } from './plan-call.ts';
import { inTurn, refusedPart, reservePart } from './reserve-part.ts';
import { isOver } from './state.ts';
import { storedPlan } from './stored-plan.ts';

export interface AnswerScope extends ConnectScope {
  readonly root: RootDb;
  readonly events: EventSink;
  readonly logger: Logger;
}

const NOT_IN_SERVICE = { say: 'The number you have called is not in service. Goodbye.', language: 'en-US' };
const NOBODY_HERE = { say: 'We are sorry, nobody can take your call at the moment. Please try again later. Goodbye.', language: 'en-US' };

/**
 * Answers the carrier's question what to do with a call: one that comes in, or one of ours that was answered. Asked
 * twice, it names the same call twice.
 *
 * @param callId our id from the address, where we placed the call: known before the carrier's id is.
 * @returns the reply that joins the call to a bridge, or a polite end.
 */
export async function answerCall(scope: AnswerScope, { voice, callId }: { voice: CarrierVoiceRequest; callId?: string }): Promise<CarrierReply> {
  const known = await findCall(scope.root, { carrierCallId: voice.carrierCallId, ...(callId && { callId }) });
  if (!known && (callId || voice.direction === 'OUTBOUND')) {
    scope.logger.warn({ callId, carrierCallId: voice.carrierCallId }, 'the carrier answered a call that we do not know');
    return scope.carrier.hangUpReply();
  }
  if (known) return answerKnown(scope, known, voice);

  const line = await findAnsweringLine(scope.root, voice.to);
  if (!line || line.workspace.suspendedAt) return scope.carrier.hangUpReply(NOT_IN_SERVICE);
  if (!line.assistant) return scope.carrier.hangUpReply(NOBODY_HERE);

  const db = tenantDb(scope.root, line.workspaceId);
  const now = scope.clock.now();
  const row = {
    id: newId(),
    workspaceId: line.workspaceId,
    assistantId: line.assistant.id,
    direction: 'INBOUND' as const,
    status: 'RINGING' as const,
    carrier: scope.carrier.name,
    carrierCallId: voice.carrierCallId,
    from: voice.from,
    to: voice.to,
    plan: storedPlan(callPlanFor(line.assistant, line.workspace, 'INBOUND')),
    createdAt: now,
    ringingAt: now,
  };
  const make: Work<Result<Call>> = async (tx, emit) => {
    // The carrier's id is unique: of two deliveries at once, one makes the row and both find it.
    const { count } = await tx.call.createMany({ data: [row], skipDuplicates: true });
    const call = await tx.call.findUniqueOrThrow({ where: { carrierCallId: voice.carrierCallId } });
    if (count === 0) return ok(call);
    emit({ type: 'CallChanged', workspaceId: row.workspaceId, callId: row.id, version: 1 });
    return ok(await reservePart({ tx, emit, clock: scope.clock }, call));
  };
  const call = await inTurn(row.workspaceId, () => transact({ db, events: scope.events }, make)).catch(refusedPart);
  if (call.ok) return connectCall(scope, call.value, 1);
  scope.logger.info({ workspaceId: row.workspaceId, problems: call.problems.map(({ code }) => code) }, 'a call was turned away: the plan allows no more');
  return scope.carrier.hangUpReply(NOBODY_HERE);
}

async function answerKnown(scope: AnswerScope, call: Call, voice: CarrierVoiceRequest): Promise<CarrierReply> {
  const event = CARRIER_EVENT[voice.direction === 'OUTBOUND' && !isFinal(voice) ? 'in-progress' : voice.state];
  const advanced = await advanceCall(callScope(scope, call.workspaceId), { callId: call.id, event, carrierCallId: voice.carrierCallId });
  if (!advanced.ok || advanced.value.effect === 'other-call') return scope.carrier.hangUpReply();
  const now = advanced.value.call;
  // Over, or to be over: somebody asked to hang up before anybody answered.
  if (isOver(now.status) || now.endReason) return scope.carrier.hangUpReply();
  return connectCall(scope, now, 1);
}

const isFinal = ({ state }: CarrierVoiceRequest) =>
  state === 'completed' || state === 'busy' || state === 'no-answer' || state === 'failed' || state === 'canceled';
