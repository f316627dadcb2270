import { z } from 'zod';
import { remapAnswers } from '../../domain/calls/interview/remap-answers.ts';
import { exportResponses, exportSuppressions } from '../../domain/surveys/export-responses.ts';
import { question } from '../../domain/surveys/question.ts';
import { type QuestionSummary as Summary, summarize } from '../../domain/surveys/summary.ts';
import { frozenSurvey, questionsOf } from '../../domain/surveys/survey.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { type AskedQuestion, Question } from './questions.ts';
import { Survey } from './surveys.ts';
import { TranscriptTurn } from './transcripts.ts';

const AnswerMethod = builder.enumType('AnswerMethod', {
  description: 'How words became a value.',
  values: {
    EXACT: { description: "They were the form's own." },
    KEYPAD: { description: 'Keys were pressed.' },
    SYNONYM: { description: 'They mean the same, by a rule.' },
    MODEL: { description: 'A text model read them, within the values of the form.' },
  },
});

const AnswerStatus = builder.enumType('AnswerStatus', {
  description: 'What became of a question.',
  values: {
    VALID: { description: 'It was answered.' },
    REASKED: { description: 'It was not understood and asked once more; the call ended before the answer.' },
    SKIPPED: { description: 'They had no answer.' },
    REFUSED: { description: 'They did not want to answer.' },
    NEEDS_REVIEW: { description: 'It was not understood twice: a person has to read the words.' },
  },
});

const values = z.array(z.string());

const Answer = builder.prismaObject('SurveyAnswer', {
  variant: 'Answer',
  description: 'What somebody said to a question, and what it means.',
  fields: (t) => ({
    question: t.field({
      type: Question,
      description: 'The question, as it is in the survey now, or else as it was when it was asked.',
      select: {
        questionKey: true,
        response: { select: { surveyId: true, survey: { select: { questions: true } }, campaign: { select: { frozenSurvey: true } } } },
      },
      resolve: ({ questionKey, response: { surveyId, survey, campaign } }) => {
        const asked = [...questionsOf(survey), ...(campaign ? frozenSurvey.parse(campaign.frozenSurvey).questions : [])];
        const found = asked.find(({ key }) => key === questionKey) ?? question.parse({ key: questionKey, title: questionKey, kind: 'TEXT' });
        return { ...found, surveyId };
      },
    }),
    questionKey: t.exposeString('questionKey', { description: 'The key of the question.' }),
    raw: t.exposeString('raw', { description: 'Their own words, or the keys that they pressed.' }),
    mapped: t.stringList({
      description: "The form's own options or values, e.g. `2026-03-03`; words of their own where the question takes them. Empty unless VALID.",
      select: { mapped: true },
      resolve: ({ mapped }) => values.parse(mapped),
    }),
    confidence: t.exposeFloat('confidence', { description: 'How sure that is, from 0 to 1.' }),
    method: t.expose('method', { type: AnswerMethod, description: 'How the words became the value.' }),
    status: t.expose('status', { type: AnswerStatus, description: 'What became of the question.' }),
    answeredAt: t.expose('answeredAt', { type: 'DateTime', description: 'When it was said.' }),
    turn: t.field({
      type: TranscriptTurn,
      nullable: true,
      description: 'The turn of the call in which it was said.',
      select: { callId: true, turnSequence: true },
      resolve: ({ callId, turnSequence }, _args, { db }) =>
        turnSequence === null
          ? null
          : db.transcriptTurn.findFirst({ where: { callId, speaker: 'CALLER', sequence: { lte: turnSequence } }, orderBy: { sequence: 'desc' } }),
    }),
  }),
});

