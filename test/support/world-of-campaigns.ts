import type { RootDb } from '../../src/db/client.ts';
import { newId } from '../../src/kit/ids.ts';

export type CampaignNode = 'Contact' | 'Survey' | 'Campaign' | 'SurveyResponse';

/** One row of everything about campaigns that a workspace owns; the call is that of a campaign. */
export async function fillCampaigns(
  root: RootDb,
  { workspaceId, callId, phoneLineId }: { workspaceId: string; callId: string; phoneLineId: string },
  mark: string,
): Promise<Record<CampaignNode, string>> {
  const now = new Date();
  // The one who is at the other end of the world's call.
  const person = { name: mark, phoneNumber: '+12025550177', email: `${mark}@example.com`.toLowerCase(), attributes: [{ key: mark, value: mark }] };
  const contact = await root.contact.create({ data: { id: newId(), workspaceId, ...person, createdAt: now, updatedAt: now } });
  await root.suppression.create({ data: { workspaceId, phoneNumber: '+12025550178', reason: 'MANUAL', source: mark, createdAt: now } });
  const question = { key: mark, title: mark, kind: 'SINGLE_CHOICE', options: [mark], next: [{ option: mark, goTo: 'submit' }] };
  const asked = { title: mark, description: mark, voice: 'marin', language: 'en-US', instructions: mark };
  const survey = await root.survey.create({
    data: {
      ...asked,
      id: newId(),
      workspaceId,
      source: 'GOOGLE_FORM',
      formId: mark,
      formRevision: mark,
      questions: [question],
      sections: [{ title: mark, description: mark }],
      createdAt: now,
      updatedAt: now,
    },
  });
  await root.surveyContact.create({ data: { workspaceId, surveyId: survey.id, contactId: contact.id, addedAt: now } });
  const campaign = await root.campaign.create({
    data: {
      id: newId(),
      workspaceId,
      surveyId: survey.id,
      name: mark,
      status: 'PAUSED',
      phoneLineId,
      frozenSurvey: { surveyId: survey.id, ...asked, tone: 'FRIENDLY', questions: [question], sections: [{ title: mark }] },
      maxConcurrentCalls: 1,
      maxAttempts: 1,
      callingFrom: '09:00',
      callingTo: '17:00',
      callingDays: ['MONDAY'],
      voicemailMessage: mark,
      pauseReason: mark,
      createdAt: now,
    },
  });
  const place = { workspaceId, campaignId: campaign.id, contactId: contact.id, state: 'ACTIVE' as const, lastCallId: callId, reason: mark };
  const inCampaign = await root.campaignContact.create({ data: { ...place, id: newId(), createdAt: now, updatedAt: now } });
  await root.attempt.create({
    data: { id: newId(), workspaceId, campaignId: campaign.id, campaignContactId: inCampaign.id, number: 1, state: 'TALKING', callId, createdAt: now },
  });
  const given = { workspaceId, surveyId: survey.id, campaignId: campaign.id, contactId: contact.id, callId };
  const response = await root.surveyResponse.create({ data: { ...given, id: newId(), createdAt: now } });
  const answer = { workspaceId, responseId: response.id, questionKey: mark, raw: mark, mapped: [mark], callId, turnSequence: 1, answeredAt: now };
  await root.surveyAnswer.create({ data: { ...answer, id: newId(), step: 1, confidence: 1, method: 'EXACT', status: 'VALID' } });
  return { Contact: contact.id, Survey: survey.id, Campaign: campaign.id, SurveyResponse: response.id };
}
