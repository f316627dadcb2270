import { transact } from '../../../db/transaction.ts';
import type { CarrierRecording } from '../../../ports/carrier-recordings.ts';
import type { CarrierRecorded } from '../../../ports/carrier-speech.ts';
import type { CarrierReply } from '../../../ports/carrier-webhook.ts';
import { type CallScope, callScope } from '../advance-call.ts';
import type { GatherStep } from '../carrier-urls.ts';
import { findCall } from '../find-call.ts';
import { lockCall } from '../lock-call.ts';
import { callPlan } from '../plan.ts';
import { isOver } from '../state.ts';
import type { GatherScope } from './gather-scope.ts';
import { completeTurns, GATHER_FACTS, noteFact, turnsAfter, writeTurn } from './gather-turns.ts';
import { ownSentence } from './gather-voice.ts';
import { type GatherEnding, sayTurn } from './reply-gather.ts';

/** The caller has spoken after the tone, or not: the recording is noted, and the call ends with thanks. */
export async function endRecordedMessage(
  scope: GatherScope,
  { callId, recorded, place }: { callId: string; recorded: CarrierRecorded; place: GatherStep },
): Promise<CarrierReply> {
  const { carrier, clock } = scope;
  const found = await findCall(scope.root, { carrierCallId: recorded.carrierCallId, callId });
  if (!found || found.id !== callId) return carrier.hangUpReply();
  const { workspaceId } = found;
  const inWorkspace = callScope(scope, workspaceId);
  const { carrierRecordingId, durationSeconds } = recorded;
  const kept = carrierRecordingId !== null && durationSeconds > 0;
  // Also where the caller hung up after the tone: then the carrier asks of a call that is over.
  if (kept) await noteRecordedMessage(inWorkspace, { callId, carrierRecordingId, durationSeconds });
  await transact(inWorkspace, async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, callId);
    if (!call || isOver(call.status) || call.endReason || (await turnsAfter(tx, call, place.after)).length > 0) return;
    const now = clock.now();
    const { language } = callPlan.parse(call.plan);
    await completeTurns(tx, call, { now, reply: '' }, emit);
    const text = ownSentence(language, kept ? 'messageKept' : 'noMessage');
    await writeTurn(tx, call, { sequence: place.after + 1, speaker: 'ASSISTANT', text, at: now }, emit);
    const endReason: GatherEnding = kept ? 'message-recorded' : 'silence';
    const ended = await tx.call.update({ where: { id: callId, workspaceId }, data: { endReason, version: { increment: 1 } } });
    emit({ type: 'CallChanged', workspaceId, callId, version: ended.version });
  });
  return (await sayTurn(scope, found, place.after, 'recorded')) ?? carrier.hangUpReply();
}

/** The carrier tells that a message can be fetched: also where what it asked after the tone was lost. */
export async function recordSpokenMessage(
  scope: Pick<GatherScope, 'root' | 'clock' | 'events'>,
  { told, callId }: { told: CarrierRecording; callId?: string },
): Promise<void> {
  const { carrierCallId, carrierRecordingId, state, durationSeconds = 0 } = told;
  const call = await findCall(scope.root, { carrierCallId, ...(callId && { callId }) });
  if (!call || state !== 'completed' || durationSeconds === 0) return;
  await noteRecordedMessage(callScope(scope, call.workspaceId), { callId: call.id, carrierRecordingId, durationSeconds });
}

/** A caller has left a recording that is to become a message: told once, however often the carrier tells it. */
async function noteRecordedMessage(
  scope: CallScope,
  { callId, carrierRecordingId, durationSeconds }: { callId: string; carrierRecordingId: string; durationSeconds: number },
): Promise<void> {
  const workspaceId = scope.db.$workspaceId;
  await transact(scope, async (tx, emit) => {
    const isNew = await noteFact(tx, { id: callId, workspaceId }, GATHER_FACTS.recorded(carrierRecordingId), scope.clock.now());
    if (isNew) emit({ type: 'MessageRecorded', workspaceId, callId, carrierRecordingId, durationSeconds });
  });
}
