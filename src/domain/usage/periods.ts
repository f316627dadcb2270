/** From an instant on, and before another. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

export interface Periods {
  readonly day: Period;
  /** From Monday on. */
  readonly week: Period;
  readonly month: Period;
}

/** A month as a calendar has it, with where it lies in time. */
export interface Month extends Period {
  /** Its first day, `2026-03-01`. */
  readonly month: string;
}

/**
 * The day, week and month that a moment lies in, by the calendar and clock of a zone. They begin when the first minute
 * of their day does, which is not always midnight, and are as long as the clock changes make them.
 *
 * @param timeZone IANA name.
 */
export function periodsAt(now: Date, timeZone: string): Periods {
  const today = dayOf(now, timeZone);
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const first = today.with({ day: 1 });
  const between = (from: Temporal.PlainDate, to: Temporal.PlainDate): Period => ({ from: startOf(from, timeZone), to: startOf(to, timeZone) });
  return { day: between(today, today.add({ days: 1 })), week: between(monday, monday.add({ days: 7 })), month: between(first, first.add({ months: 1 })) };
}

/** The last so many months, the present one last. */
export function monthsUpTo(now: Date, timeZone: string, count: number): Month[] {
  const first = dayOf(now, timeZone).with({ day: 1 });
  return Array.from({ length: count }, (_, index) => {
    const month = first.subtract({ months: count - 1 - index });
    return { month: month.toString(), from: startOf(month, timeZone), to: startOf(month.add({ months: 1 }), timeZone) };
  });
}

/** The days from a date up to another, that one included, as one period. @param from, to `2026-03-01` */
export const datesBetween = (from: string, to: string, timeZone: string): Period => ({
  from: startOf(Temporal.PlainDate.from(from), timeZone),
  to: startOf(Temporal.PlainDate.from(to).add({ days: 1 }), timeZone),
});

const dayOf = (at: Date, timeZone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();

const startOf = (day: Temporal.PlainDate, timeZone: string): Date => new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
