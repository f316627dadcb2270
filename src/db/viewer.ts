import { Prisma } from '../generated/prisma/client.ts';
import type { RootDb } from './client.ts';

/** Reads what one signed-in person may see. It is a type of its own so that no verb takes it for a client to write with. */
export type ViewerDb = RootDb & { readonly $readOnly: true };

type Args = { where?: Record<string, unknown> };

const READS = new Set(['findUnique', 'findUniqueOrThrow', 'findFirst', 'findFirstOrThrow', 'findMany', 'count', 'aggregate', 'groupBy']);

const OWNED = new Set(Object.keys(Prisma.ModelName).filter((model) => 'workspaceId' in Prisma[`${model}ScalarFieldEnum` as keyof typeof Prisma]));

/** Whose eyes it is. */
export interface Sight {
  readonly userId: string;
  readonly workspaceIds: readonly string[];
  /** Platform staff who have asked for it see every workspace. */
  readonly everything?: boolean;
}

/**
 * A client that reads the rows of somebody's workspaces and the people in them, and nothing else: what the API's types
 * load their fields with, so that a row of another workspace is not found, whichever way one got hold of its id.
 *
 * @param sight asked for each query, as a person may sign in half-way; null, for nobody, finds nothing.
 */
export function viewerDb(root: RootDb, sight: () => Sight | null): ViewerDb {
  const visible = (model: string): Record<string, unknown> => {
    const viewer = sight();
    if (viewer?.everything && (OWNED.has(model) || model === 'Workspace' || model === 'User')) return {};
    const workspaceIds = [...(viewer?.workspaceIds ?? [])];
    if (OWNED.has(model)) return { workspaceId: { in: workspaceIds } };
    if (model === 'Workspace') return { id: { in: workspaceIds } };
    if (model === 'User') return { OR: [{ id: viewer?.userId ?? '' }, { memberships: { some: { workspaceId: { in: workspaceIds } } } }] };
    throw new Error(`${model} is not for the API to read`);
  };
  const scoped = root.$extends({
    name: 'viewer',
    query: {
      $allModels: {
        $allOperations({ model, operation, args, query }) {
          if (!READS.has(operation)) throw new Error(`${operation} of ${model}: the API's types only read`);
          const given = args as Args;
          return query({ ...given, where: { ...given.where, AND: [...[given.where?.AND ?? []].flat(), visible(model)] } } as typeof args);
        },
      },
    },
    client: { $readOnly: true },
  });
  // The extension narrows what queries find and changes no type.
  return scoped as unknown as ViewerDb;
}
