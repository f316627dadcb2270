import { hasOptions, type Question } from './question.ts';

/** An answer, as far as a summary counts it. */
export interface CountedAnswer {
  readonly responseId: string;
  readonly step: number;
  readonly questionKey: string;
  readonly status: string;
  readonly mapped: readonly string[];
}

export interface QuestionSummary {
  readonly question: Question;
  /** How many have answered it. */
  readonly answered: number;
  /** Options in the form's order, grades from low to high, then what else was answered, the most frequent first. */
  readonly counts: readonly { readonly option: string; readonly count: number }[];
  /** Of a scale; null where nobody answered it. */
  readonly average: number | null;
}

/** What came of each question. Of a question that was asked twice in one response, the last answer counts. */
export function summarize(questions: readonly Question[], answers: readonly CountedAnswer[]): QuestionSummary[] {
  const latest = new Map<string, CountedAnswer>();
  for (const answer of answers.toSorted((a, b) => a.step - b.step)) latest.set(`${answer.responseId} ${answer.questionKey}`, answer);
  const given = Map.groupBy(
    [...latest.values()].filter(({ status }) => status === 'VALID'),
    ({ questionKey }) => questionKey,
  );
  return questions.map((question) => summaryOf(question, given.get(question.key) ?? []));
}

function summaryOf(question: Question, answers: readonly CountedAnswer[]): QuestionSummary {
  const values = answers.flatMap(({ mapped }) => mapped);
  const graded = question.low !== null && question.high !== null;
  const known = graded ? grades(question) : question.options;
  const counted = new Map<string, number>(known.map((option) => [option, 0]));
  // Free words are many and each for itself: they are not counted.
  const counts = graded || hasOptions(question);
  for (const value of counts ? values : []) counted.set(value, (counted.get(value) ?? 0) + 1);
  const others = [...counted].slice(known.length).toSorted((a, b) => b[1] - a[1]);
  const sum = values.reduce((total, value) => total + Number(value), 0);
  return {
    question,
    answered: answers.length,
    counts: [...[...counted].slice(0, known.length), ...others].map(([option, count]) => ({ option, count })),
    average: graded && values.length > 0 ? sum / values.length : null,
  };
}

const grades = ({ low, high }: Question): string[] => Array.from({ length: (high ?? 0) - (low ?? 0) + 1 }, (_, index) => String((low ?? 0) + index));
