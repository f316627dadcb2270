import { transact } from '../../db/transaction.ts';
import type { Campaign, Prisma } from '../../generated/prisma/client.ts';
import { campaignMove } from './campaign-state.ts';
import { type ContactState, WAITING } from './contact-states.ts';
import type { CampaignScope } from './dialer-scope.ts';
import type { DialerTx } from './put-back.ts';

/**
 * Brings a campaign to where it belongs by now: begins one whose time has come, lets whoever waits expire after its end, and
 * completes one exactly when nobody is in a state that goes on and no attempt is live.
 *
 * @returns its state afterwards; null where the workspace has no such campaign.
 */
export async function settleCampaign(
  scope: Pick<CampaignScope, 'db' | 'clock' | 'events'>,
  { campaignId }: { campaignId: string },
): Promise<Campaign['status'] | null> {
  const workspaceId = scope.db.$workspaceId;
  return transact(scope, async (tx, emit) => {
    const campaign = await lockCampaign(tx, { workspaceId, campaignId });
    if (!campaign) return null;
    const dialer: DialerTx = { tx, emit, now: scope.clock.now() };
    let { status } = campaign;
    if (status === 'SCHEDULED' && (campaign.startsAt ?? dialer.now) <= dialer.now) status = await begin(dialer, campaign);
    if (campaign.endsAt && campaign.endsAt <= dialer.now) await expire(dialer, campaign);
    const drained = campaignMove(status, 'drained');
    if (drained && drained !== status && (await isDrained(tx, campaign))) {
      await change(dialer, campaign, { status: drained, endedAt: dialer.now });
      emit({ type: 'CampaignCompleted', workspaceId, campaignId });
      return drained;
    }
    return status;
  });
}

/** Reads a campaign and keeps its row until the transaction ends. */
export async function lockCampaign(
  tx: Prisma.TransactionClient,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
): Promise<Campaign | null> {
  await tx.$queryRaw`SELECT 1 FROM "Campaign" WHERE "id" = ${campaignId} AND "workspaceId" = ${workspaceId} FOR NO KEY UPDATE`;
  return tx.campaign.findFirst({ where: { id: campaignId, workspaceId } });
}

async function begin(dialer: DialerTx, campaign: Campaign): Promise<Campaign['status']> {
  const { workspaceId, id: campaignId } = campaign;
  const lines = await dialer.tx.phoneLine.count({ where: { workspaceId, status: 'ACTIVE' } });
  if (lines === 0) {
    await change(dialer, campaign, {
      status: 'FAILED',
      endedAt: dialer.now,
      pauseReason: 'The workspace had no telephone line to call from when the campaign was to begin.',
    });
    await moveWaiting(dialer, campaign, { state: 'CANCELED', reason: 'The campaign could not begin.' });
    return 'FAILED';
  }
  await change(dialer, campaign, { status: 'RUNNING', startedAt: dialer.now });
  dialer.emit({ type: 'CampaignStarted', workspaceId, campaignId });
  return 'RUNNING';
}

const expire = (dialer: DialerTx, campaign: Campaign) =>
  moveWaiting(dialer, campaign, { state: 'EXPIRED', reason: 'The campaign ended before they could be called.' });

/** All who are still to be called go where the campaign goes. */
export async function moveWaiting(
  { tx, emit, now }: DialerTx,
  { id: campaignId, workspaceId }: Campaign,
  to: { state: ContactState; reason: string },
): Promise<void> {
  const { count } = await tx.campaignContact.updateMany({
    where: { workspaceId, campaignId, state: { in: [...WAITING] } },
    data: { ...to, nextAttemptAt: null, version: { increment: 1 }, updatedAt: now },
  });
  if (count > 0) emit({ type: 'CampaignContactChanged', workspaceId, campaignId, campaignContactId: null });
}

/** Changes the row, and tells whoever follows the campaign. */
export async function change({ tx, emit }: DialerTx, { id, workspaceId }: Campaign, data: Prisma.CampaignUncheckedUpdateInput): Promise<Campaign> {
  const changed = await tx.campaign.update({ where: { id, workspaceId }, data: { ...data, sequence: { increment: 1 } } });
  emit({ type: 'CampaignChanged', workspaceId, campaignId: id });
  return changed;
}

async function isDrained(tx: Prisma.TransactionClient, { id: campaignId, workspaceId }: Campaign): Promise<boolean> {
  const goesOn = await tx.campaignContact.findFirst({ where: { workspaceId, campaignId, state: { in: [...WAITING, 'ACTIVE'] } }, select: { id: true } });
  if (goesOn) return false;
  return (await tx.attempt.findFirst({ where: { workspaceId, campaignId, state: { not: 'ENDED' } }, select: { id: true } })) === null;
}
