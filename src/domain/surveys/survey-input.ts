import { z } from 'zod';
import { DEFAULT_LANGUAGE, TONES } from '../assistants/assistant.ts';
import { clearable, language, line, paragraphs, unchanged } from '../assistants/input-fields.ts';
import { DEFAULT_VOICE, findVoice, voiceNames } from '../assistants/voices.ts';
import { QUESTION_KINDS, type Question, type QuestionKind, question, type Section } from './question.ts';

/** A question as a person writes it; what is left out or null is off. */
export interface GivenQuestion {
  /** The one that it changes; a new one is made where it is left out. */
  readonly key?: string | null;
  readonly title: string;
  readonly help?: string | null;
  readonly kind: QuestionKind;
  readonly required?: boolean | null;
  readonly options?: readonly string[] | null;
  readonly allowsOther?: boolean | null;
  readonly multiple?: boolean | null;
  readonly groupTitle?: string | null;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly lowLabel?: string | null;
  readonly highLabel?: string | null;
  readonly includeYear?: boolean | null;
  readonly includeTime?: boolean | null;
  readonly section?: number | null;
  readonly next?: readonly { readonly option?: string | null; readonly goTo: string }[] | null;
}

export interface SurveyWords {
  readonly description?: string | null;
  readonly tone?: (typeof TONES)[number] | null;
  readonly voice?: string | null;
  readonly language?: string | null;
  readonly instructions?: string | null;
  readonly sections?: readonly { readonly title: string; readonly description?: string | null }[] | null;
}
export type NewSurvey = SurveyWords & { readonly title: string; readonly questions: readonly GivenQuestion[] };
export type SurveyChange = SurveyWords & { readonly title?: string | null; readonly questions?: readonly GivenQuestion[] | null };

const MOST_QUESTIONS = 200;
const LOWEST = 0;
const HIGHEST = 10;

const voice = z.string().transform((name, context) => {
  const found = findVoice(name);
  if (found) return found.id;
  context.addIssue({ code: 'custom', message: `There is no such voice. There are: ${voiceNames().join(', ')}.` });
  return z.NEVER;
});

const off = (value: unknown) => value ?? undefined;
const flag = z.preprocess(off, z.boolean().default(false));
const TARGET = /^(?:section:[1-9]\d{0,3}|next|submit|restart)$/;
const isTarget = (goTo: string): goTo is Question['next'][number]['goTo'] => TARGET.test(goTo);

const rule = z.object({
  option: z
    .string()
    .nullish()
    .transform((option) => option ?? null),
  goTo: z.string().refine(isTarget, 'A rule leads to `section:2`, `next`, `submit` or `restart`.'),
});

const givenQuestion = z
  .object({
    key: z.string().trim().min(1).max(200).nullish(),
    title: line('A question', 1_000),
    help: clearable(paragraphs('The help has', 1_000)),
    kind: z.enum(QUESTION_KINDS),
    required: flag,
    options: z.preprocess(off, z.array(line('An option', 300)).max(100, 'A question has 100 options at most.').default([])),
    allowsOther: flag,
    multiple: flag,
    groupTitle: clearable(line('The title of a grid', 1_000)),
    low: z.int().nullish(),
    high: z.int().nullish(),
    lowLabel: clearable(line('A label', 100)),
    highLabel: clearable(line('A label', 100)),
    includeYear: flag,
    includeTime: flag,
    section: z.preprocess(off, z.int().positive('Sections count from 1.').default(1)),
    next: z.preprocess(off, z.array(rule).max(101).default([])),
  })
  .superRefine(({ kind, options, allowsOther, low, high, next }, context) => {
    const issue = (field: string, message: string) => context.addIssue({ code: 'custom', message, path: [field] });
    const chosen = kind === 'SINGLE_CHOICE' || kind === 'MULTIPLE_CHOICE' || kind === 'GRID_ROW';
    if (chosen && options.length === 0 && !allowsOther) issue('options', 'This kind of question needs options to choose from.');
    if (!chosen && options.length > 0) issue('options', 'This kind of question has no options.');
    const graded = kind === 'SCALE' || kind === 'RATING';
    if (graded && !(typeof low === 'number' && typeof high === 'number' && low < high && low >= LOWEST && high <= HIGHEST))
      issue('high', `A scale goes from \`low\` to a larger \`high\`, within ${LOWEST} to ${HIGHEST}.`);
    if (kind !== 'SINGLE_CHOICE' && next.length > 0) issue('next', 'Only the options of a SINGLE_CHOICE lead elsewhere.');
    for (const { option } of next) {
      if (option !== null && !options.includes(option)) issue('next', `“${option}” is none of the question's options.`);
      if (option === null && !allowsOther) issue('next', 'A rule without an option is for “other”, which this question does not take.');
    }
  });

const questions = z
  .array(givenQuestion)
  .min(1, 'A survey has at least one question.')
  .max(MOST_QUESTIONS, `A survey has ${MOST_QUESTIONS} questions at most.`)
  .superRefine((all, context) => {
    all.forEach(({ key }, index) => {
      if (key && all.findIndex((other) => other.key === key) < index)
        context.addIssue({ code: 'custom', message: 'Two questions have the same key.', path: [index, 'key'] });
    });
  });

const sections = z
  .array(z.object({ title: line('The title of a section', 300), description: clearable(paragraphs('A section has', 4_000)) }))
  .min(1, 'The first section is the survey itself.')
  .max(50, 'A survey has 50 sections at most.');

const words = {
  description: clearable(paragraphs('The description has', 4_000)),
  tone: unchanged(z.enum(TONES, 'The tone is FRIENDLY, PROFESSIONAL or CASUAL.')),
  voice: unchanged(voice),
  language: unchanged(language),
  instructions: clearable(paragraphs('The instructions have', 8_000)),
  sections: unchanged(sections),
};
const title = line('The title', 300);

export const newSurvey = z.object({ title, ...words, questions });
export const surveyChange = z.object({ title: unchanged(title), ...words, questions: unchanged(questions) });

export const SURVEY_DEFAULTS = { tone: 'FRIENDLY', voice: DEFAULT_VOICE, language: DEFAULT_LANGUAGE } as const;

/**
 * The questions as they are stored. Sections that questions stand in and nobody has named are made.
 *
 * @param newKey makes the key of a question that has none.
 */
export function surveyBody(
  given: z.output<typeof questions>,
  named: readonly { readonly title: string; readonly description?: string | null | undefined }[],
  newKey: () => string,
): { questions: Question[]; sections: Section[] } {
  const last = Math.max(1, named.length, ...given.map(({ section }) => section));
  const sections = Array.from({ length: last }, (_, index) => ({
    title: named[index]?.title ?? `Section ${index + 1}`,
    description: named[index]?.description ?? null,
  }));
  const rows = given.map((each) => question.parse({ ...each, key: each.key ?? newKey(), help: each.help ?? null }));
  return { questions: rows, sections };
}
