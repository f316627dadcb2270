import { type Question, sectionOf, type Target } from './question.ts';

/** What was given for a question: the mapped values, or null where it was skipped. */
export type Given = readonly string[] | null;

/** A way through a survey so far: what was asked, in order, with what was given. */
export type Steps = readonly { readonly key: string; readonly given: Given }[];

export type Next = { readonly type: 'question'; readonly question: Question } | { readonly type: 'over'; readonly ending: 'END' | 'SUBMIT_FORM' };

/** A jump back asks again; a form that goes round for ever is left here. */
const MOST_ROUNDS = 3;

/**
 * The question that follows. A choice that leads elsewhere takes effect at the end of its section (the last such choice of
 * the section's latest round counts); without one the next section follows. Sections without questions are passed by.
 *
 * @param questions in the form's order.
 * @param sections how many there are.
 */
export function nextQuestion(questions: readonly Question[], sections: number, steps: Steps): Next {
  let at = 1;
  let asked: readonly { readonly key: string; readonly given: Given }[] = steps;
  const rounds = new Map<number, number>();
  while (at <= sections) {
    const here = questions.filter(({ section }) => section === at);
    rounds.set(at, (rounds.get(at) ?? 0) + 1);
    if ((rounds.get(at) ?? 0) > MOST_ROUNDS) return { type: 'over', ending: 'END' };
    const missing = here[Math.min(asked.length, here.length)];
    if (asked.length < here.length && missing) return { type: 'question', question: missing };
    const target = lastTarget(here, asked.slice(0, here.length));
    asked = asked.slice(here.length);
    if (target === 'submit') return { type: 'over', ending: 'SUBMIT_FORM' };
    at = target === 'restart' ? 1 : ((target && sectionOf(target)) ?? at + 1);
  }
  return { type: 'over', ending: 'END' };
}

function lastTarget(questions: readonly Question[], steps: Steps): Target | null {
  const targets = questions.flatMap((question, index) => {
    const [value] = steps[index]?.given ?? [];
    if (value === undefined) return [];
    const rule =
      question.next.find(({ option }) => option === value) ??
      (question.options.includes(value) ? undefined : question.next.find(({ option }) => option === null));
    return rule ? [rule.goTo] : [];
  });
  return targets.at(-1) ?? null;
}
