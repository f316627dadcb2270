import type { TenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { PhoneLine } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { lockLines, settlePrimary } from './lock-lines.ts';

/**
 * Gives a number back. From now on it answers no calls and nobody is assigned to it; calls that are running go on. The
 * row stays, for the calls that name it. The carrier is told by a job; until then the number cannot be had by others.
 *
 * @returns the line; releasing one twice changes nothing. `NOT_FOUND`.
 */
export async function releasePhoneNumber(
  scope: { db: TenantDb; clock: Clock; events: EventSink },
  { phoneLineId }: { phoneLineId: string },
): Promise<Result<PhoneLine>> {
  const workspaceId = scope.db.$workspaceId;
  return transact(scope, async (tx, emit): Promise<Result<PhoneLine>> => {
    await lockLines(tx, workspaceId);
    const line = await tx.phoneLine.findFirst({ where: { id: phoneLineId } });
    if (!line) return refuse('NOT_FOUND', 'There is no such phone line.', ['input', 'phoneLineId']);
    if (line.status === 'RELEASED') return ok(line);
    const released = await tx.phoneLine.update({
      where: { id: line.id },
      data: { status: 'RELEASED', releasedAt: scope.clock.now(), isPrimary: false, assistantId: null, suspendedReason: null },
    });
    if (line.isPrimary) await settlePrimary(tx);
    if (line.carrierNumberId) emit({ type: 'NumberUnwanted', workspaceId, carrierNumberId: line.carrierNumberId });
    return ok(released);
  });
}
