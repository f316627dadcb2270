import { transact } from '../../../db/transaction.ts';
import type { CalendarLink } from '../../../generated/prisma/client.ts';
import { CalendarRejected, ConsentLost } from '../../../ports/calendar.ts';
import type { CalendarApp } from './calendar-access.ts';

/**
 * What an error of the calendar means for the person who linked it.
 *
 * @returns what is wrong and what to do, as sentences; null where only waiting helps, or only whoever runs the system.
 */
export function problemOf(error: unknown, { email, calendarId }: Pick<CalendarLink, 'email' | 'calendarId'>): string | null {
  if (error instanceof ConsentLost) {
    return `Google no longer lets us use the calendar of ${email}: access was taken back or has run out. Connect the calendar again.`;
  }
  if (!(error instanceof CalendarRejected)) return null;
  if (error.reason === 'notFound') return `The account ${email} has no calendar "${calendarId}" any more. Connect another one.`;
  if (error.reason === 'forbidden' || error.reason === 'requiredAccessLevel') {
    return `The account ${email} may not write to the calendar "${calendarId}". Ask its owner for the right to make changes, and connect it again.`;
  }
  return null;
}

/**
 * Notes that a link does not work until a person does something. Bookings go on without it; those that wait for it will
 * be written once it is connected again. Told once, however many find out.
 */
export async function loseCalendar(app: CalendarApp, link: Pick<CalendarLink, 'id' | 'workspaceId'>, problem: string): Promise<void> {
  await transact(app, async (tx, emit) => {
    const { count } = await tx.calendarLink.updateMany({ where: { id: link.id, problem: null }, data: { problem } });
    if (count === 0) return;
    const failed = await tx.booking.updateManyAndReturn({ where: { calendarStatus: 'PENDING' }, data: { calendarStatus: 'FAILED' } });
    for (const { id, workspaceId, assistantId } of failed) emit({ type: 'BookingChanged', workspaceId, assistantId, bookingId: id });
    emit({ type: 'CalendarLost', workspaceId: link.workspaceId, linkId: link.id });
  });
  app.logger.warn({ workspaceId: link.workspaceId, linkId: link.id, problem }, 'a calendar needs its owner');
}
