import type pg from 'pg';
import type { Database } from '../../src/db/client.ts';
import { bookSlot } from '../../src/domain/bookings/book.ts';
import { newId } from '../../src/kit/ids.ts';
import { DAY, HOUR, MINUTE } from '../../src/kit/time.ts';
import { type Measured, measure } from './report.ts';
import { openShop, type Shop } from './shop.ts';

const LANES = 16;
const SLOT_MS = 5 * MINUTE;
const POLICY = { bookingMode: 'FLEXIBLE', employeeCount: 50, maxConcurrentBookings: LANES, slotMinutes: 5 } as const;

const INSERT = `insert into "Booking" ("id", "workspaceId", "assistantId", "lane", "startsAt", "endsAt", "blockedUntil", "timeZone", "customerName", "status", "createdAt", "updatedAt")
  values ($1, $2, $3, $4, $5, $6, $6, 'America/Chicago', 'Ada Byron', 'CONFIRMED', now(), now()) on conflict do nothing`;

/** Starts from tomorrow on, each as often as there are lanes. */
function* starts(shop: Shop): Generator<{ startsAt: Date; lane: number }> {
  const first = Math.ceil((shop.clock.now().getTime() + DAY) / HOUR) * HOUR;
  for (let n = 0; ; n++) yield { startsAt: new Date(first + Math.floor(n / LANES) * SLOT_MS), lane: n % LANES };
}

export async function measureBooking(database: Database, options: { clients: number; seconds: number }): Promise<Measured[]> {
  const { pool } = database;
  const measured: Measured[] = [];

  const ours = await openShop(database, POLICY);
  const free = starts(ours);
  const book = (shop: Shop, startsAt: Date) =>
    bookSlot(shop, { assistantId: shop.assistantId, startsAt, customerName: 'Ada Byron', customerPhone: '+12025550142', bookedBy: 'ASSISTANT' });
  measured.push(await measure('a free lane each', options, async () => must(await book(ours, free.next().value.startsAt))));

  const wanted = await openShop(database, { ...POLICY, bookingMode: 'STRICT' });
  const contended = starts(wanted);
  let won = 0;
  const rush = await measure(`${LANES} for each lane, with alternatives`, options, async () => {
    if ((await book(wanted, contended.next().value.startsAt)).ok) won++;
  });
  measured.push({ ...rush, remark: `${won} booked` });

  const locked = await openShop(database, POLICY);
  const next = starts(locked);
  measured.push(await measure('peer: lock the assistant, count, insert', options, () => lockCountInsert(pool, locked, next.next().value.startsAt)));

  const bare = await openShop(database, POLICY);
  const times = starts(bare);
  const insert = () => {
    const { startsAt, lane } = times.next().value;
    return pool.query(INSERT, [newId(), bare.workspaceId, bare.assistantId, lane, startsAt, new Date(startsAt.getTime() + SLOT_MS)]);
  };
  measured.push(await measure('limit: one bare INSERT, same constraint', options, insert));
  return measured;
}

/** How it is usually done, in SQL alone: everybody waits for the row of the assistant. */
async function lockCountInsert(pool: pg.Pool, { workspaceId, assistantId }: Shop, startsAt: Date): Promise<void> {
  const endsAt = new Date(startsAt.getTime() + SLOT_MS);
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select 1 from "Assistant" where "id" = $1 for update', [assistantId]);
    const { rows } = await client.query<{ there: number }>(
      `select count(*)::int as there from "Booking" where "assistantId" = $1 and "status" <> 'CANCELED' and "startsAt" < $3 and "blockedUntil" > $2`,
      [assistantId, startsAt, endsAt],
    );
    await client.query(INSERT, [newId(), workspaceId, assistantId, rows[0]?.there ?? 0, startsAt, endsAt]);
    await client.query('commit');
  } finally {
    client.release();
  }
}

function must(result: { readonly ok: boolean }): void {
  if (!result.ok) throw new Error(JSON.stringify(result));
}
