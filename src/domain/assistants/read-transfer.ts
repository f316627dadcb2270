import type { TenantDb } from '../../db/tenant.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { transferNumber } from './call-handling.ts';

/**
 * Reads the number of the person that callers are put through to, with the workspace's country.
 *
 * @param given null for nobody; undefined where it stays as it is.
 * @returns E.164, null or undefined; `INVALID` where it is no number, or one that an assistant answers.
 */
export async function readTransfer(db: TenantDb, given: string | null | undefined): Promise<Result<string | null | undefined>> {
  if (given === undefined || given === null) return ok(given);
  const [{ country }, lines] = await Promise.all([
    db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId }, select: { country: true } }),
    db.phoneLine.findMany({ where: { status: 'ACTIVE' }, select: { phoneNumber: true } }),
  ]);
  const own = lines.map(({ phoneNumber }) => phoneNumber);
  const read = transferNumber(given, country, own);
  return 'problem' in read ? refuse('INVALID', read.problem, ['input', 'transferTo']) : ok(read.number);
}
