import { z } from 'zod';
import { tenantDb } from '../db/tenant.ts';
import { subscriptionOf } from '../domain/plans/subscription-of.ts';
import type { Job } from './job.ts';

const workspaceData = z.object({ workspaceId: z.string() });

/** Begins the trial of a new workspace, unless whoever was faster has: see open-subscription.ts. */
export const openSubscriptionJob: Job<z.infer<typeof workspaceData>> = {
  name: 'open-subscription',
  data: workspaceData,
  async run(app, { workspaceId }) {
    const db = tenantDb(app.root, workspaceId);
    // It may be gone again.
    if (await db.workspace.findUnique({ where: { id: workspaceId }, select: { id: true } })) await subscriptionOf({ ...app, db });
  },
};
