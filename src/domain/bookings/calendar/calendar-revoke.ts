import type { RootDb } from '../../../db/client.ts';
import type { Logger } from '../../../kit/logger.ts';
import { SealBroken, type Sealer } from '../../../kit/seal.ts';
import { type Calendar, CalendarRejected } from '../../../ports/calendar.ts';
import { sealContext } from './calendar-access.ts';

export interface RevokeApp {
  readonly root: RootDb;
  readonly calendar: Calendar;
  readonly sealer: Sealer;
  readonly logger: Logger;
}

/**
 * Gives back the consent behind a link that is gone. It is given for an account as a whole: while another link uses the
 * same account, of whatever workspace, it stays.
 *
 * @throws RateLimited | CalendarUnreachable: later.
 */
export async function revokeConsent(
  { root, calendar, sealer, logger }: RevokeApp,
  { linkId, accountId, refreshToken }: { linkId: string; accountId: string; refreshToken: string },
): Promise<void> {
  if ((await root.calendarLink.count({ where: { provider: calendar.provider, accountId } })) > 0) return;
  try {
    await calendar.revoke(sealer.open(refreshToken, sealContext(linkId, 'refreshToken')));
  } catch (error) {
    if (!(error instanceof SealBroken || error instanceof CalendarRejected)) throw error;
    logger.warn({ err: error, linkId }, 'a consent could not be given back');
  }
}
