import type { TenantDb } from '../../db/tenant.ts';
import type { Booking } from '../../generated/prisma/client.ts';
import { Fault } from '../../kit/errors.ts';
import { type DaySlots, daySlots, instantsAround, rulesOf, takenByDay } from './slots.ts';
import { type TimesApp, takenTimes } from './taken-times.ts';

const MOST_DAYS = 92;

/**
 * The slots of each day from one date to another, both included and in the assistant's own zone.
 *
 * @throws Fault BAD_USER_INPUT when the dates are in the wrong order or more than 92 days apart.
 */
export async function slotsBetween(
  app: TimesApp & { readonly db: TenantDb },
  { assistantId, from, to }: { assistantId: string; from: Temporal.PlainDate; to: Temporal.PlainDate },
): Promise<DaySlots[]> {
  const days = checkedDays(from, to);
  const rules = rulesOf(await app.db.assistant.findUniqueOrThrow({ where: { id: assistantId } }));
  const range = instantsAround(from, to, rules.timeZone);
  const taken = takenByDay(await takenTimes(app, { assistantId, ...range }), rules.timeZone);
  const now = app.clock.now();
  return Array.from({ length: days }, (_, index) => {
    const date = from.add({ days: index });
    return daySlots(rules, date, taken(date), now);
  });
}

/**
 * The bookings that begin from one date to another, both included, in order of time; canceled ones too. Holds are not among them.
 *
 * @param timeZone in which the dates are meant.
 * @throws Fault BAD_USER_INPUT when the dates are in the wrong order or more than 92 days apart.
 */
export async function bookingsBetween(
  { db }: { db: TenantDb },
  { from, to, timeZone, assistantId }: { from: Temporal.PlainDate; to: Temporal.PlainDate; timeZone: string; assistantId?: string | null | undefined },
): Promise<Booking[]> {
  checkedDays(from, to);
  const first = new Date(from.toZonedDateTime(timeZone).epochMilliseconds);
  const after = new Date(to.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds);
  return db.booking.findMany({
    where: { status: { not: 'HELD' }, startsAt: { gte: first, lt: after }, ...(typeof assistantId === 'string' && { assistantId }) },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
  });
}

function checkedDays(from: Temporal.PlainDate, to: Temporal.PlainDate): number {
  const days = from.until(to).days + 1;
  if (days < 1) throw new Fault('BAD_USER_INPUT', `The first date, ${from}, comes after the last, ${to}.`);
  if (days > MOST_DAYS) throw new Fault('BAD_USER_INPUT', `From ${from} to ${to} is more than ${MOST_DAYS} days; ask for fewer at a time.`);
  return days;
}
