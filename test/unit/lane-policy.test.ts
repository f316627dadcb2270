import { expect, test } from 'vitest';
import { newId } from '../../src/kit/ids.ts';
import { ask, type BookingApp, booked, bookingApp, later, THURSDAY } from '../support/booking-app.ts';

/** Writes a row as any program with a connection could: past every rule of ours. */
const write = (app: BookingApp, lane: number | null, startsAt = THURSDAY, status: 'CONFIRMED' | 'CANCELED' = 'CONFIRMED') =>
  app.database.pool.query(
    `insert into "Booking" ("id", "workspaceId", "assistantId", "lane", "startsAt", "endsAt", "blockedUntil", "timeZone", "customerName", "status", "createdAt", "updatedAt")
     values ($1, $2, $3, $4, $5, $6, $6, 'America/Chicago', 'Mallory', $7, now(), now())`,
    [newId(), app.workspaceId, app.assistantId, lane, startsAt, new Date(startsAt.getTime() + 1_800_000), status],
  );

const flexible = { bookingMode: 'FLEXIBLE', employeeCount: 3, maxConcurrentBookings: 2 } as const;

test.each([
  ['one lane, strict', {}, [0], [1, 7, null]],
  ['two of two lanes', flexible, [0, 1], [2, null]],
  ['none where people may overbook', { allowOverbooking: true }, [0, null, null], [1]],
  ['any without limit', { bookingMode: 'UNLIMITED' } as const, [null, null, 5], []],
])('the database itself takes %s, whoever writes', async (_name, policy, taken, refused) => {
  await using app = await bookingApp(policy);
  for (const lane of taken) await write(app, lane);
  for (const lane of refused) await expect(write(app, lane)).rejects.toThrow(/Booking_lane_of_policy|lanes/);
  for (const lane of taken.filter((each) => each !== null)) await expect(write(app, lane)).rejects.toThrow('Booking_lane_excl');
  await write(app, 99, THURSDAY, 'CANCELED');
});

test('a row that stands keeps its lane when the policy shrinks, and may not be moved or revived into one that is gone', async () => {
  await using app = await bookingApp(flexible);
  booked(await ask(app));
  const second = booked(await ask(app));
  const gone = booked(await ask(app, later(1)));
  const { root } = app.database;
  await root.booking.update({ where: { id: gone.id }, data: { status: 'CANCELED', lane: 1 } });
  await root.assistant.update({ where: { id: app.assistantId }, data: { bookingMode: 'STRICT' } });
  await root.booking.update({ where: { id: second.id }, data: { details: 'a trim', calendarStatus: 'SYNCED', lane: 1 } });
  await expect(root.booking.update({ where: { id: second.id }, data: { startsAt: later(1), endsAt: later(1.5), blockedUntil: later(1.5) } })).rejects.toThrow();
  await expect(root.booking.update({ where: { id: gone.id }, data: { status: 'CONFIRMED' } })).rejects.toThrow();
});

test('the policy cannot shrink under a booking that is being made', async () => {
  await using app = await bookingApp(flexible);
  const client = await app.database.pool.connect();
  await client.query('begin');
  await client.query('select 1 from "Assistant" where "id" = $1 for update', [app.assistantId]);
  const writing = write(app, 1).then(
    () => 'written',
    () => 'refused',
  );
  await client.query(`update "Assistant" set "bookingMode" = 'STRICT' where "id" = $1`, [app.assistantId]);
  await client.query('commit');
  client.release();
  expect(await writing).toBe('refused');
});
