import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate, readMigrations } from '../../src/db/migrate.ts';
import { testDatabase } from '../support/database.ts';

test('a migrated database has nothing to apply', async () => {
  await using database = await testDatabase();
  expect(await migrate(database.url)).toEqual([]);
});

test('two processes that migrate together apply each migration once', async () => {
  await using database = await testDatabase();
  const next = [...readMigrations(), { name: '20990101000000_next', sql: 'create table "Next" (id int); select pg_sleep(0.05);' }];
  const applied = await Promise.all([1, 2, 3].map(() => migrate(database.url, next)));
  expect(applied.flat()).toEqual(['20990101000000_next']);
});

test('a migration that fails changes nothing and can be applied once repaired', async () => {
  await using database = await testDatabase();
  const broken = [...readMigrations(), { name: '20990101000000_next', sql: 'create table "Next" (id int); select 1 / 0;' }];
  await expect(migrate(database.url, broken)).rejects.toThrow('migration 20990101000000_next failed and changed nothing: division by zero');
  const { rows } = await database.pool.query('select to_regclass(\'"Next"\') as found');
  expect(rows).toEqual([{ found: null }]);
  const repaired = [...readMigrations(), { name: '20990101000000_next', sql: 'create table "Next" (id int); do $$ begin perform 1; perform 2; end $$;' }];
  expect(await migrate(database.url, repaired)).toEqual(['20990101000000_next']);
});

test('a migration that was edited after it was applied is refused', async () => {
  await using database = await testDatabase();
  const [first, ...rest] = readMigrations();
  if (!first) throw new Error('no migrations');
  await expect(migrate(database.url, [{ ...first, sql: `${first.sql}\n-- edited` }, ...rest])).rejects.toThrow('was edited after it was applied');
});

test('a migration that Prisma left half applied is not run over', async () => {
  await using database = await testDatabase();
  await database.pool.query(`update "_prisma_migrations" set finished_at = null`);
  await expect(migrate(database.url)).rejects.toThrow('failed before');
});

test('the database keeps two live bookings out of one lane and lets a canceled one go', async () => {
  await using database = await testDatabase();
  const book = async (id: string, lane: number | null, from: string, until: string, status = 'CONFIRMED') => {
    await database.pool.query(
      `insert into "Booking" (id, "workspaceId", "assistantId", lane, "startsAt", "endsAt", "blockedUntil", "timeZone", "customerName", status, "createdAt", "updatedAt")
       values ($1, 'w', 'a', $2, $3, $4, $4, 'UTC', 'Ada', $5::"BookingStatus", now(), now())`,
      [id, lane, `2026-05-04T${from}Z`, `2026-05-04T${until}Z`, status],
    );
  };
  await database.pool.query(`insert into "Workspace" (id, name, platform, country, "timeZone", "createdAt") values ('w', 'W', 'BUSINESS', 'US', 'UTC', now())`);
  await database.pool.query(
    `insert into "Assistant" (id, "workspaceId", name, greeting, voice, tone, language, "timeZone", hours, faqs, "bookingMode", "employeeCount",
       "maxConcurrentBookings", "allowOverbooking", "createdAt", "updatedAt")
     values ('a', 'w', 'A', 'Hello', 'marin', 'FRIENDLY', 'en-US', 'UTC', '[]', '[]', 'FLEXIBLE', 2, 2, true, now(), now())`,
  );
  await book('1', 0, '10:00', '10:30');
  await expect(book('2', 0, '10:15', '10:45')).rejects.toThrow('Booking_lane_excl');
  await book('3', 0, '10:30', '11:00');
  await book('4', 1, '10:15', '10:45');
  await book('5', null, '10:15', '10:45');
  await book('6', null, '10:15', '10:45');
  await book('7', 0, '10:00', '10:30', 'CANCELED');
  await expect(book('8', 3, '10:30', '10:00')).rejects.toBeInstanceOf(pg.DatabaseError);
});
