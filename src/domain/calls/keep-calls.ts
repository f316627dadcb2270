import type { Database } from '../../db/client.ts';
import type { Clock } from '../../kit/clock.ts';
import { BRIDGE_LEASE_MS } from './claim-call.ts';

export interface BridgeClaim {
  readonly callId: string;
  readonly bridgeId: string;
}

const KEEP = `
WITH given AS (SELECT * FROM unnest($1::text[], $2::text[]) AS g("callId", "bridgeId")),
held AS (
  SELECT c."id" FROM "Call" c JOIN given g ON g."callId" = c."id" AND g."bridgeId" = c."bridgeId"
  ORDER BY c."id" FOR NO KEY UPDATE OF c
)
UPDATE "Call" c SET "bridgeAliveUntil" = $3 FROM held h WHERE c."id" = h."id"
RETURNING c."bridgeId"`;

/**
 * The heartbeat of a media process for all calls it holds, in one statement: to be sent well within BRIDGE_LEASE_MS.
 *
 * @returns the bridges that hold their call no more: another one has claimed it.
 */
export async function keepCalls({ pool, clock }: { pool: Database['pool']; clock: Clock }, claims: readonly BridgeClaim[]): Promise<string[]> {
  if (claims.length === 0) return [];
  const until = new Date(clock.now().getTime() + BRIDGE_LEASE_MS);
  const { rows } = await pool.query<{ bridgeId: string }>({
    name: 'keep-calls',
    text: KEEP,
    values: [claims.map(({ callId }) => callId), claims.map(({ bridgeId }) => bridgeId), until],
  });
  const kept = new Set(rows.map(({ bridgeId }) => bridgeId));
  return claims.filter(({ bridgeId }) => !kept.has(bridgeId)).map(({ bridgeId }) => bridgeId);
}
