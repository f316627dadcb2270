import { z } from 'zod';
import { tenantDb } from '../db/tenant.ts';
import { placeScheduledCall, sweepScheduledCalls } from '../domain/calls/dialing/place-scheduled-call.ts';
import type { Job } from './job.ts';

const scheduledData = z.object({ workspaceId: z.string(), scheduledCallId: z.string() });

/** At the time of the call. */
export const placeScheduledCallJob: Job<z.infer<typeof scheduledData>> = {
  name: 'place-scheduled-call',
  data: scheduledData,
  run: (app, data) => placeScheduledCall({ ...app, db: tenantDb(app.root, data.workspaceId) }, data),
};

/** Every minute: what is due and has no job any more. */
export const sweepScheduledCallsJob: Job<unknown> = {
  name: 'sweep-scheduled-calls',
  data: z.unknown(),
  async run(app, _data, signal) {
    await sweepScheduledCalls(app, signal);
  },
};

export const scheduledKey = (scheduledCallId: string): string => `scheduled:${scheduledCallId}`;
