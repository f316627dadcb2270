// Days and times as people say them in English, and as the receptionist says them back.

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const MINUTES: Readonly<Record<string, number>> = { fifteen: 15, thirty: 30, 'forty-five': 45 };

const WEEKDAY = new RegExp(`\\b(${WEEKDAYS.join('|')})\\b`, 'i');
const MONTH = MONTHS.join('|');
const DAY_OF_MONTH = new RegExp(`\\b(?:(?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTH})|(${MONTH}) (?:the )?(\\d{1,2})(?:st|nd|rd|th)?)\\b`, 'i');
const HOUR = `\\d{1,2}|(?:${NUMBERS.slice(1).join('|')})\\b`;
const FRACTIONS: Readonly<Record<string, number>> = { five: 5, ten: 10, quarter: 15, twenty: 20, 'twenty-five': 25, half: 30 };
const HALF = '(a\\.?m\\b|p\\.?m\\b|(?:in the|at) (?:morning|afternoon|evening|night))';
const TIME = new RegExp(
  `\\b(?:(?<noon>noon|midday)|(?<fraction>half|quarter|twenty-five|twenty|ten|five) (?<side>past|to) (?<named>${HOUR})(?: ${HALF})?` +
    `|(?<hour>${HOUR})(?:[:.](?<digits>\\d{2})| (?<words>fifteen|thirty|forty-five))?(?<clock> ?o'?clock)?(?: ?${HALF})?)`,
  'gi',
);

/** "The first one" is no hour. */
const NO_HOUR = /\b(?:first|second|third|last|earlier|later|other|that|this|which|any) one\b|\bone (?:of|more)\b/gi;

/** The day somebody means, seen from today: `tomorrow`, `next Tuesday`, `the 3rd of May`, `on the 14th`. */
export function readDate(text: string, today: Temporal.PlainDate): Temporal.PlainDate | null {
  const iso = /\b\d{4}-\d{2}-\d{2}\b/.exec(text);
  if (iso) return Temporal.PlainDate.from(iso[0]);
  if (/\bday after tomorrow\b/i.test(text)) return today.add({ days: 2 });
  if (/\btomorrow\b/i.test(text)) return today.add({ days: 1 });
  if (/\btoday\b/i.test(text)) return today;
  const named = DAY_OF_MONTH.exec(text);
  if (named) return nextDate(today, MONTHS.indexOf((named[2] ?? named[3] ?? '').toLowerCase()) + 1, Number(named[1] ?? named[4]));
  const weekday = WEEKDAY.exec(text);
  if (weekday) {
    const ahead = (WEEKDAYS.indexOf((weekday[1] ?? '').toLowerCase()) + 1 - today.dayOfWeek + 7) % 7 || 7;
    return today.add({ days: ahead });
  }
  const ordinal = /\bthe (\d{1,2})(?:st|nd|rd|th)\b/i.exec(text);
  if (!ordinal) return null;
  const day = Number(ordinal[1]);
  const month = day > today.day ? today : today.add({ months: 1 });
  return nextDate(today, month.month, day);
}

/**
 * The time of day somebody means; one to seven are in the afternoon unless they say otherwise.
 *
 * @param asked they were asked for a time: then a bare number is one.
 */
export const readTime = (text: string, asked: boolean): Temporal.PlainTime | null => readTimes(text, asked)[0] ?? null;

/** All times of day in a text, in order. */
export function readTimes(text: string, asked: boolean): Temporal.PlainTime[] {
  const spoken = text
    .replace(DAY_OF_MONTH, ' ')
    .replace(/\b\d{4}-\d{2}-\d{2}\b/g, ' ')
    .replace(NO_HOUR, ' ');
  return [...spoken.matchAll(TIME)].flatMap((match) => timeOf(match, spoken, asked) ?? []);
}

function timeOf(match: RegExpExecArray, spoken: string, asked: boolean): Temporal.PlainTime | null {
  const [whole] = match;
  const { noon, fraction, side, named, hour, digits, words, clock } = match.groups ?? {};
  const half = new RegExp(`${HALF}$`, 'i').exec(whole)?.[0] ?? '';
  if (noon) return new Temporal.PlainTime(12);
  if (fraction) {
    const minutes = afternoon(numberOf(named), half) * 60 + (FRACTIONS[fraction.toLowerCase()] ?? 0) * (side?.toLowerCase() === 'to' ? -1 : 1);
    return new Temporal.PlainTime(Math.floor(minutes / 60) % 24, minutes % 60);
  }
  const before = spoken.slice(0, match.index);
  const follows = spoken.slice(match.index + whole.length);
  const value = numberOf(hour);
  const minute = digits ? Number(digits) : (MINUTES[words?.toLowerCase() ?? ''] ?? 0);
  const certain = Boolean(digits || half || clock) || /\b(at|around|about|by)\s+$/i.test(before);
  if (value > 23 || minute > 59 || /^(st|nd|rd|th|\d)/i.test(follows)) return null;
  if (!certain && (!asked || /^\s*(people|persons|of us|minutes|days|weeks)/i.test(follows))) return null;
  return new Temporal.PlainTime(afternoon(value, half), minute);
}

/** Which half of the day somebody would like. */
export const readPartOfDay = (text: string): 'morning' | 'afternoon' | null =>
  /\bmorning\b/i.test(text) ? 'morning' : /\b(afternoon|evening)\b/i.test(text) ? 'afternoon' : null;

/** `Tuesday, November 25` */
export const sayDate = (date: Temporal.PlainDate): string => date.toLocaleString('en-US', { weekday: 'long', month: 'long', day: 'numeric' });

/** `3 PM`, `3:30 PM`, `noon` */
export function sayTime(time: Temporal.PlainTime): string {
  if (time.hour === 12 && time.minute === 0) return 'noon';
  const minutes = time.minute === 0 ? '' : `:${String(time.minute).padStart(2, '0')}`;
  return `${time.hour % 12 || 12}${minutes} ${time.hour < 12 ? 'AM' : 'PM'}`;
}

const numberOf = (text = ''): number => (/^\d/.test(text) ? Number(text) : NUMBERS.indexOf(text.toLowerCase()));

function afternoon(hour: number, words: string): number {
  if (/^a|morning/i.test(words) && !/night/i.test(words)) return hour % 12;
  if (/^p|afternoon|evening|night/i.test(words)) return (hour % 12) + 12;
  return hour >= 1 && hour <= 7 ? hour + 12 : hour;
}

function nextDate(today: Temporal.PlainDate, month: number, day: number): Temporal.PlainDate | null {
  if (day < 1 || day > 31 || month < 1) return null;
  const date = Temporal.PlainDate.from({ year: today.year, month, day });
  return Temporal.PlainDate.compare(date, today) < 0 ? date.add({ years: 1 }) : date;
}
