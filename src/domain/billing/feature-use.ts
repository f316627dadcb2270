import type { RootDb } from '../../db/client.ts';
import { FEATURES, type Feature } from '../plans/catalogue.ts';

/**
 * How often each feature was used from an instant on and before another, and by how many workspaces: a number that was
 * got, a conversation that was written down, an appointment, a question to the documents, a recording. Of features that
 * leave no trace there is nothing to count.
 */
export async function featureUse(root: RootDb, { from, to }: { from: Date; to: Date }): Promise<{ feature: Feature; workspaces: number; uses: number }[]> {
  const rows = await root.$queryRaw<{ feature: Feature; workspaces: number; uses: number }[]>`
    SELECT "feature", count(DISTINCT "workspaceId")::int AS "workspaces", count(*)::int AS "uses" FROM (
      SELECT 'DEDICATED_NUMBER' AS "feature", "workspaceId" FROM "PhoneLine" WHERE "provisionedAt" >= ${from} AND "provisionedAt" < ${to}
      UNION ALL
      SELECT 'TRANSCRIPTS', "workspaceId" FROM "TranscriptTurn" WHERE "sequence" = 1 AND "startedAt" >= ${from} AND "startedAt" < ${to}
      UNION ALL
      SELECT 'CALENDAR', "workspaceId" FROM "Booking" WHERE "status" <> 'HELD' AND "createdAt" >= ${from} AND "createdAt" < ${to}
      UNION ALL
      SELECT 'KNOWLEDGE', "workspaceId" FROM "ToolCall" WHERE "name" = 'search_knowledge' AND "startedAt" >= ${from} AND "startedAt" < ${to}
      UNION ALL
      SELECT 'RECORDINGS', "workspaceId" FROM "Recording" WHERE "startedAt" >= ${from} AND "startedAt" < ${to}
    ) used GROUP BY "feature"`;
  const found = new Map(rows.map((row) => [row.feature, row]));
  return FEATURES.map((feature) => found.get(feature) ?? { feature, workspaces: 0, uses: 0 });
}
