import type { TenantDb } from '../../db/tenant.ts';
import type { Clock } from '../../kit/clock.ts';
import { SECOND } from '../../kit/time.ts';
import type { CarrierName } from '../../ports/carrier.ts';

/** More than all processes together can have taken and not used yet. */
const FARTHEST_TURNS = 1_000;

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
  const milliseconds = SECOND / callsPerSecond;
  const first = new Date(now.getTime() + milliseconds);
  // Nobody is kept waiting by a turn that was taken by a clock that was wrong.
  const farthest = new Date(now.getTime() + FARTHEST_TURNS * milliseconds);
  const [row] = await db.$queryRaw<{ nextAt: Date }[]>`
    INSERT INTO "CarrierPace" ("carrier", "nextAt") VALUES (${carrier}::"Carrier", ${first})
    ON CONFLICT ("carrier") DO UPDATE
      SET "nextAt" = make_interval(secs => ${milliseconds}::float8 / 1000)
        + CASE WHEN "CarrierPace"."nextAt" BETWEEN ${now} AND ${farthest} THEN "CarrierPace"."nextAt" ELSE ${now}::timestamptz END
    RETURNING "nextAt"`;
  return row ? new Date(row.nextAt.getTime() - milliseconds) : now;
}
