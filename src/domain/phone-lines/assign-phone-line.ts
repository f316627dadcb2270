import type { TenantDb } from '../../db/tenant.ts';
import type { PhoneLine } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';

/**
 * Says which assistant answers a line from the next call on.
 *
 * @param input.assistantId null for nobody: callers hear that the line is not in use.
 * @returns the line; `NOT_FOUND` (line or assistant), `ILLEGAL_STATE` where the number is no longer the workspace's.
 */
export async function assignPhoneLine({ db }: { db: TenantDb }, input: { phoneLineId: string; assistantId: string | null }): Promise<Result<PhoneLine>> {
  const [line, assistant] = await Promise.all([
    db.phoneLine.findFirst({ where: { id: input.phoneLineId } }),
    input.assistantId === null ? null : db.assistant.findFirst({ where: { id: input.assistantId, deletedAt: null } }),
  ]);
  if (!line) return refuse('NOT_FOUND', 'There is no such phone line.', ['input', 'phoneLineId']);
  if (input.assistantId !== null && !assistant) return refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'assistantId']);
  if (line.status === 'RELEASED') return refuse('ILLEGAL_STATE', 'The number was given back and can answer no more calls.', ['input', 'phoneLineId']);
  return ok(await db.phoneLine.update({ where: { id: line.id }, data: { assistantId: input.assistantId } }));
}
