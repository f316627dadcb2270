import type { CampaignContact, Prisma } from '../../generated/prisma/client.ts';
import type { Callee } from './campaign-facts.ts';

/** Somebody in a campaign, kept from changing until the transaction ends, and all that belongs to them. */
export interface LockedCallee extends Callee {
  readonly campaignContact: CampaignContact;
}

/**
 * Locks somebody's place in a campaign, and the person: of two campaigns that are about to call the same number, the second
 * sees the first one's call.
 */
export async function lockCampaignContact(
  tx: Prisma.TransactionClient,
  { workspaceId, id }: { workspaceId: string; id: string },
): Promise<LockedCallee | null> {
  await tx.$queryRaw`
    SELECT 1 FROM "CampaignContact" c JOIN "Contact" p ON p."id" = c."contactId"
    WHERE c."id" = ${id} AND c."workspaceId" = ${workspaceId} FOR NO KEY UPDATE`;
  const found = await tx.campaignContact.findFirst({ where: { id, workspaceId }, include: { contact: true, campaign: { include: { workspace: true } } } });
  if (!found) return null;
  const { contact, campaign: withWorkspace, ...campaignContact } = found;
  const { workspace, ...campaign } = withWorkspace;
  return { campaignContact, contact, campaign, workspace };
}
