import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Logger } from '../../../kit/logger.ts';
import type { Blobs } from '../../../ports/blobs.ts';
import type { Carrier } from '../../../ports/carrier.ts';
import { TextModelError } from '../../../ports/text-model.ts';
import type { Transcriber } from '../../../ports/transcriber.ts';
import type { CallScope } from '../advance-call.ts';
import { begunMinutes, type CostItem, type PriceList } from '../costs/pricing.ts';
import { recordCosts } from '../costs/record-costs.ts';
import { callPlan } from '../plan.ts';
import { takeMessage } from './messages.ts';

export interface RecordedMessageScope extends CallScope {
  readonly logger: Logger;
  readonly carrier: Carrier | null;
  readonly blobs: Blobs;
  readonly transcriber: Transcriber | null;
  readonly config: { readonly prices: PriceList };
}

export interface RecordedMessage {
  readonly callId: string;
  readonly carrierRecordingId: string;
  readonly durationSeconds: number;
}

/**
 * Makes a message of what a caller said after the tone: its sound is brought home, its words are written down where
 * somebody can, and the carrier's copy is deleted. Run again after it was cut off, it ends with the same one message.
 *
 * @param last whether nobody asks again: then the message is kept with what is to be had of it.
 * @returns `later` where it is to be tried again. @throws CarrierRejected | CarrierUncertain, unless `last`
 */
export async function keepRecordedMessage(
  scope: RecordedMessageScope,
  recorded: RecordedMessage,
  { last }: { last: boolean },
  signal?: AbortSignal,
): Promise<'done' | 'later'> {
  const { db, carrier } = scope;
  const { callId, carrierRecordingId, durationSeconds } = recorded;
  const call = await db.call.findFirst({ where: { id: callId } });
  if (!call) return 'done';
  const key = `recording:${carrierRecordingId}`;
  if (!(await db.message.findFirst({ where: { callId, toolCallKey: key } }))) {
    const audio = await bringHome(scope, recorded, last, signal);
    if (!audio && !last) return 'later';
    const words = audio
      ? await writeDown(scope, audio.sound, { language: callPlan.parse(call.plan).language, mediaType: audio.columns.audioMediaType, last }, signal)
      : null;
    if (words === 'later') return 'later';
    const heard = words?.text || (audio ? `${durationSeconds} seconds; nobody has written it down, but it can be heard.` : NOT_TO_BE_HAD);
    await takeMessage(scope, { callId, body: `Recorded message: ${heard}`, toolCallKey: key, ...(audio && { audio: audio.columns }) });
    const cost = (item: CostItem, quantity: number) => ({ item, quantity, key: `${key}:${item}`, source: 'price-list' as const });
    const costs = [cost('recording', begunMinutes(durationSeconds)), ...(words ? [cost('transcription', durationSeconds)] : [])];
    await recordCosts(scope, callId, costs);
    if (!audio) return 'done';
  }
  await carrier?.recordings.deleteRecording(carrierRecordingId);
  return 'done';
}

const NOT_TO_BE_HAD = 'the carrier could not give us its sound. Please call back.';

/** @returns the sound, as it is kept now; null where the carrier does not have it (yet). */
async function bringHome({ db, carrier, blobs, logger }: RecordedMessageScope, recorded: RecordedMessage, last: boolean, signal?: AbortSignal) {
  try {
    const sound = await carrier?.recordings.openRecording(recorded.carrierRecordingId, signal, 1);
    if (!sound) return null;
    const bytes = await buffer(sound.body);
    const audioBlobKey = `${db.$workspaceId}/message-${recorded.carrierRecordingId}.wav`;
    await blobs.put(audioBlobKey, Readable.from([bytes]), sound.mediaType);
    return { sound: bytes, columns: { audioBlobKey, audioMediaType: sound.mediaType, audioBytes: bytes.length } };
  } catch (error) {
    if (!last) throw error;
    logger.error({ err: error, callId: recorded.callId }, 'the sound of a message could not be fetched');
    return null;
  }
}

/** @returns null where nobody can write it down. */
async function writeDown(
  { transcriber, logger }: RecordedMessageScope,
  audio: Uint8Array,
  { language, mediaType, last }: { language: string; mediaType: string; last: boolean },
  signal?: AbortSignal,
): Promise<{ text: string } | null | 'later'> {
  if (!transcriber) return null;
  try {
    return await transcriber.transcribe({ audio, mediaType, language }, signal);
  } catch (error) {
    if (!(error instanceof TextModelError)) throw error;
    if (error.kind !== 'refused' && !last) return 'later';
    logger.warn({ code: error.code, reason: error.message }, 'a recorded message could not be written down');
    return null;
  }
}
