import type { Campaign, CampaignContact, Contact, Workspace } from '../../generated/prisma/client.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { interviewPlan } from '../calls/interview/survey-plan.ts';
import type { CallPlan } from '../calls/plan.ts';
import { possibleZones } from '../contacts/possible-zones.ts';
import { frozenSurvey } from '../surveys/survey.ts';

const MAXIMUM_CALL_MS = 20 * MINUTE;
const SILENCE_MS = 15 * SECOND;

/**
 * Freezes into the plan of one call what a campaign asks of somebody.
 *
 * @param campaignContact a message is left on their machine at most once in a campaign.
 * @param resumed an earlier call with them broke off in the middle.
 */
export function campaignCallPlan(
  campaign: Campaign,
  { campaignContact, contact, resumed }: { campaignContact: Pick<CampaignContact, 'voicemailLeftAt'>; contact: Contact; resumed: boolean },
  workspace: Workspace,
): CallPlan {
  const survey = frozenSurvey.parse(campaign.frozenSurvey);
  const leaves = campaign.leaveVoicemail && campaignContact.voicemailLeftAt === null;
  // Where the number may be in several zones, the first is as good as any to tell what "tomorrow" is.
  const [timeZone = workspace.timeZone] = possibleZones(contact.phoneNumber, contact.timeZone);
  const interview = { survey, campaignId: campaign.id, contactId: contact.id, timeZone, test: campaign.testMode };
  return {
    direction: 'OUTBOUND',
    assistantId: null,
    businessName: workspace.name,
    ...interviewPlan(interview, { business: workspace.name, resumed }),
    otherLanguages: [],
    transfer: null,
    recording: null,
    voicemailMessage: leaves ? campaign.voicemailMessage : null,
    detectsMachines: campaign.detectVoicemail,
    timeZone,
    openingTimes: null,
    limits: { maximumSeconds: MAXIMUM_CALL_MS / SECOND, limitedByPlan: false, silenceSeconds: SILENCE_MS / SECOND },
  };
}
