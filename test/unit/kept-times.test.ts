import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { tenantDb } from '../../src/db/tenant.ts';
import { bookSlot } from '../../src/domain/bookings/book.ts';
import { slotsBetween } from '../../src/domain/bookings/bookings.ts';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { holdSlot } from '../../src/domain/bookings/hold-slot.ts';
import { KeptTimesCache } from '../../src/domain/bookings/kept-times-cache.ts';
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts';
import { keptTimesFrom } from '../../src/domain/bookings/taken-times.ts';
import { AsyncQueue } from '../../src/kit/async-queue.ts';
import { createLogger } from '../../src/kit/logger.ts';
import type { BusItem, EventBus } from '../../src/ports/event-bus.ts';
import { followSlots } from '../../src/realtime/follow-slots.ts';
import { type BookingApp, booked, bookingApp, later, starts, THURSDAY } from '../support/booking-app.ts';

const DAY = '2026-09-03';
const read = { from: new Date('2026-09-03T00:00:00Z'), to: new Date('2026-09-05T00:00:00Z') };

/** A tenant's client whose reads of bookings are counted, and can be held up. */
function counting(app: BookingApp) {
  const counted = { reads: 0, during: async () => {} };
  const booking = {
    ...app.db.booking,
    async findMany(args: object) {
      counted.reads++;
      const rows = await app.db.booking.findMany(args);
      await counted.during();
      return rows;
    },
  };
  return Object.assign(counted, { db: { $workspaceId: app.workspaceId, booking } as unknown as Parameters<KeptTimesCache['read']>[0] });
}

describe('what was read of the days of an assistant', () => {
  test('is read once, until it changes; a day that changed is read again, and the others are not', async () => {
    await using app = await bookingApp();
    const from = counting(app);
    const cache = new KeptTimesCache(app.clock);
    const look = async () => (await cache.read(from.db, app.assistantId, read.from, read.to)).length;
    expect([await look(), await look(), from.reads]).toEqual([0, 0, 1]);
    booked(await bookSlot(app, { assistantId: app.assistantId, startsAt: THURSDAY, customerName: 'Ada', bookedBy: 'PERSON' }));
    cache.forget({ workspaceId: app.workspaceId, assistantId: 'another', days: [DAY] });
    cache.forget({ workspaceId: 'another', assistantId: app.assistantId, days: [DAY] });
    cache.forget({ workspaceId: app.workspaceId, assistantId: app.assistantId, days: ['2026-09-04'] });
    expect([await look(), from.reads]).toEqual([0, 2]);
    cache.forget({ workspaceId: app.workspaceId, assistantId: app.assistantId, days: [DAY] });
    expect([await look(), await look(), from.reads]).toEqual([1, 1, 3]);
    cache.clear();
    expect([await look(), from.reads]).toEqual([1, 4]);
  });

  test('is not kept where it changed while it was read', async () => {
    await using app = await bookingApp();
    const from = counting(app);
    const changes = [
      (cache: KeptTimesCache) => cache.forget({ workspaceId: app.workspaceId, assistantId: app.assistantId, days: [DAY] }),
      (cache: KeptTimesCache) => cache.clear(),
    ];
    for (const change of changes) {
      const cache = new KeptTimesCache(app.clock);
      from.during = async () => change(cache);
      await cache.read(from.db, app.assistantId, read.from, read.to);
      from.during = async () => {};
      const before = from.reads;
      await cache.read(from.db, app.assistantId, read.from, read.to);
      expect(from.reads).toBe(before + 1);
    }
  });

  test('is believed for half a minute where word of a change was lost', async () => {
    await using app = await bookingApp();
    const from = counting(app);
    const cache = new KeptTimesCache(app.clock);
    await cache.read(from.db, app.assistantId, read.from, read.to);
    app.clock.advance(30_000);
    await cache.read(from.db, app.assistantId, read.from, read.to);
    expect(from.reads).toBe(1);
    app.clock.advance(1);
    await cache.read(from.db, app.assistantId, read.from, read.to);
    expect(from.reads).toBe(2);
  });

  test('is what the rows say, for any stretch', async () => {
    await using app = await bookingApp({ hours: [{ day: 'THURSDAY', opens: '00:00', closes: '00:00' }] });
    for (const hours of [-10, -5, 0, 3, 8])
      await bookSlot(app, { assistantId: app.assistantId, startsAt: later(hours), customerName: 'Ada', bookedBy: 'PERSON' });
    const cache = new KeptTimesCache(app.clock);
    for (const [from, to] of [
      [-12, 12],
      [-5, 0],
      [-4, 9],
      [0, 0.1],
      [5, 5],
    ] as const) {
      expect(await cache.read(app.db, app.assistantId, later(from), later(to))).toEqual(await keptTimesFrom(app.db, app.assistantId, later(from), later(to)));
    }
  });
});

