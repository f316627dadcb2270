import type { App } from '../../src/app.ts';
import { tenantDb } from '../../src/db/tenant.ts';
import { advanceCall } from '../../src/domain/calls/advance-call.ts';
import { launchCampaign } from '../../src/domain/campaigns/launch-campaign.ts';
import { runCampaignJob, settleAttemptJob } from '../../src/jobs/campaigns.ts';
import { newId } from '../../src/kit/ids.ts';
import type { Carrier } from '../../src/ports/carrier.ts';
import type { Rate } from './bare.ts';

const AT_ONCE = 100;
const LOOK_MS = 20;

/** Calls so many people, each of whose lines is busy at once. */
export async function measureCampaign(app: App & { carrier: Carrier }, contacts: number): Promise<Rate> {
  const worker = { ...app, carrier: { ...app.carrier, placeCall: busyAtOnce(app), endCall: async () => {} } };
  await app.jobs.work(runCampaignJob.name, (data, signal) => runCampaignJob.run(worker, runCampaignJob.data.parse(data), signal));
  await app.jobs.work(settleAttemptJob.name, (data, signal) => settleAttemptJob.run(worker, settleAttemptJob.data.parse(data), signal));
  const { workspaceId, surveyId } = await seed(app, contacts);

  const startedMs = performance.now();
  const launched = await launchCampaign({ ...worker, db: tenantDb(app.root, workspaceId) }, { surveyId, maxConcurrentCalls: AT_ONCE });
  if (!launched.ok) throw new Error(JSON.stringify(launched.problems));
  while ((await app.root.attempt.count({ where: { workspaceId, state: 'ENDED' } })) < contacts) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return { what: 'the dialer: claim, permit, call, what follows', count: contacts, elapsedMs: performance.now() - startedMs };
}

/** A carrier without a wire: it takes the call, and the line is busy. */
function busyAtOnce(app: App): Carrier['placeCall'] {
  return async ({ answerUrl }) => {
    const callId = new URL(answerUrl).searchParams.get('call') ?? '';
    setImmediate(async () => {
      const call = await app.root.call.findUniqueOrThrow({ where: { id: callId }, select: { workspaceId: true } });
      await advanceCall({ ...app, db: tenantDb(app.root, call.workspaceId) }, { callId, event: 'carrier-busy' });
    });
    return { carrierCallId: `CA${newId()}`, state: 'queued' };
  };
}

async function seed({ root, pool, clock, carrier }: App & { carrier: Carrier }, contacts: number): Promise<{ workspaceId: string; surveyId: string }> {
  const [workspaceId, surveyId, now] = [newId(), newId(), clock.now()];
  // Wherever it is, it is noon there.
  const ahead = 12 - now.getUTCHours();
  const timeZone = ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  await root.workspace.create({ data: { id: workspaceId, name: 'Harbour Hair', platform: 'BUSINESS', country: 'US', timeZone, createdAt: now } });
  const plan = { planKey: 'BUSINESS_ENTERPRISE', status: 'ACTIVE', source: 'STAFF' } as const;
  await root.subscription.create({ data: { ...plan, id: newId(), workspaceId, createdAt: now, updatedAt: now } });
  await root.phoneLine.create({
    data: { id: newId(), workspaceId, phoneNumber: '+12025550100', carrier: carrier.name, isPrimary: true, provisionedAt: now },
  });
  const words = { title: 'How was it?', source: 'MANUAL', voice: 'marin', language: 'en-US' } as const;
  const questions = [{ key: 'stars', title: 'How many stars?', kind: 'SCALE', low: 1, high: 5 }];
  await root.survey.create({ data: { ...words, id: surveyId, workspaceId, questions, sections: [{ title: 'How was it?' }], createdAt: now, updatedAt: now } });
  await pool.query(
    `insert into "Contact" ("id", "workspaceId", "phoneNumber", "timeZone", "consent", "createdAt", "updatedAt")
     select 'bench' || n, $1, '+1212' || (2000000 + n), $2, 'EXPRESS', now(), now() from generate_series(1, $3::int) n`,
    [workspaceId, timeZone, contacts],
  );
  await pool.query(
    `insert into "SurveyContact" ("workspaceId", "surveyId", "contactId", "addedAt") select $1, $2, 'bench' || n, now() from generate_series(1, $3::int) n`,
    [workspaceId, surveyId, contacts],
  );
  return { workspaceId, surveyId };
}
