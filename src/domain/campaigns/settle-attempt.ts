import { transact } from '../../db/transaction.ts';
import type { Attempt, Call, Prisma } from '../../generated/prisma/client.ts';
import { DAY } from '../../kit/time.ts';
import { isOver } from '../calls/state.ts';
import { possibleZones } from '../contacts/possible-zones.ts';
import { suppress } from '../contacts/suppress-number.ts';
import { outcomeOfAttempt } from './attempt-outcome.ts';
import { BREAKER_WINDOW_MS, breakerTrips } from './breaker.ts';
import { nextWindow } from './calling-window.ts';
import { hoursOf } from './campaign-hours.ts';
import type { ContactState } from './contact-states.ts';
import type { CampaignScope } from './dialer-scope.ts';
import { type LockedCallee, lockCampaignContact } from './lock-contact.ts';
import { type DialerTx, moveContact, pause } from './put-back.ts';
import { type AttemptOutcome, FREQUENCY_DAYS, isTechnical, nextStep } from './retries.ts';
import { suppressInCampaigns } from './suppress-in-campaigns.ts';

/**
 * Takes down how an attempt ended whose call is over, once, and what follows for whoever was called. A call that is no
 * campaign's, or goes on, changes nothing; nor does one that a bridge still holds: whoever has hung up may have asked with
 * their last words not to be called again.
 */
export async function settleAttempt(scope: Pick<CampaignScope, 'db' | 'clock' | 'events'>, { callId }: { callId: string }): Promise<void> {
  const workspaceId = scope.db.$workspaceId;
  await transact(scope, async (tx, emit) => {
    const found = await tx.attempt.findFirst({ where: { callId, state: { not: 'ENDED' } }, select: { campaignContactId: true } });
    const callee = found && (await lockCampaignContact(tx, { workspaceId, id: found.campaignContactId }));
    const attempt = await tx.attempt.findFirst({ where: { callId, state: { not: 'ENDED' } }, include: { call: true } });
    if (!callee || !attempt?.call || !isOver(attempt.call.status) || attempt.call.bridgeId) return;
    const dialer: DialerTx = { tx, emit, now: scope.clock.now() };
    const { call, ...row } = attempt;
    const outcome = outcomeOfAttempt(call);
    const ended = { state: 'ENDED' as const, leaseUntil: null, dialedAt: call.dialedAt, endedAt: dialer.now };
    const technicalFailure = outcome !== null && isTechnical(outcome);
    await tx.attempt.update({ where: { id: row.id, workspaceId }, data: { ...ended, outcome, technicalFailure } });
    if (outcome === null) await giveBack(dialer, callee, row);
    else await follow(dialer, callee, { attempt: row, call, outcome });
    // There is room for somebody else.
    emit({ type: 'CampaignChanged', workspaceId, campaignId: row.campaignId });
  });
}

/** The carrier was never asked: it was no attempt. */
async function giveBack(dialer: DialerTx, callee: LockedCallee, { claimedFrom }: Attempt): Promise<void> {
  const canceled = isCanceled(callee);
  const state: ContactState = canceled ? 'CANCELED' : claimedFrom;
  await moveContact(dialer, callee, { state, nextAttemptAt: canceled || state === 'PENDING' ? null : dialer.now, reason: 'The call was not placed.' });
}

interface Ended {
  readonly attempt: Attempt;
  readonly call: Call;
  readonly outcome: AttemptOutcome;
}

async function follow(dialer: DialerTx, callee: LockedCallee, { attempt, call, outcome }: Ended): Promise<void> {
  const { tx, now } = dialer;
  const { campaign, campaignContact, contact } = callee;
  const { workspaceId } = campaign;
  const outcomes = { ...countsIn(campaignContact.outcomes), [outcome]: (countsIn(campaignContact.outcomes)[outcome] ?? 0) + 1 };
  const called = { attempts: { increment: 1 }, lastOutcome: outcome, outcomes, ...(call.voicemailLeftAt && { voicemailLeftAt: call.voicemailLeftAt }) };
  const next = await whatFollows(dialer, callee, { attempt, call, outcome }, outcomes);
  await moveContact(dialer, callee, { ...called, ...next });
  if (outcome === 'OPTED_OUT') {
    await suppress(tx, { workspaceId, numbers: [contact.phoneNumber], reason: 'SPOKEN_OPT_OUT', source: `call:${call.id}`, at: now });
    await suppressInCampaigns(dialer, { workspaceId, contactId: contact.id });
  }
  if (isTechnical(outcome)) await askBreaker(dialer, campaign);
}

type Place = { state: ContactState; nextAttemptAt: Date | null; reason: string };

async function whatFollows(dialer: DialerTx, callee: LockedCallee, { attempt, outcome }: Ended, outcomes: Record<string, number>): Promise<Place> {
  const { tx, now } = dialer;
  const { campaign, contact } = callee;
  const since = new Date(now.getTime() - FREQUENCY_DAYS * DAY);
  const attempts = await tx.attempt.count({ where: { campaignContact: { contactId: contact.id }, outcome: { not: null }, dialedAt: { gte: since } } });
  const step = nextStep(outcome, { attempts, outcomes }, campaign.maxAttempts);
  if (step.state !== 'RETRY_WAIT' && !(attempt.callbackAt && step.state === 'EXHAUSTED' && attempts < campaign.maxAttempts)) {
    return { state: step.state, nextAttemptAt: null, reason: step.reason };
  }
  if (isCanceled(callee)) return { state: 'CANCELED', nextAttemptAt: null, reason: 'The campaign was canceled.' };
  const callback = attempt.callbackAt;
  const waitMs = callback ? Math.max(0, callback.getTime() - now.getTime()) : step.state === 'RETRY_WAIT' ? step.afterMs : 0;
  const otherPart = !callback && step.state === 'RETRY_WAIT' && step.otherPartOfDay ? now : null;
  const at = nextWindow(possibleZones(contact.phoneNumber, contact.timeZone), hoursOf(campaign), new Date(now.getTime() + waitMs), otherPart);
  if (!at || (campaign.endsAt && at >= campaign.endsAt)) {
    return { state: 'EXPIRED', nextAttemptAt: null, reason: 'They could only be called again after the end of the campaign.' };
  }
  return callback
    ? { state: 'CALLBACK', nextAttemptAt: at, reason: 'They asked to be called again.' }
    : { state: 'RETRY_WAIT', nextAttemptAt: at, reason: step.reason };
}

async function askBreaker(dialer: DialerTx, { id: campaignId, workspaceId }: { id: string; workspaceId: string }): Promise<void> {
  const { tx, now } = dialer;
  const recent = { campaignId, workspaceId, outcome: { not: null }, endedAt: { gt: new Date(now.getTime() - BREAKER_WINDOW_MS) } };
  const [ended, technical] = [await tx.attempt.count({ where: recent }), await tx.attempt.count({ where: { ...recent, technicalFailure: true } })];
  const reason = breakerTrips({ ended, technical });
  if (reason) await pause(dialer, { workspaceId, campaignId }, reason);
}

const isCanceled = ({ campaign }: LockedCallee): boolean => campaign.status === 'CANCELING' || campaign.status === 'CANCELED';

function countsIn(stored: Prisma.JsonValue): Record<string, number> {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return {};
  return Object.fromEntries(Object.entries(stored).flatMap(([name, count]) => (typeof count === 'number' ? [[name, count]] : [])));
}
