import { transact } from '../../db/transaction.ts';
import type { Call, Prisma } from '../../generated/prisma/client.ts';
import { newId } from '../../kit/ids.ts';
import { callScope } from './advance-call.ts';
import { takeOptOut } from './interview/opt-out.ts';
import { lockCall } from './lock-call.ts';
import { mayDecide, type RecordingDecision, readDecision } from './recording/recording.ts';
import { type RecordingScope, startRecording, stopRecording } from './recording/run-recording.ts';
import type { CallNote } from './records.ts';

/**
 * Keeps what a bridge has found out about its call, each once, and has the carrier record it or stop. Noted again, it
 * goes on where it stood: a bridge that dies, or a carrier that does not answer, leaves nothing half done.
 *
 * @throws CarrierUncertain where the carrier did not answer; to be tried again.
 */
export async function noteCall(scope: RecordingScope, { workspaceId, callId, note }: { workspaceId: string; callId: string; note: CallNote }): Promise<void> {
  await transact(callScope(scope, workspaceId), async (tx, emit) => {
    const call = await lockCall(tx, workspaceId, callId);
    if (call && note.type === 'opted-out') return takeOptOut(tx, call, note, scope.clock.now(), emit);
    const change = call && changeOf(call, note, scope.clock.now());
    if (!change) return;
    if (note.type === 'recording' && (note.decision === 'agreed' || note.decision === 'announced'))
      await createRecording(tx, call, note.evidence, scope.clock.now());
    const changed = await tx.call.update({ where: { id: callId, workspaceId }, data: { ...change, version: { increment: 1 } } });
    emit({ type: 'CallChanged', workspaceId, callId, version: changed.version });
  });
  if (note.type !== 'recording') return;
  if (note.decision === 'agreed' || note.decision === 'announced') await startRecording(scope, { workspaceId, callId });
  if (note.decision === 'stopped') await stopRecording(scope, { workspaceId, callId });
}

/** The columns that a note changes, or null where it tells nothing new. */
function changeOf(call: Call, note: CallNote, now: Date): Prisma.CallUpdateInput | null {
  switch (note.type) {
    case 'disclosed':
      return call.disclosedAt ? null : { disclosedAt: now };
    case 'voicemail-left':
      return call.voicemailLeftAt ? null : { voicemailLeftAt: now };
    case 'answered-by':
      return call.answeredBy === note.answeredBy ? null : { answeredBy: note.answeredBy };
    case 'opted-out':
      return null;
    case 'recording':
      return mayDecide(readDecision(call.recordingDecision), note.decision) ? { recordingDecision: note.decision satisfies RecordingDecision } : null;
  }
}

/** Committed before the carrier is asked: whoever comes after a crash finds that it was, or was to be. */
async function createRecording(tx: Prisma.TransactionClient, { id: callId, workspaceId }: Call, consentEvidence: string, startedAt: Date): Promise<void> {
  const row = { id: newId(), workspaceId, callId, status: 'RECORDING' as const, consented: true, consentEvidence, startedAt };
  await tx.recording.createMany({ data: [row], skipDuplicates: true });
}
