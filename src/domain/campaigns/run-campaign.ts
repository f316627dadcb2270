import { SECOND } from '../../kit/time.ts';
import { dialCall } from '../calls/dialing/dial-call.ts';
import { type ClaimedAttempt, claimContacts } from './claim-contacts.ts';
import type { CampaignScope } from './dialer-scope.ts';
import { takeTurn } from './pace.ts';
import { reserveAttempt } from './reserve-attempt.ts';
import { settleCampaign } from './settle-campaign.ts';

/** So many are claimed at once: less than what one process has connections for waits. */
const ABREAST = 8;
/** With an account that takes few calls a second, no more are claimed than can be dialed within this. */
const AHEAD_MS = 2 * SECOND;

/**
 * Calls whoever of a campaign is due, until nobody is or there is no room; begins it, ends it and completes it where that is
 * due. Any number of workers may do it at once.
 *
 * @returns how many calls were placed.
 */
export async function runCampaign(scope: CampaignScope, { campaignId }: { campaignId: string }, signal?: AbortSignal): Promise<number> {
  const { callsPerSecond } = scope.config;
  const most = callsPerSecond === 0 ? ABREAST : Math.max(1, Math.min(ABREAST, Math.floor((callsPerSecond * AHEAD_MS) / SECOND)));
  let placed = 0;
  while (scope.carrier && !signal?.aborted) {
    const attempts = await claimContacts(scope, { campaignId, most });
    const dialed = await Promise.allSettled(attempts.map((attempt) => dialAttempt(scope, attempt)));
    placed += dialed.filter((one) => one.status === 'fulfilled' && one.value).length;
    // What failed keeps its lease, and is looked after when that has run out.
    const failed = dialed.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    if (attempts.length < most && (await settleCampaign(scope, { campaignId })) !== 'begun') break;
  }
  return placed;
}

/** One attempt: its turn with the carrier, its permit, its call. @returns whether a call was placed. */
async function dialAttempt(scope: CampaignScope, attempt: ClaimedAttempt): Promise<boolean> {
  const { carrier, clock, config } = scope;
  if (!carrier) return false;
  const { callsPerSecond } = config;
  const turnAt = callsPerSecond === 0 ? null : await takeTurn(scope, { carrier: carrier.name, callsPerSecond });
  const waitMs = turnAt ? turnAt.getTime() - clock.now().getTime() : 0;
  if (waitMs > 0) await clock.sleep(waitMs);
  const call = await reserveAttempt(scope, carrier, { ...attempt, turn: turnAt && { at: turnAt, callsPerSecond } });
  if (!call) return false;
  const dialed = await dialCall(scope, carrier, call);
  return dialed.ok;
}
