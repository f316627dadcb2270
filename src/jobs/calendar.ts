import { z } from 'zod';
import { tenantDb } from '../db/tenant.ts';
import type { CalendarApp } from '../domain/bookings/calendar/calendar-access.ts';
import { dueCalendars } from '../domain/bookings/calendar/calendar-due.ts';
import { mailBooking, mailLostCalendar } from '../domain/bookings/calendar/calendar-mail.ts';
import { pushBooking } from '../domain/bookings/calendar/calendar-push.ts';
import { revokeConsent } from '../domain/bookings/calendar/calendar-revoke.ts';
import { bookingsToPush, syncCalendar } from '../domain/bookings/calendar/calendar-sync.ts';
import { requireFeature } from '../domain/plans/subscription-of.ts';
import { SECOND } from '../kit/time.ts';
import { RateLimited } from '../ports/calendar.ts';
import type { Job, WorkerApp } from './job.ts';

const linkData = z.object({ workspaceId: z.string(), linkId: z.string() });
const bookingData = z.object({ workspaceId: z.string(), bookingId: z.string() });
const revokeData = z.object({ linkId: z.string(), accountId: z.string(), refreshToken: z.string() });

/** Every minute: which calendars are to be asked for changes. */
export const syncCalendarsJob: Job<unknown> = {
  name: 'sync-calendars',
  data: z.unknown(),
  async run(app) {
    if (!app.calendar) return;
    for (const link of await dueCalendars(app)) await app.jobs.enqueue(syncCalendarJob.name, link, { key: syncKey(link.linkId) });
  },
};

/** Reads one calendar, and sees to it that what waits for it is written. */
export const syncCalendarJob: Job<z.infer<typeof linkData>> = {
  name: 'sync-calendar',
  data: linkData,
  async run(app, { workspaceId, linkId }, signal) {
    const scope = await calendarScope(app, workspaceId);
    if (!scope) return;
    await syncCalendar(scope, { linkId, signal });
    for (const bookingId of await bookingsToPush(scope))
      await app.jobs.enqueue(followBookingJob.name, { workspaceId, bookingId }, { key: bookingKey(bookingId) });
  },
};

/** What follows from a change of a booking: the customer is told, and its event is brought to where the booking is. Neither waits for the other. */
export const followBookingJob: Job<z.infer<typeof bookingData>> = {
  name: 'follow-booking',
  data: bookingData,
  async run(app, data, signal) {
    const scope = await calendarScope(app, data.workspaceId);
    const told = mailBooking({ ...app, db: tenantDb(app.root, data.workspaceId) }, data);
    const pushed = scope ? pushBooking(scope, { ...data, signal }).catch((error) => later(app, data, error)) : undefined;
    for (const done of await Promise.allSettled([told, pushed])) if (done.status === 'rejected') throw done.reason;
  },
};

async function later(app: WorkerApp, data: z.infer<typeof bookingData>, error: unknown): Promise<void> {
  if (!(error instanceof RateLimited)) throw error;
  const startAfter = new Date(app.clock.now().getTime() + error.retryAfterSeconds * SECOND);
  await app.jobs.enqueue(followBookingJob.name, data, { key: bookingKey(data.bookingId), startAfter });
}

export const mailLostCalendarJob: Job<z.infer<typeof linkData>> = {
  name: 'mail-lost-calendar',
  data: linkData,
  run: (app, { workspaceId, linkId }) => mailLostCalendar({ ...app, db: tenantDb(app.root, workspaceId) }, { linkId }),
};

export const revokeConsentJob: Job<z.infer<typeof revokeData>> = {
  name: 'revoke-consent',
  data: revokeData,
  async run(app, data) {
    if (app.calendar) await revokeConsent({ ...app, calendar: app.calendar }, data);
  },
};

export const syncKey = (linkId: string): string => `sync:${linkId}`;
export const bookingKey = (bookingId: string): string => `booking:${bookingId}`;

/** Null where no calendar service is configured (any more), and while the plan of the workspace includes none: what was connected waits. */
async function calendarScope(app: WorkerApp, workspaceId: string): Promise<CalendarApp | null> {
  if (!app.calendar) return null;
  const scope = { ...app, calendar: app.calendar, db: tenantDb(app.root, workspaceId) };
  return (await requireFeature(scope, 'CALENDAR')).ok ? scope : null;
}
