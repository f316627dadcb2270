import type { Database } from '../../../db/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { newId } from '../../../kit/ids.ts';
import { charge, type PriceList, type VoiceTokens, voiceQuantities } from './pricing.ts';

/** What one connection of a bridge to the voice model has used so far. */
export interface ConnectionUsage {
  readonly workspaceId: string;
  readonly callId: string;
  readonly bridgeId: string;
  readonly connection: number;
  readonly tokens: VoiceTokens;
}

// A total of a connection only grows: what is told late or twice changes nothing. A call that is gone is left out.
const UPSERT = `
WITH given AS (
  SELECT * FROM json_to_recordset($1::json) AS g(
    "id" text, "workspaceId" text, "callId" text, "item" text, "quantity" float8, "unit" text, "amountMicros" bigint, "key" text)
)
INSERT INTO "CallCost" AS c ("id", "workspaceId", "callId", "item", "quantity", "unit", "amountMicros", "source", "key", "createdAt")
SELECT g."id", g."workspaceId", g."callId", g."item", g."quantity", g."unit", g."amountMicros", 'model', g."key", $2
FROM given g JOIN "Call" k ON k."id" = g."callId" AND k."workspaceId" = g."workspaceId"
ORDER BY g."callId", g."key"
ON CONFLICT ("callId", "key") DO UPDATE SET
  "quantity" = GREATEST(c."quantity", excluded."quantity"), "amountMicros" = GREATEST(c."amountMicros", excluded."amountMicros")`;

/**
 * Stores what the connections of a media process have used, in one statement: the running total of each connection and
 * item, under a key of its own, so that a bridge that dies loses what came after its last heartbeat and nothing more.
 */
export async function recordUsage(
  { pool, clock, config }: { pool: Database['pool']; clock: Clock; config: { readonly prices: PriceList } },
  used: readonly ConnectionUsage[],
): Promise<void> {
  const rows = used.flatMap(({ workspaceId, callId, bridgeId, connection, tokens }) =>
    voiceQuantities(tokens).map(({ item, quantity }) => {
      const { amountMicros, ...cost } = charge(config.prices, item, quantity);
      return { ...cost, amountMicros: String(amountMicros), id: newId(), workspaceId, callId, key: `voice:${bridgeId}:${connection}:${item}` };
    }),
  );
  if (rows.length > 0) await pool.query({ name: 'record-usage', text: UPSERT, values: [JSON.stringify(rows), clock.now()] });
}
