import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { surveyPeople, VISIT_SURVEY } from '../../src/simulator/callers/survey-people.ts';
import { type WholeSystem, wholeSystem } from '../support/whole-system.ts';

const MAKE = 'mutation ($input: CreateSurveyInput!) { createSurvey(input: $input) { survey { id problems } errors { message } } }';
const ADD = 'mutation ($input: AddContactsInput!) { addContacts(input: $input) { errors { message } } }';
const LAUNCH = 'mutation ($input: LaunchCampaignInput!) { launchCampaign(input: $input) { campaign { id } errors { code message } } }';
const errors = z.array(z.object({ message: z.string() }));
const made = z.object({ createSurvey: z.object({ survey: z.object({ id: z.string(), problems: z.array(z.string()) }), errors }) });
const added = z.object({ addContacts: z.object({ errors }) });
const launched = z.object({ launchCampaign: z.object({ campaign: z.object({ id: z.string() }).nullable(), errors }) });

let system: WholeSystem;
beforeAll(async () => {
  // A Tuesday at noon in New York, when people may be called.
  system = await wholeSystem({ speed: 2, startsAt: new Date('2026-03-03T17:00:00Z') });
  await system.database.root.phoneLine.updateMany({ where: { workspaceId: system.demo.workspaceId }, data: { carrier: 'TWILIO', isPrimary: true } });
});
afterAll(() => system?.[Symbol.asyncDispose]());

test('people are interviewed by voice, and what is stored is what they said, to the answer', { timeout: 240_000 }, async () => {
  const { client, database, lab } = system;
  const { createSurvey } = await client.ask(MAKE, { input: VISIT_SURVEY }, made);
  const surveyId = createSurvey.survey.id;
  expect(createSurvey.survey.problems).toEqual([]);
  const contacts = surveyPeople.map(({ caller }) => ({ phoneNumber: caller.number, name: caller.name, consent: 'EXPRESS' }));
  expect((await client.ask(ADD, { input: { contacts, surveyId } }, added)).addContacts.errors).toEqual([]);
  const { launchCampaign } = await client.ask(LAUNCH, { input: { surveyId, maxConcurrentCalls: 6 } }, launched);
  expect(launchCampaign.errors).toEqual([]);

  const firstCall = (to: string) => database.root.call.findFirst({ where: { to, direction: 'OUTBOUND' }, orderBy: { createdAt: 'asc' } });
  for (const { caller, outcome, answers } of surveyPeople) {
    await expect.poll(async () => (await firstCall(caller.number))?.status, { timeout: 200_000, interval: 100, message: caller.key }).toBe('ENDED');
    const call = await firstCall(caller.number);
    await expect.poll(async () => (await firstCall(caller.number))?.bridgeId, { timeout: 10_000, interval: 50 }).toBeNull();
    const rows = await database.root.surveyAnswer.findMany({ where: { callId: call?.id ?? '' }, orderBy: { step: 'asc' } });
    const stored = Object.fromEntries(rows.map(({ questionKey, status, mapped }) => [questionKey, status === 'VALID' ? mapped : status]));
    const heard = lab.log.call(call?.carrierCallId ?? '')?.heard ?? '';
    expect({ who: caller.key, outcome: call?.outcome, stored }, heard).toEqual({ who: caller.key, outcome, stored: answers });
    expect(call?.disclosedAt, caller.key).toBeInstanceOf(Date);
  }
  const suppressed = await database.root.suppression.findMany({ orderBy: { phoneNumber: 'asc' } });
  expect(suppressed.map(({ phoneNumber, reason }) => [phoneNumber, reason])).toEqual([
    ['+12025550167', 'SPOKEN_OPT_OUT'],
    ['+12025550168', 'KEYPAD_OPT_OUT'],
    ['+12025550170', 'SPOKEN_OPT_OUT'],
  ]);
});
