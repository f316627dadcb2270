import { expect, test } from 'vitest';
import { connectDatabase } from '../../src/db/client.ts';
import { tenantDb } from '../../src/db/tenant.ts';
import { slotsBetween } from '../../src/domain/bookings/bookings.ts';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { HOLD_MS } from '../../src/domain/bookings/held-time.ts';
import { holdSlot } from '../../src/domain/bookings/hold-slot.ts';
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts';
import { newId } from '../../src/kit/ids.ts';
import { ask, bookingApp, problem, THURSDAY } from '../support/booking-app.ts';
import { thorough } from '../support/thorough.ts';

const OPERATIONS = thorough(1_500, 5_000);
const AT_ONCE = 24;
const CAPACITY = 3;

test(`after ${OPERATIONS} random bookings, moves, cancellations, holds and expiries over several connections, no instant has more than the policy allows`, async () => {
  const policy = { bookingMode: 'FLEXIBLE', employeeCount: 5, maxConcurrentBookings: CAPACITY } as const;
  await using app = await bookingApp({ ...policy, slotMinutes: 20, bufferMinutes: 10, maximumDaysAhead: 20 }, 6);
  // A second process sees the same rows and none of the first one's memory.
  await using other = connectDatabase(app.database.url, 6);
  const sides = [app, { ...app, db: tenantDb(other.root, app.workspaceId) }];

  const calls = await Promise.all(Array.from({ length: 12 }, () => app.newCall()));
  const day = Temporal.PlainDate.from('2026-09-03');
  const [slots] = await slotsBetween(app, { assistantId: app.assistantId, from: day, to: day });
  const times = slots?.slots.slice(0, 8).map((slot) => slot.startsAt) ?? [];

  let state = 20_261_120;
  const chance = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const pick = <T>(from: readonly T[], otherwise: T): T => from[chance(from.length || 1)] ?? otherwise;

  const booked = new Set<string>();
  const canceled = new Set<string>();
  const codes = new Map<string, number>();
  const count = (what: string) => void codes.set(what, (codes.get(what) ?? 0) + 1);

  async function one(): Promise<void> {
    const side = pick(sides, app);
    const startsAt = pick(times, THURSDAY);
    const callId = pick(calls, newId());
    const id = pick([...booked].slice(-40), newId());
    const what = chance(100);
    if (what < 2) return app.clock.advance(chance(HOLD_MS));
    if (what < 30) {
      const held = await holdSlot(side, { assistantId: app.assistantId, callId, startsAt });
      return count(held.ok ? `hold ${held.value.status}` : `hold ${problem(held).code}`);
    }
    if (what < 60) {
      const made = await ask({ ...app, ...side }, startsAt, chance(2) ? { callId } : { bookedBy: 'PERSON' });
      if (made.ok) booked.add(made.value.id);
      return count(made.ok ? 'book' : `book ${problem(made).code}`);
    }
    if (what < 78) {
      const moved = await rescheduleBooking(side, { id, startsAt, movedBy: 'ASSISTANT', callId });
      return count(moved.ok ? 'move' : `move ${problem(moved).code}`);
    }
    const gone = await cancelBooking(side, { id });
    if (gone.ok) canceled.add(id);
    return count(gone.ok ? 'cancel' : `cancel ${problem(gone).code}`);
  }

  let left = OPERATIONS;
  const worker = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  // Everything that can happen has happened, many times.
  for (const what of ['book', 'move', 'cancel', 'hold HELD', 'hold CONFIRMED', 'book SLOT_TAKEN', 'move SLOT_TAKEN', 'hold SLOT_TAKEN']) {
    expect(codes.get(what), what).toBeGreaterThan(20);
  }
  const { rows } = await app.database.pool.query(
    `select max((select count(*) from "Booking" o where o."assistantId" = b."assistantId" and o.status <> 'CANCELED'
              and tstzrange(o."startsAt", o."blockedUntil") @> b."startsAt"))::int as most,
            count(*) filter (where lane is null or lane not between 0 and $1 - 1)::int as "outside",
            count(*) filter (where exists (select 1 from "Booking" o where o.id <> b.id and o.status <> 'CANCELED' and o."assistantId" = b."assistantId"
              and o.lane = b.lane and tstzrange(o."startsAt", o."blockedUntil") && tstzrange(b."startsAt", b."blockedUntil")))::int as "collisions",
            count(*) filter (where status = 'CONFIRMED' and "heldUntil" is not null or status = 'HELD' and "customerName" <> '')::int as "half"
     from "Booking" b where b.status <> 'CANCELED'`,
    [CAPACITY],
  );
  expect(rows).toEqual([{ most: CAPACITY, outside: 0, collisions: 0, half: 0 }]);

  // What was answered is what stands.
  const confirmed = await app.database.root.booking.findMany({ where: { status: 'CONFIRMED' }, select: { id: true } });
  expect(new Set(confirmed.map(({ id }) => id))).toEqual(new Set([...booked].filter((id) => !canceled.has(id))));
  expect(await app.database.root.booking.count({ where: { status: 'CANCELED' } })).toBe(canceled.size);
}, 180_000);
