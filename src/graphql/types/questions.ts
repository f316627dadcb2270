import type { Question as QuestionShape } from '../../domain/surveys/question.ts';
import { questionsOf } from '../../domain/surveys/survey.ts';
import type { GivenQuestion } from '../../domain/surveys/survey-input.ts';
import { builder } from '../builder.ts';
import { encodeNodeId } from '../node-ids.ts';

const QuestionKind = builder.enumType('QuestionKind', {
  description: 'What a question asks for.',
  values: {
    TEXT: { description: 'A few words.' },
    PARAGRAPH: { description: 'As many words as they like.' },
    SINGLE_CHOICE: { description: 'One of the options.' },
    MULTIPLE_CHOICE: { description: 'Any of the options.' },
    SCALE: { description: 'A number from `low` to `high`.' },
    RATING: { description: 'So many stars or the like, from `low` to `high`.' },
    GRID_ROW: { description: 'One row of a grid: one of its columns, which are the options.' },
    DATE: { description: 'A date, e.g. `2026-03-03`; without a year `03-03`.' },
    TIME: { description: 'A time of day, e.g. `14:30`.' },
    DURATION: { description: 'How long something takes, e.g. `01:30`.' },
  },
});

const BranchRule = builder.objectRef<QuestionShape['next'][number]>('BranchRule').implement({
  description: 'Where an option leads, at the end of its section.',
  fields: (t) => ({
    option: t.exposeString('option', { nullable: true, description: 'The option; null is “other”.' }),
    goTo: t.exposeString('goTo', { description: '`section:2`, `next` (the section that follows), `submit` (the end) or `restart` (the first section).' }),
  }),
});

/** A question with the survey that it stands in. */
export type AskedQuestion = QuestionShape & { readonly surveyId: string };

export const Question = builder.objectRef<AskedQuestion>('Question').implement({
  description: 'A question of a survey, as it is asked on the telephone.',
  fields: (t) => ({
    id: t.id({
      description: 'The same for as long as the question is in its survey.',
      resolve: ({ surveyId, key }) => encodeNodeId('Question', `${surveyId}-${Buffer.from(key).toString('base64url')}`),
    }),
    key: t.exposeString('key', { description: "The form's own id of it, or ours; answers are kept under it." }),
    title: t.exposeString('title', { description: 'The question itself.' }),
    groupTitle: t.exposeString('groupTitle', { nullable: true, description: 'Of the row of a grid: the question that all its rows share.' }),
    help: t.exposeString('help', { nullable: true, description: 'What stands below it.' }),
    kind: t.expose('kind', { type: QuestionKind, description: 'What it asks for.' }),
    required: t.exposeBoolean('required', { description: 'Whether the form wants an answer. On the telephone nobody is pressed.' }),
    options: t.stringList({ description: 'What there is to choose from, without “other”.', resolve: ({ options }) => [...options] }),
    allowsOther: t.exposeBoolean('allowsOther', { description: 'Whether something else may be answered.' }),
    multiple: t.exposeBoolean('multiple', { description: 'Of the row of a grid: whether it takes several of the options.' }),
    low: t.exposeInt('low', { nullable: true, description: 'The lowest number of a scale.' }),
    high: t.exposeInt('high', { nullable: true, description: 'The highest number of a scale.' }),
    lowLabel: t.exposeString('lowLabel', { nullable: true, description: 'What the lowest number means.' }),
    highLabel: t.exposeString('highLabel', { nullable: true, description: 'What the highest number means.' }),
    section: t.exposeInt('section', { description: 'The section in which it stands, from 1.' }),
    next: t.field({ type: [BranchRule], description: 'Where its options lead.', resolve: ({ next }) => [...next] }),
  }),
});

export const SurveySection = builder.objectRef<{ title: string; description: string | null }>('SurveySection').implement({
  description: 'A section of a survey: questions that are asked together, or passed by.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'Its heading.' }),
    description: t.exposeString('description', { nullable: true, description: 'What stands below the heading.' }),
  }),
});

/** @returns the questions of a survey's row. */
export const askedQuestions = (row: { id: string; questions: unknown }): AskedQuestion[] =>
  questionsOf(row).map((question) => ({ ...question, surveyId: row.id }));

const BranchRuleInput = builder.inputRef<{ option?: string | null; goTo: string }>('BranchRuleInput').implement({
  description: 'Where an option leads.',
  fields: (t) => ({
    option: t.string({ description: 'The option; null or left out: “other”.' }),
    goTo: t.string({ required: true, description: '`section:2`, `next`, `submit` or `restart`.' }),
  }),
});

export const QuestionInput = builder.inputRef<GivenQuestion>('QuestionInput').implement({
  description: 'A question. What is left out is off.',
  fields: (t) => ({
    key: t.string({ description: 'The key of the question that it changes, so that its answers stay its own; a new question gets one.' }),
    title: t.string({ required: true, description: 'The question itself, 1 to 1,000 characters.' }),
    groupTitle: t.string({ description: 'Of the row of a grid: the question that all its rows share.' }),
    help: t.string({ description: 'What helps to answer it, at most 1,000 characters.' }),
    kind: t.field({ type: QuestionKind, required: true, description: 'What it asks for.' }),
    required: t.boolean({ description: 'Whether an answer is wanted.' }),
    options: t.stringList({ description: 'What there is to choose from, without “other”; at most 100.' }),
    allowsOther: t.boolean({ description: 'Whether something else may be answered.' }),
    multiple: t.boolean({ description: 'Of the row of a grid: whether it takes several of the options.' }),
    low: t.int({ description: 'The lowest number of a scale, 0 or more.' }),
    high: t.int({ description: 'The highest number of a scale, 10 or less.' }),
    lowLabel: t.string({ description: 'What the lowest number means.' }),
    highLabel: t.string({ description: 'What the highest number means.' }),
    includeYear: t.boolean({ description: 'Whether a date has its year.' }),
    includeTime: t.boolean({ description: 'Whether a date has a time of day.' }),
    section: t.int({ description: 'The section in which it stands, from 1; the first if left out.' }),
    next: t.field({ type: [BranchRuleInput], description: 'Where the options of a SINGLE_CHOICE lead.' }),
  }),
});

export const SurveySectionInput = builder.inputRef<{ title: string; description?: string | null }>('SurveySectionInput').implement({
  description: 'A section.',
  fields: (t) => ({
    title: t.string({ required: true, description: 'Its heading, 1 to 300 characters.' }),
    description: t.string({ description: 'What stands below the heading.' }),
  }),
});
