import type { TenantDb } from '../../../db/tenant.ts';
import { transact } from '../../../db/transaction.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../../kit/errors.ts';
import type { Blobs } from '../../../ports/blobs.ts';
import type { CallScope } from '../advance-call.ts';

export interface DeleteRecordingScope extends CallScope {
  readonly db: TenantDb;
  readonly blobs: Blobs;
}

/**
 * Deletes the recording of a call, with its sound; that one was made stays known. What the carrier may still have is
 * deleted by the next sweep. Deleted already is fine.
 *
 * @returns the call; `NOT_FOUND` where it has none, `ILLEGAL_STATE` while it is being made.
 */
export async function deleteRecording(scope: DeleteRecordingScope, { callId }: { callId: string }): Promise<Result<Call>> {
  const workspaceId = scope.db.$workspaceId;
  const recording = await scope.db.recording.findFirst({ where: { callId }, include: { call: { select: { status: true } } } });
  if (!recording) return refuse('NOT_FOUND', 'This call has no recording.', ['input', 'callId']);
  const over = recording.call.status === 'ENDED' || recording.call.status === 'FAILED';
  if (!over) return refuse('ILLEGAL_STATE', 'The call is still going on. End it first.', ['input', 'callId']);
  // The blob first: a row that says DELETED must not have a sound behind it.
  if (recording.blobKey) await scope.blobs.delete(recording.blobKey);
  return transact(scope, async (tx, emit) => {
    await tx.recording.update({ where: { id: recording.id, workspaceId }, data: { status: 'DELETED', blobKey: null, bytes: null, mediaType: null } });
    const call = await tx.call.update({ where: { id: recording.callId, workspaceId }, data: { version: { increment: 1 } } });
    emit({ type: 'CallChanged', workspaceId, callId: call.id, version: call.version });
    return ok(call);
  });
}
