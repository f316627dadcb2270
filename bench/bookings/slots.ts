import type { Database } from '../../src/db/client.ts';
import { slotsBetween } from '../../src/domain/bookings/bookings.ts';
import { KeptTimesCache } from '../../src/domain/bookings/kept-times-cache.ts';
import { DAY } from '../../src/kit/time.ts';
import { type Measured, measure } from './report.ts';
import { openShop } from './shop.ts';

const BOOKINGS = 10_000;
const DAYS = 30;
/** Slots of 15 minutes, day and night, in four lanes: seven of eight are booked. */
const POLICY = { bookingMode: 'FLEXIBLE', employeeCount: 4, maxConcurrentBookings: 4, slotMinutes: 15 } as const;

export async function measureSlots(database: Database, seconds: number): Promise<Measured[]> {
  const shop = await openShop(database, POLICY);
  const { workspaceId, assistantId, clock } = shop;
  const from = Temporal.Instant.fromEpochMilliseconds(clock.now().getTime()).toZonedDateTimeISO('America/Chicago').toPlainDate().add({ days: 1 });
  const to = from.add({ days: DAYS - 1 });
  const start = from.toZonedDateTime('America/Chicago').epochMilliseconds;
  await database.pool.query(
    `insert into "Booking" ("id", "workspaceId", "assistantId", "lane", "startsAt", "endsAt", "blockedUntil", "timeZone", "customerName", "status", "createdAt", "updatedAt")
     select md5(n::text), $1, $2, n % 4, at, at + interval '15 minutes', at + interval '15 minutes', 'America/Chicago', 'Ada Byron', 'CONFIRMED', now(), now()
     from generate_series(0, $4::int - 1) n, lateral (select $3::timestamptz + (n / 4) * interval '15 minutes' as at) times`,
    [workspaceId, assistantId, new Date(start), BOOKINGS],
  );
  await database.pool.query('analyze "Booking"');

  const options = { seconds, clients: 1 };
  const look = (keptTimes?: KeptTimesCache) => slotsBetween({ ...shop, ...(keptTimes && { keptTimes }) }, { assistantId, from, to });
  const days = await look();
  const booked = days.flatMap(({ slots }) => slots).filter((slot) => slot.isBooked).length;
  if (days.length !== DAYS || booked < BOOKINGS / 4) throw new Error(`${days.length} days with ${booked} full slots are not what was booked`);

  const rows = () =>
    database.pool.query(
      'select "startsAt", "blockedUntil", "lane" from "Booking" where "assistantId" = $1 and "status" <> $2 and "startsAt" >= $3 and "startsAt" < $4 order by "startsAt"',
      [assistantId, 'CANCELED', new Date(start - DAY), new Date(start + (DAYS + 2) * DAY)],
    );
  const cache = new KeptTimesCache(clock);
  return [
    await measure('from what was read before', options, () => look(cache)),
    await measure('from the rows', options, () => look()),
    await measure('limit: only the rows, by SQL', options, rows),
  ];
}
