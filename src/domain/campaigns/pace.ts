import type { TenantDb } from '../../db/tenant.ts';
import type { Clock } from '../../kit/clock.ts';
import { SECOND } from '../../kit/time.ts';
import type { CarrierName } from '../../ports/carrier.ts';

/**
 * Takes the next turn to place a call with a carrier: turns are as far apart as its account takes calls a second, over all
 * processes and workspaces. A turn that is not used is lost.
 *
 * @returns when the turn is: now or soon.
 */
export async function takeTurn(
  { db, clock }: { db: TenantDb; clock: Clock },
  { carrier, callsPerSecond }: { carrier: CarrierName; callsPerSecond: number },
): Promise<Date> {
  const now = clock.now();
  const first = new Date(now.getTime() + SECOND / callsPerSecond);
  const milliseconds = SECOND / callsPerSecond;
  const [row] = await db.$queryRaw<{ nextAt: Date }[]>`
    INSERT INTO "CarrierPace" ("carrier", "nextAt") VALUES (${carrier}::"Carrier", ${first})
    ON CONFLICT ("carrier") DO UPDATE
      SET "nextAt" = greatest("CarrierPace"."nextAt", ${now}::timestamptz) + make_interval(secs => ${milliseconds}::float8 / 1000)
    RETURNING "nextAt"`;
  return row ? new Date(row.nextAt.getTime() - milliseconds) : now;
}
