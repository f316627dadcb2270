import { DAY, MINUTE } from '../../../kit/time.ts';
import { callScope } from '../advance-call.ts';
import { type FetchScope, fetchRecording } from './fetch-recording.ts';
import { recordRecording } from './record-recording.ts';

/** Carriers tell of a recording within seconds of the call's end; after this we ask. */
const TOLD_WITHIN_MS = 2 * MINUTE;
/** A recording that the carrier does not know after this long never was. */
const GIVEN_UP_AFTER_MS = DAY;
const MOST_AT_ONCE = 100;

/**
 * Looks after recordings of which nobody has told: asks the carrier for those of calls that are over, and finishes what
 * a job began and did not end.
 *
 * @returns how many were looked after.
 */
export async function sweepRecordings(scope: FetchScope, signal?: AbortSignal): Promise<number> {
  const before = new Date(scope.clock.now().getTime() - TOLD_WITHIN_MS);
  const waiting = await scope.root.recording.findMany({
    where: {
      OR: [
        { status: 'RECORDING', call: { status: { in: ['ENDED', 'FAILED'] }, endedAt: { lte: before } } },
        { status: { in: ['STORED', 'DELETED'] }, carrierRecordingId: { not: null }, startedAt: { lte: before } },
      ],
    },
    include: { call: { select: { carrierCallId: true, endedAt: true, carrier: true } } },
    orderBy: { startedAt: 'asc' },
    take: MOST_AT_ONCE,
  });
  let done = 0;
  for (const { id: recordingId, workspaceId, callId, status, call } of waiting) {
    if (signal?.aborted) break;
    try {
      if (status === 'RECORDING') await ask(scope, { workspaceId, callId, recordingId, ...call });
      else await fetchRecording(scope, { workspaceId, recordingId }, signal);
      done += 1;
    } catch (error) {
      // One that cannot be had keeps no other waiting; the next run asks again.
      scope.logger.warn({ callId, err: error }, 'a recording could not be looked after');
    }
  }
  return done;
}

interface Waiting {
  workspaceId: string;
  callId: string;
  recordingId: string;
  carrierCallId: string | null;
  endedAt: Date | null;
}

async function ask(scope: FetchScope, { workspaceId, callId, recordingId, carrierCallId, endedAt }: Waiting): Promise<void> {
  if (!scope.carrier) return;
  const [found] = carrierCallId ? await scope.carrier.recordings.findRecordings(carrierCallId) : [];
  if (found) return recordRecording(scope, { told: found, callId });
  if (endedAt && scope.clock.now().getTime() - endedAt.getTime() < GIVEN_UP_AFTER_MS) return;
  const { db } = callScope(scope, workspaceId);
  await db.recording.updateMany({ where: { id: recordingId, status: 'RECORDING' }, data: { status: 'FAILED', error: 'not-found-at-carrier' } });
}
