import type { TenantDb } from '../../db/tenant.ts';

/** Calls of the workspace that are not over, besides one by the carrier's id. */
export const countLiveCalls = (db: TenantDb, { besides }: { besides: string }): Promise<number> =>
  db.call.count({ where: { status: { notIn: ['ENDED', 'FAILED'] }, OR: [{ carrierCallId: null }, { carrierCallId: { not: besides } }] } });
