import type { Form, UnaskableItem } from '../../ports/forms.ts';
import type { SurveyProblem } from './problems.ts';
import { type Question, question, type Section } from './question.ts';

/** What a form comes to as a survey. */
export interface FormSurvey {
  readonly title: string;
  readonly description: string | null;
  readonly questions: readonly Question[];
  readonly sections: readonly Section[];
  readonly unaskable: readonly SurveyProblem[];
}

export const surveyOfForm = ({ title, description, questions, sections, unaskable }: Form): FormSurvey => ({
  title: title.trim() || 'Untitled form',
  description,
  questions: questions.map((each) => question.parse(each)),
  sections: sections.map((each) => ({ title: each.title, description: each.description })),
  unaskable: unaskable.map(problemOf),
});

function problemOf({ kind, title, questionKey, required }: UnaskableItem): SurveyProblem {
  const named = title.trim() ? `“${title.trim()}”` : 'A part of the form without a title';
  const change = required ? 'It is required: take it out, or make it optional, before you launch.' : 'It is left out.';
  switch (kind) {
    case 'FILE_UPLOAD':
      return { kind, questionKey, message: `${named} asks for a file, which nobody can send by voice. ${change}`, blocks: required };
    case 'PICTURE':
      return { kind, questionKey, message: `${named} shows a picture, which nobody sees on the telephone.`, blocks: false };
    case 'UNKNOWN_KIND':
      return { kind, questionKey, message: `${named} is of a kind that we do not know. ${change}`, blocks: required };
  }
}

/** What is another than when the form was read before, each as a sentence. */
export function surveyChanges(before: Pick<FormSurvey, 'title' | 'questions' | 'sections'>, after: FormSurvey): string[] {
  const titleOf = ({ title, key }: Question) => (title.trim() ? `“${title.trim()}”` : `the question ${key}`);
  const known = new Map(before.questions.map((each) => [each.key, each]));
  const now = new Set(after.questions.map(({ key }) => key));
  const stayed = (list: readonly Question[], others: (key: string) => boolean) => list.filter(({ key }) => others(key)).map(({ key }) => key);
  const [orderBefore, orderAfter] = [stayed(before.questions, (key) => now.has(key)), stayed(after.questions, (key) => known.has(key))];
  return [
    ...(before.title === after.title ? [] : [`The title is now “${after.title}”.`]),
    ...(before.sections.length === after.sections.length ? [] : [`The form has ${after.sections.length} sections; it had ${before.sections.length}.`]),
    ...after.questions.filter(({ key }) => !known.has(key)).map((each) => `${capital(titleOf(each))} is new.`),
    ...before.questions.filter(({ key }) => !now.has(key)).map((each) => `${capital(titleOf(each))} was taken out.`),
    ...after.questions.flatMap((each) => {
      const old = known.get(each.key);
      return old ? questionChanges(old, each).map((change) => `${capital(titleOf(each))}: ${change}`) : [];
    }),
    ...(orderBefore.join(' ') === orderAfter.join(' ') ? [] : ['The questions stand in another order.']),
  ];
}

function questionChanges(old: Question, now: Question): string[] {
  const added = now.options.filter((option) => !old.options.includes(option));
  const gone = old.options.filter((option) => !now.options.includes(option));
  const reordered = added.length + gone.length === 0 && old.options.join('\n') !== now.options.join('\n');
  const same = (pick: (question: Question) => unknown) => JSON.stringify(pick(old)) === JSON.stringify(pick(now));
  return [
    ...(old.title === now.title && old.groupTitle === now.groupTitle ? [] : [`it was “${old.title.trim()}”.`]),
    ...(old.kind === now.kind && old.multiple === now.multiple ? [] : [`it is of another kind, ${now.kind} in place of ${old.kind}.`]),
    ...(added.length > 0 ? [`new options: ${added.join(', ')}.`] : []),
    ...(gone.length > 0 ? [`options taken out: ${gone.join(', ')}.`] : []),
    ...(reordered ? ['its options stand in another order.'] : []),
    ...(same(({ low, high, lowLabel, highLabel }) => [low, high, lowLabel, highLabel]) ? [] : ['its scale is another.']),
    ...(same(({ next }) => next) ? [] : ['its options lead elsewhere.']),
    ...(same(({ section }) => section) ? [] : [`it stands in section ${now.section}.`]),
    ...(same(({ required, help, allowsOther, shuffle, includeTime, includeYear }) => [required, help, allowsOther, shuffle, includeTime, includeYear])
      ? []
      : ['its settings are others.']),
  ];
}

const capital = (text: string): string => text.replace(/^\w/, (letter) => letter.toUpperCase());
