import type { Prisma } from '../../generated/prisma/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { HOUR } from '../../kit/time.ts';
import { type BusyTime, busyTimes, type CalendarReader } from './calendar/calendar-busy.ts';
import type { TakenTime } from './slots.ts';

/** The time of a live booking or of a hold, as its row has it. */
export interface KeptTime {
  readonly startsAt: Date;
  readonly blockedUntil: Date;
  readonly lane: number | null;
  /** Null for a booking. */
  readonly heldUntil: Date | null;
  readonly callId: string | null;
}

/** Any client that sees the workspace will do, a transaction's too. */
type BookingReader = Pick<Prisma.TransactionClient, 'booking'>;

/** Where kept times are read: from rows, or from what was read of them before. */
export interface KeptTimes {
  read(db: BookingReader & { readonly $workspaceId: string }, assistantId: string, from: Date, to: Date): Promise<readonly KeptTime[]>;
}

/** What a look at an assistant's times works with. With `keptTimes` the rows need not be read each time. */
export interface TimesApp {
  readonly db: BookingReader & CalendarReader & { readonly $workspaceId: string };
  readonly clock: Pick<Clock, 'now'>;
  readonly keptTimes?: KeptTimes;
}

/** No appointment with its pause is longer: see the limits of a booking policy. */
const LONGEST_MS = 12 * HOUR;

/** The rows that begin in a stretch, `to` not included, in order of their start; expired holds too. */
export function keptTimesFrom(db: BookingReader, assistantId: string, from: Date, to: Date): Promise<KeptTime[]> {
  return db.booking.findMany({
    where: { assistantId, status: { not: 'CANCELED' }, startsAt: { gte: from, lt: to } },
    select: { startsAt: true, blockedUntil: true, lane: true, heldUntil: true, callId: true },
    orderBy: { startsAt: 'asc' },
  });
}

/**
 * What keeps others from an assistant's time between two instants: live bookings, holds and the busy times of its
 * calendar, in order of their start.
 *
 * @param forCallId whose own holds are not in its way.
 */
export async function takenTimes(
  { db, clock, keptTimes }: TimesApp,
  { assistantId, from, to, forCallId = null }: { assistantId: string; from: Date; to: Date; forCallId?: string | null | undefined },
): Promise<TakenTime[]> {
  const earliest = new Date(from.getTime() - LONGEST_MS);
  const [kept, busy] = await Promise.all([
    keptTimes ? keptTimes.read(db, assistantId, earliest, to) : keptTimesFrom(db, assistantId, earliest, to),
    busyTimes({ db, clock }, assistantId, from, to),
  ]);
  const now = clock.now();
  const taken = kept.filter((time) => time.blockedUntil > from && !hasExpired(time, now) && !(time.heldUntil && time.callId === forCallId));
  return busy === 'unknown' || busy.length === 0 ? taken : [...taken, ...busy.map(busyTime)].toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
}

/** A busy time stands in the way of everybody, whatever the capacity. */
const busyTime = ({ startsAt, endsAt }: BusyTime): TakenTime => ({ startsAt, blockedUntil: endsAt, lane: 'every' });

/** A hold keeps its time until it expires, and not one instant longer. */
export const hasExpired = ({ heldUntil }: { readonly heldUntil: Date | null }, now: Date): boolean => heldUntil !== null && heldUntil <= now;

/** The busy times that an appointment which begins at an instant could meet, however long it is. */
export async function busyFrom({ db, clock }: TimesApp, assistantId: string, startsAt: Date): Promise<TakenTime[]> {
  const busy = await busyTimes({ db, clock }, assistantId, startsAt, new Date(startsAt.getTime() + LONGEST_MS));
  return busy === 'unknown' ? [] : busy.map(busyTime);
}
