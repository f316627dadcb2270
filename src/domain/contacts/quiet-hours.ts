/** When people may be called, in their own local time. */
export interface CallingHours {
  /** `08:00`; included. */
  readonly from: string;
  /** `21:00`; not included. */
  readonly to: string;
  readonly days: readonly Weekday[];
}

const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** No call that a machine begins is earlier or later than this (47 CFR 64.1200(c)(1)). */
export const LAWFUL_HOURS: CallingHours = { from: '08:00', to: '21:00', days: WEEKDAYS };

export interface LocalMoment {
  readonly zone: string;
  readonly day: Weekday;
  /** `HH:MM:SS` */
  readonly time: string;
  readonly allowed: boolean;
}

/**
 * Whether somebody may be called at an instant: within the lawful hours and the given ones, in every zone in which
 * they may be. With no zone nobody may.
 *
 * @param hours narrower ones, e.g. a campaign's; wider ones do not widen the lawful.
 */
export function callingAllowed(
  zones: readonly string[],
  instant: Date,
  hours: CallingHours = LAWFUL_HOURS,
): { readonly allowed: boolean; readonly local: readonly LocalMoment[] } {
  const local = zones.map((zone) => momentIn(zone, instant, hours));
  return { allowed: local.length > 0 && local.every((moment) => moment.allowed), local };
}

function momentIn(zone: string, instant: Date, hours: CallingHours): LocalMoment {
  const there = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
  const day = WEEKDAYS[there.dayOfWeek - 1] ?? 'MONDAY';
  const time = there.toPlainTime().toString({ smallestUnit: 'second', roundingMode: 'trunc' });
  const within = ({ from, to, days }: CallingHours) => days.includes(day) && time >= `${from}:00` && time < `${to}:00`;
  return { zone, day, time, allowed: within(LAWFUL_HOURS) && within(hours) };
}
