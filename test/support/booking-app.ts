import { type TenantDb, tenantDb } from '../../src/db/tenant.ts';
import type { EventSink } from '../../src/db/transaction.ts';
import { bookSlot } from '../../src/domain/bookings/book.ts';
import { localStart } from '../../src/domain/bookings/choices.ts';
import type { Slot } from '../../src/domain/bookings/slots.ts';
import type { DomainEvent } from '../../src/events.ts';
import type { Booking, Prisma } from '../../src/generated/prisma/client.ts';
import type { Problem, Result } from '../../src/kit/errors.ts';
import { newId } from '../../src/kit/ids.ts';
import { HOUR } from '../../src/kit/time.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

/** A workspace in Chicago with one assistant that is open on Thursdays from nine to five, on a Tuesday morning. */
export interface BookingApp extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly db: TenantDb;
  readonly clock: ManualClock;
  readonly events: EventSink;
  /** All that was told after a commit, in order, but for the days that changed. */
  readonly told: DomainEvent[];
  /** The days of each `SlotsChanged`, in order. */
  readonly changedDays: (readonly string[])[];
  readonly workspaceId: string;
  readonly assistantId: string;
  /** A running call from `+12025550142`. */
  newCall(): Promise<string>;
  /** The most live bookings that the database holds at any one instant of the assistant. */
  mostAtOnce(): Promise<number>;
}

const NOW = new Date('2026-09-01T14:00:00Z');

/** Half past two on the first Thursday. */
export const THURSDAY = new Date('2026-09-03T19:30:00Z');

export async function bookingApp(assistant: Partial<Prisma.AssistantUncheckedCreateInput> = {}, connections = 10): Promise<BookingApp> {
  const database = await testDatabase(connections);
  const { root, pool } = database;
  const [workspaceId, assistantId] = [newId(), newId()];
  await root.workspace.create({
    data: { id: workspaceId, name: 'Harbour Hair', platform: 'BUSINESS', country: 'US', timeZone: 'America/Chicago', createdAt: NOW },
  });
  await root.assistant.create({
    data: {
      id: assistantId,
      workspaceId,
      name: 'Robin',
      greeting: 'Harbour Hair, hello!',
      voice: 'marin',
      tone: 'FRIENDLY',
      language: 'en-US',
      timeZone: 'America/Chicago',
      hours: [{ day: 'THURSDAY', opens: '09:00', closes: '17:00' }],
      faqs: [],
      createdAt: NOW,
      updatedAt: NOW,
      ...assistant,
    },
  });
  const told: DomainEvent[] = [];
  const changedDays: (readonly string[])[] = [];
  return {
    database,
    db: tenantDb(root, workspaceId),
    clock: manualClock(NOW),
    events: {
      enqueue: async () => {},
      async announce(happened) {
        told.push(...happened.filter(({ type }) => type !== 'SlotsChanged'));
        changedDays.push(...happened.flatMap((event) => (event.type === 'SlotsChanged' ? [event.days] : [])));
      },
    },
    told,
    changedDays,
    workspaceId,
    assistantId,
    async newCall() {
      const id = newId();
      const numbers = { from: '+12025550142', to: '+12025550100' };
      await root.call.create({
        data: { id, workspaceId, assistantId, direction: 'INBOUND', status: 'IN_PROGRESS', carrier: 'SIMULATED', ...numbers, plan: {}, createdAt: NOW },
      });
      return id;
    },
    async mostAtOnce() {
      const { rows } = await pool.query<{ most: number }>(
        `select coalesce(max(there), 0)::int as most from (
           select (select count(*) from "Booking" o where o."assistantId" = b."assistantId" and o.status <> 'CANCELED'
                   and tstzrange(o."startsAt", o."blockedUntil") @> b."startsAt") as there
           from "Booking" b where b."assistantId" = $1 and b.status <> 'CANCELED') instants`,
        [assistantId],
      );
      return rows[0]?.most ?? 0;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** So many hours after `THURSDAY`. */
export const later = (hours: number) => new Date(THURSDAY.getTime() + hours * HOUR);

/** Asks for half past two on Thursday, unless told otherwise. */
export const ask = (app: BookingApp, startsAt = THURSDAY, more: Partial<Parameters<typeof bookSlot>[1]> = {}) =>
  bookSlot(app, { assistantId: app.assistantId, startsAt, customerName: 'Ada Byron', bookedBy: 'ASSISTANT', ...more });

/** The booking. @throws where it was refused. */
export function booked(result: Result<Booking, Problem>): Booking {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** Why it was refused. @throws where it was not. */
export function problem(result: Result<unknown, Problem>): Problem & { alternatives?: readonly Slot[] } {
  const [first] = result.ok ? [] : result.problems;
  if (!first) throw new Error('It was not refused.');
  return first;
}

/** Slots as local starts. */
export const starts = (slots: readonly Slot[] = []) => slots.map((slot) => localStart(slot.startsAt, slot.timeZone));
