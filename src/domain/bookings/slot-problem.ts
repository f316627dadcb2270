import { type Problem, refused, unreachable } from '../../kit/errors.ts';
import type { Slot, SlotRefusal, SlotRules } from './slots.ts';
import { spokenTime } from './wording.ts';

/** A time that cannot be booked, with free ones that can: of the day before and after, and of the same weekday. */
export interface SlotProblem extends Problem {
  readonly code: 'SLOT_TAKEN' | 'OUTSIDE_HOURS' | 'INVALID';
  readonly alternatives: readonly Slot[];
}

const START = ['input', 'startsAt'] as const;

export function slotTaken(startsAt: Date, timeZone: string, now: Date, alternatives: readonly Slot[]) {
  return refused<SlotProblem>({
    code: 'SLOT_TAKEN',
    message: `${spokenTime(startsAt, timeZone, now)} is already taken.`,
    path: START,
    alternatives,
  });
}

export function slotRefused(reason: SlotRefusal, rules: SlotRules, startsAt: Date, now: Date, alternatives: readonly Slot[]) {
  const code = reason === 'CLOSED' ? 'OUTSIDE_HOURS' : 'INVALID';
  return refused<SlotProblem>({ code, message: refusalMessage(reason, rules, spokenTime(startsAt, rules.timeZone, now)), path: START, alternatives });
}

function refusalMessage(reason: SlotRefusal, rules: SlotRules, time: string): string {
  switch (reason) {
    case 'PAST':
      return `${time} has passed.`;
    case 'NOTICE':
      return `${time} is too soon: appointments need at least ${duration(rules.minimumNoticeMinutes)} of notice.`;
    case 'TOO_FAR':
      return `${time} is too far away: appointments can be made up to ${rules.maximumDaysAhead} days ahead.`;
    case 'CLOSED':
      return `${time} is outside the opening hours.`;
    case 'BETWEEN_SLOTS':
      return `No appointment begins on ${time}.`;
    default:
      return unreachable(reason);
  }
}

function duration(minutes: number): string {
  const [count, unit] = minutes % 1_440 === 0 ? [minutes / 1_440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
