import { clockAt, halfAt, minuteOfDay } from '../bookings/spoken/spoken-clock.ts';
import { cardinalAt, monthAt, ordinalAt, PAUSE, weekdayAt, wordsOf } from '../bookings/spoken/spoken-words.ts';
import { again, type Mapping, type Reaction, valid } from './answer.ts';
import { corrected, summedUp } from './answer-words.ts';
import type { Question } from './question.ts';
import { numberAt } from './spoken-number.ts';

const AROUND =
  /^(?:at|on|the|of|it|it's|was|is|i|we|i'd|say|think|guess|usually|around|about|in|that|would|be|will|they|there|arrive|come|leave|by|please|well|um|uh|er|so|maybe|probably|okay|ok|fine|works|for|me|us|day|morning|afternoon|evening|night|yes|sure|let's|make|exactly|just|a|an|took|lasted|takes|me|to|get|all|told|only|hm|hmm|oh|\?|,)$/;

/** A time of day, only where its half is told or needs no telling: "seven" may be either. */
export function timeAnswer(words: string): Mapping | null {
  const text = corrected(words) ?? words;
  const clock = clockIn(wordsOf(text));
  return clock === null ? null : valid([clock], 'SYNONYM');
}

/** `HH:MM`, of words that hold one time of day and nothing that could change it. */
function clockIn(words: readonly string[]): string | null {
  let found: string | null = null;
  for (let at = 0; at < words.length; ) {
    const clock = clockAt(words, at);
    if (!clock) {
      if (!AROUND.test(words[at] ?? '')) return found !== null && words[at - 1] === PAUSE && isAside(words.slice(at)) ? found : null;
      at += 1;
      continue;
    }
    if (found !== null) return null;
    const half = halfAt(words, clock.next);
    const { hour, minutes, kind, bare } = clock.value;
    const plain = kind === 'noon' || kind === 'exact' || hour > 12 || (/^\d\d:\d\d/.test(words[at] ?? '') && hour > 12);
    if ((!half && !plain) || (bare && !half)) return null;
    const minute = minuteOfDay({ hour, minutes, kind, bare }, half?.value ?? null);
    if (typeof minute === 'string') return null;
    found = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    at = half?.next ?? clock.next;
  }
  return found;
}

/** A clock and nothing else, e.g. `quarter past six`, with whether its half of the day was told. */
export function clockSaid(text: string): { readonly minute: number; readonly half: boolean } | null {
  const words = wordsOf(text);
  const start = words.findIndex((word, at) => clockAt(words, at) !== null || !AROUND.test(word));
  const clock = start === -1 ? null : clockAt(words, start);
  if (!clock) return null;
  const half = halfAt(words, clock.next);
  if (words.slice(half?.next ?? clock.next).some((word) => !AROUND.test(word) && word !== 'one')) return null;
  const minute = minuteOfDay(clock.value, half?.value ?? (clock.value.hour === 7 ? 'pm' : null));
  return typeof minute === 'string' ? null : { minute, half: half !== null };
}

/** Behind a pause: a reason, without another time or a turn. */
const isAside = (words: readonly string[]): boolean =>
  !words.some(
    (word, at) =>
      clockAt(words, at) !== null || /^(?:no|not|but|or|except|unless|if|actually|wait|sometimes|other|depends|until|before|after|never)$/.test(word),
  );

const two = (value: number): string => String(value).padStart(2, '0');

const UNITS: Readonly<Record<string, number>> = { minute: 1, min: 1, hour: 60, hr: 60, day: 24 * 60, week: 7 * 24 * 60 };
const unitOf = (word: string | undefined): number | undefined => {
  const singular = (word ?? '').replace(/s$/, '');
  return Object.hasOwn(UNITS, singular) ? UNITS[singular] : undefined;
};

/** How long, as `HH:MM`: `half an hour`, `an hour and a half`, `two hours and ten minutes`, `a day and a half` (36:00). */
export function durationAnswer(words: string): Mapping | null {
  const minutes = minutesIn(corrected(words) ?? summedUp(words) ?? words);
  return minutes === null ? null : valid([`${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`], 'SYNONYM');
}

function minutesIn(text: string): number | null {
  const words = wordsOf(text).filter((word) => word !== PAUSE);
  let total: number | null = null;
  for (let at = 0; at < words.length; ) {
    const part = partAt(words, at);
    if (part) {
      if (total !== null && words[at - 1] !== 'and' && part.unit >= (part.before ?? part.unit)) return null;
      total = (total ?? 0) + part.minutes;
      at = part.next;
    } else if (AROUND.test(words[at] ?? '') || (words[at] === 'and' && total !== null && partAt(words, at + 1)) || isBehind(words, at, total)) at += 1;
    else return null;
  }
  return total !== null && Number.isInteger(total) && total > 0 ? total : null;
}

/** "… with the ferry", "… by bus", "… door to door". */
const isBehind = (words: readonly string[], at: number, total: number | null): boolean =>
  total !== null &&
  (/^(?:with|by|door|on|in)$/.test(words[at] ?? '') || /^(?:with|by|door|the|my|to)$/.test(words[at - 1] ?? '')) &&
  !/^(?:no|not|or|but)$/.test(words[at] ?? '') &&
  numberAt(words, at) === null;

interface Part {
  readonly minutes: number;
  readonly unit: number;
  readonly before?: number;
  readonly next: number;
}

function partAt(words: readonly string[], at: number): Part | null {
  const say = (phrase: string) => phrase.split(' ').every((word, index) => words[at + index] === word);
  if (say('half an hour') || say('half a hour')) return { minutes: 30, unit: 1, next: at + 3 };
  if (say('half hour')) return { minutes: 30, unit: 1, next: at + 2 };
  if (say('half a day')) return { minutes: 720, unit: 60, next: at + 3 };
  if (say('a quarter of an hour')) return { minutes: 15, unit: 1, next: at + 5 };
  if (say('quarter of an hour')) return { minutes: 15, unit: 1, next: at + 4 };
  if (say('three quarters of an hour')) return { minutes: 45, unit: 1, next: at + 5 };
  const count = words[at] === 'a' || words[at] === 'an' ? { value: 1, next: at + 1 } : numberAt(words, at);
  if (!count) return null;
  const halved = words[count.next] === 'and' && words[count.next + 1] === 'a' && words[count.next + 2] === 'half' ? count.next + 3 : null;
  const unit = unitOf(words[halved ?? count.next]);
  if (unit === undefined) return null;
  const next = (halved ?? count.next) + 1;
  const halfBehind = halved === null && words[next] === 'and' && words[next + 1] === 'a' && words[next + 2] === 'half' && unitOf(words[next + 3]) === undefined;
  return { minutes: (count.value + (halved !== null || halfBehind ? 0.5 : 0)) * unit, unit, next: halfBehind ? next + 3 : next };
}

/** The title tells whether a day that has been or one to come is asked for; null where it does not. */
function tenseOf(title: string): 'past' | 'future' | null {
  const past = /\b(?:did|was|were|have you|has|had|began|last|born|ago|found|happened|start(?:ed)?)\b/i.test(title);
  const future = /\b(?:may we|will|would you like|shall|should we|can we|next|coming|want to|plan(?:ning)?)\b/i.test(title);
  return past === future ? null : past ? 'past' : 'future';
}

/** A day, as the form wants it: with or without year, with or without a time. */
export function dateAnswer(question: Question, reaction: Reaction): Mapping | null {
  const { includeYear, includeTime, title } = question;
  const words = wordsOf(corrected(reaction.words) ?? reaction.words);
  const clockWords = includeTime ? splitAtClock(words) : { day: words, clock: null };
  if (!clockWords) return null;
  const date = dayIn(clockWords.day, reaction.now.toPlainDate(), tenseOf(title), includeYear);
  if (date === null) return null;
  const day = includeYear ? date.toString() : `${two(date.month)}-${two(date.day)}`;
  if (!includeTime) return valid([day], 'SYNONYM');
  return clockWords.clock === null ? again(reaction) : valid([`${day} ${clockWords.clock}`], 'SYNONYM');
}

/** Parts "January ninth at quarter past four in the afternoon"; null where the time cannot be told. */
function splitAtClock(words: readonly string[]): { day: readonly string[]; clock: string | null } | null {
  const at = words.lastIndexOf('at');
  if (at === -1) return words.some((_, index) => clockAt(words, index)?.value.bare === false) ? null : { day: words, clock: null };
  const clock = clockIn(words.slice(at));
  return clock === null ? null : { day: words.slice(0, at), clock };
}

const DAY_AROUND =
  /^(?:on|the|of|it|it's|its|was|is|i|we|think|guess|believe|that|would|be|please|well|um|uh|so|okay|ok|fine|works|for|me|us|yes|sure|lets|make|exactly|just|in|day|morning|afternoon|evening|night|around|noon|oh|hm|hmm|by|,)$/;

/** One day, where nothing else was said; null where it may be another. */
function dayIn(words: readonly string[], today: Temporal.PlainDate, tense: 'past' | 'future' | null, withYear: boolean): Temporal.PlainDate | null {
  let found: Temporal.PlainDate | null = null;
  for (let at = 0; at < words.length; ) {
    const day = relativeAt(words, at, today) ?? namedAt(words, at, today, tense, withYear);
    if (day) {
      if (found !== null) return null;
      found = day.date;
      at = day.next;
    } else if (DAY_AROUND.test(words[at] ?? '')) at += 1;
    else return found !== null && words[at - 1] === PAUSE && isDayAside(words.slice(at)) ? found : null;
  }
  return found;
}

const isDayAside = (words: readonly string[]): boolean =>
  !words.some(
    (word, at) =>
      numberAt(words, at) !== null ||
      ordinalAt(words, at) !== null ||
      monthAt(words, at) !== undefined ||
      weekdayAt(words, at) !== undefined ||
      /^(?:no|not|but|or|actually|wait|maybe|yesterday|today|tomorrow|around|about|sometime)$/.test(word),
  );

type Found = { readonly date: Temporal.PlainDate; readonly next: number };

function relativeAt(words: readonly string[], at: number, today: Temporal.PlainDate): Found | null {
  const phrase = (text: string, days: number): Found | null => {
    const parts = text.split(' ');
    return parts.every((part, index) => words[at + index] === part) ? { date: today.add({ days }), next: at + parts.length } : null;
  };
  const plain =
    phrase('the day before yesterday', -2) ??
    phrase('day before yesterday', -2) ??
    phrase('the day after tomorrow', 2) ??
    phrase('day after tomorrow', 2) ??
    phrase('yesterday', -1) ??
    phrase('today', 0) ??
    phrase('this morning', 0) ??
    phrase('this afternoon', 0) ??
    phrase('tonight', 0) ??
    phrase('last night', -1) ??
    phrase('tomorrow', 1) ??
    phrase('in a week', 7) ??
    phrase('a week from today', 7) ??
    phrase('a week ago today', -7) ??
    phrase('in a fortnight', 14);
  if (plain) return plain;
  const side = words[at] === 'last' ? -1 : words[at] === 'next' ? 1 : 0;
  const weekday = side === 0 ? undefined : weekdayAt(words, at + 1);
  if (weekday !== undefined) return { date: today.add({ days: weekday - today.dayOfWeek + 7 * side }), next: at + 2 };
  const count = words[at] === 'in' ? cardinalAt(words, at + 1) : cardinalAt(words, at);
  const unit = count && /^(day|week)s?$/.exec(words[count.next] ?? '')?.[1];
  if (!count || !unit) return null;
  const days = count.value * (unit === 'week' ? 7 : 1);
  if (words[at] === 'in') return { date: today.add({ days }), next: count.next + 1 };
  return words[count.next + 1] === 'ago' && unit === 'day' ? { date: today.subtract({ days }), next: count.next + 2 } : null;
}

/** `June the first`, `the fourth of July`, `May fifteenth last year`, `the first of August, two thousand nineteen`. */
function namedAt(words: readonly string[], at: number, today: Temporal.PlainDate, tense: 'past' | 'future' | null, withYear: boolean): Found | null {
  const start = words[at] === 'the' ? at + 1 : at;
  const month = monthAt(words, start);
  let day: number;
  let of: number;
  let next: number;
  if (month !== undefined) {
    const read = ordinalAt(words, words[start + 1] === 'the' ? start + 2 : start + 1) ?? cardinalAt(words, start + 1);
    if (!read) return null;
    [day, of, next] = [read.value, month, read.next];
  } else {
    const read = ordinalAt(words, start) ?? (/^\d{1,2}$/.test(words[start] ?? '') ? cardinalAt(words, start) : null);
    const joint = read && (words[read.next] === 'of' ? read.next + 1 : read.next);
    const named = joint === null || joint === undefined ? undefined : monthAt(words, joint);
    if (!read || joint === null || named === undefined) return null;
    [day, of, next] = [read.value, named, joint + 1];
  }
  const year = yearBehind(words, next, today);
  const date = year ? plainDate(year.value, of, day) : nearest(of, day, today, withYear ? tense : (tense ?? 'future'));
  return date ? { date, next: year?.next ?? next } : null;
}

function yearBehind(words: readonly string[], from: number, today: Temporal.PlainDate): { value: number; next: number } | null {
  const at = words[from] === PAUSE || words[from] === 'of' || words[from] === 'in' ? from + 1 : from;
  const named = ({ last: -1, this: 0, next: 1 } as const)[words[at] as 'last' | 'this' | 'next'];
  if (named !== undefined && words[at + 1] === 'year') return { value: today.year + named, next: at + 2 };
  if (/^(?:19|20)\d\d$/.test(words[at] ?? '')) return { value: Number(words[at]), next: at + 1 };
  const century = words[at] === 'nineteen' ? 1900 : words[at] === 'twenty' ? 2000 : null;
  const rest = century === null ? null : cardinalAt(words, at + 1);
  if (century !== null && rest && rest.value >= 10) return { value: century + rest.value, next: rest.next };
  const full = numberAt(words, at);
  return full && full.value >= 1900 && full.value <= 2100 ? full : null;
}

function nearest(month: number, day: number, today: Temporal.PlainDate, tense: 'past' | 'future' | null): Temporal.PlainDate | null {
  if (tense === null) return null;
  const years = Array.from({ length: 9 }, (_, index) => (tense === 'past' ? today.year - index : today.year + index));
  const fits = (date: Temporal.PlainDate) => Temporal.PlainDate.compare(date, today) * (tense === 'past' ? -1 : 1) >= 0;
  return years.map((year) => plainDate(year, month, day)).find((date) => date !== null && fits(date)) ?? null;
}

function plainDate(year: number, month: number, day: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
  } catch {
    return null;
  }
}
