import type { RootDb } from '../../../db/client.ts';
import { type TenantDb, tenantDb } from '../../../db/tenant.ts';
import type { Clock } from '../../../kit/clock.ts';
import { readRecordingToken, SPOKEN_MESSAGE } from './recording-link.ts';

export interface StoredRecording {
  readonly callId: string;
  readonly blobKey: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** The recording that a link leads to; `expired`, or `unknown` where it never was a link of ours or the recording is gone. */
export async function findRecording(
  { root, clock, config }: { root: RootDb; clock: Clock; config: { readonly secretKeys: readonly [string, ...string[]] } },
  token: string,
): Promise<StoredRecording | 'expired' | 'unknown'> {
  const grant = await readRecordingToken({ secretKeys: config.secretKeys, clock }, token);
  if (grant === 'expired') return 'expired';
  if (grant === 'invalid') return 'unknown';
  const db = tenantDb(root, grant.workspaceId);
  if (grant.recordingId.startsWith(SPOKEN_MESSAGE)) return (await findSpokenMessage(db, grant.recordingId.slice(SPOKEN_MESSAGE.length))) ?? 'unknown';
  const recording = await db.recording.findFirst({ where: { id: grant.recordingId, status: 'STORED' } });
  if (!recording?.blobKey || recording.bytes === null) return 'unknown';
  return { callId: recording.callId, blobKey: recording.blobKey, bytes: recording.bytes, mediaType: recording.mediaType ?? 'audio/x-wav' };
}

async function findSpokenMessage(db: TenantDb, id: string): Promise<StoredRecording | null> {
  const message = await db.message.findFirst({ where: { id } });
  if (!message?.audioBlobKey || message.audioBytes === null) return null;
  return { callId: message.callId, blobKey: message.audioBlobKey, bytes: message.audioBytes, mediaType: message.audioMediaType ?? 'audio/x-wav' };
}
