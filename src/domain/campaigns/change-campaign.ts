import { transact } from '../../db/transaction.ts';
import type { Campaign } from '../../generated/prisma/client.ts';
import { ok, type Result, refuse } from '../../kit/errors.ts';
import { type CampaignEvent, campaignMove } from './campaign-state.ts';
import type { CampaignScope } from './dialer-scope.ts';
import type { DialerTx } from './put-back.ts';
import { change, lockCampaign, moveWaiting } from './settle-campaign.ts';

type ChangeScope = Pick<CampaignScope, 'db' | 'clock' | 'events'>;

const PAUSED_BY_HAND = 'It was paused by somebody of the workspace.';

/** Calls nobody else until it is resumed; live calls finish. Twice is fine. @returns the campaign; `NOT_FOUND`, `ILLEGAL_STATE`. */
export const pauseCampaign = (scope: ChangeScope, input: { id: string }): Promise<Result<Campaign>> =>
  move(scope, input, 'paused', (dialer, campaign) => change(dialer, campaign, { status: 'PAUSED', pauseReason: PAUSED_BY_HAND }));

/** Goes on calling. Twice is fine. @returns the campaign; `NOT_FOUND`, `ILLEGAL_STATE`. */
export const resumeCampaign = (scope: ChangeScope, input: { id: string }): Promise<Result<Campaign>> =>
  move(scope, input, 'resumed', (dialer, campaign) => change(dialer, campaign, { status: 'RUNNING', pauseReason: null }));

/** Calls nobody else any more: who waits is canceled at once, live calls finish. Twice is fine. @returns the campaign; `NOT_FOUND`, `ILLEGAL_STATE`. */
export const cancelCampaign = (scope: ChangeScope, input: { id: string }): Promise<Result<Campaign>> =>
  move(scope, input, 'canceled', async (dialer, campaign, status) => {
    await moveWaiting(dialer, campaign, { state: 'CANCELED', reason: 'The campaign was canceled.' });
    return change(dialer, campaign, { status, pauseReason: null });
  });

async function move(
  scope: ChangeScope,
  { id: campaignId }: { id: string },
  event: CampaignEvent,
  act: (dialer: DialerTx, campaign: Campaign, to: Campaign['status']) => Promise<Campaign>,
): Promise<Result<Campaign>> {
  const workspaceId = scope.db.$workspaceId;
  return transact(scope, async (tx, emit): Promise<Result<Campaign>> => {
    const campaign = await lockCampaign(tx, { workspaceId, campaignId });
    if (!campaign) return refuse('NOT_FOUND', 'There is no such campaign.', ['input', 'id']);
    const to = campaignMove(campaign.status, event);
    if (to === null) return refuse('ILLEGAL_STATE', `The campaign is ${campaign.status.toLowerCase()}, so it cannot be ${event}.`);
    return ok(to === campaign.status ? campaign : await act({ tx, emit, now: scope.clock.now() }, campaign, to));
  });
}
