import { type DaySaid, isStretch, type MonthSaid } from './day-said.ts';
import { holidayAt } from './spoken-holidays.ts';
import { cardinalAt, monthAt, ordinalAt, PAUSE, phraseAt, placeBehind, type Read, runsOn, weekdayAt, yearAt } from './spoken-words.ts';

type Words = readonly string[];
type Day = Read<DaySaid>;

export const relative = (days: number, months = 0): DaySaid => ({ kind: 'relative', days, months });

const read = (value: DaySaid, next: number): Day => ({ value, next });
const shifted = (days: number, of: DaySaid): DaySaid => (days === 0 ? of : { kind: 'shifted', days, of });

const AHEAD: ReadonlyMap<string | undefined, number> = new Map([
  ['this', 0],
  ['next', 1],
  ['last', -1],
]);

/** Reads a day or a stretch of days: `tomorrow week`, `next Friday`, `the third`, `a fortnight on Monday`, `the last Friday of the month`. */
export function dayAt(words: Words, at: number): Day | null {
  return (
    dayBesideAt(words, at) ??
    countedAt(words, at) ??
    nearDayAt(words, at) ??
    nthWeekdayAt(words, at) ??
    weekdayPhraseAt(words, at) ??
    holidayAt(words, at) ??
    dateAt(words, at) ??
    digitsAt(words, at) ??
    stretchAt(words, at)
  );
}

const NEAR_DAYS: ReadonlyMap<string | undefined, number> = new Map([
  ['today', 0],
  ['tomorrow', 1],
  ['yesterday', -1],
]);

/** `today`, `tomorrow week`. */
function nearDayAt(words: Words, at: number): Day | null {
  const days = NEAR_DAYS.get(words[at]);
  if (days === undefined) return null;
  const weeks = words[at + 1] === 'week' ? 1 : words[at + 1] === 'fortnight' ? 2 : 0;
  return days < 0 || weeks === 0 ? read(relative(days), at + 1) : read(relative(days + 7 * weeks), at + 2);
}

/** `the day after tomorrow`, `the day before Christmas`, `the Monday after Christmas`. */
function dayBesideAt(words: Words, at: number): Day | null {
  const start = words[at] === 'the' ? at + 1 : at;
  const weekday = weekdayAt(words, start);
  if (words[start] !== 'day' && weekday === undefined) return null;
  const side = sideAt(words, start + 1);
  const of = side && dayAt(words, words[start + 2] === 'the' ? start + 3 : start + 2);
  if (!side || !of || isStretch(of.value)) return null;
  if (weekday !== undefined && start === at && of.value.kind !== 'date') return null;
  if (weekday === undefined) return read(shifted(side, of.value), of.next);
  return read({ kind: 'beside', weekday, side, of: of.value }, of.next);
}

const sideAt = (words: Words, at: number): 1 | -1 | null => (words[at] === 'after' || words[at] === 'following' ? 1 : words[at] === 'before' ? -1 : null);

interface Span {
  readonly days: number;
  readonly months: number;
}

const SPANS: ReadonlyMap<string, Span> = new Map([
  ['day', { days: 1, months: 0 }],
  ['week', { days: 7, months: 0 }],
  ['fortnight', { days: 14, months: 0 }],
  ['month', { days: 0, months: 1 }],
  ['year', { days: 0, months: 12 }],
]);

function spanAt(words: Words, at: number): Read<Span> | null {
  const count = words[at] === 'a' || words[at] === 'an' ? { value: 1, next: at + 1 } : cardinalAt(words, at);
  const compound = count !== null && count.next > at + 1 && (runsOn(words, at) || words[at - 1] === 'at');
  const unit = count && !compound && SPANS.get((words[count.next] ?? '').replace(/s$/, ''));
  return unit ? { value: { days: count.value * unit.days, months: count.value * unit.months }, next: count.next + 1 } : null;
}

/** `in a week`, `two weeks from Friday`, `a week on Tuesday`, `a fortnight today`, `three days ago`. */
function countedAt(words: Words, at: number): Day | null {
  if (words[at] === 'in') {
    const span = spanAt(words, at + 1);
    if (!span) return null;
    const next = words[span.next] === 'time' ? span.next + 1 : (placeBehind(words, span.next, 'from now') ?? span.next);
    return read(relative(span.value.days, span.value.months), next);
  }
  const starts = at === 0 || words[at - 1] === PAUSE;
  const bare = starts && words[at] === 'week' && (words[at + 1] === 'from' || words[at + 1] === 'on');
  const span = bare ? { value: { days: 7, months: 0 }, next: at + 1 } : spanAt(words, at);
  if (!span) return null;
  const { days, months } = span.value;
  if (words[span.next] === 'ago') return read(relative(-days, -months), span.next + 1);
  const now = phraseAt(words, span.next, ['from now', 'from today', 'today', 'hence']);
  if (now !== null) return read(relative(days, months), now);
  if (months !== 0) return null;
  const joint = words[span.next] ?? '';
  const joined = joint === 'from' || joint === 'after' || joint === 'before' || (joint === 'on' && days % 7 === 0);
  const start = joined ? (words[span.next + 1] === 'the' ? span.next + 2 : span.next + 1) : span.next;
  const of = dayAt(words, start);
  if (!of || isStretch(of.value)) return null;
  // Without a joint only "a week Friday", "a week tomorrow", "a fortnight Monday".
  if (!joined && (words[at] !== 'a' || days % 7 !== 0)) return null;
  return read(shifted(joint === 'before' ? -days : days, of.value), of.next);
}

