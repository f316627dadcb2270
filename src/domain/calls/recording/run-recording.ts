import type { RootDb } from '../../../db/client.ts';
import { tenantDb } from '../../../db/tenant.ts';
import type { EventSink } from '../../../db/transaction.ts';
import type { Clock } from '../../../kit/clock.ts';
import type { Logger } from '../../../kit/logger.ts';
import { type Carrier, CarrierRejected } from '../../../ports/carrier.ts';
import { carrierUrls } from '../carrier-urls.ts';
import { isOver } from '../state.ts';

export interface RecordingScope {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly carrier: Pick<Carrier, 'path' | 'recordings'> | null;
  readonly config: { readonly publicUrl: string };
}

/**
 * Has the carrier record a call for which a recording was decided: once, however often it is asked. Where an answer of
 * the carrier was lost, its list is looked at before it is asked again.
 *
 * @throws CarrierUncertain
 */
export async function startRecording(scope: RecordingScope, { workspaceId, callId }: { workspaceId: string; callId: string }): Promise<void> {
  const { carrier, logger, config } = scope;
  const db = tenantDb(scope.root, workspaceId);
  const recording = await db.recording.findFirst({ where: { callId }, include: { call: true } });
  if (recording?.status !== 'RECORDING' || recording.carrierRecordingId) return;
  const { carrierCallId, status, recordingDecision } = recording.call;
  if (!carrier || !carrierCallId || isOver(status) || recordingDecision === 'stopped') return;
  // Asked for the first time, there is none; but a bridge before this one may have asked.
  const [begun] = await carrier.recordings.findRecordings(carrierCallId);
  try {
    const { carrierRecordingId } =
      begun ?? (await carrier.recordings.startRecording({ carrierCallId, statusUrl: carrierUrls(config.publicUrl, carrier.path, callId).recording }));
    await db.recording.updateMany({ where: { id: recording.id, carrierRecordingId: null }, data: { carrierRecordingId } });
  } catch (error) {
    if (!(error instanceof CarrierRejected)) throw error;
    logger.error({ callId, code: error.code }, 'the carrier refused to record a call');
    await db.recording.updateMany({ where: { id: recording.id, status: 'RECORDING' }, data: { status: 'FAILED', error: `carrier-${error.code}` } });
  }
}

/** Has the carrier stop; what was recorded before stays. @throws CarrierUncertain */
export async function stopRecording(scope: RecordingScope, { workspaceId, callId }: { workspaceId: string; callId: string }): Promise<void> {
  const { carrier, logger } = scope;
  const db = tenantDb(scope.root, workspaceId);
  const recording = await db.recording.findFirst({ where: { callId, status: 'RECORDING' }, include: { call: { select: { carrierCallId: true } } } });
  const carrierCallId = recording?.call.carrierCallId;
  if (!carrier || !carrierCallId) return;
  const begun = await carrier.recordings.findRecordings(carrierCallId);
  for (const { carrierRecordingId, state } of begun) {
    if (state !== 'in-progress') continue;
    try {
      await carrier.recordings.stopRecording({ carrierCallId, carrierRecordingId });
    } catch (error) {
      if (!(error instanceof CarrierRejected)) throw error;
      logger.error({ callId, code: error.code }, 'the carrier refused to stop recording');
    }
  }
}
