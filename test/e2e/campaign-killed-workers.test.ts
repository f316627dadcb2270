import { expect, test } from 'vitest';
import { serveApi } from '../../src/api.ts';
import { type App, createApp } from '../../src/app.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { tenantDb } from '../../src/db/tenant.ts';
import { claimCall } from '../../src/domain/calls/claim-call.ts';
import { releaseCall } from '../../src/domain/calls/release-call.ts';
import { reapCalls } from '../../src/domain/calls/watch/reap-calls.ts';
import { type CampaignProgress, campaignProgress } from '../../src/domain/campaigns/campaign-progress.ts';
import { resumeCampaign } from '../../src/domain/campaigns/change-campaign.ts';
import { isTerminal } from '../../src/domain/campaigns/contact-states.ts';
import { launchCampaign } from '../../src/domain/campaigns/launch-campaign.ts';
import { freePort } from '../../src/kit/free-port.ts';
import { newId } from '../../src/kit/ids.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { type SkippingClock, skippingClock } from '../../src/kit/skipping-clock.ts';
import { MINUTE } from '../../src/kit/time.ts';
import { followLatest } from '../../src/realtime/follow-latest.ts';
import { listen } from '../../src/realtime/replay.ts';
import { campaignTopic } from '../../src/realtime/topics.ts';
import { ACCOUNT, LINE, seedWorkspace } from '../support/call-app.ts';
import { seedPeople, seedSurvey } from '../support/campaign-app.ts';
import { campaignFleet, type Fleet } from '../support/campaign-fleet.ts';
import { testDatabase } from '../support/database.ts';
import { type Plot, quickCarrier, type Ring } from '../support/quick-carrier.ts';
import { thorough } from '../support/thorough.ts';

const CONTACTS = thorough(120, 10_000);
const AT_ONCE = CONTACTS > 2_000 ? 48 : 24;
const WORKERS = 3;
const KILL_EVERY_MS = 6_000;
/** A laptop that does other things besides takes half of it. */
const TIMEOUT_MS = 120_000 + CONTACTS * 600;

/** What becomes of calls, by their number: all that can. */
function plotOf(to: string, nth: number): Plot {
  const kind = Number(to.slice(-4)) % 40;
  if (kind < 5) return { type: nth <= 1 ? 'busy' : 'talks' };
  if (kind < 7) return { type: 'busy' };
  if (kind < 11) return { type: nth <= 1 ? 'no-answer' : 'talks' };
  if (kind < 13) return { type: 'no-answer' };
  if (kind < 15) return { type: 'hangs-up' };
  if (kind === 15) return { type: nth <= 1 ? 'failed' : 'talks' };
  if (kind === 16) return { type: 'no-number' };
  if (kind === 17) return { type: nth <= 1 ? 'answer-lost' : 'talks' };
  if (kind === 18) return { type: nth <= 1 ? 'request-lost' : 'talks' };
  if (kind === 19) return { type: 'end-lost' };
  return { type: 'talks' };
}

test(`${CONTACTS} people, ${WORKERS} workers, one of them killed every few seconds`, { timeout: TIMEOUT_MS }, async () => {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase());
  const clock = skippingClock();
  // Noon on the next day in New York, where they all are.
  clock.skip(Date.parse(`${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T17:00:00Z`) - Date.now());
  const errors: unknown[] = [];
  let app: App;
  const talk = ({ token, ring }: { token: string; ring: Ring }) => talkWith(app, token, ring);
  const carrier = opened.use(await quickCarrier({ clock, plot: plotOf, talk, onError: (error) => errors.push(error) }));
  const port = await freePort();
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    HOST: '127.0.0.1',
    PORT: String(port),
    WORKER_PORT: '0',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SECRET_KEY: 'a secret key for tests, 32 characters',
    DATABASE_URL: database.url,
    SIMULATOR: 'off',
    RATE_LIMITS: 'off',
    TWILIO_ACCOUNT_SID: ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: ACCOUNT.authToken,
    TWILIO_API_URL: carrier.url,
    CARRIER_CALLS_PER_SECOND: '0',
    CALLS_PER_NUMBER_A_DAY: '0',
  };
  app = opened.use(await createApp(resolveConfig(readEnvironment(env)), { worker: false, clock, connections: 12, logger: createLogger('silent') }));
  opened.use(await serveApi(app));

  const { workspace } = await seedWorkspace(app.root, LINE);
  const survey = await seedSurvey({ root: app.root }, workspace.id);
  for (let from = 0; from < CONTACTS; from += 2_000) await seedPeople({ root: app.root }, { survey, count: Math.min(2_000, CONTACTS - from), from });
  const db = tenantDb(app.root, workspace.id);
  const launched = await launchCampaign({ ...app, db }, { surveyId: survey.id, maxConcurrentCalls: AT_ONCE });
  if (!launched.ok) throw new Error(JSON.stringify(launched.problems));
  const { id: campaignId } = launched.value.campaign;

  const events: CampaignProgress[] = [];
  const leaving = new AbortController();
  const following = follow({ ...app, db }, campaignId, leaving.signal, events);
  const fleet = opened.use(await campaignFleet({ size: WORKERS, env, skippedMs: clock.skippedMs }));
  const most = await runToEnd({ app, fleet, clock }, campaignId);
  await following;

  // Everybody is over with, and the campaign is.
  const contacts = await app.root.campaignContact.findMany({ where: { campaignId } });
  expect(contacts).toHaveLength(CONTACTS);
  expect(contacts.filter(({ state }) => !isTerminal(state))).toEqual([]);
  expect(await app.root.campaign.findUniqueOrThrow({ where: { id: campaignId } })).toMatchObject({ status: 'COMPLETED' });
  expect(await app.root.attempt.count({ where: { state: { not: 'ENDED' } } })).toBe(0);

  // The carrier's own log: no phone has rung twice for one attempt, and every ring is one of ours.
  const byCall = Map.groupBy(carrier.rings, ({ callId }) => callId);
  expect([...byCall.values()].filter((rung) => rung.length > 1)).toEqual([]);
  const attempts = await app.root.attempt.findMany({ where: { callId: { not: null } }, include: { call: true } });
  expect(new Set(attempts.map(({ callId }) => callId)).size).toBe(attempts.length);
  const known = new Set(attempts.map(({ callId }) => callId));
  expect(carrier.rings.filter(({ callId }) => !known.has(callId))).toEqual([]);
  expect(new Set(attempts.map(({ number, campaignContactId }) => `${campaignContactId} ${number}`)).size).toBe(attempts.length);
  for (const { attempts: called } of contacts) expect(called).toBeLessThanOrEqual(3);
  for (const { call, permit } of attempts) expect([call?.permit, permit]).toMatchObject([{ granted: true }, { granted: true }]);

  // The caps were kept at every instant, by the carrier's count and by ours.
  expect(carrier.mostAtOnce).toBeLessThanOrEqual(AT_ONCE);
  expect(most).toBeLessThanOrEqual(AT_ONCE);

  // The total is the sum, in every progress that was told.
  let sequence = 0;
  for (const event of events) {
    expect(event.total).toBe(CONTACTS);
    expect(event.completed + event.inProgress + event.failed + event.pending + event.retrying + event.suppressed).toBe(CONTACTS);
    expect(event.inProgress).toBeLessThanOrEqual(AT_ONCE);
    expect(event.sequence).toBeGreaterThan(sequence);
    sequence = event.sequence;
  }
  expect(events.at(-1)).toMatchObject({ status: 'COMPLETED', percent: 100 });
  expect(fleet.killed).toBeGreaterThan(1);
  expect(errors).toEqual([]);
  leaving.abort();
});