/** `Friday`, `this coming Friday`, `next Friday`, `Friday week`, `Friday fortnight`. */
function weekdayPhraseAt(words: Words, at: number): Day | null {
  const past = placeBehind(words, at, 'this past');
  const coming = phraseAt(words, at, ['this coming', 'this upcoming', 'coming', 'upcoming']);
  const ahead = past !== null || coming !== null ? undefined : AHEAD.get(words[at]);
  const name = past ?? coming ?? (ahead === undefined ? at : at + 1);
  const weekday = weekdayAt(words, name);
  if (weekday === undefined) return null;
  const bare: DaySaid = { kind: 'weekday', weekday, week: null };
  const next = name + 1;
  if (past !== null) return read({ kind: 'weekday', weekday, week: -1 }, next);
  if (placeBehind(words, next, 'after next') !== null) return read(either(weekday, [1, 2]), next + 2);
  const weeks = words[next] === 'week' ? 1 : words[next] === 'fortnight' ? 2 : 0;
  if (ahead !== undefined) {
    // Some say "the next Friday" for the first one to come.
    if (weeks === 0 && ahead === 1 && words[at - 1] === 'the') return read({ kind: 'either', readings: [bare, { kind: 'weekday', weekday, week: 1 }] }, next);
    const day: DaySaid = { kind: 'weekday', weekday, week: ahead };
    return weeks === 0 ? read(day, next) : read(either(weekday, [ahead, ahead + weeks]), next + 1);
  }
  if (words[next] === 'next' && !/^(?:week|weekend|month|year)$/.test(words[next + 1] ?? '')) {
    return read({ kind: 'either', readings: [bare, { kind: 'weekday', weekday, week: 1 }] }, next + 1);
  }
  const spoken = words[next] === 'coming' && coming === null ? next + 1 : next;
  return weeks === 0 ? read(bare, spoken) : read(shifted(7 * weeks, bare), next + 1);
}

const either = (weekday: number, weeks: readonly number[]): DaySaid => ({
  kind: 'either',
  readings: weeks.map((week) => ({ kind: 'weekday', weekday, week })),
});

/** `the first Monday in April`, `the last Friday of the month`, `the last day of March`. */
function nthWeekdayAt(words: Words, at: number): Day | null {
  const last = words[at] === 'last';
  const nth = last ? { value: -1, next: at + 1 } : runsOn(words, at) ? null : ordinalAt(words, at);
  const weekday = nth && weekdayAt(words, nth.next);
  if (!nth || (weekday === undefined && !(last && words[nth.next] === 'day'))) return null;
  const month = monthBehind(words, nth.next + 1);
  if (month) return read({ kind: 'nth', nth: nth.value, weekday: weekday ?? null, month: month.value }, month.next);
  return last || nth.value > 5 ? null : read({ kind: 'nth', nth: nth.value, weekday: weekday ?? null, month: null }, nth.next + 1);
}

/** `of next month`, `in April`, `of the month`, `April`. */
function monthBehind(words: Words, at: number): Read<MonthSaid> | null {
  const joined = words[at] === 'of' || words[at] === 'in' || words[at] === 'on';
  const start = joined ? at + 1 : at;
  const month = monthAt(words, start);
  if (month !== undefined) return { value: { name: month }, next: start + 1 };
  const ahead = words[start] === 'the' && joined ? 0 : AHEAD.get(words[start]);
  if (ahead === undefined || words[start + 1] !== 'month') return null;
  return { value: { ahead }, next: start + 2 };
}

/** Behind these, an ordinal counts something else than days of a month. */
const COUNTABLE = /^(?:thing|available|week|weeks|weekend|half|part|quarter|day|days|one|slot|opening|appointment|time|possible|of|free|choice|option)$/;

