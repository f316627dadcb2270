import { cardinalAt, monthAt, ordinalAt, type Read } from './spoken-words.ts';

/** A stated half of the day, or a part of it. */
export type Half = 'am' | 'pm' | 'morning' | 'afternoon' | 'evening' | 'night';

/** A time of day as it was said, before it is known which half of the day is meant. */
export interface ClockSaid {
  /** The hour that was named, 0 to 24; of "quarter to eight" that is 8. */
  readonly hour: number;
  /** Minutes from the named hour: -15 for "quarter to". */
  readonly minutes: number;
  /** `padded` is a small hour with a zero before it, `exact` one that is plainly of the 24-hour clock, `none` no time at all ("25 o'clock"). */
  readonly kind: 'hour' | 'noon' | 'midnight' | 'padded' | 'exact' | 'none';
  /** Nothing but a number, which may be something else. */
  readonly bare: boolean;
}

type Words = readonly string[];

const said = (hour: number, minutes: number, next: number, kind: ClockSaid['kind'] = 'hour', bare = false): Read<ClockSaid> => {
  const possible = hour <= 24 && minutes < 60 && !(hour === 24 && minutes > 0);
  const midnight = minutes === 0 && (hour === 24 || (hour === 0 && kind !== 'noon'));
  return { value: { hour, minutes, kind: possible ? (midnight ? 'midnight' : kind) : 'none', bare }, next };
};

/** Words that count something, so that the number before them is no hour. */
const COUNTED = new Set('minute minutes min mins hour hours hr hrs day days week weeks fortnight fortnights month months year years second seconds'.split(' '));
/** Behind these, "five to six" is a time and not from five until six. */
const POINTS = new Set(['at', 'around', 'about']);

const PAST = new Set(['past', 'after']);
const TO = new Set(['to', 'till', 'til', 'of', 'before']);

/** Reads a time of day: `half past two`, `ten to four`, `ten oh five`, `sixteen hundred`, `3:30`, `noon`, `three o'clock`, `three`. */
export function clockAt(words: Words, at: number): Read<ClockSaid> | null {
  return besideHourAt(words, at) ?? wordAt(words, at) ?? digitsAt(words, at) ?? hourAndMinutesAt(words, at);
}

/** `half past two`, `half two`, `quarter to three`, `ten after four`, `five minutes to six`. */
function besideHourAt(words: Words, at: number): Read<ClockSaid> | null {
  const start = words[at] === 'a' && words[at + 1] === 'quarter' ? at + 1 : at;
  if (words[start] === 'half') {
    const hour = hourAt(words, words[start + 1] === 'past' ? start + 2 : start + 1);
    if (hour && words[start + 1] !== 'past' && hour.value.hour > 12) return null;
    return hour && !COUNTED.has(words[hour.next] ?? '') ? { ...hour, value: { ...hour.value, minutes: 30 } } : null;
  }
  const count = words[start] === 'quarter' ? { value: 15, next: start + 1 } : cardinalAt(words, start);
  if (!count || count.value < 1 || count.value > 30) return null;
  const named = words[count.next] === 'minutes' || words[count.next] === 'minute';
  const joint = words[named ? count.next + 1 : count.next] ?? '';
  const hour = PAST.has(joint) || TO.has(joint) ? hourAt(words, count.next + (named ? 2 : 1)) : null;
  if (!hour) return null;
  if (!named && words[start] !== 'quarter' && (count.value % 5 !== 0 || isRange(words, start, count.value, joint, hour.value.hour))) return null;
  const minutes = PAST.has(joint) ? count.value : -count.value;
  return { ...hour, value: { ...hour.value, minutes } };
}

/** "From ten to four", "ten till four", and "five to six" without a word that makes it one time, may all be a stretch. */
function isRange(words: Words, at: number, count: number, joint: string, hour: number): boolean {
  if (!TO.has(joint)) return false;
  const before = words[at - 1] ?? '';
  if (before === 'from' || before === 'between' || joint === 'before' || joint === 'till' || joint === 'til') return true;
  if (POINTS.has(before)) return false;
  const near = (hour - count + 12) % 12;
  const digits = /^\d/.test(words[at] ?? '') && /^\d/.test(words[at + 2] ?? '');
  return digits || hour > 12 || near === 1 || near === 2;
}

/** An hour that minutes are counted from. */
function hourAt(words: Words, at: number): Read<ClockSaid> | null {
  const word = words[at];
  if (word === 'noon' || word === 'midday') return said(12, 0, at + 1, 'noon');
  if (word === 'midnight') return said(0, 0, at + 1, 'midnight');
  const hour = cardinalAt(words, at);
  if (!hour || hour.value < 1 || hour.value > 23) return null;
  return said(hour.value, 0, words[hour.next] === 'oclock' ? hour.next + 1 : hour.next);
}

function wordAt(words: Words, at: number): Read<ClockSaid> | null {
  const twelve = words[at] === 'twelve' || words[at] === '12' || words[at] === 'high' ? 1 : 0;
  const word = words[at + twelve];
  if (word === 'noon' || word === 'midday') return said(12, 0, at + twelve + 1, 'noon');
  if (word === 'mid' && words[at + 1] === 'day') return said(12, 0, at + 2, 'noon');
  return word === 'midnight' ? said(0, 0, at + twelve + 1, 'midnight') : null;
}