/** A bridge that has the call for a moment: they take part. */
async function talkWith(app: App, token: string, { sid }: Ring): Promise<void> {
  const bridgeId = newId();
  const claimed = await claimCall(app, { token, carrierCallId: sid, bridgeId });
  if (!claimed.ok) throw new Error(JSON.stringify(claimed.problems));
  const { callId, workspaceId } = claimed.value;
  await app.root.call.update({ where: { id: callId }, data: { verdict: 'COMPLETED' } });
  await releaseCall(app, { callId, workspaceId, bridgeId, ending: { type: 'carrier-stopped' } });
}

/** Reads what the subscription would tell. */
async function follow(scope: App & { db: ReturnType<typeof tenantDb> }, campaignId: string, signal: AbortSignal, events: CampaignProgress[]): Promise<void> {
  const latest = followLatest(await listen(scope.bus, [campaignTopic(campaignId)], signal), {
    read: () => campaignProgress(scope, { campaignId }),
    version: ({ status, sequence }) => `${status} ${sequence}`,
    isLast: ({ status }) => status === 'COMPLETED',
    pause: () => new Promise((resolve) => setTimeout(resolve, 250)),
  });
  for await (const progress of latest) events.push(progress);
}

/** Kills workers on the way, and puts the clock forward whenever nothing is left to do before. @returns the most calls that were live at once. */
async function runToEnd({ app, fleet, clock }: { app: App; fleet: Fleet; clock: SkippingClock }, campaignId: string): Promise<number> {
  let most = 0;
  let quietSince = performance.now();
  let seen = '';
  let killing: Promise<void> | null = null;
  const killer = setInterval(() => {
    killing ??= fleet.killOne().finally(() => {
      killing = null;
    });
  }, KILL_EVERY_MS);
  const skip = (ms: number) => {
    clock.skip(ms);
    fleet.skip(ms);
  };
  try {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const live = await app.root.call.count({ where: { status: { notIn: ['ENDED', 'FAILED'] } } });
      most = Math.max(most, live);
      const campaign = await app.root.campaign.findUniqueOrThrow({ where: { id: campaignId } });
      if (campaign.status === 'COMPLETED') break;
      // The breaker saw what was lost; somebody reads why, and goes on.
      if (campaign.status === 'PAUSED') await resumeCampaign({ ...app, db: tenantDb(app.root, campaign.workspaceId) }, { id: campaignId });
      const waiting = await app.root.campaignContact.groupBy({ by: ['state'], where: { campaignId }, _count: true, _min: { nextAttemptAt: true } });
      const now = JSON.stringify([live, waiting]);
      if (now !== seen) quietSince = performance.now();
      seen = now;
      const due = waiting.filter(({ state }) => !isTerminal(state));
      const soonest = due.flatMap(({ _min }) => _min.nextAttemptAt?.getTime() ?? []).toSorted((a, b) => a - b)[0];
      // Those who come soon after come with them.
      const soon = { campaignId, nextAttemptAt: { lte: new Date((soonest ?? 0) + 20 * MINUTE) } };
      const idle = due.every(({ state, _min }) => state !== 'ACTIVE' && state !== 'PENDING' && (_min.nextAttemptAt ?? clock.now()) > clock.now());
      if (idle && soonest) {
        const { _max } = await app.root.campaignContact.aggregate({ where: soon, _max: { nextAttemptAt: true } });
        skip((_max.nextAttemptAt?.getTime() ?? soonest) - clock.now().getTime());
      } else if (performance.now() - quietSince > 3_000) {
        // Something was lost with a worker or on the way: its time has to run out.
        skip(30_000);
        await reapCalls(app).catch(() => {});
        quietSince = performance.now() - 2_000;
      }
    }
  } finally {
    clearInterval(killer);
    await killing;
  }
  return most;
}
