import type { RootDb } from '../../db/client.ts';
import type { EventSink } from '../../db/transaction.ts';
import type { Call } from '../../generated/prisma/client.ts';
import type { Logger } from '../../kit/logger.ts';
import type { CarrierVoiceRequest } from '../../ports/carrier.ts';
import type { CarrierReply } from '../../ports/carrier-webhook.ts';
import { findAnswerer } from '../phone-lines/find-line.ts';
import { advanceCall, CARRIER_EVENT, callScope } from './advance-call.ts';
import { type ConnectScope, connectCall } from './connect-call.ts';
import { countLiveCalls } from './count-live-calls.ts';
import { findEarlyStatus } from './dialing/early-status.ts';
import { findCall } from './find-call.ts';
import { admitInbound, beyondPlan, inboundRefusal } from './incoming/admit-inbound.ts';
import { recordInbound } from './incoming/record-inbound.ts';
import { callPlan } from './plan.ts';
import { recordStatus } from './record-status.ts';
import { isOver } from './state.ts';

export interface AnswerScope extends ConnectScope {
  readonly config: ConnectScope['config'] & { readonly twilio: { readonly phoneNumber: string | null } | null };
  readonly root: RootDb;
  readonly events: EventSink;
  readonly logger: Logger;
}

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

  const sharedNumber = scope.config.twilio?.phoneNumber ?? null;
  const answerer = await findAnswerer(scope.root, { to: voice.to, from: voice.from, sharedNumber, now: scope.clock.now() });
  const open = answerer?.workspace.suspendedAt === null ? answerer : null;
  const inWorkspace = open && callScope(scope, open.workspaceId);
  const admission = admitInbound({
    ...(open?.assistant && { language: open.assistant.language }),
    inService: open !== null,
    shared: voice.to === sharedNumber,
    assigned: Boolean(open?.assistant),
    liveCalls: inWorkspace ? await countLiveCalls(inWorkspace.db, { besides: voice.carrierCallId }) : 0,
  });
  if (!open?.assistant || !inWorkspace || (!admission.admitted && !admission.recorded)) {
    return scope.carrier.hangUpReply(admission.admitted ? undefined : admission);
  }
  const reserves = admission.admitted;
  const { call, withinPlan } = await recordInbound(inWorkspace, { answerer: open, assistant: open.assistant, voice, carrier: scope.carrier.name, reserves });
  const refusal = !admission.admitted ? admission : withinPlan ? null : beyondPlan(open.assistant.language);
  if (refusal) {
    await advanceCall(inWorkspace, { callId: call.id, event: 'turned-away', reason: refusal.reason });
    return scope.carrier.hangUpReply(refusal);
  }
  // The caller may have hung up before the row was there.
  const ended = await findEarlyStatus(scope.root, voice.carrierCallId);
  if (!ended) return connectCall(scope, call, 1);
  await recordStatus(scope, { status: ended });
  return scope.carrier.hangUpReply();
}

async function answerKnown(scope: AnswerScope, call: Call, voice: CarrierVoiceRequest): Promise<CarrierReply> {
  const event = CARRIER_EVENT[voice.direction === 'OUTBOUND' && !isFinal(voice) ? 'in-progress' : voice.state];
  const advanced = await advanceCall(callScope(scope, call.workspaceId), { callId: call.id, event, carrierCallId: voice.carrierCallId });
  if (!advanced.ok || advanced.value.effect === 'other-call') return scope.carrier.hangUpReply();
  const now = advanced.value.call;
  // Over, or to be over: somebody asked to hang up before anybody answered, or it was turned away and hears it again.
  if (isOver(now.status) || now.endReason)
    return scope.carrier.hangUpReply(isFinal(voice) ? undefined : inboundRefusal(now.endReason, callPlan.parse(now.plan).language));
  return connectCall(scope, now, 1);
}

const isFinal = ({ state }: CarrierVoiceRequest) =>
  state === 'completed' || state === 'busy' || state === 'no-answer' || state === 'failed' || state === 'canceled';
