import type { RootDb } from '../../../db/client.ts';
import { HOUR } from '../../../kit/time.ts';
import type { CarrierStatus } from '../../../ports/carrier.ts';
import type { CarrierCallState } from '../../../ports/carrier-webhook.ts';

// A caller may hang up before we have answered the question what to do with the call: then its end is told before its
// row is there. Whoever writes last looks once more for what the other has written, so that neither misses the other.

const FINAL = ['completed', 'busy', 'no-answer', 'failed', 'canceled'] as const satisfies readonly CarrierCallState[];

const isFinal = (state: string): state is (typeof FINAL)[number] => FINAL.some((final) => final === state);

/** Keeps the end of a call that has no row; anything else that is told of such a call means nothing. */
export async function keepEarlyStatus(root: RootDb, { status, now }: { status: CarrierStatus; now: Date }): Promise<boolean> {
  const { carrierCallId, eventKey, state, at, durationSeconds = null, reason = null } = status;
  if (!isFinal(state)) return false;
  const row = { carrierCallId, key: eventKey, state, reason, durationSeconds, at, receivedAt: now };
  await root.earlyStatus.createMany({ data: [row], skipDuplicates: true });
  return true;
}

/** The end of a call as it was told before its row was there, or null. */
export async function findEarlyStatus(root: RootDb, carrierCallId: string): Promise<CarrierStatus | null> {
  const row = await root.earlyStatus.findUnique({ where: { carrierCallId } });
  if (!row || !isFinal(row.state)) return null;
  const { key: eventKey, state, at, durationSeconds, reason } = row;
  return { carrierCallId, eventKey, state, at, ...(durationSeconds !== null && { durationSeconds }), ...(reason !== null && { reason }) };
}

/** Calls that were turned away leave such rows behind; a call's row comes within seconds or never. */
export async function forgetEarlyStatuses(root: RootDb, now: Date): Promise<void> {
  await root.earlyStatus.deleteMany({ where: { receivedAt: { lt: new Date(now.getTime() - HOUR) } } });
}
