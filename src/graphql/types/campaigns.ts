import { hoursOf } from '../../domain/campaigns/campaign-hours.ts';
import { campaignProgress } from '../../domain/campaigns/campaign-progress.ts';
import { cancelCampaign, pauseCampaign, resumeCampaign } from '../../domain/campaigns/change-campaign.ts';
import { estimatedMinutes } from '../../domain/campaigns/estimate.ts';
import type { CallingHours as CallingHoursShape } from '../../domain/contacts/quiet-hours.ts';
import { frozenSurvey } from '../../domain/surveys/survey.ts';
import type { CampaignContactState as CampaignContactStateName, Campaign as CampaignRow } from '../../generated/prisma/client.ts';
import { Fault } from '../../kit/errors.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Weekday } from './assistants.ts';
import { Call, CallOutcome } from './calls.ts';
import { CampaignProgress, CampaignStatus } from './campaign-progress.ts';
import { Contact } from './contacts.ts';
import { Workspace } from './workspaces.ts';

const CampaignContactState = builder.enumType('CampaignContactState', {
  description: 'Where somebody stands in a campaign. Those from DONE on are final.',
  values: {
    PENDING: { description: 'They have not been called.' },
    WAITING_WINDOW: { description: 'They are called when the hours allow it where they are.' },
    RETRY_WAIT: { description: 'They were not reached, and are called again.' },
    CALLBACK: { description: 'They asked to be called at a time.' },
    ACTIVE: { description: 'They are being called.' },
    DONE: { description: 'They answered, or did not want to.' },
    EXHAUSTED: { description: 'They were not reached, and are not called any more.' },
    SUPPRESSED: { description: 'They must not be called.' },
    INVALID: { description: 'Their number cannot be called.' },
    EXPIRED: { description: 'They could only be called after the end of the campaign.' },
    CANCELED: { description: 'They were still to be called when the campaign was canceled.' },
  } satisfies Record<CampaignContactStateName, { description: string }>,
});

const CallingHours = builder.objectRef<CallingHoursShape>('CallingHours').implement({
  description: 'When people may be called, in the local time of each.',
  fields: (t) => ({
    from: t.field({ type: 'LocalTime', description: 'Not before, e.g. `09:00`.', resolve: ({ from }) => from }),
    to: t.field({ type: 'LocalTime', description: 'Not at this time or after it, e.g. `20:00`.', resolve: ({ to }) => to }),
    days: t.field({ type: [Weekday], description: 'On these days.', resolve: ({ days }) => [...days] }),
  }),
});

const CampaignSettings = builder.objectRef<CampaignRow>('CampaignSettings').implement({
  description: 'How a campaign calls.',
  fields: (t) => ({
    maxConcurrentCalls: t.exposeInt('maxConcurrentCalls', { description: 'Calls at one time.' }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'How often somebody is called at most, within 30 days and over all campaigns.' }),
    callingHours: t.field({ type: CallingHours, description: 'When people are called; never before 8:00 or from 21:00 on.', resolve: hoursOf }),
    startsAt: t.expose('startsAt', { type: 'DateTime', nullable: true, description: 'When it begins; null for one that began at once.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', nullable: true, description: 'After this nobody is called; null: until everybody is over with.' }),
    detectVoicemail: t.exposeBoolean('detectVoicemail', { description: 'Whether answering machines are told from people.' }),
    leaveVoicemail: t.exposeBoolean('leaveVoicemail', { description: 'Whether a message is left on them, once for each person.' }),
    voicemailMessage: t.exposeString('voicemailMessage', { nullable: true, description: 'The message, word for word.' }),
  }),
});

export const CampaignContact = builder.prismaObject('CampaignContact', {
  description: "Somebody's place in a campaign.",
  fields: (t) => ({
    contact: t.relation('contact', { description: 'Who.' }),
    state: t.expose('state', { type: CampaignContactState, description: 'Where they stand.' }),
    attempts: t.exposeInt('attempts', { description: 'How often they were called.' }),
    lastOutcome: t.expose('lastOutcome', { type: CallOutcome, nullable: true, description: 'How the last call ended; null before.' }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When they are called next, at the earliest; null where nothing is waited for.',
    }),
    lastCall: t.field({
      type: Call,
      nullable: true,
      description: 'The last call; null before the first.',
      select: { lastCallId: true },
      resolve: ({ lastCallId }, _args, { db }) => (lastCallId === null ? null : db.call.findFirst({ where: { id: lastCallId } })),
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why they stand there, as a sentence.' }),
  }),
});

export const Campaign = builder.prismaNode('Campaign', {
  nullable: true,
  description: 'A survey that people are called for.',
  id: { field: 'id', description: 'The global id of the campaign.' },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    survey: t.relation('survey', { description: 'What is asked. The campaign asks what it was at launch.' }),
    status: t.expose('status', { type: CampaignStatus, description: 'Where it stands.' }),
    testMode: t.exposeBoolean('testMode', { description: 'Whether only the first person is called, and kept out of the results.' }),
    phoneLine: t.relation('phoneLine', { nullable: true, description: 'The line it calls from, where no other of the workspace is nearer to a person.' }),
    estimatedDurationMinutes: t.int({
      description: 'How long it takes in all, in minutes of calling time; nights and pauses are not in it.',
      complexity: 5,
      select: { workspaceId: true, frozenSurvey: true, maxConcurrentCalls: true, maxAttempts: true },
      resolve: async ({ id, workspaceId, frozenSurvey: survey, ...settings }, _args, { tenant, app }) => {
        const people = await tenant(workspaceId).db.campaignContact.count({ where: { campaignId: id } });
        return estimatedMinutes(people, frozenSurvey.parse(survey).questions, { ...settings, callsPerSecond: app.config.callsPerSecond });
      },
    }),
    settings: t.field({
      type: CampaignSettings,
      description: 'How it calls.',
      resolve: ({ id }, _args, { db }) => db.campaign.findUniqueOrThrow({ where: { id } }),
    }),
    progress: t.field({
      type: CampaignProgress,
      description: 'How far it is.',
      complexity: 10,
      select: { workspaceId: true },
      async resolve({ id, workspaceId }, _args, { tenant }) {
        const progress = await campaignProgress(tenant(workspaceId), { campaignId: id });
        if (!progress) throw new Fault('NOT_FOUND', 'There is no such campaign.');
        return progress;
      },
    }),
    contacts: t.relatedConnection(
      'contacts',
      {
        cursor: 'id',
        totalCount: true,
        description: 'The people it is for, in the order in which they were added to the survey.',
        args: { states: t.arg({ type: [CampaignContactState], description: 'Only those who stand in one of these.' }) },
        query: ({ states }) => ({ where: states ? { state: { in: states } } : {}, orderBy: { id: 'asc' } }),
      },
      { name: 'CampaignContactConnection', description: 'One page of the people of a campaign.' },
      { name: 'CampaignContactEdge', description: 'One of them.' },
    ),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was launched.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began to call; null before.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it was over; null until then.' }),
    pauseReason: t.exposeString('pauseReason', {
      nullable: true,
      description: 'Why it is paused, or could not begin, as a sentence; null where it is neither.',
    }),
  }),
});

