import { z } from 'zod';
import { tenantDb } from '../db/tenant.ts';
import { dueCampaigns } from '../domain/campaigns/due-campaigns.ts';
import { followAttempts } from '../domain/campaigns/follow-attempts.ts';
import { runCampaign } from '../domain/campaigns/run-campaign.ts';
import { settleAttempt } from '../domain/campaigns/settle-attempt.ts';
import { SECOND } from '../kit/time.ts';
import type { Job, WorkerApp } from './job.ts';

const campaignData = z.object({ workspaceId: z.string(), campaignId: z.string() });
const callData = z.object({ workspaceId: z.string(), callId: z.string() });

/** Calls whoever of a campaign is due. */
export const runCampaignJob: Job<z.infer<typeof campaignData>> = {
  name: 'run-campaign',
  data: campaignData,
  async run(app, { workspaceId, campaignId }, signal) {
    await runCampaign({ ...app, db: tenantDb(app.root, workspaceId) }, { campaignId }, signal);
  },
};

/** When the call of an attempt is over: how it ended, and what follows. */
export const settleAttemptJob: Job<z.infer<typeof callData>> = {
  name: 'settle-attempt',
  data: callData,
  run: (app, { workspaceId, callId }) => settleAttempt({ ...app, db: tenantDb(app.root, workspaceId) }, { callId }),
};

export const campaignKey = (campaignId: string): string => `campaign:${campaignId}`;
export const attemptKey = (callId: string): string => `attempt:${callId}`;

/** Every minute, also where no worker's own clock runs. */
export const lookAfterCampaignsJob: Job<unknown> = { name: 'look-after-campaigns', data: z.unknown(), run: lookAfterCampaigns };

async function lookAfterCampaigns(app: WorkerApp, _data: unknown, signal: AbortSignal): Promise<void> {
  await followAttempts(app, signal);
  for (const due of await dueCampaigns(app)) await app.jobs.enqueue(runCampaignJob.name, due, { key: campaignKey(due.campaignId) });
}

const LOOK_EVERY_MS = 2 * SECOND;

/** Looks every few seconds whether somebody of a campaign is due, until it is disposed of. */
export function watchCampaigns(app: WorkerApp): AsyncDisposable {
  const stopping = new AbortController();
  let looking: Promise<void> | null = null;
  const look = () => {
    looking ??= lookAfterCampaigns(app, null, stopping.signal)
      .catch((error: unknown) => app.logger.warn({ err: error }, 'campaigns could not be looked after'))
      .finally(() => {
        looking = null;
      });
  };
  const timer = app.clock.every(LOOK_EVERY_MS, look);
  return {
    async [Symbol.asyncDispose]() {
      timer.cancel();
      stopping.abort();
      await looking;
    },
  };
}
