import type { RootDb } from '../../../db/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { newId } from '../../../kit/ids.ts';
import { daysBefore, evenShares, type RentDay, rentOfDay } from './rental-shares.ts';

interface RentalScope {
  readonly root: RootDb;
  readonly clock: Clock;
}

/** Days that are looked at: a worker that was away for so long still shares out what was missed. */
const DAYS = 3;

/**
 * Shares out what the numbers cost on the days that are over: a day's rent among the answered calls that the number had on
 * it, to the millionth. A day without a call is nobody's. Run again, it writes nothing twice.
 *
 * @returns how many calls got a share.
 */
export async function shareRental({ root, clock }: RentalScope, signal?: AbortSignal): Promise<number> {
  let shared = 0;
  for (const day of daysBefore(clock.now(), DAYS)) {
    for (const line of await answeredOn(root, day)) {
      signal?.throwIfAborted();
      shared += await shareOut(root, line, day);
    }
  }
  return shared;
}

interface LineDay {
  readonly lineId: string;
  readonly workspaceId: string;
  readonly monthlyCostMicros: number;
  readonly callIds: readonly string[];
}

// A line whose day has been shared out is left out, whatever became known of its calls since.
const answeredOn = (root: RootDb, { from, to }: RentDay) => root.$queryRaw<LineDay[]>`
  SELECT l."id" AS "lineId", l."workspaceId", l."monthlyCostMicros", array_agg(c."id" ORDER BY c."id") AS "callIds"
  FROM "PhoneLine" l
  JOIN "Call" c ON c."workspaceId" = l."workspaceId" AND c."createdAt" >= ${from} AND c."createdAt" < ${to} AND c."answeredAt" IS NOT NULL
    AND l."phoneNumber" = CASE c."direction" WHEN 'INBOUND' THEN c."to" ELSE c."from" END
  LEFT JOIN "CallCost" k ON k."callId" = c."id" AND k."key" = 'number-rental:' || l."id"
  WHERE l."carrierNumberId" IS NOT NULL AND l."monthlyCostMicros" > 0
    AND l."provisionedAt" < ${to} AND (l."releasedAt" IS NULL OR l."releasedAt" >= ${from})
  GROUP BY l."id" HAVING count(k."id") = 0`;

async function shareOut(root: RootDb, { lineId, workspaceId, monthlyCostMicros, callIds }: LineDay, { to }: RentDay): Promise<number> {
  const shares = evenShares(rentOfDay(monthlyCostMicros), callIds.length);
  const rows = callIds.map((callId, index) => ({ id: newId(), callId, amountMicros: String(shares[index] ?? 0n) }));
  // It belongs to that day's month, whenever it is written. One statement, however many: a day is shared out whole or not at all.
  return root.$executeRaw`
    INSERT INTO "CallCost" ("id", "workspaceId", "callId", "item", "quantity", "unit", "amountMicros", "source", "key", "createdAt")
    SELECT g."id", ${workspaceId}, g."callId", 'number-rental', ${1 / callIds.length}, 'day', g."amountMicros", 'carrier', ${`number-rental:${lineId}`}, ${new Date(to.getTime() - 1)}
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS g("id" text, "callId" text, "amountMicros" bigint)
    ON CONFLICT ("callId", "key") DO NOTHING`;
}
