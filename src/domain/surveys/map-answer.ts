import { unreachable } from '../../kit/errors.ts';
import { isOptOut } from '../contacts/opt-out.ts';
import { again, type Mapping, type Reaction, valid, without } from './answer.ts';
import { severalChoices, singleChoice } from './answer-choice.ts';
import { asksAgain, asksBack, depends, endsSurvey, hasForgotten, hasNoAnswer, isUnsure, refuses, saysNothing } from './answer-cues.ts';
import { gradeAnswer } from './answer-number.ts';
import { textAnswer } from './answer-text.ts';
import { dateAnswer, durationAnswer, timeAnswer } from './answer-time.ts';
import { bareWords, plainWords } from './answer-words.ts';
import { frequencyOption } from './frequency.ts';
import { hasOptions, type Question, takesSeveral } from './question.ts';

/**
 * What an utterance means to the question that was just asked, by rules alone: exact words first, then keys, then words
 * that mean the same. They are right or silent: what they cannot weigh is null and goes to a text model, whose answer is
 * held against the same options.
 */
export function mapByRules(question: Question, reaction: Reaction): Mapping | null {
  if (reaction.input === 'keypad') return byKeypad(question, reaction);
  const { words } = reaction;
  if (words.trim() === '') return again(reaction);
  if (asksAgain(words)) return { ...again(reaction), repeat: true };
  if (endsSurvey(words)) return { ...without('REFUSED'), endsSurvey: true };
  if (isOptOut(words)) return besideOptOut(question, reaction);
  return byKind(question, reaction) ?? noAnswer(question, words) ?? outOfPlace(question, reaction);
}

/** The answer may stand in the same breath as the wish not to be called again. */
function besideOptOut(question: Question, reaction: Reaction): Mapping | null {
  const parts = reaction.words.split(/(?<=[.!;])\s+|,\s*(?:and|but)\s+|\s+(?:and|but)\s+(?=(?:please|don't|do|never|stop|take|remove|no)\b)|,\s+/i);
  const rest = parts.filter((part) => !isOptOut(part) && bareWords(part) !== '');
  if (rest.length === 0) return without('REFUSED');
  const [first] = rest;
  // What stands before the wish, if it is an answer by itself.
  const before = first !== undefined && reaction.words.startsWith(first) && rest.length === 1 ? byKind(question, { ...reaction, words: first }) : null;
  return before?.status === 'VALID' ? before : null;
}

function noAnswer(question: Question, words: string): Mapping | null {
  if (refuses(words)) return without('REFUSED');
  const unknown = hasNoAnswer(words) || isUnsure(words) || hasForgotten(words);
  // "Not sure" and "don't know" are no skip where an option may be meant by them.
  return unknown && !question.options.some((option) => /\b(?:sure|know|remember|opinion|undecided|depends)\b/i.test(option)) ? without('SKIPPED') : null;
}

/** No answer to what was asked: a question back that names none of the options, or "it depends". */
function outOfPlace(question: Question, reaction: Reaction): Mapping | null {
  if (question.kind === 'TEXT' || question.kind === 'PARAGRAPH') return null;
  const words = plainWords(reaction.words);
  const named = question.options.some((option) => plainWords(option).some((word) => word.length > 3 && words.includes(word)));
  const numbered = words.some((word) => /\d/.test(word)) && !hasOptions(question);
  if (named || numbered) return null;
  const vague = depends(reaction.words) && !question.options.some((option) => /depend/i.test(option));
  return vague || asksBack(reaction.words) ? again(reaction) : null;
}

function byKind(question: Question, reaction: Reaction): Mapping | null {
  const { words } = reaction;
  switch (question.kind) {
    case 'SINGLE_CHOICE':
    case 'GRID_ROW':
    case 'MULTIPLE_CHOICE': {
      if (takesSeveral(question)) return severalChoices(question, words);
      const often = frequencyOption(question.options, bareWords(words));
      return often === null ? singleChoice(question, words) : valid([often], 'SYNONYM');
    }
    case 'SCALE':
    case 'RATING':
      return gradeAnswer(question, reaction);
    case 'DATE':
      return dateAnswer(question, reaction);
    case 'TIME':
      return timeAnswer(words);
    case 'DURATION':
      return durationAnswer(words);
    case 'PARAGRAPH':
      return saysNothing(words) || /^no,? (?:that's|that is) (?:all|it|everything)[.!]?$/i.test(words.trim())
        ? without('SKIPPED')
        : textAnswer(question, words);
    case 'TEXT':
      return textAnswer(question, words);
    default:
      return unreachable(question.kind);
  }
}

/** Digits: the grade itself, or the place of an option as it was read out. */
function byKeypad(question: Question, reaction: Reaction): Mapping | null {
  const digits = reaction.words.replace(/[^\d]/g, '');
  const value = digits === '' ? Number.NaN : Number(digits);
  const { low, high, options } = question;
  if (low !== null && high !== null) return value >= low && value <= high ? valid([String(value)], 'KEYPAD') : again(reaction, 'KEYPAD');
  if (!hasOptions(question) || takesSeveral(question)) return null;
  const option = options[value - 1];
  return option === undefined ? again(reaction, 'KEYPAD') : valid([option], 'KEYPAD');
}
