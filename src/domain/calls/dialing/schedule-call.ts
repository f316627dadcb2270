import type { TenantDb } from '../../../db/tenant.ts';
import { type EventSink, transact } from '../../../db/transaction.ts';
import type { ScheduledCall } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { ok, type Result, refuse } from '../../../kit/errors.ts';
import { newId } from '../../../kit/ids.ts';
import { numberKind } from '../../../kit/number-kind.ts';
import { parsePhoneNumber } from '../../../kit/phone.ts';
import { DAY } from '../../../kit/time.ts';

export interface ScheduleScope {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

export interface ScheduleCall {
  /** As people write it; read with the workspace's country. */
  readonly to: string;
  readonly assistantId: string;
  readonly at: Date;
  /** The same key is the same scheduled call, however often it is asked for. */
  readonly idempotencyKey?: string | null;
}

const LONGEST_AHEAD_MS = 366 * DAY;

/**
 * Writes down that a number is to be called at a time, and has a job do it then. Whether the call is permitted is asked
 * when it is dialed.
 *
 * @returns the scheduled call. Problems: `INVALID` (the number, the time), `NOT_FOUND` (the assistant), `CONFLICT` (the
 *   key was used for another).
 */
export async function scheduleCall(scope: ScheduleScope, input: ScheduleCall): Promise<Result<ScheduledCall>> {
  const { db, clock } = scope;
  const workspaceId = db.$workspaceId;
  const [workspace, assistant] = await Promise.all([
    db.workspace.findUniqueOrThrow({ where: { id: workspaceId } }),
    db.assistant.findFirst({ where: { id: input.assistantId, deletedAt: null } }),
  ]);
  const to = parsePhoneNumber(input.to, workspace.country);
  if (!to || numberKind(to) !== 'ordinary') return refuse('INVALID', 'This is not a telephone number that can be called.', ['input', 'to']);
  if (!assistant) return refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'assistantId']);
  const now = clock.now();
  const { at, idempotencyKey = null } = input;
  const row = { id: newId(), workspaceId, assistantId: assistant.id, to, at, status: 'PENDING' as const, idempotencyKey, createdAt: now };
  return transact(scope, async (tx, emit): Promise<Result<ScheduledCall>> => {
    const before = idempotencyKey ? await tx.scheduledCall.findFirst({ where: { idempotencyKey } }) : null;
    if (before) return same(before, row);
    if (at <= now) return refuse('INVALID', 'The time is over. Choose one that is to come, or place the call at once.', ['input', 'at']);
    if (at.getTime() - now.getTime() > LONGEST_AHEAD_MS) return refuse('INVALID', 'A call can be scheduled a year ahead at most.', ['input', 'at']);
    // The key is unique: of many requests at once, one makes the row.
    const { count } = await tx.scheduledCall.createMany({ data: [row], skipDuplicates: true });
    if (count === 0) return same(await tx.scheduledCall.findFirstOrThrow({ where: { idempotencyKey } }), row);
    emit({ type: 'CallScheduled', workspaceId, scheduledCallId: row.id, at });
    return ok(await tx.scheduledCall.findUniqueOrThrow({ where: { id: row.id } }));
  });
}

const same = (before: ScheduledCall, asked: { to: string; assistantId: string; at: Date }): Result<ScheduledCall> =>
  before.to === asked.to && before.assistantId === asked.assistantId && before.at.getTime() === asked.at.getTime()
    ? ok(before)
    : refuse('CONFLICT', 'This idempotency key was used for another scheduled call.', ['input', 'idempotencyKey']);

/**
 * Takes a scheduled call back, unless it is being placed at this moment: of the two, one wins.
 *
 * @returns the scheduled call; doing it twice changes nothing. `NOT_FOUND`, `ILLEGAL_STATE` where it was placed or has failed.
 */
export async function cancelScheduledCall({ db, clock }: ScheduleScope, { id }: { id: string }): Promise<Result<ScheduledCall>> {
  await db.scheduledCall.updateMany({ where: { id, status: 'PENDING' }, data: { status: 'CANCELED', settledAt: clock.now() } });
  const scheduled = await db.scheduledCall.findFirst({ where: { id } });
  if (!scheduled) return refuse('NOT_FOUND', 'There is no such scheduled call.', ['input', 'id']);
  if (scheduled.status === 'CANCELED') return ok(scheduled);
  return refuse(
    'ILLEGAL_STATE',
    scheduled.status === 'PLACED' ? 'The call has been placed already; end it instead.' : 'The call was not placed, and will not be.',
  );
}
