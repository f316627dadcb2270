import { callScope } from '../../src/domain/calls/advance-call.ts';
import { interviewPlan } from '../../src/domain/calls/interview/survey-plan.ts';
import { callPlan } from '../../src/domain/calls/plan.ts';
import { storedPlan } from '../../src/domain/calls/stored-plan.ts';
import { runTool } from '../../src/domain/calls/tools/run-tool.ts';
import { createSurvey } from '../../src/domain/surveys/save-survey.ts';
import { freezeSurvey } from '../../src/domain/surveys/survey.ts';
import type { GivenQuestion } from '../../src/domain/surveys/survey-input.ts';
import type { SurveyAnswer, SurveyResponse } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/kit/ids.ts';
import type { TextModel } from '../../src/ports/text-model.ts';
import { type BookingApp, bookingApp } from './booking-app.ts';
import { quiet } from './quiet.ts';

export interface InterviewDesk extends AsyncDisposable {
  readonly app: BookingApp;
  readonly surveyId: string;
  readonly contactId: string;
  readonly callId: string;
  readonly campaignId: string;
  /** Runs a tool as the bridge does. */
  use(name: string, given: object, more?: { callId?: string; modelCallId?: string; afterSequence?: number }): Promise<Reply>;
  /** They say something to the question that was asked last. */
  say(words: string, callId?: string): Promise<Reply>;
  /** Another call with the same person. */
  callAgain(): Promise<string>;
  response(): Promise<SurveyResponse & { answers: SurveyAnswer[] }>;
  /** Question key → what is stored of it. */
  stored(): Promise<Record<string, unknown>>;
}

export interface Reply {
  readonly say: string;
  readonly question: string | null;
  readonly then: string;
  readonly farewell: string | undefined;
}

/** A call that interviews somebody in New York, with tools as the bridge runs them. */
export async function interviewDesk(questions: readonly GivenQuestion[], textModel: TextModel | null = null): Promise<InterviewDesk> {
  const app = await bookingApp();
  const { database, clock, events, workspaceId } = app;
  const { root } = database;
  const { db } = callScope({ root, clock, events }, workspaceId);
  const made = await createSurvey({ db, clock }, { title: 'Our service', questions: [...questions] });
  if (!made.ok) throw new Error(made.problems.map(({ message }) => message).join(' '));
  const survey = made.value;
  const [contactId, campaignId, campaignContactId] = [newId(), newId(), newId()];
  const now = clock.now();
  await root.contact.create({
    data: { id: contactId, workspaceId, phoneNumber: '+12125550142', timeZone: 'America/New_York', createdAt: now, updatedAt: now },
  });
  const limits = { maxConcurrentCalls: 1, maxAttempts: 3, callingFrom: '09:00', callingTo: '20:00', callingDays: [] };
  const frozenSurvey = JSON.parse(JSON.stringify(freezeSurvey(survey)));
  await root.campaign.create({
    data: { id: campaignId, workspaceId, surveyId: survey.id, name: 'Ours', status: 'RUNNING', frozenSurvey, ...limits, createdAt: now },
  });
  await root.campaignContact.create({ data: { id: campaignContactId, workspaceId, campaignId, contactId, state: 'ACTIVE', createdAt: now, updatedAt: now } });

  let attempts = 0;
  async function call(): Promise<string> {
    const id = newId();
    const interview = { survey: freezeSurvey(survey), campaignId, contactId, timeZone: 'America/New_York', test: false };
    const plan = callPlan.parse({
      direction: 'OUTBOUND',
      assistantId: null,
      businessName: 'Harbour Hair',
      timeZone: 'America/New_York',
      limits: { maximumSeconds: 600, silenceSeconds: 15 },
      ...interviewPlan(interview, { business: 'Harbour Hair', resumed: attempts > 0 }),
    });
    await root.call.create({
      data: {
        id,
        workspaceId,
        direction: 'OUTBOUND',
        status: 'IN_PROGRESS',
        carrier: 'SIMULATED',
        carrierCallId: id,
        from: '+12025550100',
        to: '+12125550142',
        plan: storedPlan(plan),
        verdict: 'PARTIAL',
        createdAt: now,
        answeredAt: now,
      },
    });
    attempts += 1;
    await root.attempt.create({
      data: { id: newId(), workspaceId, campaignId, campaignContactId, number: attempts, state: 'TALKING', callId: id, createdAt: now },
    });
    return id;
  }

  const callId = await call();
  let uses = 0;
  let asked: string | null = '0';
  const use: InterviewDesk['use'] = async (name, given, { callId: id = callId, modelCallId = `tool_${++uses}`, afterSequence = ++uses } = {}) => {
    const request = {
      workspaceId,
      callId: id,
      assistantId: null,
      timeZone: 'America/New_York',
      modelCallId,
      name,
      arguments: JSON.stringify(given),
      afterSequence,
    };
    const { output, then, farewell } = await runTool({ root, clock, events, logger: quiet().logger, textModel }, request, new AbortController().signal);
    const { say, question } = JSON.parse(output);
    asked = question ?? asked;
    return { say, question: question ?? null, then, farewell };
  };
  const response = () => root.surveyResponse.findFirstOrThrow({ where: { contactId }, include: { answers: { orderBy: { step: 'asc' } } } });
  return {
    app,
    surveyId: survey.id,
    contactId,
    callId,
    campaignId,
    use,
    say: (words, id) => use('record_answer', { question: asked ?? '0', words }, { ...(id && { callId: id }) }),
    async callAgain() {
      asked = '0';
      return call();
    },
    response,
    stored: async () =>
      Object.fromEntries((await response()).answers.map(({ questionKey, status, mapped }) => [questionKey, status === 'VALID' ? mapped : status])),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}
