import { again, type Mapping, type Reaction, valid } from './answer.ts';
import { bareWords, clausesOf, corrected, plainWords, summedUp } from './answer-words.ts';
import type { Question } from './question.ts';

/** What may stand around a number that is given as a grade. */
const AROUND =
  /^(?:a|an|the|i'd|i|would|say|give|it|it's|its|that's|them|you|maybe|about|around|probably|definitely|solid|strong|weak|clear|full|number|only|just|at|most|least|of|out|course|stars?|thumbs?|hearts?|points?|inches|inch|well|um|uh|er|hmm|oh|so|i'll|go|with|for|my|answer|is|be|think|guess|make|that|please|let's|right|yes|yeah|okay|ok|rate|from|me|on|scale|still|really|honestly|sure)$/;
/** "On a scale from one to ten, I'd say eight." */
const SCALE_SAID = /\bon a scale (?:from |of )?(?:\w+ (?:to|through) )?\w+,?\s*/i;
/** Two grades at once, or a part of one. */
const BETWEEN = /\b(?:or|between|to|and a half|point|half|quarter|third)\b|\d[.,/]\d|[½¼¾]/;
const NEGATED = /\b(?:not|no|never|isn't|wasn't|don't|didn't|hardly|barely|less|more|than|but|except|used|would be|could|should)\b|n't\b/;

/** A whole number from `low` to `high`: as a number, by the words at the ends of the scale, or the middle. */
export function gradeAnswer(question: Question, given: Reaction): Mapping | null {
  const words = given.words.replace(SCALE_SAID, '');
  const reaction = { ...given, words };
  const taken = corrected(words);
  if (taken !== null) return number(question, taken, reaction);
  const end = summedUp(words);
  const summed = end === null ? null : number(question, end, reaction);
  return summed ?? number(question, words, reaction) ?? inWords(question, reaction);
}

function number({ low, high }: Question, words: string, reaction: Reaction): Mapping | null {
  if (low === null || high === null || words.includes('?')) return null;
  const [first = []] = clausesOf(words);
  const scale = new RegExp(`\\b(?:out )?of (?:a possible )?${high}\\b`);
  const text = first.join(' ').replace(scale, 'out of');
  const said = text.split(' ').filter(Boolean);
  const digits = said.filter((word) => /^\d+$/.test(word));
  const others = plainWords(words).filter((word) => /^\d+$/.test(word)).length;
  if (digits.length > 1 || others > first.filter((word) => /^\d+$/.test(word)).length) {
    const grades = plainWords(words.replace(scale, ''));
    return BETWEEN.test(grades.join(' ')) && onlyGrades(grades) ? again(reaction) : null;
  }
  if (digits.length === 0 || said.some((word) => !/^\d+$/.test(word) && !AROUND.test(word))) return null;
  if (BETWEEN.test(bareWords(words)) || /\bor\b/i.test(words)) return null;
  const value = Number(digits[0]);
  // "One" may be a pronoun: "that one".
  if (/\b(?:that|this|the|which|no|any) one\b/i.test(words.split(/[,.;!]/)[0] ?? '')) return null;
  return value >= low && value <= high ? valid([String(value)], 'EXACT') : again(reaction, 'EXACT');
}

/** "Seven or eight", "between seven and eight", "four point five", and nothing besides. */
const onlyGrades = (words: readonly string[]): boolean =>
  words.every((word) => /^\d+$/.test(word) || AROUND.test(word) || /^(?:or|between|and|to|point|half|somewhere|perhaps|either)$/.test(word));

function inWords({ low, high, lowLabel, highLabel }: Question, reaction: Reaction): Mapping | null {
  if (low === null || high === null) return null;
  const { words } = reaction;
  const bare = bareWords(words);
  if (/^(?:somewhere |right |exactly |smack )*(?:in )?the (?:very )?middle(?: of the (?:road|scale))?$|^(?:in the )?middle$/.test(bare)) {
    const middle = (low + high) / 2;
    return Number.isInteger(middle) ? valid([String(middle)], 'SYNONYM') : again(reaction);
  }
  if (words.includes('?')) return null;
  const label = (text: string | null) => (text === null ? '' : bareWords(text));
  const ends = [
    { label: label(lowLabel), value: low },
    { label: label(highLabel), value: high },
  ].filter((end) => end.label !== '');
  const same = ends.filter((end) => bare === end.label);
  if (same.length === 1 && same[0]) return valid([String(same[0].value)], 'EXACT');
  // The label, and then a reason.
  const [first = []] = clausesOf(words);
  const opening = first.join(' ').replace(/^(?:i'm|i am|it's|it is|i'd say|well|oh|honestly|they|we|was|were) /, '');
  const begun = ends.filter((end) => opening === end.label);
  return begun.length === 1 && begun[0] && !NEGATED.test(bare.slice(bare.indexOf(begun[0].label) + begun[0].label.length))
    ? valid([String(begun[0].value)], 'EXACT', 0.95)
    : null;
}
