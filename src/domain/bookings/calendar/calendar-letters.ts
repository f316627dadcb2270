import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { unreachable } from '../../../kit/errors.ts';
import type { Mail, MailAttachment } from '../../../ports/mailer.ts';
import { type BookedTime, eventIdOf } from './calendar-event.ts';

// What is written to customers about their bookings, and to whoever linked a calendar about the calendar.

export type MailOccasion = 'CONFIRMED' | 'MOVED' | 'CANCELED' | 'RECEIVED';

export interface Sender {
  /** Whom the appointment is with. */
  readonly business: string;
  /** `Name <address>`, or an address. */
  readonly from: string;
}

export interface Letter {
  readonly occasion: MailOccasion;
  /** How many mails about the booking came before. */
  readonly sequence: number;
  /** Whether the workspace has a calendar, whose service may invite the customer too. */
  readonly isLinked: boolean;
  readonly now: Date;
}

/** @param booking of a customer whose address is known. */
export function bookingMail(booking: BookedTime & { readonly customerEmail: string | null }, sender: Sender, letter: Letter): Mail {
  const time = writtenTime(booking.startsAt, booking.timeZone);
  const { subject, text } = wording(letter.occasion, sender.business, time);
  return {
    key: `booking-${booking.id}-${letter.sequence + 1}`,
    to: { address: booking.customerEmail ?? '', name: booking.customerName },
    subject,
    text: [`Hello ${booking.customerName},`, text, booking.details && `About: ${booking.details}`, sender.business].filter(Boolean).join('\n\n'),
    attachments: letter.occasion === 'RECEIVED' ? [] : [appointmentFile(booking, sender, letter)],
  };
}

export function lostCalendarMail({ linkId, problem, to, frontendUrl }: { linkId: string; problem: string; to: Mail['to']; frontendUrl: string }): Mail {
  return {
    key: `calendar-lost-${linkId}`,
    to,
    subject: 'Your calendar needs to be connected again',
    text: [
      `Hello${to.name ? ` ${to.name}` : ''},`,
      problem,
      'Until then your assistants go on taking bookings. They know of no other appointments of yours, and tell callers that the booking will be confirmed.',
      frontendUrl,
    ].join('\n\n'),
  };
}

/** `Thursday, December 3, 2026 at 2:30 PM EST`. */
export function writtenTime(at: Date, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }).format(at);
  const time = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }).format(at);
  // Some versions of the tables put a narrow space before AM and PM.
  return `${day} at ${time.replace(/\s/gu, ' ')}`;
}

function wording(occasion: MailOccasion, business: string, time: string): { subject: string; text: string } {
  switch (occasion) {
    case 'CONFIRMED':
      return { subject: `Your appointment at ${business}`, text: `Your appointment is confirmed for ${time}.` };
    case 'MOVED':
      return { subject: `Your appointment at ${business} has moved`, text: `Your appointment is now on ${time}.` };
    case 'CANCELED':
      return { subject: `Your appointment at ${business} is canceled`, text: `Your appointment on ${time} is canceled.` };
    case 'RECEIVED':
      return { subject: `Your appointment at ${business}`, text: `We have noted your appointment for ${time}, and will confirm it shortly.` };
    default:
      return unreachable(occasion);
  }
}

/** The appointment for the customer's own calendar (RFC 5545, RFC 5546): later mails replace the entry of earlier ones. */
function appointmentFile(booking: BookedTime, { business, from }: Sender, { occasion, sequence, isLinked, now }: Letter): MailAttachment {
  const canceled = occasion === 'CANCELED';
  const method = canceled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH;
  const calendar = ical({ prodId: { company: 'Callgraph', product: 'Bookings' }, method });
  calendar.createEvent({
    // Google calls an event by its id and this ending: where it invites the customer too, both are one entry.
    id: `${eventIdOf(booking.id)}@${isLinked ? 'google.com' : 'callgraph'}`,
    sequence,
    stamp: now,
    start: booking.startsAt,
    end: booking.endsAt,
    summary: business,
    ...(booking.details && { description: booking.details }),
    organizer: { name: business, email: /<([^<>]+)>/.exec(from)?.[1] ?? from },
    status: canceled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  return { fileName: 'appointment.ics', contentType: `text/calendar; charset=utf-8; method=${method}`, content: calendar.toString() };
}
