import { z } from 'zod';
import type { Database } from '../../db/client.ts';
import type { Clock } from '../../kit/clock.ts';
import type { BridgeClaim } from './keep-calls.ts';

export interface TakenCommand {
  readonly callId: string;
  readonly kind: 'SAY' | 'WHISPER' | 'TRANSFER';
  readonly text: string;
}

// A command is taken by whoever holds its call, in the order in which they were given; a bridge that has lost its call takes nothing. Of two who
// look at once the second waits, and finds nothing left: were it to skip what is locked, it might take the later before the earlier.
const TAKE = `
WITH given AS (SELECT * FROM unnest($1::text[], $2::text[]) AS g("callId", "bridgeId")),
due AS (
  SELECT k."id", c."bridgeId" FROM "CallCommand" k
  JOIN given g ON g."callId" = k."callId"
  JOIN "Call" c ON c."id" = k."callId" AND c."workspaceId" = k."workspaceId" AND c."bridgeId" = g."bridgeId"
  WHERE k."takenAt" IS NULL ORDER BY k."createdAt", k."id" FOR UPDATE OF k
), taken AS (
  UPDATE "CallCommand" k SET "takenBy" = d."bridgeId", "takenAt" = $3 FROM due d WHERE k."id" = d."id" AND k."takenAt" IS NULL
  RETURNING k."id", k."callId", k."kind", k."text", k."createdAt"
)
SELECT "callId", "kind", "text" FROM taken ORDER BY "createdAt", "id"`;

const rows = z.array(z.object({ callId: z.string(), kind: z.enum(['SAY', 'WHISPER', 'TRANSFER']), text: z.string() }));

/** Takes what is asked of the calls that these bridges hold: each is handed out once, to one of them. */
export async function takeCommands({ pool, clock }: { pool: Database['pool']; clock: Clock }, claims: readonly BridgeClaim[]): Promise<TakenCommand[]> {
  if (claims.length === 0) return [];
  const values = [claims.map(({ callId }) => callId), claims.map(({ bridgeId }) => bridgeId), clock.now()];
  return rows.parse((await pool.query({ name: 'take-commands', text: TAKE, values })).rows);
}
