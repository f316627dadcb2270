import { z } from 'zod';
import { TONES } from '../assistants/assistant.ts';
import { questionProblems, type SurveyProblem } from './problems.ts';
import { question, section } from './question.ts';

/** The columns of a survey that the database knows only as JSON. */
export interface SurveyColumns {
  readonly questions: unknown;
  readonly sections: unknown;
  readonly unaskable: unknown;
}

const PROBLEM_KINDS = [
  'FILE_UPLOAD',
  'PICTURE',
  'UNKNOWN_KIND',
  'MISSING_TITLE',
  'NO_OPTIONS',
  'DUPLICATE_OPTION',
  'DANGLING_TARGET',
  'BACKWARD_JUMP',
  'UNREACHABLE_SECTION',
] as const;

const storedProblems = z.array(z.object({ kind: z.enum(PROBLEM_KINDS), questionKey: z.string().nullable(), message: z.string(), blocks: z.boolean() }));

export const questionsOf = (row: Pick<SurveyColumns, 'questions'>) => z.array(question).parse(row.questions);
export const sectionsOf = (row: Pick<SurveyColumns, 'sections'>) => z.array(section).parse(row.sections);

/** All that is wrong with a survey: what its form has and voice cannot ask, then what is wrong with the questions. */
export function problemsOf(row: SurveyColumns): SurveyProblem[] {
  const questions = questionsOf(row);
  const none: SurveyProblem[] =
    questions.length === 0 ? [{ kind: 'NO_OPTIONS', questionKey: null, message: 'The survey has no question that can be asked.', blocks: true }] : [];
  return [...storedProblems.parse(row.unaskable), ...questionProblems(questions, sectionsOf(row)), ...none];
}

/** A survey as it was when a campaign began: what its calls ask. */
export type FrozenSurvey = z.infer<typeof frozenSurvey>;
export const frozenSurvey = z.object({
  surveyId: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  tone: z.enum(TONES),
  voice: z.string(),
  language: z.string(),
  instructions: z.string().nullable(),
  questions: z.array(question).readonly(),
  sections: z.array(section).readonly(),
});

/** @param row of a survey. */
export const freezeSurvey = (row: Omit<FrozenSurvey, 'surveyId' | 'questions' | 'sections'> & SurveyColumns & { readonly id: string }): FrozenSurvey => ({
  surveyId: row.id,
  title: row.title,
  description: row.description,
  tone: row.tone,
  voice: row.voice,
  language: row.language,
  instructions: row.instructions,
  questions: questionsOf(row),
  sections: sectionsOf(row),
});
