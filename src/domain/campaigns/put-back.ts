import type { Work } from '../../db/transaction.ts';
import type { Attempt, Prisma } from '../../generated/prisma/client.ts';
import { storedPermit } from '../calls/dialing/ask-permit.ts';
import type { DialPermit } from '../calls/dialing/dial-permit.ts';
import { possibleZones } from '../contacts/possible-zones.ts';
import { hoursOf } from './campaign-hours.ts';
import { type ContactState, isTerminal } from './contact-states.ts';
import type { LockedCallee } from './lock-contact.ts';
import { deferral } from './refusal.ts';

/** The parts of a transaction that verbs of the dialer take. */
export interface DialerTx {
  readonly tx: Prisma.TransactionClient;
  readonly emit: Parameters<Work<unknown>>[1];
  readonly now: Date;
}

interface NotCalled {
  readonly attempt: Attempt;
  readonly callee: LockedCallee;
  readonly permit: DialPermit;
  readonly usageUsedUp: boolean;
  readonly lines: number;
}

/** Writes down that somebody was not let be called: the permit with its evidence, and where they go. */
export async function putBack(dialer: DialerTx, { attempt, callee, permit, usageUsedUp, lines }: NotCalled): Promise<void> {
  const { tx, now } = dialer;
  const { campaign, contact, campaignContact } = callee;
  const refusal = permit.rules.at(-1);
  const next = deferral(
    {
      rule: refusal?.rule ?? '',
      evidence: refusal?.evidence ?? 'The call is not permitted.',
      from: attempt.claimedFrom,
      zones: possibleZones(contact.phoneNumber, contact.timeZone),
      hours: hoursOf(campaign),
      campaign: { status: campaign.status, startedAt: campaign.startedAt ?? campaign.createdAt, endsAt: campaign.endsAt },
      usageUsedUp,
      lines,
    },
    now,
  );
  await tx.attempt.update({
    where: { id: attempt.id, workspaceId: attempt.workspaceId },
    data: { state: 'ENDED', permit: storedPermit(permit), leaseUntil: null, endedAt: now },
  });
  await moveContact(dialer, callee, { state: next.state, nextAttemptAt: next.at, reason: next.reason });
  if (next.pauses) await pause(dialer, campaignContact, next.pauses);
}

/** Where somebody stands from now on. Whoever is over with may be the last. */
export async function moveContact(
  { tx, emit, now }: DialerTx,
  { campaignContact: { id, workspaceId, campaignId } }: Pick<LockedCallee, 'campaignContact'>,
  to: { readonly state: ContactState; readonly nextAttemptAt: Date | null; readonly reason: string } & Prisma.CampaignContactUncheckedUpdateInput,
): Promise<void> {
  await tx.campaignContact.update({ where: { id, workspaceId }, data: { ...to, version: { increment: 1 }, updatedAt: now } });
  emit({ type: 'CampaignContactChanged', workspaceId, campaignId, campaignContactId: id });
  if (isTerminal(to.state)) emit({ type: 'CampaignChanged', workspaceId, campaignId });
}

/** Nobody else is called until somebody resumes it; a campaign that does not run stays as it is. */
export async function pause(
  { tx, emit }: DialerTx,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
  pauseReason: string,
): Promise<void> {
  const { count } = await tx.campaign.updateMany({
    where: { id: campaignId, workspaceId, status: 'RUNNING' },
    data: { status: 'PAUSED', pauseReason, sequence: { increment: 1 } },
  });
  if (count > 0) emit({ type: 'CampaignChanged', workspaceId, campaignId });
}