builder.prismaObjectFields(Workspace, (t) => ({
  campaigns: t.relatedConnection(
    'campaigns',
    { cursor: 'id', totalCount: true, description: 'Its campaigns, the newest first.', query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] } },
    { name: 'CampaignConnection', description: 'One page of campaigns.' },
    { name: 'CampaignEdge', description: 'One campaign of a page.' },
  ),
}));

builder.prismaObjectFields(Call, (t) => ({
  campaign: t.field({
    type: Campaign,
    nullable: true,
    description: 'The campaign that placed it; null where none did.',
    select: { attempt: { select: { campaignId: true } } },
    resolve: ({ attempt }, _args, { db }) => (attempt ? db.campaign.findFirst({ where: { id: attempt.campaignId } }) : null),
  }),
  contact: t.field({
    type: Contact,
    nullable: true,
    description: 'The person at the other end, where the workspace knows the number.',
    select: { workspaceId: true, direction: true, from: true, to: true },
    resolve: ({ workspaceId, direction, from, to }, _args, { db }) =>
      db.contact.findFirst({ where: { workspaceId, phoneNumber: direction === 'OUTBOUND' ? to : from } }),
  }),
}));

const campaignPayload = (name: string, description: string) =>
  payload<{ campaign: CampaignRow }>(name, description, (t) => ({
    campaign: t.expose('campaign', { type: Campaign, nullable: true, description: 'The campaign as it is now.' }),
  }));
const campaignInput = (name: string, description: string) =>
  builder.inputRef<{ id: NodeId }>(name).implement({ description, fields: (t) => ({ id: t.globalID({ required: true, description: 'The campaign.' }) }) });

const PauseCampaignInput = campaignInput('PauseCampaignInput', 'Which campaign to pause.');
const ResumeCampaignInput = campaignInput('ResumeCampaignInput', 'Which campaign to go on with.');
const CancelCampaignInput = campaignInput('CancelCampaignInput', 'Which campaign to cancel.');
const PauseCampaignPayload = campaignPayload('PauseCampaignPayload', 'The campaign, or why it is not paused.');
const ResumeCampaignPayload = campaignPayload('ResumeCampaignPayload', 'The campaign, or why it does not go on.');
const CancelCampaignPayload = campaignPayload('CancelCampaignPayload', 'The campaign, or why it is not canceled.');

builder.mutationFields((t) => ({
  pauseCampaign: t.field({
    type: PauseCampaignPayload,
    description: 'Calls nobody else until it is resumed; live calls finish. Doing it twice changes nothing. Errors: NOT_FOUND, ILLEGAL_STATE.',
    args: { input: t.arg({ type: PauseCampaignInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await pauseCampaign(scope, { id: idOf('Campaign', input.id) }), (campaign) => ({ campaign })),
  }),
  resumeCampaign: t.field({
    type: ResumeCampaignPayload,
    description: 'Goes on with a paused campaign. Doing it twice changes nothing. Errors: NOT_FOUND, ILLEGAL_STATE.',
    args: { input: t.arg({ type: ResumeCampaignInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await resumeCampaign(scope, { id: idOf('Campaign', input.id) }), (campaign) => ({ campaign })),
  }),
  cancelCampaign: t.field({
    type: CancelCampaignPayload,
    description:
      'Calls nobody else any more: who waits is CANCELED at once, live calls finish. Doing it twice changes nothing. Errors: NOT_FOUND, ILLEGAL_STATE.',
    args: { input: t.arg({ type: CancelCampaignInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await cancelCampaign(scope, { id: idOf('Campaign', input.id) }), (campaign) => ({ campaign })),
  }),
}));
