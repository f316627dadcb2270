import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js';
import { z } from 'zod';
import type { CalendarEvent, CalendarTime, NewCalendarEvent } from '../../ports/calendar.ts';

// Google's events in our words, and ours in Google's.

const point = z.object({ date: z.iso.date().nullish(), dateTime: z.iso.datetime({ offset: true }).nullish(), timeZone: z.string().nullish() });

const eventReply = z.object({
  id: z.string(),
  etag: z.string().default(''),
  status: z.string().nullish(),
  transparency: z.string().nullish(),
  start: point.nullish(),
  end: point.nullish(),
  attendees: z.array(z.object({ self: z.boolean().nullish(), responseStatus: z.string().nullish() })).nullish(),
});

/**
 * @param timeZone of the calendar: in which an all-day event's dates are meant.
 * @returns null where it is no event.
 */
export function readEvent(resource: unknown, timeZone: string): CalendarEvent | null {
  const parsed = eventReply.safeParse(resource);
  if (!parsed.success) return null;
  const { id, etag, status, transparency, start, end, attendees } = parsed.data;
  const canceled = status === 'cancelled';
  const declined = attendees?.some((attendee) => attendee.self === true && attendee.responseStatus === 'declined') ?? false;
  const time = readTime(start, end, timeZone);
  return { id, etag, canceled, time, allDay: Boolean(start?.date), busy: !canceled && !declined && transparency !== 'transparent' && time !== null };
}

/** What we ask for when we write an event. Reminders are the calendar's own. */
export const newEvent = ({ id, title, description, guest, startsAt, endsAt, timeZone }: NewCalendarEvent): calendar_v3.Schema$Event => ({
  id,
  summary: title,
  description,
  start: writePoint(startsAt, timeZone),
  end: writePoint(endsAt, timeZone),
  ...(guest && { attendees: [{ email: guest.email, displayName: guest.name }] }),
});

export const writePoint = (at: Date, timeZone: string): calendar_v3.Schema$EventDateTime => ({ dateTime: at.toISOString(), timeZone });

function readTime(start: z.infer<typeof point> | null | undefined, end: z.infer<typeof point> | null | undefined, timeZone: string): CalendarTime | null {
  const startsAt = readPoint(start, timeZone);
  const endsAt = readPoint(end, timeZone);
  return startsAt && endsAt && startsAt < endsAt ? { startsAt, endsAt } : null;
}

/** The end of an all-day event is the day after its last. */
function readPoint(at: z.infer<typeof point> | null | undefined, timeZone: string): Date | null {
  if (at?.dateTime) return new Date(at.dateTime);
  return at?.date ? new Date(Temporal.PlainDate.from(at.date).toZonedDateTime(timeZone).epochMilliseconds) : null;
}
