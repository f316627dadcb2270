import type { DialerTx } from './put-back.ts';

/** Takes somebody out of every campaign of the workspace in which they are still to be called; calls under way end by themselves. */
export async function suppressInCampaigns({ tx, emit, now }: DialerTx, { workspaceId, contactId }: { workspaceId: string; contactId: string }): Promise<void> {
  const rows = await tx.campaignContact.updateManyAndReturn({
    where: { workspaceId, contactId, state: { in: ['PENDING', 'WAITING_WINDOW', 'RETRY_WAIT', 'CALLBACK'] } },
    data: { state: 'SUPPRESSED', nextAttemptAt: null, reason: 'They asked not to be called again.', version: { increment: 1 }, updatedAt: now },
    select: { id: true, campaignId: true },
  });
  for (const { id, campaignId } of rows.toSorted((a, b) => (a.campaignId < b.campaignId ? -1 : 1))) {
    emit({ type: 'CampaignContactChanged', workspaceId, campaignId, campaignContactId: id });
    emit({ type: 'CampaignChanged', workspaceId, campaignId });
  }
}
