import type { RootDb } from '../../../db/client.ts';
import { tenantDb } from '../../../db/tenant.ts';
import type { Call, Prisma, ScheduledCall } from '../../../generated/prisma/client.ts';
import type { Result } from '../../../kit/errors.ts';
import { HOUR, SECOND } from '../../../kit/time.ts';
import { dialCall } from './dial-call.ts';
import { type PlaceCallScope, placeCall } from './place-call.ts';

/** Who waits for a call at nine is not called at noon, because we were down. */
const LATEST_MS = HOUR;
const TOO_LATE = 'The time was over by more than an hour when the call could have been placed.';
const MOST_AT_ONCE = 200;
const ABREAST = 5;

/** The queue wakes us by the database's clock. Where the two differ by more, the sweep places the call when its time has come by ours. */
const CLOCKS_DIFFER_MS = 5 * SECOND;

/**
 * Places a scheduled call whose time has come. One call, however often this runs, at once too, and wherever it dies: the
 * row is PLACED in the transaction that makes the call, and the call's own state lets it be dialed once.
 */
export async function placeScheduledCall(scope: PlaceCallScope, { scheduledCallId: id }: { scheduledCallId: string }): Promise<void> {
  const { db, clock, carrier } = scope;
  const scheduled = await db.scheduledCall.findFirst({ where: { id }, include: { call: true } });
  if (scheduled?.status === 'PLACED' && scheduled.call?.status === 'QUEUED' && carrier) {
    // Whoever made the call died before it was dialed.
    return settle(scope, id, await dialCall(scope, carrier, scheduled.call));
  }
  if (scheduled?.status !== 'PENDING') return;
  const lateMs = clock.now().getTime() - scheduled.at.getTime();
  if (lateMs < -CLOCKS_DIFFER_MS) return;
  if (lateMs > LATEST_MS) await fail(scope, { id, status: 'PENDING' }, TOO_LATE);
  else await settle(scope, id, await place(scope, scheduled));
}

const place = (scope: PlaceCallScope, { id, to, assistantId }: ScheduledCall): Promise<Result<Call>> =>
  placeCall(scope, {
    to,
    assistantId,
    byItself: true,
    idempotencyKey: id,
    async claim(tx, callId) {
      const placed = { status: 'PLACED' as const, callId, settledAt: scope.clock.now() };
      const { count } = await tx.scheduledCall.updateMany({ where: { id, status: 'PENDING' }, data: placed });
      return count === 1;
    },
  });

async function settle(scope: PlaceCallScope, id: string, result: Result<Call>): Promise<void> {
  if (result.ok) {
    // The key may have been used by hand: then that was the call.
    const placed = { status: 'PLACED' as const, callId: result.value.id, settledAt: scope.clock.now() };
    await scope.db.scheduledCall.updateMany({ where: { id, status: 'PENDING' }, data: placed });
    return;
  }
  const error = result.problems.map(({ message }) => message).join(' ');
  await fail(scope, { id, status: 'PENDING' }, error);
  await fail(scope, { id, status: 'PLACED', call: { status: 'FAILED' } }, error);
}

async function fail({ db, clock, logger }: PlaceCallScope, where: Prisma.ScheduledCallWhereInput, error: string): Promise<void> {
  const { count } = await db.scheduledCall.updateMany({ where, data: { status: 'FAILED', error, settledAt: clock.now() } });
  if (count > 0) logger.info({ scheduledCallId: where.id, error }, 'a scheduled call was not placed');
}

export interface SweepScheduledScope extends Omit<PlaceCallScope, 'db'> {
  readonly root: RootDb;
}

/** Places what is due and what lost jobs have left. @returns how many were looked at. */
export async function sweepScheduledCalls(scope: SweepScheduledScope, signal?: AbortSignal): Promise<number> {
  const due = await scope.root.scheduledCall.findMany({
    where: {
      OR: [
        { status: 'PENDING', at: { lte: scope.clock.now() } },
        { status: 'PLACED', call: { status: 'QUEUED' } },
      ],
    },
    select: { id: true, workspaceId: true },
    orderBy: { at: 'asc' },
    take: MOST_AT_ONCE,
  });
  for (let start = 0; start < due.length && !signal?.aborted; start += ABREAST) {
    const some = due.slice(start, start + ABREAST);
    await Promise.all(some.map((scheduled) => sweep(scope, scheduled)));
  }
  return due.length;
}

async function sweep(scope: SweepScheduledScope, { id, workspaceId }: { id: string; workspaceId: string }): Promise<void> {
  try {
    await placeScheduledCall({ ...scope, db: tenantDb(scope.root, workspaceId) }, { scheduledCallId: id });
  } catch (error) {
    // One that cannot be placed keeps no other waiting; the next run tries again.
    scope.logger.warn({ scheduledCallId: id, err: error }, 'a scheduled call could not be looked after');
  }
}
