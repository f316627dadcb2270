import type { TenantDb } from '../../db/tenant.ts';
import type { Prisma, Suppression, SuppressionReason } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { readContactNumber } from './contact-number.ts';

/**
 * Keeps a number from ever being called by the workspace. The first reason stays: who opted out aloud has done so,
 * whatever is imported later.
 *
 * @returns the row; `INVALID` where it is no number.
 */
export async function suppressNumber(
  { db, clock }: { db: TenantDb; clock: Clock },
  input: { phoneNumber: string; reason: SuppressionReason; source: string },
): Promise<Result<Suppression>> {
  const { country } = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { country: true } });
  const number = readContactNumber([input.phoneNumber], country);
  if (!number.ok) return refuse('INVALID', 'This is not a telephone number.', ['input', 'phoneNumber']);
  const { phoneNumber } = number;
  await suppress(db, { workspaceId: db.$workspaceId, numbers: [phoneNumber], reason: input.reason, source: input.source, at: clock.now() });
  return ok(await db.suppression.findFirstOrThrow({ where: { phoneNumber } }));
}

/** The rows themselves, also within a transaction of others; numbers that stand there already stay as they are. @returns how many are new. */
export async function suppress(
  tx: Pick<Prisma.TransactionClient, 'suppression'>,
  { workspaceId, numbers, reason, source, at }: { workspaceId: string; numbers: readonly string[]; reason: SuppressionReason; source: string; at: Date },
): Promise<number> {
  const rows = [...new Set(numbers)].sort().map((phoneNumber) => ({ workspaceId, phoneNumber, reason, source, createdAt: at }));
  const { count } = await tx.suppression.createMany({ data: rows, skipDuplicates: true });
  return count;
}
