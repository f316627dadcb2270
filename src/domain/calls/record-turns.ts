import type { Database } from '../../db/client.ts';
import type { EventSink } from '../../db/transaction.ts';
import { newId } from '../../kit/ids.ts';
import type { TurnRecord } from './records.ts';

/** A turn, and whose it is. */
export interface CallTurn {
  readonly workspaceId: string;
  readonly callId: string;
  readonly bridgeId: string;
  readonly turn: TurnRecord;
}

// The calls' rows are shared until the turns are in: a bridge that claims one meanwhile waits, and a bridge that has
// lost its call writes nothing. They are taken in order of id, as keep-calls.ts takes them, so that neither waits for the other.
const UPSERT = `
WITH given AS (
  SELECT * FROM json_to_recordset($1::json) AS g(
    "id" text, "workspaceId" text, "callId" text, "bridgeId" text, "sequence" int, "speaker" "Speaker", "text" text, "heardText" text,
    "interrupted" boolean, "complete" boolean, "startedAt" timestamptz, "audioMs" int, "heardMs" int)
), held AS (
  SELECT c."id", c."workspaceId", c."bridgeId" FROM "Call" c
  WHERE c."id" IN (SELECT "callId" FROM given) AND c."bridgeId" IN (SELECT "bridgeId" FROM given)
  ORDER BY c."id" FOR SHARE
)
INSERT INTO "TranscriptTurn" AS t
  ("id", "workspaceId", "callId", "sequence", "speaker", "text", "heardText", "interrupted", "complete", "startedAt", "audioMs", "heardMs")
SELECT g."id", g."workspaceId", g."callId", g."sequence", g."speaker", g."text", g."heardText", g."interrupted", g."complete", g."startedAt", g."audioMs", g."heardMs"
FROM given g JOIN held h ON h."id" = g."callId" AND h."workspaceId" = g."workspaceId" AND h."bridgeId" = g."bridgeId"
ON CONFLICT ("callId", "sequence") DO UPDATE SET
  "speaker" = excluded."speaker", "text" = excluded."text", "heardText" = excluded."heardText", "interrupted" = excluded."interrupted",
  "complete" = excluded."complete", "startedAt" = excluded."startedAt", "audioMs" = excluded."audioMs", "heardMs" = excluded."heardMs"
  WHERE excluded."complete" OR NOT t."complete"
RETURNING "workspaceId", "callId", "sequence"`;

/**
 * Stores turns of many calls in one statement, each as it is now: a turn is written when it is generated and again
 * when it is complete. Turns of a bridge that holds its call no more are left out. Live views are told once for all.
 *
 * @param batch in the order in which it happened; the last word on a turn counts.
 */
export async function recordTurns({ pool, events }: { pool: Database['pool']; events: EventSink }, batch: readonly CallTurn[]): Promise<void> {
  if (batch.length === 0) return;
  const rows = new Map(batch.map((entry) => [`${entry.callId}:${entry.turn.sequence}`, rowOf(entry)]));
  const { rows: written } = await pool.query<{ workspaceId: string; callId: string; sequence: number }>({
    name: 'record-turns',
    text: UPSERT,
    values: [JSON.stringify([...rows.values()])],
  });
  // Turns do not wait for live views: the bus may be away.
  if (written.length > 0) void events.announce(written.map((row) => ({ type: 'TurnRecorded', ...row })));
}

const rowOf = ({ workspaceId, callId, bridgeId, turn }: CallTurn) => ({
  ...turn,
  id: newId(),
  workspaceId,
  callId,
  bridgeId,
  text: storable(turn.text),
  heardText: storable(turn.heardText),
  audioMs: Math.round(turn.audioMs),
  heardMs: Math.round(turn.heardMs),
});

/** Postgres takes neither NUL nor half a surrogate pair, and one turn with either would keep all others out. */
const storable = (text: string) => text.replaceAll('\0', '').toWellFormed();
