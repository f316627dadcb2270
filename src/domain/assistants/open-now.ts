import { DAY } from '../../kit/time.ts';
import { isOpen, localDate, type OpeningTimes, openSpans } from './opening-hours.ts';

/** How far ahead the next opening is looked for. */
const MOST_DAYS = 60;

/** Whether it is open, and when that changes next: `until` is null where it never closes or does not open again within two months. */
export interface OpenNow {
  readonly open: boolean;
  readonly until: Date | null;
}

/** Whether a business is open at an instant, and until when it stays so. Spans that meet, as across midnight, are one. */
export function openNow(times: OpeningTimes, timeZone: string, now: Date): OpenNow {
  const open = isOpen(times, timeZone, now);
  const today = localDate(now, timeZone);
  let at = now.getTime();
  for (let days = 0; days <= MOST_DAYS; days++) {
    for (const { from, to } of openSpans(times, today.add({ days }), timeZone)) {
      if (to <= at) continue;
      if (!open) return { open, until: new Date(from) };
      if (from > at) return { open, until: new Date(at) };
      at = to;
    }
  }
  return { open, until: open && at < now.getTime() + (MOST_DAYS - 1) * DAY ? new Date(at) : null };
}

/**
 * What the assistant is told of it when a caller is put through to it, beside the day and the time:
 * `The business is closed at the moment and opens next on Monday, September 7 at 09:00. …`
 */
export function openLine(times: OpeningTimes, timeZone: string, now: Date): string {
  if (times.hours.length === 0 && times.specialHours.length === 0) return '';
  const { open, until } = openNow(times, timeZone, now);
  if (open) return until ? `The business is open now and closes ${moment(until, timeZone, now)}.` : 'The business is open now.';
  const next = until ? ` and opens next ${moment(until, timeZone, now)}` : '';
  return (
    `The business is closed at the moment${next}. Tell the caller so in your first answer; nobody there can come to the telephone. ` +
    'You can still help them, take a message and book appointments for times when it is open.'
  );
}

function moment(at: Date, timeZone: string, now: Date): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: 'minute' });
  if (localDate(at, timeZone).equals(localDate(now, timeZone))) return `today at ${time}`;
  const day = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'long', month: 'long', day: 'numeric' }).format(at);
  return `on ${day} at ${time}`;
}
