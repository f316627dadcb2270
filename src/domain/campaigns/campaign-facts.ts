import type { Campaign, Contact, Prisma, Workspace } from '../../generated/prisma/client.ts';
import { DAY } from '../../kit/time.ts';
import type { CarrierName } from '../../ports/carrier.ts';
import { MOST_LIVE_CALLS } from '../calls/incoming/admit-inbound.ts';
import { mostCallsAtOnce } from './calls-at-once.ts';
import { hoursOf } from './campaign-hours.ts';
import type { CampaignFacts } from './campaign-rules.ts';
import { mostOutbound } from './capacity.ts';
import { chooseLine, type PoolLine } from './line-choice.ts';
import { countLive, lockWorkspaceCalls } from './lock-workspace-calls.ts';
import { FREQUENCY_DAYS } from './retries.ts';

/** Whom a campaign is about to call. */
export interface Callee {
  readonly workspace: Workspace;
  readonly campaign: Campaign;
  readonly contact: Contact;
}

/** Reads what the rules of a campaign's call are asked about, within the transaction that makes the call. */
export async function campaignFacts(
  tx: Prisma.TransactionClient,
  { workspace, campaign, contact }: Callee,
  at: { now: Date; besides?: string; carrier: CarrierName; callsPerNumberADay: number; turn: CampaignFacts['turn'] },
): Promise<{ facts: CampaignFacts; line: PoolLine | null }> {
  const { now, carrier, callsPerNumberADay } = at;
  const workspaceId = workspace.id;
  const to = contact.phoneNumber;
  const since = new Date(now.getTime() - FREQUENCY_DAYS * DAY);
  const [told] = await tx.$queryRaw<{ inCall: boolean; attempts: bigint }[]>`
    SELECT
      EXISTS (SELECT 1 FROM "Call" WHERE "workspaceId" = ${workspaceId} AND "status" IN ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS', 'UNKNOWN')
        AND (("direction" = 'OUTBOUND' AND "to" = ${to}) OR ("direction" = 'INBOUND' AND "from" = ${to}))) AS "inCall",
      (SELECT count(*) FROM "Attempt" a JOIN "CampaignContact" c ON c."id" = a."campaignContactId" JOIN "Call" k ON k."id" = a."callId"
        WHERE c."contactId" = ${contact.id} AND c."workspaceId" = ${workspaceId} AND k."dialedAt" >= ${since}) AS "attempts"`;
  const suppression = await tx.suppression.findFirst({ where: { workspaceId, phoneNumber: to } });
  const live = await countLive(tx, { workspaceId, campaignId: campaign.id, ...(at.besides && { besides: at.besides }) });
  const pool = { workspaceId, carrier, since: new Date(now.getTime() - DAY), most: callsPerNumberADay };
  let lines = await poolOf(tx, pool);
  if (callsPerNumberADay > 0 && lines.some(({ callsToday }) => callsToday >= callsPerNumberADay - mostOutbound(MOST_LIVE_CALLS))) {
    // No more than that, by any plan, are being decided at once: before a number is nearly used up, nobody waits for anybody here.
    await lockWorkspaceCalls(tx, workspaceId);
    lines = await poolOf(tx, pool);
  }
  const line = chooseLine(lines, { to, campaignLineId: campaign.phoneLineId, most: callsPerNumberADay });
  const facts: CampaignFacts = {
    campaign,
    workspace,
    number: { asked: to, e164: to },
    suppression,
    line: line && { phoneNumber: line.phoneNumber, shared: false },
    quietHours: { contactTimeZone: contact.timeZone, hours: hoursOf(campaign) },
    consent: contact.consent,
    inCall: told?.inCall ?? true,
    frequency: { attempts: Number(told?.attempts ?? 0n), most: campaign.maxAttempts },
    usage: null,
    workspaceCalls: { live: live.workspace, most: await mostCallsAtOnce(tx, workspaceId) },
    campaignCalls: { live: live.campaign, most: campaign.maxConcurrentCalls },
    turn: at.turn,
    lines: lines.length,
  };
  return { facts, line };
}

/** The lines of the workspace with a carrier, and how often each was called from within a day, counted as far as it matters. */
async function poolOf(
  tx: Prisma.TransactionClient,
  { workspaceId, carrier, since, most }: { workspaceId: string; carrier: CarrierName; since: Date; most: number },
): Promise<PoolLine[]> {
  return tx.$queryRaw<PoolLine[]>`
    SELECT l."id", l."phoneNumber", l."isPrimary", (
      SELECT count(*)::int FROM (
        SELECT 1 FROM "Call" c WHERE c."workspaceId" = ${workspaceId} AND c."from" = l."phoneNumber" AND c."createdAt" > ${since} AND c."direction" = 'OUTBOUND'
        LIMIT ${most}
      ) AS counted
    ) AS "callsToday"
    FROM "PhoneLine" l WHERE l."workspaceId" = ${workspaceId} AND l."status" = 'ACTIVE' AND l."carrier" = ${carrier}::"Carrier"`;
}
