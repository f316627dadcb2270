import { voiceOf } from '../../domain/assistants/voices.ts';
import { type ImportedForm, importGoogleForm } from '../../domain/surveys/import-form.ts';
import { createSurvey, deleteSurvey, updateSurvey } from '../../domain/surveys/save-survey.ts';
import { problemsOf, sectionsOf } from '../../domain/surveys/survey.ts';
import type { NewSurvey, SurveyChange } from '../../domain/surveys/survey-input.ts';
import type { Survey as SurveyRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Tone, Voice } from './assistants.ts';
import { Contact, ContactConnection } from './contacts.ts';
import { askedQuestions, Question, QuestionInput, SurveySection, SurveySectionInput } from './questions.ts';
import { Workspace } from './workspaces.ts';

const SurveySource = builder.enumType('SurveySource', {
  description: 'Where the questions of a survey come from.',
  values: {
    MANUAL: { description: 'They were written here.' },
    GOOGLE_FORM: { description: 'They are those of a Google form; change them there and import it again.' },
  },
});

const stored = { id: true, questions: true, sections: true, unaskable: true } as const;

export const Survey = builder.prismaNode('Survey', {
  nullable: true,
  description: 'Questions that people are asked on the telephone, in the order and with the branching of a form.',
  id: { field: 'id', description: 'The global id of the survey.' },
  fields: (t) => ({
    title: t.exposeString('title', { description: 'What it is called, as those who are asked hear it.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is about.' }),
    source: t.expose('source', { type: SurveySource, description: 'Where its questions come from.' }),
    formId: t.exposeString('formId', { nullable: true, description: "The Google form's own id." }),
    formRevision: t.exposeString('formRevision', { nullable: true, description: 'The revision of the form that was read last.' }),
    tone: t.expose('tone', { type: Tone, description: 'How the assistant talks.' }),
    voice: t.field({ type: Voice, select: { voice: true }, description: 'The voice it speaks with.', resolve: ({ voice }) => voiceOf(voice) }),
    language: t.exposeString('language', { description: 'The language it is asked in: a BCP 47 tag.' }),
    instructions: t.exposeString('instructions', { nullable: true, description: 'What else is asked of the assistant.' }),
    questions: t.field({ type: [Question], select: stored, description: 'Its questions, in order.', resolve: (survey) => askedQuestions(survey) }),
    sections: t.field({ type: [SurveySection], select: stored, description: 'Its sections, in order.', resolve: (survey) => sectionsOf(survey) }),
    problems: t.stringList({
      select: stored,
      description: 'What cannot be asked by voice, e.g. file uploads and pictures, and what its maker may not have meant; each as a sentence.',
      resolve: (survey) => problemsOf(survey).map(({ message }) => message),
    }),
    launchable: t.boolean({
      select: stored,
      description: 'Whether a campaign can be launched with it: none of its problems must be gone before.',
      resolve: (survey) => !problemsOf(survey).some(({ blocks }) => blocks),
    }),
    contacts: t.prismaConnection(
      {
        type: Contact,
        cursor: 'id',
        description: 'The people it is for, as they were added.',
        totalCount: ({ id }, _args, { db }) => db.contact.count({ where: { surveys: { some: { surveyId: id } } } }),
        resolve: (query, { id }, _args, { db }) =>
          db.contact.findMany({ ...query, where: { surveys: { some: { surveyId: id } } }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
      },
      ContactConnection,
    ),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const SurveyEdge = builder.edgeObject({ type: Survey, name: 'SurveyEdge', description: 'One survey of a page.' });
const SurveyConnection = builder.connectionObject(
  {
    type: Survey,
    name: 'SurveyConnection',
    description: 'One page of surveys.',
    fields: (t) => ({ totalCount: t.int({ resolve: (connection) => Number(Reflect.get(connection, 'totalCount')) }) }),
  },
  SurveyEdge,
);

builder.prismaObjectFields(Workspace, (t) => ({
  surveys: t.relatedConnection(
    'surveys',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Its surveys, the newest first.',
      query: () => ({ where: { deletedAt: null }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    },
    SurveyConnection,
  ),
}));

const surveyWords = (t: PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>) => ({
  description: t.string({ description: 'What it is about, at most 4,000 characters.' }),
  tone: t.field({ type: Tone, description: 'How the assistant talks.' }),
  voice: t.string({ description: 'A voice of `Query.voices` by its id, or an alias.' }),
  language: t.string({ description: 'The language it is asked in: a BCP 47 tag.' }),
  instructions: t.string({ description: 'What else is asked of the assistant, at most 8,000 characters.' }),
  sections: t.field({ type: [SurveySectionInput], description: 'The headings of its sections, in order; the first is that of the whole survey.' }),
});

const CreateSurveyInput = builder.inputRef<NewSurvey>('CreateSurveyInput').implement({
  description: 'A survey that is written by hand.',
  fields: (t) => ({
    title: t.string({ required: true, description: 'What it is called, as those who are asked hear it; 1 to 300 characters.' }),
    ...surveyWords(t),
    questions: t.field({ type: [QuestionInput], required: true, description: 'Its questions, in order; 1 to 200.' }),
  }),
});

const UpdateSurveyInput = builder.inputRef<{ id: NodeId } & SurveyChange>('UpdateSurveyInput').implement({
  description: 'What to change of a survey. What is left out stays.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: 'The survey to change.' }),
    title: t.string({ description: 'What it is called, 1 to 300 characters.' }),
    ...surveyWords(t),
    questions: t.field({ type: [QuestionInput], description: 'All its questions, in place of those before. Those of a form change in the form.' }),
  }),
});

const DeleteSurveyInput = builder.inputRef<{ id: NodeId }>('DeleteSurveyInput').implement({
  description: 'Which survey to delete.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The survey to delete.' }) }),
});

const CreateSurveyPayload = payload<{ survey: SurveyRow }>('CreateSurveyPayload', 'The new survey, or why there is none.', (t) => ({
  survey: t.expose('survey', { type: Survey, nullable: true, description: 'The new survey.' }),
}));

const UpdateSurveyPayload = payload<{ survey: SurveyRow }>('UpdateSurveyPayload', 'The changed survey, or why it was not changed.', (t) => ({
  survey: t.expose('survey', { type: Survey, nullable: true, description: 'The survey as it is now.' }),
}));

const ImportGoogleFormInput = builder.inputRef<{ url: string }>('ImportGoogleFormInput').implement({
  description: 'Which form to read.',
  fields: (t) => ({ url: t.string({ required: true, description: 'The address at which it is edited: `https://docs.google.com/forms/d/…/edit`.' }) }),
});

const ImportGoogleFormPayload = payload<ImportedForm>('ImportGoogleFormPayload', 'The survey of a form, or why it could not be read.', (t) => ({
  survey: t.expose('survey', { type: Survey, nullable: true, description: 'The survey: a new one, or the one that was made of the form before.' }),
  changes: t.stringList({
    nullable: true,
    description: 'What is another than when the form was read before, each as a sentence; empty at the first time.',
    resolve: ({ changes }) => changes && [...changes],
  }),
}));

const DeleteSurveyPayload = payload<{ deletedId: NodeId }>('DeleteSurveyPayload', 'That the survey is deleted, or why it is not.', (t) => ({
  deletedId: t.globalID({
    nullable: true,
    description: 'The id of the deleted survey.',
    resolve: ({ deletedId }) => (deletedId ? { type: deletedId.typename, id: deletedId.id } : null),
  }),
}));

builder.mutationFields((t) => ({
  createSurvey: t.field({
    type: CreateSurveyPayload,
    description: 'Makes a survey by hand. Errors: INVALID, with the path of each field that cannot be taken.',
    args: { input: t.arg({ type: CreateSurveyInput, required: true, description: 'The new survey.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await createSurvey(scope, input), (survey) => ({ survey })),
  }),
  importGoogleForm: t.field({
    type: ImportGoogleFormPayload,
    description:
      'Reads a Google form into a survey, by the account that was connected with `forms: true` in `connectCalendar`; read again, it shows what has changed. Errors: INVALID, ILLEGAL_STATE (nobody let us read forms), NOT_FOUND, UPSTREAM_REJECTED.',
    args: { input: t.arg({ type: ImportGoogleFormInput, required: true, description: 'Which form.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await importGoogleForm(scope, input), (imported) => imported),
  }),
  updateSurvey: t.field({
    type: UpdateSurveyPayload,
    description: 'Changes a survey. Campaigns that were launched keep it as it was. Errors: INVALID, NOT_FOUND, ILLEGAL_STATE (questions of a form).',
    args: { input: t.arg({ type: UpdateSurveyInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await updateSurvey(scope, { ...input, id: idOf('Survey', input.id) }), (survey) => ({ survey })),
  }),
  deleteSurvey: t.field({
    type: DeleteSurveyPayload,
    description: 'Deletes a survey; what was answered stays. Errors: NOT_FOUND, ILLEGAL_STATE (a campaign of it is under way).',
    args: { input: t.arg({ type: DeleteSurveyInput, required: true, description: 'Which survey.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await deleteSurvey(scope, { id: idOf('Survey', input.id) }), (id) => ({ deletedId: { typename: 'Survey', id } })),
  }),
}));
