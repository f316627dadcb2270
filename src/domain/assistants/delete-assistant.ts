import type { TenantDb } from '../../db/tenant.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';

/**
 * Deletes an assistant: it is no longer listed and answers no new calls, and its phone lines are free for another. Its
 * calls and bookings stay and still name it; a call that is running goes on.
 *
 * @returns the id, or NOT_FOUND where there is none or it was deleted before.
 */
export async function deleteAssistant({ db, clock }: { db: TenantDb; clock: Clock }, { id }: { id: string }): Promise<Result<string>> {
  const now = clock.now();
  const deleted = await db.$transaction(async (tx) => {
    const { count } = await tx.assistant.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: now, updatedAt: now } });
    if (count > 0) await tx.phoneLine.updateMany({ where: { assistantId: id, status: 'ACTIVE' }, data: { assistantId: null } });
    return count > 0;
  });
  return deleted ? ok(id) : refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'id']);
}
