import type { TenantDb } from '../../db/tenant.ts';
import { type EventSink, transact } from '../../db/transaction.ts';
import type { PhoneLine } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { lockLines } from './lock-lines.ts';

/**
 * Makes a line the one that calls are placed from. A workspace has one such at most.
 *
 * @returns the line; `NOT_FOUND`, `ILLEGAL_STATE` where it is released or suspended.
 */
export async function setPrimaryPhoneNumber(scope: { db: TenantDb; events: EventSink }, { phoneLineId }: { phoneLineId: string }): Promise<Result<PhoneLine>> {
  return transact(scope, async (tx): Promise<Result<PhoneLine>> => {
    await lockLines(tx, scope.db.$workspaceId);
    const line = await tx.phoneLine.findFirst({ where: { id: phoneLineId } });
    if (!line) return refuse('NOT_FOUND', 'There is no such phone line.', ['input', 'phoneLineId']);
    if (line.status !== 'ACTIVE') {
      const why = line.status === 'RELEASED' ? 'was given back' : 'is suspended';
      return refuse('ILLEGAL_STATE', `The number ${why}, so no calls can be placed from it.`, ['input', 'phoneLineId']);
    }
    await tx.phoneLine.updateMany({ where: { isPrimary: true, id: { not: line.id } }, data: { isPrimary: false } });
    return ok(await tx.phoneLine.update({ where: { id: line.id }, data: { isPrimary: true } }));
  });
}
