import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { interviewPlan } from '../../src/domain/calls/interview/survey-plan.ts';
import { callPlan } from '../../src/domain/calls/plan.ts';
import { storedPlan } from '../../src/domain/calls/stored-plan.ts';
import { createSurvey } from '../../src/domain/surveys/save-survey.ts';
import { freezeSurvey } from '../../src/domain/surveys/survey.ts';
import { newId } from '../../src/kit/ids.ts';
import { openAiText } from '../../src/vendors/openai/text.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import { type OpenAiTextTwin, startOpenAiTextTwin } from '../support/openai-text-twin.ts';
import { actionOf, callSid, said, verbs, voiceForm, type WebhookForm } from '../support/twilio-webhook.ts';

const SID = callSid('asked');
const PERSON = '+12125550142';

let twin: OpenAiTextTwin;
let app: CallApp;
beforeEach(async () => {
  twin = await startOpenAiTextTwin('sk-test');
  app = await callApp({ textModel: openAiText({ apiKey: 'sk-test', baseUrl: twin.url, model: 'gpt-4.1-mini' }) });
  await app.root.assistant.updateMany({ data: { engine: 'GATHER' } });
});
afterEach(async () => {
  expect(twin.violations).toEqual([]);
  await app[Symbol.asyncDispose]();
  await twin[Symbol.asyncDispose]();
});

async function answer(twiml: string, heard: WebhookForm): Promise<string> {
  app.clock.advance(8_000);
  return (await app.post(actionOf(twiml), voiceForm(SID, { CallStatus: 'in-progress', ...heard }))).body;
}

/** A call in turns that turns out to be one of ours, which interviews somebody. */
async function interviewed(): Promise<string> {
  const greeting = (await app.post('/webhooks/twilio/voice', voiceForm(SID))).body;
  const { root, clock } = app;
  const call = await root.call.findFirstOrThrow();
  const { workspaceId } = call;
  const questions = [{ key: 'again', title: 'Would you come again?', kind: 'SINGLE_CHOICE' as const, options: ['Yes', 'No'] }];
  const made = await createSurvey({ db: tenantDb(root, workspaceId), clock }, { title: 'Our service', questions });
  if (!made.ok) throw new Error('no survey');
  const contactId = newId();
  await root.contact.create({ data: { id: contactId, workspaceId, phoneNumber: PERSON, createdAt: clock.now(), updatedAt: clock.now() } });
  const asks = { survey: freezeSurvey(made.value), campaignId: null, contactId, timeZone: 'America/New_York', test: false };
  const plan = { ...callPlan.parse(call.plan), direction: 'OUTBOUND' as const, ...interviewPlan(asks, { business: 'Brightwater Dental', resumed: false }) };
  await root.call.update({ where: { id: call.id }, data: { direction: 'OUTBOUND', to: PERSON, verdict: 'PARTIAL', plan: storedPlan(plan) } });
  return greeting;
}

describe('an interview in turns', () => {
  test('asks, stores and thanks by the same tools', async () => {
    const greeting = await interviewed();
    twin.script({ calls: [{ name: 'record_answer', arguments: { question: '0', words: 'Sure.' } }] }, { say: 'Thank you. Would you come again?' });
    const asked = await answer(greeting, { SpeechResult: 'Sure.' });
    expect(said(asked)).toEqual(['Thank you. Would you come again?']);
    twin.script({ calls: [{ name: 'record_answer', arguments: { question: '1', words: 'Yes, of course.' } }] });
    const thanks = await answer(asked, { SpeechResult: 'Yes, of course.' });
    expect(verbs(thanks)).toEqual(['Say', 'Hangup']);
    expect(said(thanks)[0]).toContain('Thank you very much for your time.');
    expect(await app.root.surveyAnswer.findMany()).toMatchObject([{ questionKey: 'again', status: 'VALID', mapped: ['Yes'] }]);
    expect(await app.root.call.findFirstOrThrow()).toMatchObject({ verdict: 'COMPLETED', endReason: 'assistant-ended' });
  });

  test.each([
    ['words', { SpeechResult: 'Please take me off your list.' }, 'SPOKEN_OPT_OUT'],
    ['the key', { Digits: '9' }, 'KEYPAD_OPT_OUT'],
  ])('is over with %s that ask for no more calls, and no model is asked', async (_how, heard, reason) => {
    const greeting = await interviewed();
    const goodbye = await answer(greeting, heard);
    expect(verbs(goodbye)).toEqual(['Say', 'Hangup']);
    expect(said(goodbye)[0]).toContain('You will not be called again.');
    // Told twice, it is said twice and done once.
    expect(said((await app.post(actionOf(greeting), voiceForm(SID, { CallStatus: 'in-progress', ...heard }))).body)).toEqual(said(goodbye));
    expect(twin.requests).toEqual([]);
    expect(await app.root.suppression.findMany()).toMatchObject([{ phoneNumber: PERSON, reason }]);
    await app.post('/webhooks/twilio/status', voiceForm(SID, { CallStatus: 'completed', CallDuration: '20' }));
    expect(await app.root.call.findFirstOrThrow()).toMatchObject({ status: 'ENDED', outcome: 'OPTED_OUT', endReason: 'opted-out' });
  });
});
