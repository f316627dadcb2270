import { isoDate, isoTime } from './iso-time.ts';
import {
  askedTime,
  decided,
  FARTHEST_DAYS,
  localInstant,
  type ResolvedDate,
  type ResolvedTime,
  refusedTime,
  type SpokenContext,
  todayIn,
} from './resolved-time.ts';
import { minuteOfDay } from './spoken-clock.ts';
import { type DateTrouble, dateSaid } from './spoken-date.ts';
import { type Meaning, meaningOf } from './spoken-meaning.ts';
import { type Phrase, phraseOf } from './spoken-phrase.ts';
import { wordsOf } from './spoken-words.ts';

// Reading a time goes: text → words → phrase (what was said, parted by corrections) → meaning (what holds of it) → the
// decision here. Words that are not understood lead to a question, never to a guess: asking again is cheap, and a wrong
// appointment is not.

/** No one says when in more words, and reading stays quick. */
const LONGEST_TEXT = 300;

/**
 * Reads a time that a caller said or a language model passed to a tool, against now in a time zone: an ISO string as in
 * `isoTime`, or English words ("next Friday at half past two").
 *
 * Weeks run from Monday to Sunday: "this Friday" is that of the present week and "next Friday" that of the following
 * one; a bare "Friday" is the first after today. A day or date without a year is the next one, today included; a time
 * without a day is today's. Hours without a half of the day are those of business: see `minuteOfDay`.
 */
export function resolveSpokenTime(text: string, context: SpokenContext): ResolvedTime {
  const iso = isoTime(text, context);
  if (iso) return iso;
  const said = read(text);
  return said ? timeMeant(said, context) : askedTime('VAGUE');
}

/** Reads a day: an ISO date as in `isoDate`, or English words ("a week from Friday"). A time that is said with it does not matter. */
export function resolveSpokenDate(text: string, context: SpokenContext): ResolvedDate {
  const iso = isoDate(text, context);
  if (iso) return iso;
  const said = read(text);
  return said ? dateMeant(said, context) : { date: null, reason: 'VAGUE' };
}

/** Reads a time of day without a day: `14:30`, which is of the 24-hour clock, or words ("half past two"). */
export function resolveSpokenClock(text: string): Temporal.PlainTime | 'AMBIGUOUS_HOUR' | 'SEVERAL' | 'INVALID' | 'VAGUE' {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text.trim()) ?? [];
  if (hour !== undefined && minute !== undefined)
    return Number(hour) < 24 && Number(minute) < 60 ? new Temporal.PlainTime(Number(hour), Number(minute)) : 'INVALID';
  const said = read(text);
  if (!said || said.meaning.days.length > 0) return 'VAGUE';
  const { phrase, meaning } = said;
  if (phrase.several || meaning.unclear) return 'SEVERAL';
  if (phrase.unknown || phrase.open || phrase.limited || meaning.elapsedMinutes.length > 0) return 'VAGUE';
  const minutes = minuteSaid(meaning);
  return minutes === null ? 'VAGUE' : typeof minutes === 'number' ? plainTime(minutes) : minutes;
}

interface Said {
  readonly phrase: Phrase;
  readonly meaning: Meaning;
}

function read(text: string): Said | null {
  if (text.length > LONGEST_TEXT) return null;
  const phrase = phraseOf(wordsOf(text));
  return { phrase, meaning: meaningOf(phrase) };
}

