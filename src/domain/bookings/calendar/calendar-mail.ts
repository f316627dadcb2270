import { transact } from '../../../db/transaction.ts';
import type { Booking } from '../../../generated/prisma/client.ts';
import type { Mailer } from '../../../ports/mailer.ts';
import type { CalendarApp } from './calendar-access.ts';
import { isBusyKnown } from './calendar-busy.ts';
import { bookingMail, lostCalendarMail, type MailOccasion } from './calendar-letters.ts';

export type MailApp = Pick<CalendarApp, 'db' | 'clock' | 'events'> & {
  readonly mailer: Mailer;
  readonly config: { readonly mailFrom: string; readonly frontendUrl: string };
};

/**
 * Tells a customer by mail how their booking stands, where that has changed since they were last told and their address
 * is known. What was told is noted in the transaction in which it is sent: two that run at once send one mail.
 */
export async function mailBooking(app: MailApp, { bookingId }: { bookingId: string }): Promise<void> {
  const { db, clock, mailer, config } = app;
  const booking = await db.booking.findFirst({ where: { id: bookingId }, include: { assistant: { select: { name: true, businessName: true } } } });
  if (!booking?.customerEmail || booking.status === 'HELD' || booking.endsAt < clock.now()) return;
  const link = await db.calendarLink.findFirst({ select: { busyKnownAt: true } });
  const occasion = occasionOf(booking, link !== null && !isBusyKnown(link, clock.now()));
  if (!occasion) return;

  const { assistant, mailedState, mailedCount, status, startsAt, endsAt } = booking;
  await transact(app, async (tx) => {
    const unchanged = { id: bookingId, mailedState, mailedCount, status, startsAt, endsAt };
    const { count } = await tx.booking.updateMany({ where: unchanged, data: { mailedState: stateOf(booking, occasion), mailedCount: mailedCount + 1 } });
    if (count === 0) return;
    const sender = { business: assistant.businessName ?? assistant.name, from: config.mailFrom };
    await mailer.send(bookingMail(booking, sender, { occasion, sequence: mailedCount, isLinked: link !== null, now: clock.now() }));
  });
}

/**
 * What the customer does not know yet.
 *
 * @param uncertain whether the calendar could not be asked for so long that the time may be taken there.
 */
export function occasionOf(
  booking: Pick<Booking, 'status' | 'startsAt' | 'endsAt' | 'mailedState' | 'calendarStatus'>,
  uncertain: boolean,
): MailOccasion | null {
  const { mailedState } = booking;
  const told = (occasion: MailOccasion) => mailedState === stateOf(booking, occasion);
  if (booking.status === 'CANCELED') return mailedState === null || mailedState.startsWith('CANCELED') ? null : 'CANCELED';
  if (told('CONFIRMED') || told('MOVED')) return null;
  if (uncertain && booking.calendarStatus !== 'SYNCED') return told('RECEIVED') ? null : 'RECEIVED';
  return mailedState === null || told('RECEIVED') || mailedState.startsWith('RECEIVED') ? 'CONFIRMED' : 'MOVED';
}

const stateOf = ({ startsAt, endsAt }: Pick<Booking, 'startsAt' | 'endsAt'>, occasion: MailOccasion): string =>
  `${occasion} ${startsAt.toISOString()}/${endsAt.toISOString()}`;

/** Tells whoever linked a calendar that it does not work any more, once. */
export async function mailLostCalendar(app: MailApp, { linkId }: { linkId: string }): Promise<void> {
  const { db, clock, mailer, config } = app;
  const link = await db.calendarLink.findFirst({ where: { id: linkId, problem: { not: null }, problemMailedAt: null } });
  if (!link?.problem) return;
  const { problem } = link;
  const members = await db.membership.findMany({ include: { user: true }, orderBy: { createdAt: 'asc' } });
  const member = members.find(({ userId }) => userId === link.connectedById) ?? members.find(({ role }) => role === 'OWNER');
  if (!member) return;
  await transact(app, async (tx) => {
    const { count } = await tx.calendarLink.updateMany({ where: { id: linkId, problemMailedAt: null }, data: { problemMailedAt: clock.now() } });
    if (count === 0) return;
    await mailer.send(lostCalendarMail({ linkId, problem, to: { address: member.user.email, name: member.user.name }, frontendUrl: config.frontendUrl }));
  });
}
