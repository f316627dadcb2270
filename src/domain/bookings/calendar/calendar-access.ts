import type { TenantDb } from '../../../db/tenant.ts';
import type { EventSink } from '../../../db/transaction.ts';
import type { CalendarLink, Prisma } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import type { Logger } from '../../../kit/logger.ts';
import { SealBroken, type Sealer } from '../../../kit/seal.ts';
import { MINUTE, SECOND } from '../../../kit/time.ts';
import { AccessRefused, type Calendar, type CalendarAccess, ConsentLost } from '../../../ports/calendar.ts';

/** What the work on a workspace's calendar is done with. */
export interface CalendarApp {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly calendar: Calendar;
  readonly sealer: Sealer;
  readonly logger: Logger;
}

/** Where a link's secrets belong: none of them opens for another link. */
export const sealContext = (linkId: string, secret: 'refreshToken' | 'accessToken'): string => `CalendarLink ${linkId} ${secret}`;

/** A token is renewed this long before it runs out: clocks differ, and requests take their time. */
const EAGER_MS = MINUTE;
/** Longer than the calendar may take to answer, with its repetitions. */
const LOCKED_MS = 45 * SECOND;

/**
 * Does something with a calendar, with a token that is good: renewed where it is about to run out, and once more where
 * the calendar refuses it although by our clock it should be good.
 *
 * @throws what `use` throws; ConsentLost where no good token can be had; AccessRefused never.
 */
export async function withAccess<T>(app: CalendarApp, linkId: string, use: (access: CalendarAccess) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const attempt = async (refusedVersion: number | null): Promise<{ done: T } | { refused: number }> => {
    const { token, version, calendarId } = await freshToken(app, linkId, refusedVersion);
    try {
      return { done: await use({ token, calendarId, ...(signal && { signal }) }) };
    } catch (error) {
      if (error instanceof AccessRefused) return { refused: version };
      throw error;
    }
  };
  const first = await attempt(null);
  const last = 'refused' in first ? await attempt(first.refused) : first;
  if ('refused' in last) throw new ConsentLost('a token was refused as soon as it had been given');
  return last.done;
}

interface FreshToken {
  readonly token: string;
  readonly version: number;
  readonly calendarId: string;
}

async function freshToken(app: CalendarApp, linkId: string, refusedVersion: number | null): Promise<FreshToken> {
  const known = await app.db.calendarLink.findFirst({ where: { id: linkId } });
  if (!known) throw new ConsentLost('the calendar was disconnected meanwhile');
  return isGood(known, refusedVersion, app.clock.now()) ? opened(app, known) : renewed(app, linkId, refusedVersion);
}

/**
 * Renews a link's token, once however many processes want it: the row is locked while the calendar is asked, and
 * whoever comes later finds the work done.
 */
function renewed(app: CalendarApp, linkId: string, refusedVersion: number | null): Promise<FreshToken> {
  const { db, clock, calendar, sealer } = app;
  return db.$transaction(
    async (tx) => {
      const link = await lockLink(tx, db.$workspaceId, linkId);
      if (!link) throw new ConsentLost('the calendar was disconnected meanwhile');
      if (isGood(link, refusedVersion, clock.now())) return opened(app, link);
      const refreshToken = open(sealer, link, 'refreshToken');
      const fresh = await calendar.refresh(refreshToken);
      const version = link.tokenVersion + 1;
      await tx.calendarLink.updateMany({
        where: { id: linkId },
        data: {
          accessToken: sealer.seal(fresh.accessToken, sealContext(linkId, 'accessToken')),
          // Sealed anew each time, and so with the newest key.
          refreshToken: sealer.seal(fresh.refreshToken ?? refreshToken, sealContext(linkId, 'refreshToken')),
          accessTokenExpiresAt: new Date(clock.now().getTime() + fresh.expiresInSeconds * SECOND),
          tokenVersion: version,
        },
      });
      return { token: fresh.accessToken, version, calendarId: link.calendarId };
    },
    { maxWait: LOCKED_MS, timeout: 2 * LOCKED_MS },
  );
}

async function lockLink(tx: Prisma.TransactionClient, workspaceId: string, id: string): Promise<CalendarLink | null> {
  await tx.$queryRaw`select 1 from "CalendarLink" where "workspaceId" = ${workspaceId} and "id" = ${id} for update`;
  return tx.calendarLink.findFirst({ where: { id } });
}

const isGood = (link: CalendarLink, refusedVersion: number | null, now: Date) =>
  link.tokenVersion !== refusedVersion && link.accessTokenExpiresAt.getTime() - now.getTime() > EAGER_MS;

const opened = ({ sealer }: CalendarApp, link: CalendarLink): FreshToken => ({
  token: open(sealer, link, 'accessToken'),
  version: link.tokenVersion,
  calendarId: link.calendarId,
});

function open(sealer: Sealer, link: CalendarLink, secret: 'refreshToken' | 'accessToken'): string {
  try {
    return sealer.open(link[secret], sealContext(link.id, secret));
  } catch (error) {
    // Without the key the consent is as good as gone: it has to be given again.
    if (error instanceof SealBroken) throw new ConsentLost('the stored access cannot be decrypted', { cause: error });
    throw error;
  }
}
