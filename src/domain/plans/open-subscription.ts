import type { Prisma, Subscription } from '../../generated/prisma/client.ts';
import { newId } from '../../kit/ids.ts';
import { trialOf } from './catalogue.ts';
import { TRIAL_MS } from './standing.ts';
import { emailClaim } from './trial-claim.ts';

/**
 * The subscription of a workspace, kept until the transaction ends, so that what is decided from it still holds when
 * it is written. The first to ask opens it, as of when the workspace was made: with the platform's trial, or without
 * one where the owner has had theirs.
 */
export async function lockSubscription(tx: Prisma.TransactionClient, workspaceId: string): Promise<Subscription> {
  const known = await lock(tx, workspaceId);
  if (known) return known;
  await openSubscription(tx, workspaceId);
  const opened = await lock(tx, workspaceId);
  if (!opened) throw new Error(`workspace ${workspaceId} has no subscription`);
  return opened;
}

async function lock(tx: Prisma.TransactionClient, workspaceId: string): Promise<Subscription | null> {
  const [row] = await tx.$queryRaw<Subscription[]>`SELECT * FROM "Subscription" WHERE "workspaceId" = ${workspaceId} FOR NO KEY UPDATE`;
  return row ?? null;
}

async function openSubscription(tx: Prisma.TransactionClient, workspaceId: string): Promise<void> {
  const { platform, createdAt, memberships } = await tx.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    include: { memberships: { where: { role: 'OWNER' }, orderBy: { createdAt: 'asc' }, take: 1, include: { user: { select: { email: true } } } } },
  });
  const owner = memberships[0]?.user.email ?? null;
  const planKey = trialOf(platform).key;
  const first = owner === null || (await claimTrial(tx, { key: emailClaim(owner), claimedBy: workspaceId, claimedAt: createdAt }));
  const trialEndsAt = first ? new Date(createdAt.getTime() + TRIAL_MS) : createdAt;
  const row = { workspaceId, planKey, status: 'TRIALING' as const, trialStartsAt: createdAt, trialEndsAt, createdAt, updatedAt: createdAt };
  // Of many that ask at once, one opens it.
  const { count } = await tx.subscription.createMany({ data: [{ id: newId(), ...row }], skipDuplicates: true });
  if (count === 0 || !first) return;
  await tx.subscriptionEvent.create({ data: { id: newId(), workspaceId, kind: 'TRIAL_STARTED', planKey, source: 'NONE', version: 1, at: createdAt } });
}

/** @returns whether it is theirs: nobody had it, or they had. */
async function claimTrial(tx: Prisma.TransactionClient, { key, claimedBy, claimedAt }: { key: string; claimedBy: string; claimedAt: Date }): Promise<boolean> {
  await tx.$executeRaw`INSERT INTO "TrialClaim" ("key", "claimedBy", "claimedAt") VALUES (${key}, ${claimedBy}, ${claimedAt}) ON CONFLICT DO NOTHING`;
  const mine = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "TrialClaim" WHERE "key" = ${key} AND "claimedBy" = ${claimedBy}`;
  return mine.length > 0;
}