test('where messages may have been missed, all is read again', async () => {
  const items = new AsyncQueue<BusItem>();
  const stream = Object.assign(items, { [Symbol.asyncDispose]: async () => void (await items.return()) });
  const heard: unknown[] = [];
  const keeper = { forget: (changed: unknown) => void heard.push(changed), clear: () => void heard.push('all') };
  await using _following = await followSlots({ subscribe: async () => stream } as unknown as EventBus, keeper);
  const changed = { workspaceId: 'w', assistantId: 'a', days: [DAY] };
  items.push({ type: 'message', payload: JSON.stringify(changed) });
  items.push({ type: 'message', payload: '{"of another":"version"}' });
  items.push({ type: 'resync' });
  // The first is the beginning itself: whatever was read before it may be old.
  await expect.poll(() => heard).toEqual(['all', changed, 'all']);
});

test('two processes on one database and bus: what one books, holds, moves and cancels, the other shows', async () => {
  await using app = await bookingApp();
  const settings = { NODE_ENV: 'test', SECRET_KEY: 'a secret key for tests, 32 characters', DATABASE_URL: app.database.url, SIMULATOR: 'off' };
  const start = () => createApp(resolveConfig(readEnvironment(settings)), { worker: false, connections: 4, clock: app.clock, logger: createLogger('silent') });
  await using one = await start();
  await using two = await start();
  const at = (process: typeof one) => ({ ...process, db: tenantDb(process.root, app.workspaceId) });
  const full = async (process: typeof one) => {
    const day = Temporal.PlainDate.from(DAY);
    const [slots] = await slotsBetween(at(process), { assistantId: app.assistantId, from: day, to: day });
    return starts(slots?.slots.filter((slot) => slot.isBooked));
  };
  const bothShow = async (expected: string[]) => {
    // Where it was done it shows at once; in the other process as soon as the bus has brought it.
    expect(await full(one)).toEqual(expected);
    await expect.poll(() => full(two), { interval: 5 }).toEqual(expected);
  };
  await bothShow([]);
  const callId = await app.newCall();
  booked(await holdSlot(at(one), { assistantId: app.assistantId, callId, startsAt: THURSDAY }));
  await bothShow(['2026-09-03T14:30']);
  const { id } = booked(await bookSlot(at(one), { assistantId: app.assistantId, startsAt: THURSDAY, callId, customerName: 'Ada', bookedBy: 'ASSISTANT' }));
  await bothShow(['2026-09-03T14:30']);
  booked(await rescheduleBooking(at(one), { id, startsAt: later(1), movedBy: 'PERSON' }));
  await bothShow(['2026-09-03T15:30']);
  booked(await cancelBooking(at(one), { id }));
  await bothShow([]);
  // Whatever the other still believes, the database decides.
  booked(await bookSlot(at(one), { assistantId: app.assistantId, startsAt: THURSDAY, customerName: 'Ada', bookedBy: 'PERSON' }));
  expect((await bookSlot(at(two), { assistantId: app.assistantId, startsAt: THURSDAY, customerName: 'Bob', bookedBy: 'PERSON' })).ok).toBe(false);
});
