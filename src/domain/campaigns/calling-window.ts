import { type CallingHours, callingAllowed, LAWFUL_HOURS, type Weekday } from '../contacts/quiet-hours.ts';

const DAYS: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

/** In which a person may be at home though they were not in another. Local hours, from and to. */
const PARTS = [
  { from: 0, to: 12 },
  { from: 12, to: 17 },
  { from: 17, to: 24 },
] as const;

/** Farther ahead nothing is planned: hours of single days come round within a week. */
const FARTHEST_DAYS = 15;
/** Zones that never share an hour of daylight leave no window; each step moves at least one of them on. */
const MOST_STEPS = 200;

/**
 * The first instant, from `from` on, at which somebody may be called in every zone they may be in.
 *
 * @param notPart of the day of this instant: another part is wanted. Where none is within the hours, the next window will do.
 * @returns null where no zone is known, or no such instant comes within a fortnight.
 */
export function nextWindow(zones: readonly string[], hours: CallingHours, from: Date, notPart: Date | null = null): Date | null {
  if (zones.length === 0) return null;
  if (notPart === null) return firstAllowed(zones, hours, from);
  const [zone = 'UTC'] = zones;
  const avoided = partOf(notPart, zone);
  let at: Date | null = from;
  for (let step = 0; at && step < MOST_STEPS; step++) {
    at = firstAllowed(zones, hours, at);
    if (!at || at.getTime() - from.getTime() > FARTHEST_DAYS * 86_400_000) break;
    if (partOf(at, zone) !== avoided) return at;
    at = nextPartAfter(at, zone);
  }
  return firstAllowed(zones, hours, from);
}

function firstAllowed(zones: readonly string[], hours: CallingHours, from: Date): Date | null {
  const narrow = narrowed(hours);
  const end = from.getTime() + FARTHEST_DAYS * 86_400_000;
  let at = from;
  for (let step = 0; step < MOST_STEPS && at.getTime() <= end; step++) {
    const { allowed, local } = callingAllowed(zones, at, narrow);
    if (allowed) return at;
    const openings = local.flatMap((moment) => (moment.allowed ? [] : [opening(moment.zone, at, narrow)]));
    const latest = openings.reduce<Date | null>((last, next) => (next && (!last || next > last) ? next : last), null);
    if (!latest) return null;
    at = latest;
  }
  return null;
}

/** When the hours next begin in a zone, after an instant that is outside them. */
function opening(zone: string, after: Date, hours: CallingHours): Date | null {
  const there = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(zone);
  for (let ahead = 0; ahead <= 8; ahead++) {
    const date = there.toPlainDate().add({ days: ahead });
    if (!hours.days.includes(DAYS[date.dayOfWeek - 1] ?? 'MONDAY')) continue;
    const start = date.toZonedDateTime({ timeZone: zone, plainTime: hours.from });
    if (start.epochMilliseconds > after.getTime()) return new Date(start.epochMilliseconds);
  }
  return null;
}

/** A campaign's hours narrow the lawful ones and never widen them. */
const narrowed = ({ from, to, days }: CallingHours): CallingHours => ({
  from: from > LAWFUL_HOURS.from ? from : LAWFUL_HOURS.from,
  to: to < LAWFUL_HOURS.to ? to : LAWFUL_HOURS.to,
  days,
});

const localTime = (at: Date, zone: string) => Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);

const partOf = (at: Date, zone: string): number => PARTS.findIndex(({ from, to }) => localTime(at, zone).hour >= from && localTime(at, zone).hour < to);

function nextPartAfter(at: Date, zone: string): Date {
  const there = localTime(at, zone);
  const part = PARTS.find(({ from, to }) => there.hour >= from && there.hour < to);
  const hour = part?.to ?? 24;
  const date = hour === 24 ? there.toPlainDate().add({ days: 1 }) : there.toPlainDate();
  return new Date(date.toZonedDateTime({ timeZone: zone, plainTime: { hour: hour % 24 } }).epochMilliseconds);
}
