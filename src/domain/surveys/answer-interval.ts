import { type Mapping, valid } from './answer.ts';
import { plainWords } from './answer-words.ts';
import type { Question } from './question.ts';

/** From and to, both included; `10 to 30 minutes` is 10 to 30. */
interface Interval {
  readonly from: number;
  readonly to: number;
}

const UNIT =
  /\b(seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|miles?|kilometers?|kilometres?|dollars?|euros?|pounds?|percent|times?|people|persons?)\b/;
/** What may stand around the one number. Anything else may make it a number of something else. */
const AROUND =
  /^(?:i'm|i am|i|it|it's|was|is|about|around|roughly|maybe|probably|say|like|the|a|an|my|of|old|aged|years?|minutes?|mins?|hours?|dollars?|bucks|a year|per|year|turned|just|now|we|we're|make|earn|get|for|tops|at|most|so|well|uh|um|er|i'd|guess|think|took|waited|only|thousand|in|percent)$/;
/** Near an edge these words may lead over it. */
const LOOSE = /\b(?:about|around|roughly|maybe|almost|nearly|like|say|probably|tops|most|over|under|less|more|guess|think)\b/;

/** Where the options are ranges of a number, the one that a single number falls into. */
export function intervalAnswer({ options }: Question, words: string): Mapping | null {
  const intervals = options.map(intervalOf);
  if (intervals.filter((interval) => interval !== null).length < 2) return null;
  const said = plainWords(
    words
      .replace(/\b(?:a |around a |about a )?quarter of an hour\b/i, (text) => (text.toLowerCase().startsWith('a') ? '15 minutes' : '15 minutes'))
      .replace(/\bhalf an hour\b/i, '30 minutes'),
  );
  const numbers = said.filter((word) => /^\d+$/.test(word));
  if (numbers.length !== 1 || said.some((word) => !/^\d+$/.test(word) && !AROUND.test(word))) return null;
  const unit = UNIT.exec(options.join(' ').toLowerCase())?.[1]?.replace(/s$/, '');
  const saidUnit = UNIT.exec(said.join(' '))?.[1]?.replace(/s$/, '');
  if (unit && saidUnit && unit.slice(0, 3) !== saidUnit.slice(0, 3)) return null;
  if (saidUnit && !unit && !['year', 'dollar', 'euro', 'pound'].includes(saidUnit)) return null;
  const value = Number(numbers[0]);
  // "Sixty-five" of incomes in tens of thousands leaves out what goes without saying, and "an hour" is another sum.
  const edges = intervals.flatMap((interval) => (interval ? [interval.from, interval.to] : [])).filter((edge) => edge > 1 && Number.isFinite(edge));
  if (Math.min(...edges) >= 1_000 && (value < 1_000 || said.some((word) => /^(?:hours?|minutes?|months?|weeks?)$/.test(word)))) return null;
  const fitting = options.filter((_, index) => {
    const interval = intervals[index];
    return interval && value >= interval.from && value <= interval.to;
  });
  if (fitting.length !== 1) return null;
  const edge = intervals.some((interval) => interval && (Math.abs(value - interval.from) <= 1 || Math.abs(value - interval.to) <= 1));
  return edge && LOOSE.test(said.join(' ')) ? null : valid(fitting, 'SYNONYM');
}

/** `18 to 29`, `Less than 10 minutes`, `75 or older`, `$100,000 or more`, `Below $30,000`. */
function intervalOf(option: string): Interval | null {
  const words = plainWords(option).map((word) => word.replace(/^\$/, ''));
  const text = words.join(' ');
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const [first, second] = numbers;
  if (first === undefined || numbers.length > 2) return null;
  if (second !== undefined) return second > first && /\d (?:\w+ )?(?:to|and|through)? ?\$?\d/.test(text) ? { from: first, to: second } : null;
  if (/\b(?:less than|below|under|fewer than)\b/.test(text)) return { from: 0, to: first - Number.EPSILON * first };
  if (/\b(?:more than|over|above)\b/.test(text)) return { from: first + Number.EPSILON * first, to: Number.POSITIVE_INFINITY };
  if (/\b(?:or (?:more|older|over|above|longer)|and (?:older|over|above|up))\b/.test(text)) return { from: first, to: Number.POSITIVE_INFINITY };
  return /\b(?:or (?:less|fewer|younger|under)|up to|at most)\b/.test(text) ? { from: 0, to: first } : null;
}
