import { hasOptions, type Question, type Section, sectionOf, type Target } from './question.ts';

export type ProblemKind =
  | 'FILE_UPLOAD'
  | 'PICTURE'
  | 'UNKNOWN_KIND'
  | 'MISSING_TITLE'
  | 'NO_OPTIONS'
  | 'DUPLICATE_OPTION'
  | 'DANGLING_TARGET'
  | 'BACKWARD_JUMP'
  | 'UNREACHABLE_SECTION';

/** Something that a survey by voice cannot do, or that its maker did not mean. */
export interface SurveyProblem {
  readonly kind: ProblemKind;
  /** Of the question; null where it is about something else. */
  readonly questionKey: string | null;
  /** A sentence that names the question or the item and says what will happen. */
  readonly message: string;
  /** The survey cannot be launched before it is gone. */
  readonly blocks: boolean;
}

/** What is wrong with the questions themselves. What a form has besides (pictures, uploads) is told by whoever read it. */
export function questionProblems(questions: readonly Question[], sections: readonly Section[]): SurveyProblem[] {
  return [...questions.flatMap((question) => problemsOf(question, sections.length)), ...unreachable(questions, sections)];
}

function problemsOf(question: Question, sections: number): SurveyProblem[] {
  const { key, title, kind, options, section, next } = question;
  const named = title.trim() ? `“${title.trim()}”` : `the question ${key}`;
  const problem = (of: ProblemKind, message: string, blocks = false): SurveyProblem => ({ kind: of, questionKey: key, message, blocks });
  const found: SurveyProblem[] = [];
  if (!title.trim()) found.push(problem('MISSING_TITLE', `The question ${key} (${kind}) has no title, so there is nothing to ask.`, true));
  if (hasOptions(question) && options.length === 0) found.push(problem('NO_OPTIONS', `${named} has no options to choose from.`, !question.allowsOther));
  const twice = options.filter((option, index) => options.findIndex((other) => spoken(other) === spoken(option)) < index);
  if (twice.length > 0) found.push(problem('DUPLICATE_OPTION', `${named} has options that sound the same: ${[...new Set(twice)].join(', ')}.`));
  for (const { option, goTo } of next) {
    const choice = option === null ? 'the other answer' : `“${option}”`;
    const to = goTo === 'restart' ? 1 : sectionOf(goTo);
    if (goTo.startsWith('unknown:') || (to !== null && to > sections)) {
      found.push(problem('DANGLING_TARGET', `${choice} of ${named} leads to a section that the form does not have; the next one follows instead.`));
    } else if (to !== null && to <= section) {
      found.push(problem('BACKWARD_JUMP', `${choice} of ${named} leads back to section ${to}; the questions from there on are asked again.`));
    }
  }
  return found;
}

/** Sections that no way through the survey ever comes to. */
function unreachable(questions: readonly Question[], sections: readonly Section[]): SurveyProblem[] {
  const reached = new Set<number>();
  const waiting = [1];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at > sections.length || reached.has(at)) continue;
    reached.add(at);
    waiting.push(...exits(questions, at));
  }
  return sections.flatMap(({ title }, index) =>
    reached.has(index + 1)
      ? []
      : [
          {
            kind: 'UNREACHABLE_SECTION' as const,
            questionKey: null,
            message: `No answer leads to section ${index + 1}, “${title}”; it is never asked.`,
            blocks: false,
          },
        ],
  );
}

/** Where a section may lead: on, unless a required question's every option leads elsewhere; and wherever an option leads. */
function exits(questions: readonly Question[], at: number): number[] {
  const here = questions.filter(({ section }) => section === at);
  // The last choice that leads somewhere counts, so only questions from the last one that always leads somewhere on do.
  const always = here.findLastIndex((question) => question.required && question.options.length > 0 && alwaysLeads(question));
  const leads = (goTo: Target) => (goTo === 'submit' ? [] : goTo === 'restart' ? [1] : [sectionOf(goTo) ?? at + 1]);
  const targets = here.slice(Math.max(always, 0)).flatMap(({ next }) => next.flatMap(({ goTo }) => leads(goTo)));
  return always === -1 ? [at + 1, ...targets] : targets;
}

const alwaysLeads = ({ options, allowsOther, next }: Question): boolean =>
  options.every((option) => next.some((rule) => rule.option === option)) && (!allowsOther || next.some(({ option }) => option === null));

const spoken = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{Nd}]+/gu, ' ')
    .trim();
