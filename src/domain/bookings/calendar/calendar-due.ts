import type { RootDb } from '../../../db/client.ts';
import type { Clock } from '../../../kit/clock.ts';

const MOST_AT_ONCE = 1_000;

/** The calendars of all workspaces that are to be asked for changes now, the longest overdue first. */
export async function dueCalendars({ root, clock }: { root: RootDb; clock: Clock }): Promise<{ workspaceId: string; linkId: string }[]> {
  const due = await root.calendarLink.findMany({
    where: { problem: null, nextSyncAt: { lte: clock.now() } },
    select: { id: true, workspaceId: true },
    orderBy: { nextSyncAt: 'asc' },
    take: MOST_AT_ONCE,
  });
  return due.map(({ id, workspaceId }) => ({ workspaceId, linkId: id }));
}
