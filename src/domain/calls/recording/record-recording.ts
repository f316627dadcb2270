import { tenantDb } from '../../../db/tenant.ts';
import { transact } from '../../../db/transaction.ts';
import type { CarrierRecording } from '../../../ports/carrier-recordings.ts';
import { findCall } from '../find-call.ts';
import { lockCall } from '../lock-call.ts';
import type { StatusScope } from '../record-status.ts';

/**
 * Takes down what the carrier says of a recording: twice, late and out of order do no harm. One that can be fetched is
 * fetched by a job. A recording that we did not ask for is left alone.
 *
 * @param callId our id from the address.
 */
export async function recordRecording(scope: StatusScope, { told, callId }: { told: CarrierRecording; callId?: string }): Promise<void> {
  const call = await findCall(scope.root, { carrierCallId: told.carrierCallId, ...(callId && { callId }) });
  if (!call) {
    scope.logger.warn({ callId, carrierCallId: told.carrierCallId }, 'the carrier tells of a recording of a call that we do not know');
    return;
  }
  const { id, workspaceId } = call;
  const { carrierRecordingId, state, durationSeconds, reason } = told;
  await transact({ db: tenantDb(scope.root, workspaceId), events: scope.events }, async (tx, emit) => {
    await lockCall(tx, workspaceId, id);
    const recording = await tx.recording.findFirst({ where: { workspaceId, callId: id } });
    const known = recording?.carrierRecordingId ?? carrierRecordingId;
    // Deleted before its sound was here: the sweep deletes what the carrier has.
    if (recording?.status === 'DELETED' && recording.blobKey === null && recording.storedAt === null) {
      await tx.recording.update({ where: { id: recording.id, workspaceId }, data: { carrierRecordingId: known } });
    }
    if (recording?.status !== 'RECORDING' || known !== carrierRecordingId) return;
    const where = { id: recording.id, workspaceId };
    if (state === 'absent') {
      await tx.recording.update({ where, data: { status: 'FAILED', carrierRecordingId, error: reason ?? 'absent' } });
    } else if (state === 'completed') {
      await tx.recording.update({ where, data: { carrierRecordingId, ...(durationSeconds !== undefined && { durationSeconds }) } });
      emit({ type: 'RecordingReady', workspaceId, callId: id, recordingId: recording.id });
    } else if (!recording.carrierRecordingId) {
      await tx.recording.update({ where, data: { carrierRecordingId } });
    }
  });
}
