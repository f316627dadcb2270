import { tenantDb } from '../../../db/tenant.ts';
import { transact } from '../../../db/transaction.ts';
import type { Recording } from '../../../generated/prisma/client.ts';
import type { Blobs } from '../../../ports/blobs.ts';
import { type CallScope, callScope } from '../advance-call.ts';
import { recordingCost } from '../costs/charge-call.ts';
import { type CostScope, recordCosts } from '../costs/record-costs.ts';
import type { RecordingScope } from './run-recording.ts';

export interface FetchScope extends RecordingScope {
  readonly blobs: Blobs;
  readonly config: RecordingScope['config'] & CostScope['config'];
}

/**
 * Brings a recording home: the carrier's sound into the blob store, the row told, then the carrier's copy deleted. Each
 * step is found done or is done again, so that it may be cut off anywhere; the carrier's copy goes last.
 *
 * @returns `later` where the carrier does not have it ready. @throws CarrierRejected | CarrierUncertain
 */
export async function fetchRecording(
  scope: FetchScope,
  { workspaceId, recordingId }: { workspaceId: string; recordingId: string },
  signal?: AbortSignal,
): Promise<'done' | 'later'> {
  const { carrier } = scope;
  const inWorkspace = callScope(scope, workspaceId);
  const recording = await tenantDb(scope.root, workspaceId).recording.findFirst({ where: { id: recordingId } });
  const carrierRecordingId = recording?.carrierRecordingId;
  if (!recording || !carrierRecordingId || recording.status === 'FAILED') return 'done';
  if (!carrier) return 'later';
  if (recording.status === 'RECORDING') {
    const sound = await carrier.recordings.openRecording(carrierRecordingId, signal);
    if (!sound) return 'later';
    const blobKey = `${workspaceId}/${recordingId}.wav`;
    const { bytes } = await scope.blobs.put(blobKey, sound.body, sound.mediaType);
    const deleted = await keep(inWorkspace, recording, { blobKey, bytes, mediaType: sound.mediaType });
    if (deleted) await scope.blobs.delete(blobKey);
  }
  if (recording.durationSeconds) {
    await recordCosts({ ...inWorkspace, config: scope.config }, recording.callId, [recordingCost(recordingId, recording.durationSeconds)]);
  }
  await carrier.recordings.deleteRecording(carrierRecordingId);
  await inWorkspace.db.recording.updateMany({ where: { id: recordingId }, data: { carrierRecordingId: null } });
  return 'done';
}

/** @returns whether the recording was deleted while its sound was on its way. Another worker may have kept it before us. */
async function keep(scope: CallScope, { id, workspaceId, callId }: Recording, blob: { blobKey: string; bytes: number; mediaType: string }): Promise<boolean> {
  return transact(scope, async (tx, emit) => {
    const stored = { ...blob, status: 'STORED' as const, storedAt: scope.clock.now() };
    const { count } = await tx.recording.updateMany({ where: { id, workspaceId, status: 'RECORDING' }, data: stored });
    if (count === 0) return (await tx.recording.count({ where: { id, workspaceId, status: 'DELETED' } })) > 0;
    const { version } = await tx.call.update({ where: { id: callId, workspaceId }, data: { version: { increment: 1 } }, select: { version: true } });
    emit({ type: 'CallChanged', workspaceId, callId, version });
    return false;
  });
}
