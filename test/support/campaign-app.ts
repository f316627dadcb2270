import { advanceCall } from '../../src/domain/calls/advance-call.ts';
import type { CallEvent } from '../../src/domain/calls/state.ts';
import { type LaunchCampaign, launchCampaign } from '../../src/domain/campaigns/launch-campaign.ts';
import { runCampaign } from '../../src/domain/campaigns/run-campaign.ts';
import { settleAttempt } from '../../src/domain/campaigns/settle-attempt.ts';
import type { Call, Campaign, CampaignContact, Contact, Survey } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import { type CallApp, callApp } from './call-app.ts';
import { manualClock } from './manual-clock.ts';

/** Noon in New York. */
export const NOON = new Date('2026-07-01T16:00:00Z');

/** A call app with a survey, and a campaign's reactions run when they are told to. */
export interface CampaignApp extends CallApp {
  readonly survey: Survey;
  /** People of the survey, from +12125550100 on. */
  people(count: number, more?: Partial<Contact>): Promise<Contact[]>;
  launch(more?: Partial<LaunchCampaign>): Promise<Campaign>;
  /** Runs what the queue would run, until nothing is left. */
  work(): Promise<void>;
  /** What the carrier says of a call. */
  tell(call: { id: string }, event: CallEvent): Promise<void>;
  /** What the conversation in a call came to. */
  conclude(call: { id: string }, verdict: Call['verdict'], more?: { answeredBy?: string; voicemailLeftAt?: Date }): Promise<void>;
  liveCalls(): Promise<Call[]>;
  campaign(id: string): Promise<Campaign>;
  contacts(campaignId: string): Promise<CampaignContact[]>;
}

export async function campaignApp(options: Parameters<typeof callApp>[0] = {}): Promise<CampaignApp> {
  const base = { ...(await callApp(options)), clock: manualClock(NOON) };
  const { root, workspace } = base;
  const survey = await seedSurvey(base, workspace.id);
  let numbers = 100;

  const app: CampaignApp = {
    ...base,
    survey,
    people(count, more = {}) {
      numbers += count;
      return seedPeople(base, { survey, count, from: numbers - count, more });
    },
    async launch(more = {}) {
      const launched = await launchCampaign(base, { surveyId: survey.id, ...more });
      if (!launched.ok) throw new Error(`refused: ${JSON.stringify(launched.problems)}`);
      return launched.value.campaign;
    },
    async work() {
      for (let event = base.enqueued.shift(); event; event = base.enqueued.shift()) {
        if (event.type === 'CallReleased' && event.assistantId === null) await settleAttempt(base, { callId: event.callId });
        if (event.type === 'CampaignChanged') await runCampaign(base, { campaignId: event.campaignId });
      }
    },
    async tell({ id }, event) {
      const advanced = await advanceCall(base, { callId: id, event });
      if (!advanced.ok || advanced.value.effect !== 'advanced') throw new Error(`${event} changed nothing`);
    },
    async conclude({ id }, verdict, more = {}) {
      await root.call.update({ where: { id }, data: { verdict, bridgeCount: 1, ...more } });
    },
    liveCalls: () => root.call.findMany({ where: { status: { notIn: ['ENDED', 'FAILED'] } }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    campaign: (id) => root.campaign.findUniqueOrThrow({ where: { id } }),
    contacts: (campaignId) => root.campaignContact.findMany({ where: { campaignId }, orderBy: { id: 'asc' } }),
  };
  return app;
}

export const seedSurvey = ({ root }: Pick<CallApp, 'root'>, workspaceId: string): Promise<Survey> =>
  root.survey.create({
    data: {
      id: newId(),
      workspaceId,
      title: 'How was your visit?',
      source: 'MANUAL',
      voice: 'marin',
      language: 'en-US',
      questions: [{ key: 'stars', title: 'How many stars do you give us?', kind: 'SCALE', low: 1, high: 5 }],
      sections: [{ title: 'How was your visit?' }],
      createdAt: NOON,
      updatedAt: NOON,
    },
  });

/** Numbers of New York, of the range that is set aside for fiction as far as it goes. */
const numberOf = (index: number): string => `+1212${String(5_550_000 + index)}`;

export async function seedPeople(
  { root }: Pick<CallApp, 'root'>,
  { survey, count, from, more }: { survey: Survey; count: number; from: number; more?: Partial<Contact> },
): Promise<Contact[]> {
  const { workspaceId } = survey;
  const rows = Array.from({ length: count }, (_, index) => ({
    id: newId(),
    workspaceId,
    phoneNumber: numberOf(from + index),
    consent: 'EXPRESS' as const,
    createdAt: NOON,
    updatedAt: NOON,
    ...more,
    attributes: [],
  }));
  await root.contact.createMany({ data: rows });
  await root.surveyContact.createMany({ data: rows.map(({ id }) => ({ workspaceId, surveyId: survey.id, contactId: id, addedAt: NOON })) });
  return root.contact.findMany({ where: { id: { in: rows.map(({ id }) => id) } }, orderBy: { id: 'asc' } });
}