builder.prismaNode('SurveyResponse', {
  nullable: true,
  description: 'What one person answered to a survey, in one call or in several.',
  id: { field: 'id', description: 'The global id of the response.' },
  fields: (t) => ({
    contact: t.relation('contact', { description: 'Who answered.' }),
    call: t.relation('call', { description: 'The latest call in which they did.' }),
    complete: t.exposeBoolean('complete', { description: 'Whether all questions on their way were asked.' }),
    answers: t.relation('answers', { type: Answer, description: 'Their answers, as they were asked.', query: { orderBy: { step: 'asc' } } }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When they agreed to be asked.' }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true, description: 'When the last question was answered.' }),
  }),
});

const OptionCount = builder.objectRef<Summary['counts'][number]>('OptionCount').implement({
  description: 'How often something was answered.',
  fields: (t) => ({
    option: t.exposeString('option', { description: 'The option, the number, or what else was said.' }),
    count: t.exposeInt('count', { description: 'How many answered so.' }),
  }),
});

const QuestionSummary = builder.objectRef<Omit<Summary, 'question'> & { question: AskedQuestion }>('QuestionSummary').implement({
  description: 'What came of a question.',
  fields: (t) => ({
    question: t.expose('question', { type: Question, description: 'The question.' }),
    answered: t.exposeInt('answered', { description: 'How many have answered it.' }),
    counts: t.field({
      type: [OptionCount],
      description: 'How often each option or number was answered, in order, then what else was; empty where words are free.',
      resolve: ({ counts }) => [...counts],
    }),
    average: t.exposeFloat('average', { nullable: true, description: 'The mean of a scale; null where there is none.' }),
  }),
});

builder.prismaObjectFields(Survey, (t) => ({
  responses: t.relatedConnection(
    'responses',
    {
      cursor: 'id',
      totalCount: true,
      description: 'What was answered, the newest first; tests are left out.',
      query: () => ({ where: { test: false }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    },
    { name: 'ResponseConnection', description: 'One page of responses.' },
    { name: 'ResponseEdge', description: 'One response of a page.' },
  ),
  summary: t.field({
    type: [QuestionSummary],
    select: { id: true, questions: true },
    description: 'What came of each question, over all responses but those of tests.',
    resolve: async ({ id, questions }, _args, { db }) => {
      const select = { responseId: true, step: true, questionKey: true, status: true, mapped: true } as const;
      const rows = await db.surveyAnswer.findMany({ where: { response: { surveyId: id, test: false } }, select });
      const answers = rows.map((row) => ({ ...row, mapped: values.parse(row.mapped) }));
      return summarize(questionsOf({ questions }), answers).map((each) => ({ ...each, question: { ...each.question, surveyId: id } }));
    },
  }),
}));

const ExportFormat = builder.enumType('ExportFormat', {
  description: 'How a list is written.',
  values: {
    CSV: { description: 'For spreadsheets: one line a response.' },
    JSON: { description: 'As the Google Forms API lists the responses of a form.' },
  },
});

const ExportResponsesInput = builder
  .inputRef<{ surveyId: NodeId; campaignId?: NodeId | null; format?: 'CSV' | 'JSON' | null }>('ExportResponsesInput')
  .implement({
    description: 'Which responses, and how they are written.',
    fields: (t) => ({
      surveyId: t.globalID({ required: true, description: 'The survey.' }),
      campaignId: t.globalID({ description: 'Only those of this campaign; all if left out.' }),
      format: t.field({ type: ExportFormat, description: 'How they are written; CSV if left out.' }),
    }),
  });

const ExportResponsesPayload = payload<{ url: string }>('ExportResponsesPayload', 'Where the responses can be fetched, or why they cannot.', (t) => ({
  url: t.expose('url', { type: 'URL', nullable: true, description: 'Good for 15 minutes, for whoever has it. Ask again for another.' }),
}));

const ExportSuppressionsPayload = payload<{ url: string }>('ExportSuppressionsPayload', 'Where the suppressed numbers can be fetched.', (t) => ({
  url: t.expose('url', { type: 'URL', nullable: true, description: 'A CSV file, good for 15 minutes, for whoever has the address.' }),
}));

const RemapAnswersInput = builder.inputRef<{ surveyId: NodeId; after?: string | null }>('RemapAnswersInput').implement({
  description: 'Of which survey to read the answers again.',
  fields: (t) => ({
    surveyId: t.globalID({ required: true, description: 'The survey.' }),
    after: t.string({ description: 'Goes on behind what an earlier request has looked at: its `cursor`.' }),
  }),
});

interface RemappedShape {
  looked: number;
  changed: number;
  more: boolean;
  cursor: string | null;
}

const RemapAnswersPayload = payload<RemappedShape>('RemapAnswersPayload', 'What came of it.', (t) => ({
  looked: t.exposeInt('looked', { nullable: true, description: 'How many answers that a person has to read were read again.' }),
  changed: t.exposeInt('changed', { nullable: true, description: 'How many of them are understood now.' }),
  more: t.exposeBoolean('more', { nullable: true, description: 'Whether there are more: ask again with `cursor`.' }),
  cursor: t.exposeString('cursor', { nullable: true, description: 'Where the next request goes on.' }),
}));

builder.mutationFields((t) => ({
  exportResponses: t.field({
    type: ExportResponsesPayload,
    description: 'Gives a link to the responses to a survey. Those of tests are left out. Errors: NOT_FOUND.',
    args: { input: t.arg({ type: ExportResponsesInput, required: true, description: 'Which, and how.' }) },
    resolve: async (_root, { input: { surveyId, campaignId, format } }, { scope }) =>
      answer(
        await exportResponses(scope, { surveyId: idOf('Survey', surveyId), campaignId: idOf('Campaign', campaignId), format: format ?? 'CSV' }),
        (url) => ({ url }),
      ),
  }),
  exportSuppressions: t.field({
    type: ExportSuppressionsPayload,
    description: 'Gives a link to the numbers that the workspace never calls.',
    resolve: async (_root, _args, { scope }) => answer(await exportSuppressions(scope), (url) => ({ url })),
  }),
  remapAnswers: t.field({
    type: RemapAnswersPayload,
    description: 'Reads the answers that a person would have to look at once more, 200 at most. What was understood stays. Errors: NOT_FOUND.',
    args: { input: t.arg({ type: RemapAnswersInput, required: true, description: 'Of which survey.' }) },
    resolve: async (_root, { input: { surveyId, after } }, { scope }) =>
      answer(await remapAnswers(scope, { surveyId: idOf('Survey', surveyId), after: after ?? null }), (remapped) => remapped),
  }),
}));