function timeMeant({ phrase, meaning }: Said, context: SpokenContext): ResolvedTime {
  const { days, clocks, halves, elapsedMinutes } = meaning;
  if (days.length + clocks.length + halves.length + elapsedMinutes.length === 0) return askedTime(phrase.nearly ? 'NO_TIME' : 'VAGUE');
  if (phrase.several) return askedTime('SEVERAL');
  const today = todayIn(context);
  const date = days.length === 0 ? today : dateSaid(days, today);
  if (elapsedMinutes.length > 0) return afterElapsed({ phrase, meaning }, date, context);

  const minute = minuteSaid(meaning);
  if (minute === 'SEVERAL') return askedTime('SEVERAL');
  if (typeof date === 'string' && date !== 'STRETCH') return troubled(date);
  if (minute === 'INVALID') return refusedTime('INVALID');
  if (date !== 'STRETCH') {
    if (Temporal.PlainDate.compare(date, today) < 0) return refusedTime('PAST');
    if (today.until(date).days > FARTHEST_DAYS + 1) return refusedTime('TOO_FAR');
  }
  if (date === 'STRETCH' || phrase.limited || minute === null) return askedTime('NO_TIME');
  if (phrase.unknown || phrase.open) return askedTime('VAGUE');
  if (meaning.unclear) return askedTime('SEVERAL');
  if (minute === 'AMBIGUOUS_HOUR') return askedTime('AMBIGUOUS_HOUR');
  return decided(localInstant(date.toPlainDateTime(plainTime(minute)), context.timeZone), 'OK', context);
}

const troubled = (trouble: Exclude<DateTrouble, 'STRETCH'>): ResolvedTime =>
  trouble === 'INVALID' || trouble === 'PAST' ? refusedTime(trouble) : askedTime(trouble);

/** "In two hours" is exact, across changes of the clock too. */
function afterElapsed({ phrase, meaning }: Said, date: Temporal.PlainDate | DateTrouble, context: SpokenContext): ResolvedTime {
  const [minutes = 0, ...others] = meaning.elapsedMinutes;
  if (others.length > 0 || meaning.clocks.length > 0 || meaning.unclear) return askedTime('SEVERAL');
  if (phrase.unknown || phrase.open || phrase.limited || meaning.halves.length > 0) return askedTime('VAGUE');
  const instant = context.now.getTime() + minutes * 60_000;
  const on = todayIn({ ...context, now: new Date(instant) });
  if (meaning.days.length > 0 && (typeof date === 'string' || !date.equals(on))) return askedTime('SEVERAL');
  return decided({ instants: [instant], trouble: null }, 'OK', context);
}

function dateMeant({ phrase, meaning }: Said, context: SpokenContext): ResolvedDate {
  const none = (reason: ResolvedDate['reason']): ResolvedDate => ({ date: null, reason });
  const today = todayIn(context);
  if (phrase.several && meaning.days.length > 0) return none('SEVERAL');
  if (phrase.unknown || phrase.several || phrase.limited) return none('VAGUE');
  if (meaning.unclear) return none('SEVERAL');
  if (meaning.days.length === 0) {
    const { startsAt } = meaning.elapsedMinutes.length > 0 ? timeMeant({ phrase, meaning }, context) : { startsAt: null };
    return startsAt ? { date: todayIn({ ...context, now: startsAt }), reason: 'OK' } : none('VAGUE');
  }
  const date = dateSaid(meaning.days, today);
  if (date === 'STRETCH') return none('VAGUE');
  if (typeof date === 'string') return none(date);
  if (Temporal.PlainDate.compare(date, today) < 0) return none('PAST');
  return today.until(date).days > FARTHEST_DAYS ? none('TOO_FAR') : { date, reason: 'OK' };
}

/** The one time of day that all the words mean, in minutes; null where none was said. */
function minuteSaid({ clocks, halves, doubtfulHalf }: Meaning): number | 'AMBIGUOUS_HOUR' | 'SEVERAL' | 'INVALID' | null {
  const stated = clocks.flatMap((clock) => (halves.length > 0 ? halves.map((half) => minuteOfDay(clock, half)) : [minuteOfDay(clock, null)]));
  const [minute = null, ...others] = stated;
  if (others.some((other) => other !== minute)) return stated.includes('INVALID') ? 'INVALID' : clocks.length > 1 ? 'SEVERAL' : 'AMBIGUOUS_HOUR';
  return doubtfulHalf && clocks.some((clock) => minuteOfDay(clock, null) !== minute) ? 'AMBIGUOUS_HOUR' : minute;
}

const plainTime = (minutes: number) => new Temporal.PlainTime(Math.floor(minutes / 60), minutes % 60);
