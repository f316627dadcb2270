import type { Mapping } from './answer.ts';
import type { Question } from './question.ts';
import { nextQuestion } from './walk.ts';

/** An answer as it is stored: a step of the way through the survey. */
export interface Step {
  /** 1, 2, 3, … */
  readonly step: number;
  readonly questionKey: string;
  readonly raw: string;
  readonly mapped: readonly string[];
  readonly status: Mapping['status'];
  readonly attempts: number;
  /** Some options were named, and they were asked for others. */
  readonly awaitsMore: boolean;
}

/** Where an interview stands. */
export type Place =
  | {
      readonly type: 'asks';
      readonly step: number;
      readonly question: Question;
      /** The how-manieth try the next answer is, from 1. */
      readonly attempt: number;
      /** What was named before they were asked for others. */
      readonly soFar: readonly string[];
    }
  | { readonly type: 'over' };

const isOpen = ({ status, awaitsMore }: Step): boolean => status === 'REASKED' || awaitsMore;

/**
 * Where the answers lead: the question to be asked, or the end.
 *
 * @param steps in order. The last may be open: it was asked again, or for others.
 */
export function placeOf(
  { questions, sections }: { readonly questions: readonly Question[]; readonly sections: readonly unknown[] },
  steps: readonly Step[],
): Place {
  const last = steps.at(-1);
  const open = last && isOpen(last) ? last : null;
  const settled = open ? steps.slice(0, -1) : steps;
  const way = settled.map(({ questionKey, status, mapped }) => ({ key: questionKey, given: status === 'VALID' ? mapped : null }));
  const next = nextQuestion(questions, sections.length, way);
  if (next.type === 'over') return { type: 'over' };
  const soFar = open?.awaitsMore ? open.mapped : [];
  return { type: 'asks', step: settled.length + 1, question: next.question, attempt: open?.status === 'REASKED' ? open.attempts + 1 : 1, soFar };
}

/** Where it stood before its last step: for somebody who takes back what they have just said. */
export function placeBefore(survey: Parameters<typeof placeOf>[0], steps: readonly Step[]): Place {
  return placeOf(survey, steps.slice(0, -1));
}

/** What others add to the options that were named before, in the form's order. */
export const joined = ({ options }: Question, before: readonly string[], added: readonly string[]): string[] => [
  ...options.filter((option) => before.includes(option) || added.includes(option)),
  ...[...new Set([...before, ...added])].filter((value) => !options.includes(value)),
];
