import type { TenantDb } from '../../db/tenant.ts';
import type { Workspace } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';

/** What may be changed; what is left out stays. */
export interface WorkspaceChange {
  readonly name?: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null;
  /** IANA name. */
  readonly timeZone?: string | null;
}

/** Changes the workspace that `db` sees. @returns NOT_FOUND where it is gone. */
export async function updateWorkspace({ db }: { db: TenantDb }, change: WorkspaceChange): Promise<Result<Workspace>> {
  const data = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null && value !== undefined));
  const [workspace] = await db.workspace.updateManyAndReturn({ where: { id: db.$workspaceId }, data });
  return workspace ? ok(workspace) : refuse('NOT_FOUND', 'There is no such workspace.');
}
