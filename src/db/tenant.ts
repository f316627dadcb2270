import { Prisma } from '../generated/prisma/client.ts';
import type { RootDb } from './client.ts';

/** Where a model's rows say to whom they belong. A model that is not listed cannot be reached through a tenant's client. */
const OWNER_COLUMN: Readonly<Record<string, string>> = {
  Workspace: 'id',
  ...Object.fromEntries(
    Object.entries(Prisma.ModelName)
      .filter(([model]) => 'workspaceId' in (Prisma[`${model}ScalarFieldEnum` as keyof typeof Prisma] as object))
      .map(([model]) => [model, 'workspaceId']),
  ),
};

type Args = { where?: Record<string, unknown>; data?: unknown; create?: unknown };

/**
 * A client that sees one workspace. Every query is narrowed to its rows and every written row must be its own,
 * so that a forgotten condition finds nothing instead of another tenant's data. Nested relations need no narrowing:
 * their foreign keys carry the workspace. SQL written by hand is not narrowed; the architecture test lists where it is.
 */
export function tenantDb(root: RootDb, workspaceId: string): TenantDb {
  const scoped = root.$extends({
    name: 'tenant',
    query: {
      $allModels: {
        $allOperations({ model, operation, args, query }) {
          const column = OWNER_COLUMN[model];
          if (!column) throw new Error(`${model} is not a tenant's to query`);
          const given = args as Args;
          if (operation.startsWith('create') || operation === 'upsert') {
            const written = operation === 'upsert' ? given.create : given.data;
            for (const row of Array.isArray(written) ? written : [written]) {
              if ((row as Record<string, unknown>)[column] !== workspaceId) throw new Error(`${model} row of another workspace`);
            }
          }
          if (operation.startsWith('create')) return query(args);
          return query({ ...given, where: narrow(given.where, column, workspaceId) } as typeof args);
        },
      },
    },
    client: { $workspaceId: workspaceId },
  });
  // The extension narrows what queries find and changes no type.
  return scoped as unknown as TenantDb;
}

/** Sees one workspace. Narrower than a `RootDb`, and so may stand in for one; never the other way round. */
export type TenantDb = RootDb & { readonly $workspaceId: string };

/** A condition of the caller's own on the owner column stays beside ours: naming another workspace then finds nothing. */
const narrow = (where: Record<string, unknown> | undefined, column: string, workspaceId: string) =>
  where && column in where && where[column] !== workspaceId
    ? { ...where, AND: [{ [column]: workspaceId }, ...[where.AND ?? []].flat()] }
    : { ...where, [column]: workspaceId };
