import { transact } from '../../db/transaction.ts';
import type { Call } from '../../generated/prisma/client.ts';
import { newId } from '../../kit/ids.ts';
import type { Carrier } from '../../ports/carrier.ts';
import { storedPermit } from '../calls/dialing/ask-permit.ts';
import { dialPermit } from '../calls/dialing/dial-permit.ts';
import { storedPlan } from '../calls/stored-plan.ts';
import { campaignCallPlan } from './campaign-call.ts';
import { campaignFacts } from './campaign-facts.ts';
import { CAMPAIGN_RULES, type CampaignFacts } from './campaign-rules.ts';
import type { ClaimedAttempt } from './claim-contacts.ts';
import type { CampaignScope } from './dialer-scope.ts';
import { lockCampaignContact } from './lock-contact.ts';
import { putBack } from './put-back.ts';
import { takeUsagePart } from './usage-part.ts';

/**
 * Asks for the permit of an attempt that was claimed, at this instant, and makes its call's row in the same transaction:
 * QUEUED, with the attempt's id as its key. Where the permit is refused, whoever was claimed goes back or out, and no attempt
 * is counted. An attempt that somebody else has taken on is left alone.
 *
 * @param attempt.turn when it is its turn with the carrier; null where nobody counts.
 * @returns the call to be dialed at once, or null.
 */
export async function reserveAttempt(
  scope: CampaignScope,
  carrier: Carrier,
  attempt: ClaimedAttempt & { readonly turn: CampaignFacts['turn'] },
): Promise<Call | null> {
  const { clock, config } = scope;
  const workspaceId = scope.db.$workspaceId;
  return transact(scope, async (tx, emit) => {
    const callee = await lockCampaignContact(tx, { workspaceId, id: attempt.campaignContactId });
    // Asked under the lock: of two who hold the same claim, one goes on.
    const row = await tx.attempt.findFirst({ where: { id: attempt.id, state: 'CLAIMED' } });
    if (!callee || !row) return null;
    const { campaignContact, campaign, contact, workspace } = callee;

    const now = clock.now();
    const at = { now, besides: row.id, carrier: carrier.name, callsPerNumberADay: config.callsPerNumberADay, turn: attempt.turn };
    const { facts, line } = await campaignFacts(tx, callee, at);
    const resumed = (await tx.surveyResponse.count({ where: { workspaceId, campaignId: campaign.id, contactId: contact.id } })) > 0;
    let plan = campaignCallPlan(campaign, { campaignContact, contact, resumed }, workspace);
    const callId = newId();
    let permit = dialPermit(facts, now, CAMPAIGN_RULES);
    let usageUsedUp = false;
    if (permit.granted) {
      const part = await takeUsagePart({ tx, emit, clock }, { workspaceId, callId, to: contact.phoneNumber, maximumSeconds: plan.limits.maximumSeconds });
      usageUsedUp = part.usedUp;
      plan = part.fit(plan);
      permit = dialPermit({ ...facts, usage: part.verdict }, now, CAMPAIGN_RULES);
    }
    if (!permit.granted || !line) {
      await putBack({ tx, emit, now }, { attempt: row, callee, permit, usageUsedUp, lines: facts.lines });
      return null;
    }
    const call = await tx.call.create({
      data: {
        id: callId,
        workspaceId,
        direction: 'OUTBOUND',
        status: 'QUEUED',
        carrier: carrier.name,
        from: line.phoneNumber,
        to: contact.phoneNumber,
        plan: storedPlan(plan),
        permit: storedPermit(permit),
        // Until it says more of itself: a talk that ends has not come to its end.
        verdict: 'PARTIAL',
        idempotencyKey: row.id,
        createdAt: now,
      },
    });
    await tx.attempt.update({ where: { id: row.id, workspaceId }, data: { state: 'RESERVED', callId, permit: storedPermit(permit) } });
    await tx.campaignContact.update({ where: { id: campaignContact.id, workspaceId }, data: { lastCallId: callId, version: { increment: 1 } } });
    emit({ type: 'CallChanged', workspaceId, callId, version: call.version });
    emit({ type: 'CampaignContactChanged', workspaceId, campaignId: campaign.id, campaignContactId: campaignContact.id });
    return call;
  });
}
