import { type DaySaid, isBareWeekday } from './day-said.ts';
import type { ClockSaid, Half } from './spoken-clock.ts';
import { joinParts } from './spoken-date.ts';
import type { Phrase, Piece } from './spoken-phrase.ts';

/** What holds after all corrections. */
export interface Meaning {
  readonly days: readonly DaySaid[];
  readonly clocks: readonly ClockSaid[];
  readonly halves: readonly Half[];
  readonly elapsedMinutes: readonly number[];
  /** The half of the day is part of the day's word, as in "tonight". */
  readonly halfWithDay: boolean;
  /** The half of the day was said of something that has been taken back: it counts only where the time would be understood so without it. */
  readonly doubtfulHalf: boolean;
  /** A correction can be understood in two ways, or something was taken back and nothing said in its place. */
  readonly unclear: boolean;
}

const NOTHING: Meaning = { days: [], clocks: [], halves: [], elapsedMinutes: [], halfWithDay: false, doubtfulHalf: false, unclear: false };

/** Puts each correction in the place of what it corrects and keeps the rest. */
export function meaningOf({ segments }: Phrase): Meaning {
  return segments.map(segmentMeaning).reduce(corrected, NOTHING);
}

/** "Not Thursday, Friday" is read as a correction of Thursday by Friday. */
function segmentMeaning(pieces: readonly Piece[]): Meaning {
  const stays = collected(pieces.filter(({ negated }) => !negated));
  const takenBack = collected(pieces.filter(({ negated }) => negated));
  const days = stays.days.length > 0 ? correctedDays(takenBack.days, stays.days) : stays.days;
  const replaced =
    (takenBack.days.length === 0 || stays.days.length > 0) &&
    (takenBack.clocks.length === 0 || stays.clocks.length > 0) &&
    (takenBack.halves.length === 0 || stays.halves.length > 0 || takenBack.halfWithDay) &&
    takenBack.elapsedMinutes.length === 0;
  return { ...stays, days: days ?? [], unclear: !replaced || !days || isUnclearHour(takenBack, stays) };
}

function collected(pieces: readonly Piece[]): Meaning {
  return {
    ...NOTHING,
    days: joinParts(pieces.flatMap(({ days = [] }) => days)),
    clocks: pieces.flatMap(({ clock }) => (clock ? [clock] : [])),
    halves: pieces.flatMap(({ half }) => (half ? [half] : [])),
    elapsedMinutes: pieces.flatMap(({ elapsedMinutes }) => (elapsedMinutes === undefined ? [] : [elapsedMinutes])),
    halfWithDay: pieces.some(({ days, half }) => days && half),
  };
}

function corrected(before: Meaning, after: Meaning): Meaning {
  if (isNothing(after)) return { ...before, unclear: before.unclear || after.unclear };
  if (isNothing(before)) return { ...after, unclear: before.unclear || after.unclear };
  if (before.elapsedMinutes.length > 0 || after.elapsedMinutes.length > 0) {
    const whole = after.elapsedMinutes.length > 0 || (after.days.length > 0 && after.clocks.length > 0);
    return { ...after, unclear: before.unclear || after.unclear || !whole };
  }
  const days = correctedDays(before.days, after.days);
  const keepsHalf = after.halves.length === 0;
  return {
    days: days ?? [],
    clocks: after.clocks.length > 0 ? after.clocks : before.clocks,
    halves: keepsHalf ? before.halves : after.halves,
    elapsedMinutes: [],
    halfWithDay: keepsHalf ? before.halfWithDay : after.halfWithDay,
    doubtfulHalf: keepsHalf && (before.doubtfulHalf || isDoubtfulHalf(before, after)),
    unclear: before.unclear || after.unclear || !days || isUnclearHour(before, after),
  };
}

const isNothing = ({ days, clocks, halves, elapsedMinutes }: Meaning) => days.length + clocks.length + halves.length + elapsedMinutes.length === 0;

/**
 * "Tomorrow morning at nine, no, at two" is hardly two in the morning, but "tomorrow evening at eight, no, nine" stays in
 * the evening; and of "tonight at eight, no, tomorrow" one cannot tell.
 */
function isDoubtfulHalf(before: Meaning, after: Meaning): boolean {
  const otherDay = before.days.length > 0 && after.days.length > 0;
  const otherClock = before.clocks.length > 0 && after.clocks.length > 0;
  if (otherDay) return before.halfWithDay || after.clocks.length > 0;
  const late = before.halves.every((half) => half === 'evening' || half === 'night');
  return otherClock && !late && !after.clocks.every(({ hour }) => hour === 7);
}

/** "Half past two, no, three" is three or half past three, and "three, no, fifteen" an hour or minutes. */
function isUnclearHour(before: Meaning, after: Meaning): boolean {
  const bare = after.clocks.some((clock) => clock.bare);
  if (!bare) return false;
  // "March 3, no, 4".
  const dayNumber = after.days.length === 0 && before.days.some((day) => day.kind === 'date' && day.cardinal);
  if (dayNumber) return true;
  return before.clocks.length > 0 && (before.clocks.some(({ minutes }) => minutes !== 0) || after.clocks.some(({ hour }) => hour > 12));
}

/** @returns null where it cannot be told which day is meant now. */
function correctedDays(before: readonly DaySaid[], after: readonly DaySaid[]): readonly DaySaid[] | null {
  const [first] = before;
  const [day, second] = after;
  if (!day) return before;
  if (!first || second) return after;
  const date = before.find((each) => each.kind === 'date');
  const weekdays = before.filter(isBareWeekday);
  if (date && day.kind === 'month') return [...weekdays, { ...date, month: day.month }];
  // "April third, no, the fourth" stays in April; a weekday that was said with the date has to go with the new one.
  if (date && day.kind === 'date' && !day.month) return [...weekdays, { ...day, month: date.month, year: date.year }];
  if (!isBareWeekday(day)) return after;
  if (before.length > 1) return null;
  // "Next Tuesday, no, Wednesday": of next week, or the first one to come.
  if (first.kind === 'weekday' || first.kind === 'week')
    return first.kind === 'weekday' && first.week === null ? after : orElse(day, { ...day, week: first.week });
  if (first.kind === 'shifted') return orElse(day, { ...first, of: day });
  return first.kind === 'relative' ? after : null;
}

const orElse = (...readings: readonly DaySaid[]): readonly DaySaid[] => [{ kind: 'either', readings }];
