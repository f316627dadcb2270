import { transact } from '../../db/transaction.ts';
import type { Campaign, Prisma } from '../../generated/prisma/client.ts';
import { campaignMove, isCampaignOver } from './campaign-state.ts';
import { type ContactState, WAITING } from './contact-states.ts';
import type { CampaignScope } from './dialer-scope.ts';
import type { DialerTx } from './put-back.ts';

/**
 * Brings a campaign to where it belongs by now: begins one whose time has come, lets whoever waits expire after its end, and
 * completes one exactly when nobody is in a state that goes on and no attempt is live.
 *
 * @returns whether it has begun by this.
 */
export async function settleCampaign(
  scope: Pick<CampaignScope, 'db' | 'clock' | 'events'>,
  { campaignId }: { campaignId: string },
): Promise<'begun' | 'settled'> {
  const workspaceId = scope.db.$workspaceId;
  if (!(await needsSettling(scope, campaignId))) return 'settled';
  return transact(scope, async (tx, emit) => {
    const campaign = await lockCampaign(tx, { workspaceId, campaignId });
    if (!campaign) return 'settled';
    const dialer: DialerTx = { tx, emit, now: scope.clock.now() };
    const begins = campaign.status === 'SCHEDULED' && (campaign.startsAt ?? dialer.now) <= dialer.now;
    const status = begins ? await begin(dialer, campaign) : campaign.status;
    if (campaign.endsAt && campaign.endsAt <= dialer.now) await expire(dialer, campaign);
    const drained = campaignMove(status, 'drained');
    if (drained && drained !== status && (await isDrained(tx, campaign))) {
      await change(dialer, campaign, { status: drained, endedAt: dialer.now });
      emit({ type: 'CampaignCompleted', workspaceId, campaignId });
      return 'settled';
    }
    return begins && status === 'RUNNING' ? 'begun' : 'settled';
  });
}

/** Asked without a lock: most of the time nothing is to be done. */
async function needsSettling({ db, clock }: Pick<CampaignScope, 'db' | 'clock'>, campaignId: string): Promise<boolean> {
  const campaign = await db.campaign.findFirst({ where: { id: campaignId } });
  if (!campaign) return false;
  const now = clock.now();
  if (campaign.status === 'SCHEDULED') return (campaign.startsAt ?? now) <= now;
  if (campaignMove(campaign.status, 'drained') === null || isCampaignOver(campaign.status)) return false;
  return (campaign.endsAt !== null && campaign.endsAt <= now) || isDrained(db, campaign);
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

async function isDrained(tx: Prisma.TransactionClient | CampaignScope['db'], { id: campaignId, workspaceId }: Campaign): Promise<boolean> {
  const goesOn = await tx.campaignContact.findFirst({ where: { workspaceId, campaignId, state: { in: [...WAITING, 'ACTIVE'] } }, select: { id: true } });
  if (goesOn) return false;
  return (await tx.attempt.findFirst({ where: { workspaceId, campaignId, state: { not: 'ENDED' } }, select: { id: true } })) === null;
}