/** `April the third`, `April third 2027`, `the third of April`, `3 April`, `the third of next month`, `the third`. */
function dateAt(words: Words, at: number): Day | null {
  const named = monthAt(words, at);
  if (named !== undefined) return dayOfMonthAt(words, at + 1, named);
  if (runsOn(words, at)) return null;
  const ordinal = ordinalAt(words, at);
  if (ordinal) {
    const month = monthBehind(words, ordinal.next);
    if (month) return withYear(words, month.next, { kind: 'date', day: ordinal.value, month: month.value, year: null });
    return COUNTABLE.test(words[ordinal.next] ?? '') ? null : read({ kind: 'date', day: ordinal.value, month: null, year: null }, ordinal.next);
  }
  const day = cardinalAt(words, at);
  if (!day || /^(?:at|around|about|past|to|oh)$/.test(words[at - 1] ?? '')) return null;
  const joined = words[day.next] === 'of' ? day.next + 1 : day.next;
  const month = monthAt(words, joined);
  if (month === undefined || isDayBehind(words, joined + 1)) return null;
  return withYear(words, joined + 1, { kind: 'date', day: day.value, month: { name: month }, year: null, cardinal: true });
}

/** "At nine April third": the number behind the month is the day, unless it is plainly a year or an hour. */
function isDayBehind(words: Words, at: number): boolean {
  if (ordinalAt(words, at)) return true;
  const number = yearAt(words, at) ? null : cardinalAt(words, at);
  return number !== null && !/^(?:am|pm|oclock|hundred)$/.test(words[number.next] ?? '');
}

function dayOfMonthAt(words: Words, at: number, month: number): Day | null {
  const start = words[at] === 'the' ? at + 1 : at;
  const ordinal = ordinalAt(words, start);
  const day = ordinal ?? (start === at ? cardinalAt(words, start) : null);
  if (!day || words[day.next] === 'oclock') return null;
  return withYear(words, day.next, { kind: 'date', day: day.value, month: { name: month }, year: null, ...(!ordinal && { cardinal: true }) });
}

function withYear(words: Words, at: number, date: DaySaid & { kind: 'date' }): Day {
  const start = phraseAt(words, at, [', in', 'in', 'of', ',']) ?? at;
  const year = yearAt(words, start);
  return year ? read({ ...date, year: year.value }, year.next) : read(date, at);
}

/** `2026-03-13`, `13.3.2026`, `3/13`. Of the last, one cannot tell which is the month if both may be. */
function digitsAt(words: Words, at: number): Day | null {
  const word = words[at] ?? '';
  const date = (year: number | null, month: number, day: number): DaySaid => ({ kind: 'date', year, month: { name: month }, day });
  const [iso, dotted, slashed] = [word.split('-'), word.split('.'), word.split('/')].map((parts) => parts.map(Number));
  if (/^\d{4}-\d/.test(word) && iso) return read(date(iso[0] ?? 0, iso[1] ?? 0, iso[2] ?? 0), at + 1);
  if (/^\d+\.\d+\.\d{4}$/.test(word) && dotted) return read(date(dotted[2] ?? 0, dotted[1] ?? 0, dotted[0] ?? 0), at + 1);
  if (!/^\d+\/\d/.test(word) || !slashed) return null;
  const [first = 0, second = 0, stated] = slashed;
  const year = stated === undefined ? null : stated < 100 ? 2000 + stated : stated;
  if (first > 12 && second <= 12) return read(date(year, second, first), at + 1);
  if (second > 12 || first === second) return read(date(year, first, second), at + 1);
  return read({ kind: 'either', readings: [date(year, first, second), date(year, second, first)] }, at + 1);
}

/** `next week`, `the week after next`, `this weekend`, `next month`, `April`, `next year`. */
function stretchAt(words: Words, at: number): Day | null {
  const afterNext = phraseAt(words, at, ['week after next', 'weekend after next']);
  if (afterNext !== null) return read({ kind: 'week', week: 2, weekend: words[at] === 'weekend' }, afterNext);
  if (words[at] === 'weekend') return read({ kind: 'week', week: 0, weekend: true }, at + 1);
  const month = monthAt(words, at);
  if (month !== undefined) return words[at] === 'may' && isAsking(words, at) ? null : read({ kind: 'month', month: { name: month } }, at + 1);
  const coming = phraseAt(words, at, ['this coming', 'coming']);
  const ahead = AHEAD.get(words[at]);
  if (coming === null && ahead === undefined) return null;
  const unit = words[coming ?? at + 1];
  const next = (coming ?? at + 1) + 1;
  if (unit === 'week' || unit === 'weekend') {
    // "The coming week" is the present one on a Monday morning and the next one on a Friday evening.
    return coming !== null ? null : read({ kind: 'week', week: ahead ?? 0, weekend: unit === 'weekend' }, next);
  }
  if (coming !== null || ahead === undefined) return null;
  if (unit === 'month') return read({ kind: 'month', month: { ahead } }, next);
  if (unit === 'year') return read({ kind: 'year', ahead }, next);
  const named = monthAt(words, at + 1);
  return named !== undefined && ahead === 0 ? read({ kind: 'month', month: { name: named } }, next) : null;
}

const isAsking = (words: Words, at: number) => /^(?:i|we|be|have)$/.test(words[at + 1] ?? '');
