import type { TenantDb } from '../../db/tenant.ts';
import type { Call } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import type { CallLab } from '../../ports/call-lab.ts';

/**
 * Has a simulated person call the line that an assistant answers.
 *
 * @param input.callerKey one of the lab's callers.
 * @returns the call. Problems: `NOT_FOUND` (the assistant, the caller), `ILLEGAL_STATE` (no simulator runs, the assistant
 *   answers no line, or nobody answered the carrier).
 */
export async function ringAssistant(
  { db, callLab }: { db: TenantDb; callLab: CallLab | null },
  input: { assistantId: string; callerKey: string },
): Promise<Result<Call>> {
  if (!callLab) return refuse('ILLEGAL_STATE', 'No simulator runs here: real callers dial the number of the line.');
  const assistant = await db.assistant.findFirst({ where: { id: input.assistantId, deletedAt: null } });
  if (!assistant) return refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'assistantId']);
  if (!callLab.callers().some((caller) => caller.key === input.callerKey)) {
    return refuse('NOT_FOUND', 'There is no such simulated caller; `simulatedCallers` has them all.', ['input', 'caller']);
  }
  const line = await db.phoneLine.findFirst({
    where: { assistantId: assistant.id, status: 'ACTIVE' },
    orderBy: [{ isPrimary: 'desc' }, { provisionedAt: 'asc' }],
  });
  if (!line) return refuse('ILLEGAL_STATE', 'The assistant answers no telephone line, so nobody can call it.');
  const { carrierCallId } = await callLab.ring({ to: line.phoneNumber, callerKey: input.callerKey });
  const call = await db.call.findFirst({ where: { carrierCallId } });
  return call ? ok(call) : refuse('ILLEGAL_STATE', 'It rang, and our side did not answer the carrier. The log says why.');
}