/** `3:30`, `15.30`; behind "at", or before a half of the day, also `1530` and `930`. */
function digitsAt(words: Words, at: number): Read<ClockSaid> | null {
  const word = words[at] ?? '';
  const parts = /^(\d{1,2})[:.](\d{2})(:00)?$/.exec(word);
  const hinted = words[at - 1] === 'at' || /^(?:am|pm|hours|hundred)$/.test(words[at + 1] ?? '');
  const run = hinted ? /^(\d{1,2})(\d{2})$/.exec(word) : null;
  const [, hour = '', minutes = ''] = parts ?? run ?? [];
  if (hour === '') return null;
  const next = words[at + 1] === 'hours' || words[at + 1] === 'oclock' ? at + 2 : at + 1;
  return said(Number(hour), Number(minutes), next, isPadded(hour) ? 'padded' : Number(hour) === 0 ? 'exact' : 'hour');
}

const isPadded = (hour: string) => hour.startsWith('0') && Number(hour) > 0;

/** `ten oh five`, `two thirty`, `sixteen hundred`, `oh nine hundred`, `three o'clock`, `three`. */
function hourAndMinutesAt(words: Words, at: number): Read<ClockSaid> | null {
  const zero = isZero(words[at]);
  const hour = cardinalAt(words, zero ? at + 1 : at);
  if (!hour || (zero && hour.value > 9)) return null;
  const { value, next } = hour;
  const padded = zero || isPadded(words[at] ?? '');
  if (words[next] === 'hundred') return said(value, 0, words[next + 1] === 'hours' ? next + 2 : next + 1, zero ? 'exact' : value < 8 ? 'padded' : 'hour');
  const kind = padded ? 'padded' : 'hour';
  if (words[next] === 'oclock') return said(value, 0, next + 1, kind);
  const minutes = minutesAt(words, next);
  if (minutes && !COUNTED.has(words[minutes.next] ?? ''))
    return said(value, minutes.value, words[minutes.next] === 'oclock' ? minutes.next + 1 : minutes.next, kind);
  return COUNTED.has(words[next] ?? '') ? null : said(value, 0, next, kind, true);
}

const isZero = (word: string | undefined) => word === 'oh' || word === 'o' || word === 'zero';

function minutesAt(words: Words, at: number): Read<number> | null {
  if (isZero(words[at])) {
    const minute = cardinalAt(words, at + 1);
    return minute && minute.value >= 1 && minute.value <= 9 ? minute : null;
  }
  const minutes = cardinalAt(words, at);
  if (!minutes || minutes.value < 10 || ordinalAt(words, at)) return null;
  // "At ten, twenty March": the second number is the day.
  const day = monthAt(words, minutes.next) !== undefined && !cardinalAt(words, minutes.next + 1) && !ordinalAt(words, minutes.next + 1);
  return day || words[minutes.next] === 'of' ? null : minutes;
}

const HALVES: readonly Half[] = ['am', 'pm', 'morning', 'afternoon', 'evening', 'night'];

/** Reads a half of the day, with what stands before it: `p.m.`, `in the early evening`, `at night`. */
export function halfAt(words: Words, at: number): Read<Half> | null {
  let start = at;
  if (words[start] === 'in' || words[start] === 'at') start += 1;
  if (words[start] === 'the') start += 1;
  if (words[start] === 'early' || words[start] === 'late') start += 1;
  const half = HALVES.find((half) => half === words[start]);
  if (!half || (half === 'am' && words[start - 1] === 'i')) return null;
  return { value: half, next: start + 1 };
}

/**
 * The time that was said, in minutes of the day, as business is done: without a half of the day, one to six are
 * afternoon, eight to eleven morning, twelve noon, and seven has to be asked about. A half applies to the resulting time.
 * Where the half and the hour do not go together, it has to be asked about as well.
 */
export function minuteOfDay(clock: ClockSaid, half: Half | null): number | 'AMBIGUOUS_HOUR' | 'INVALID' {
  const { hour, minutes, kind } = clock;
  if (kind === 'none') return 'INVALID';
  if (kind === 'midnight') return 'AMBIGUOUS_HOUR';
  if (kind === 'noon') return half === null || half === 'pm' || half === 'afternoon' ? 12 * 60 + minutes : 'AMBIGUOUS_HOUR';
  if (kind === 'exact' || hour === 0 || hour > 12) return statedIn(hour * 60 + minutes, half);
  const inHalf = ((((hour % 12) * 60 + minutes) % 720) + 720) % 720;
  if (half === null) {
    if (hour === 7 || (kind === 'padded' && hour < 8)) return 'AMBIGUOUS_HOUR';
    return hour === 12 || hour < 7 ? 720 + (hour % 12) * 60 + minutes : hour * 60 + minutes;
  }
  if (half === 'am') return inHalf === 0 ? 'AMBIGUOUS_HOUR' : inHalf;
  // "Half past twelve in the morning" may be either.
  if (half === 'morning') return hour === 12 && minutes >= 0 ? 'AMBIGUOUS_HOUR' : inHalf;
  return statedIn(720 + inHalf, half);
}

const LATEST = 24 * 60 - 1;

/** The stretch in which people use the word, from and to in minutes of the day. */
const STRETCHES: Readonly<Record<Half, readonly [number, number]>> = {
  am: [1, 719],
  pm: [720, LATEST],
  morning: [1, 719],
  afternoon: [720, 20 * 60 - 1],
  evening: [16 * 60, LATEST],
  night: [17 * 60, LATEST],
};

function statedIn(minute: number, half: Half | null): number | 'AMBIGUOUS_HOUR' | 'INVALID' {
  if (half === null) return minute;
  const [from, to] = STRETCHES[half];
  if (minute >= from && minute <= to) return minute;
  return half === 'am' || half === 'pm' ? 'INVALID' : 'AMBIGUOUS_HOUR';
}
