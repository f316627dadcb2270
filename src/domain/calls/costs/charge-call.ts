import type { Logger } from '../../../kit/logger.ts';
import { MINUTE, SECOND } from '../../../kit/time.ts';
import type { Carrier } from '../../../ports/carrier.ts';
import type { CallScope } from '../advance-call.ts';
import { isOver } from '../state.ts';
import { begunMinutes, carrierQuantities, type PriceList } from './pricing.ts';
import { type Cost, costRow, recordCosts } from './record-costs.ts';

export interface ChargeScope extends CallScope {
  readonly carrier: Carrier | null;
  readonly logger: Logger;
  readonly config: { readonly prices: PriceList };
}

const LEG = 'carrier:leg';
const CORRECTION = 'carrier:correction';

/**
 * Writes down what the carrier takes for a call that is over: by the price list at once, and as soon as the carrier has
 * told its own price the difference to it, as another row. Run again, it writes nothing twice.
 *
 * @returns `later` where the carrier does not know its price yet. @throws CarrierUncertain
 */
export async function chargeCall(scope: ChargeScope, { callId }: { callId: string }): Promise<'done' | 'later'> {
  const { db, carrier, logger } = scope;
  const call = await db.call.findFirst({ where: { id: callId }, include: { recording: true } });
  if (!call?.answeredAt || !isOver(call.status)) return 'done';

  // What began in turns had no stream; what ended in turns had one before.
  const streamed = call.bridgeCount > (call.engine === 'GATHER' ? 1 : 0);
  const { leg, stream } = carrierQuantities({ direction: call.direction, durationSeconds: call.durationSeconds, streamed });
  const costs: Cost[] = [{ ...leg, key: LEG, source: 'price-list' }];
  if (stream) costs.push({ ...stream, key: 'carrier:stream', source: 'price-list' });
  if (call.recording?.durationSeconds) costs.push(recordingCost(call.recording.id, call.recording.durationSeconds));
  const spokenSeconds = streamed ? await secondsSpoken(scope, callId) : 0;
  // The voice model has the caller's words written down by another one, which it does not count in its own tokens.
  if (spokenSeconds > 0) costs.push({ item: 'transcription', quantity: spokenSeconds, key: 'transcription', source: 'price-list' });
  await recordCosts(scope, callId, costs);

  if (!call.carrierCallId || carrier?.name !== call.carrier) return 'done';
  if (await db.callCost.findFirst({ where: { callId, key: CORRECTION } })) return 'done';
  const told = await carrier.fetchCall(call.carrierCallId);
  if (!told) return 'done';
  if (!told.price) return 'later';
  if (told.price.currency !== 'USD') {
    logger.warn({ callId, currency: told.price.currency }, 'the carrier took another currency than dollars; the price list stands');
    return 'done';
  }
  const listed = await db.callCost.findFirstOrThrow({ where: { callId, key: LEG } });
  const amountMicros = BigInt(told.price.micros) - listed.amountMicros;
  const correction = { item: leg.item, quantity: 0, unit: listed.unit, amountMicros, key: CORRECTION, source: 'carrier' as const };
  await db.callCost.createMany({ data: [costRow(scope, callId, correction)], skipDuplicates: true });
  return 'done';
}

/** @param durationSeconds of the recording, as the carrier counts it. */
export const recordingCost = (recordingId: string, durationSeconds: number): Cost => ({
  item: 'recording',
  quantity: begunMinutes(durationSeconds),
  key: `recording:${recordingId}`,
  source: 'price-list',
});

/** How long the caller spoke, in whole seconds. */
async function secondsSpoken({ db }: CallScope, callId: string): Promise<number> {
  const { _sum } = await db.transcriptTurn.aggregate({ where: { callId, speaker: 'CALLER' }, _sum: { audioMs: true } });
  return Math.ceil((_sum.audioMs ?? 0) / SECOND);
}

/** The carrier knows its price some minutes after a call; after a day it is not asked any more, and the list stands. */
export const PRICE_ASKED_AFTER_MS: readonly number[] = [2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 120 * MINUTE, 480 * MINUTE, 960 * MINUTE];
