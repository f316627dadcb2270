import { z } from 'zod';
import { type LaunchCampaign, type LaunchedCampaign, launchCampaign } from '../../domain/campaigns/launch-campaign.ts';
import { type CampaignPreview, type PreviewedContact, type PreviewVerdict, previewCampaign } from '../../domain/campaigns/preview-campaign.ts';
import type { Weekday as WeekdayName } from '../../domain/contacts/quiet-hours.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Weekday } from './assistants.ts';
import { Campaign } from './campaigns.ts';
import { Contact } from './contacts.ts';
import { PhoneLine } from './phone-lines.ts';

const CallingHoursInput = builder.inputRef<{ from: string; to: string; days: WeekdayName[] }>('CallingHoursInput').implement({
  description: 'When people may be called, in the local time of each.',
  fields: (t) => ({
    from: t.field({ type: 'LocalTime', required: true, description: 'Not before, e.g. `09:00`.' }),
    to: t.field({ type: 'LocalTime', required: true, description: 'Not at this time or after it, e.g. `20:00`.' }),
    days: t.field({ type: [Weekday], required: true, description: 'On these days.' }),
  }),
});

type LaunchInput = Omit<LaunchCampaign, 'surveyId'> & { surveyId: NodeId };

const LaunchCampaignInput = builder.inputRef<LaunchInput>('LaunchCampaignInput').implement({
  description: 'Which survey to call people for, and how. All but the survey can be left out.',
  validate: z.looseObject({
    name: z.string().max(200, 'A name has 200 characters at most.').nullish(),
    idempotencyKey: z.string().min(1, 'A key cannot be empty.').max(200, 'A key has 200 characters at most.').nullish(),
  }),
  fields: (t) => ({
    surveyId: t.globalID({ required: true, description: 'The survey; all its people are called.' }),
    name: t.string({ description: 'What the campaign is called; the title of the survey if left out.' }),
    testMode: t.boolean({ description: 'Calls the first person alone, and keeps what they say out of the results; false if left out.' }),
    maxConcurrentCalls: t.int({ description: 'Calls at one time, 1 to 200; 5 if left out. Those of the whole workspace are fewer where its plan says so.' }),
    maxAttempts: t.int({ description: 'How often somebody is called at most within 30 days, 1 to 10; 3 if left out.' }),
    callingHours: t.field({
      type: CallingHoursInput,
      description: 'When people are called; every day from 8:00 to 21:00 if left out. Never before or after that.',
    }),
    startsAt: t.field({ type: 'DateTime', description: 'When to begin; at once if left out or over.' }),
    endsAt: t.field({ type: 'DateTime', description: 'After this nobody is called.' }),
    detectVoicemail: t.boolean({ description: 'Whether answering machines are told from people; true if left out.' }),
    leaveVoicemail: t.boolean({ description: 'Whether a message is left on them; true if left out where there is a message.' }),
    voicemailMessage: t.string({ description: 'The message for answering machines, word for word, at most 1,000 characters.' }),
    idempotencyKey: t.string({ description: 'Your own key, at most 200 characters: launched again with the same key, it is the same campaign.' }),
  }),
});

const LaunchCampaignPayload = payload<LaunchedCampaign>('LaunchCampaignPayload', 'The campaign, or why it is not launched.', (t) => ({
  campaign: t.expose('campaign', {
    type: Campaign,
    nullable: true,
    description: 'The campaign. Follow it with the subscriptions `campaignProgress` and `campaignContact`.',
  }),
  phoneLine: t.expose('phoneLine', { type: PhoneLine, nullable: true, description: 'The line it calls from; bought now, where the workspace had none.' }),
  message: t.exposeString('message', { nullable: true, description: 'How many people are called from where, and how long it takes, as a sentence.' }),
}));

const CampaignPreviewVerdict = builder.enumType('CampaignPreviewVerdict', {
  description: 'What would become of somebody if the campaign began.',
  values: {
    DIALED: { description: 'They would be called at once.' },
    DEFERRED: { description: 'They would be called later; see `at`.' },
    SUPPRESSED: { description: 'They must not be called, or have not agreed to it.' },
    REJECTED: { description: 'They cannot be called: the number, the hours, or called often enough.' },
  } satisfies Record<PreviewVerdict, { description: string }>,
});

const PreviewedContactType = builder.objectRef<PreviewedContact>('PreviewedContact').implement({
  description: 'Somebody of the survey, and what would become of them.',
  fields: (t) => ({
    contact: t.expose('contact', { type: Contact, description: 'Who.' }),
    verdict: t.expose('verdict', { type: CampaignPreviewVerdict, description: 'What would become of them.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, as a sentence; null for whoever would be called at once.' }),
    at: t.expose('at', { type: 'DateTime', nullable: true, description: 'When they would be called, at the earliest; null where never.' }),
  }),
});

const PreviewCampaignPayload = payload<CampaignPreview>('PreviewCampaignPayload', 'Who would be called, or why it could not be launched.', (t) => ({
  total: t.exposeInt('total', { nullable: true, description: 'The people of the survey.' }),
  dialed: t.exposeInt('dialed', { nullable: true, description: 'Who would be called at once, as there is room.' }),
  deferred: t.exposeInt('deferred', { nullable: true, description: 'Who would be called later.' }),
  suppressed: t.exposeInt('suppressed', { nullable: true, description: 'Who must not be called, or has not agreed to it.' }),
  rejected: t.exposeInt('rejected', { nullable: true, description: 'Who cannot be called.' }),
  contacts: t.field({
    type: [PreviewedContactType],
    nullable: true,
    description: 'The first 25 of each of these, in the order of the survey.',
    resolve: ({ contacts }) => contacts && [...contacts],
  }),
  estimatedDurationMinutes: t.exposeInt('estimatedDurationMinutes', { nullable: true, description: 'How long it would take, in minutes of calling time.' }),
  buysNumber: t.exposeBoolean('buysNumber', { nullable: true, description: 'Whether a telephone number would be bought at launch.' }),
}));

const ERRORS = 'NOT_FOUND, INVALID, ILLEGAL_STATE';

builder.mutationFields((t) => ({
  previewCampaign: t.field({
    type: PreviewCampaignPayload,
    description: `Tells who would be called, who later, who not, and why, by the rules that are asked when they are. Calls nobody and buys nothing. Errors: ${ERRORS}.`,
    complexity: 20,
    args: { input: t.arg({ type: LaunchCampaignInput, required: true, description: 'As for the launch.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await previewCampaign(scope, { ...input, surveyId: idOf('Survey', input.surveyId) }), (preview) => preview),
  }),
  launchCampaign: t.field({
    type: LaunchCampaignPayload,
    description: `Calls the people of a survey, now or from a time on. Buys a number first, where the workspace has none. Errors: ${ERRORS}, CONFLICT, NO_CONSENT, UPSTREAM_REJECTED, PLAN_REQUIRED.`,
    args: { input: t.arg({ type: LaunchCampaignInput, required: true, description: 'Which survey, and how.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await launchCampaign(scope, { ...input, surveyId: idOf('Survey', input.surveyId) }), (launched) => launched),
  }),
}));
