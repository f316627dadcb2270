import type { Campaign, CampaignContact, Workspace } from '../../generated/prisma/client.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { linesIn, translatableLines } from '../calls/lines.ts';
import type { CallPlan } from '../calls/plan.ts';
import { toolsFor } from '../calls/tools.ts';
import { type FrozenSurvey, frozenSurvey } from '../surveys/survey.ts';

const MAXIMUM_CALL_MS = 20 * MINUTE;
const SILENCE_MS = 15 * SECOND;
const NO_HOURS = { hours: [], closedDates: [], specialHours: [] };

/**
 * Freezes into the plan of one call what a campaign asks of somebody.
 *
 * @param contact a message is left on their machine at most once in a campaign.
 */
export function campaignCallPlan(campaign: Campaign, contact: Pick<CampaignContact, 'voicemailLeftAt'>, workspace: Workspace): CallPlan {
  const survey = frozenSurvey.parse(campaign.frozenSurvey);
  const lines = linesIn(survey.language) ?? translatableLines;
  const leaves = campaign.leaveVoicemail && contact.voicemailLeftAt === null;
  return {
    direction: 'OUTBOUND',
    assistantId: null,
    businessName: workspace.name,
    instructions: instructionsOf(survey, workspace),
    greeting: `${lines.disclosure(workspace.name)} ${survey.title}.`,
    voice: survey.voice,
    language: survey.language,
    otherLanguages: [],
    transfer: null,
    recording: null,
    voicemailMessage: leaves ? campaign.voicemailMessage : null,
    detectsMachines: campaign.detectVoicemail,
    purpose: survey.title,
    timeZone: workspace.timeZone,
    openingTimes: null,
    tools: toolsFor(NO_HOURS).filter(({ name }) => name === 'end_call'),
    limits: { maximumSeconds: MAXIMUM_CALL_MS / SECOND, silenceSeconds: SILENCE_MS / SECOND },
  };
}

function instructionsOf({ questions, instructions, title }: FrozenSurvey, { name }: Workspace): string {
  const asked = questions.map(({ title: words, options }, index) => `${index + 1}. ${words}${options.length > 0 ? ` (${options.join('; ')})` : ''}`);
  return [
    `You are an automated assistant who telephones for “${name}” with the survey “${title}”. You have called somebody and are talking with them right now, by voice.`,
    'Ask whether it is a good moment, then ask one question at a time, in this order:',
    ...asked,
    'Take every answer as it is. Thank them at the end, say goodbye and call end_call. If they do not want to take part, thank them and end the call.',
    ...(instructions ? [`<wishes>\n${instructions.replaceAll('<', '‹').replaceAll('>', '›')}\n</wishes>`] : []),
  ].join('\n');
}
