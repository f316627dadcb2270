import type { TenantDb } from '../../../db/tenant.ts';
import { type EventSink, transact } from '../../../db/transaction.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { newId } from '../../../kit/ids.ts';
import type { Sealer } from '../../../kit/seal.ts';
import { SECOND } from '../../../kit/time.ts';
import type { Consent } from '../../../ports/calendar.ts';
import { sealContext } from './calendar-access.ts';

interface LinkApp {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Links a calendar, in the place of the one before. The bookings to come are written into it. */
export async function saveLink(
  app: LinkApp & { readonly sealer: Sealer },
  { provider, calendarId, userId, consent }: { provider: string; calendarId: string; userId: string; consent: Consent },
): Promise<void> {
  const { db, clock, sealer } = app;
  const now = clock.now();
  const id = newId();
  const workspaceId = db.$workspaceId;
  await transact(app, async (tx, emit) => {
    const before = await tx.calendarLink.findFirst();
    await tx.calendarLink.deleteMany();
    await tx.calendarLink.create({
      data: {
        id,
        workspaceId,
        provider,
        accountId: consent.accountId,
        email: consent.email.toLowerCase(),
        calendarId,
        forms: consent.forms,
        connectedById: userId,
        refreshToken: sealer.seal(consent.refreshToken, sealContext(id, 'refreshToken')),
        accessToken: sealer.seal(consent.accessToken, sealContext(id, 'accessToken')),
        accessTokenExpiresAt: new Date(now.getTime() + consent.expiresInSeconds * SECOND),
        nextSyncAt: now,
        createdAt: now,
      },
    });
    // In another calendar the events have other versions; in the same one they are found by their ids.
    await tx.booking.updateMany({ where: toCome(now), data: { calendarStatus: 'PENDING', calendarEtag: null } });
    emit({ type: 'CalendarConnected', workspaceId, linkId: id });
    if (before && before.accountId !== consent.accountId) {
      emit({ type: 'CalendarDisconnected', workspaceId, linkId: before.id, refreshToken: before.refreshToken, accountId: before.accountId });
    }
  });
}

/** Unlinks the workspace's calendar, if there is one. Events that were written stay where they are; the consent is given back. */
export async function disconnectCalendar(app: LinkApp): Promise<void> {
  const { db, clock } = app;
  const workspaceId = db.$workspaceId;
  await transact(app, async (tx, emit) => {
    const link = await tx.calendarLink.findFirst();
    if (!link) return;
    await tx.calendarLink.deleteMany();
    const bookings = await tx.booking.updateManyAndReturn({ where: toCome(clock.now()), data: { calendarStatus: 'NOT_CONNECTED', calendarEtag: null } });
    for (const { id, assistantId } of bookings) emit({ type: 'BookingChanged', workspaceId, assistantId, bookingId: id });
    emit({ type: 'CalendarDisconnected', workspaceId, linkId: link.id, refreshToken: link.refreshToken, accountId: link.accountId });
  });
}

const toCome = (now: Date): Prisma.BookingWhereInput => ({ status: 'CONFIRMED', endsAt: { gt: now } });
