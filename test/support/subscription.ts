import type { RootDb } from '../../src/db/client.ts';
import type { Prisma } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';

/** Gives a workspace a plan; without one it has the trial that the first to ask opens. The largest, unless told otherwise. */
export async function subscribe(root: RootDb, workspaceId: string, more: Partial<Prisma.SubscriptionUncheckedCreateInput> = {}): Promise<void> {
  const now = new Date();
  const plan = { planKey: 'BUSINESS_ENTERPRISE', status: 'ACTIVE', source: 'STAFF' } as const;
  const row = { ...plan, id: newId(), workspaceId, createdAt: now, updatedAt: now, ...more };
  await root.subscription.upsert({ where: { workspaceId }, create: row, update: { ...plan, ...more } });
}
