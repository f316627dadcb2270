import type { NewCalendarEvent } from '../../../ports/calendar.ts';

// A booking as an event of a calendar.

/** What an event is made of. */
export interface BookedTime {
  readonly id: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly customerName: string;
  readonly customerPhone: string | null;
  readonly customerEmail: string | null;
  readonly details: string | null;
}

const PREFIX = 'cg';

/** The id of a booking's event, always the same, so that writing it again finds it: letters and digits that every calendar takes. */
export const eventIdOf = (bookingId: string): string => PREFIX + bookingId;

/** @returns null where the event is none that we could have written. */
export function bookingIdOf(eventId: string): string | null {
  return /^cg[0-9a-f]{32}$/.test(eventId) ? eventId.slice(PREFIX.length) : null;
}

/** @param business whom the appointment is with. */
export function eventOf(booking: BookedTime, business: string): NewCalendarEvent {
  const { id, startsAt, endsAt, timeZone, customerName, customerPhone, customerEmail, details } = booking;
  const description = [customerPhone && `Telephone: ${customerPhone}`, customerEmail && `E-mail: ${customerEmail}`, details].filter(Boolean).join('\n');
  return {
    id: eventIdOf(id),
    startsAt,
    endsAt,
    timeZone,
    title: `${customerName} – ${business}`,
    description,
    guest: customerEmail ? { email: customerEmail, name: customerName } : null,
  };
}
