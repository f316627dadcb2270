import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { DAY, SECOND } from '../../kit/time.ts';
import { isTimeZone } from '../../kit/time-zone.ts';
import {
  type Calendar,
  type CalendarAccess,
  type CalendarEvent,
  type CalendarRange,
  CalendarRejected,
  type CalendarTime,
  CalendarUnreachable,
} from '../../ports/calendar.ts';
import { type GoogleConsentOptions, googleConsent } from './consent.ts';
import { newEvent, readEvent, writePoint } from './events.ts';
import { calendarFailure, withPatience } from './failures.ts';

export interface GoogleCalendarOptions extends GoogleConsentOptions {
  readonly clock: Clock;
}

/** Google refuses longer ranges of busy times. */
const LONGEST_RANGE = 60 * DAY;
const PAGE = 2_500;

const busyReply = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      errors: z.array(z.object({ reason: z.string() })).optional(),
      busy: z.array(z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) })).default([]),
    }),
  ),
});
const pageReply = z.object({
  items: z.array(z.unknown()).default([]),
  timeZone: z.string().optional(),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
});

/**
 * What the client is given with each request: it has no credentials of its own, and its own retries know no clock. The
 * fetch that it brings along ends the process where a request with a body is given up before it was sent.
 */
type Passed = { readonly headers: Record<string, string>; readonly signal: AbortSignal; readonly retry: false; readonly fetchImplementation: typeof fetch };

/** Google Calendar (API v3). The addresses are settings, because every one of them may be behind a gateway. */
export function googleCalendar(options: GoogleCalendarOptions): Calendar {
  const { clock, apiUrl, timeoutMs = 10 * SECOND } = options;
  const api = calendar({ version: 'v3', rootUrl: apiUrl });

  /** @param accept statuses that are an answer and no failure. */
  async function ask<T>(doing: string, access: CalendarAccess, request: (passed: Passed) => Promise<{ data: T }>, accept: readonly number[] = []) {
    return withPatience(clock, access.signal, async (): Promise<{ data: T } | { status: number }> => {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = access.signal ? AbortSignal.any([access.signal, timeout]) : timeout;
      try {
        return await request({ headers: { authorization: `Bearer ${access.token}` }, signal, retry: false, fetchImplementation: fetch });
      } catch (error) {
        access.signal?.throwIfAborted();
        const answer = answerOf(error);
        if (!answer) throw new CalendarUnreachable(`${doing}: no answer from Google (${error instanceof Error ? error.message : 'unknown'})`);
        if (accept.includes(answer.status)) return { status: answer.status };
        // Without its cause, which holds the whole request.
        throw calendarFailure(doing, answer, clock.now());
      }
    });
  }
  const eventOf = (doing: string, data: unknown): CalendarEvent => read(doing, readEvent(data, 'UTC'));

  async function busyIn(access: CalendarAccess, { from, to }: CalendarRange): Promise<CalendarTime[]> {
    const doing = 'asking for busy times';
    const requestBody = { timeMin: from.toISOString(), timeMax: to.toISOString(), items: [{ id: access.calendarId }] };
    const answer = await ask(doing, access, (passed) => api.freebusy.query({ requestBody }, passed));
    const { calendars } = read(doing, 'data' in answer ? (busyReply.safeParse(answer.data).data ?? null) : null);
    const found = read(doing, calendars[access.calendarId] ?? Object.values(calendars)[0] ?? null);
    // The answer is 200 also where the calendar could not be read.
    const reason = found.errors?.[0]?.reason;
    if (reason === 'notFound') throw new CalendarRejected(`${doing}: there is no such calendar`, reason);
    if (reason) throw new CalendarUnreachable(`${doing}: ${reason}`);
    return found.busy.map(({ start, end }) => ({ startsAt: new Date(start), endsAt: new Date(end) }));
  }

  return {
    provider: 'GOOGLE',
    ...googleConsent(options),

    async freeBusy(access, { from, to }) {
      const busy: CalendarTime[] = [];
      for (let start = from.getTime(); start < to.getTime(); start += LONGEST_RANGE) {
        busy.push(...(await busyIn(access, { from: new Date(start), to: new Date(Math.min(start + LONGEST_RANGE, to.getTime())) })));
      }
      return busy;
    },

    async insertEvent(access, event) {
      const doing = 'writing an event';
      const sendUpdates = event.guest ? 'all' : 'none';
      const parameters = { calendarId: access.calendarId, sendUpdates, requestBody: newEvent(event) };
      const answer = await ask(doing, access, (passed) => api.events.insert(parameters, passed), [409]);
      return 'data' in answer ? eventOf(doing, answer.data) : 'exists';
    },

    async findEvent(access, id) {
      const doing = 'reading an event';
      const answer = await ask(doing, access, (passed) => api.events.get({ calendarId: access.calendarId, eventId: id }, passed), [404, 410]);
      return 'data' in answer ? eventOf(doing, answer.data) : null;
    },

    async updateEvent(access, { id, startsAt, endsAt, timeZone, etag, notify }) {
      const doing = 'changing an event';
      const requestBody = { start: writePoint(startsAt, timeZone), end: writePoint(endsAt, timeZone), status: 'confirmed' };
      const parameters = { calendarId: access.calendarId, eventId: id, sendUpdates: notify ? 'all' : 'none', requestBody };
      const answer = await ask(
        doing,
        access,
        (passed) => api.events.patch(parameters, { ...passed, headers: { ...passed.headers, ...(etag && { 'if-match': etag }) } }),
        [404, 410, 412],
      );
      if ('data' in answer) return eventOf(doing, answer.data);
      return answer.status === 412 ? 'changed' : 'missing';
    },

    async cancelEvent(access, { id, notify }) {
      const parameters = { calendarId: access.calendarId, eventId: id, sendUpdates: notify ? 'all' : 'none' };
      await ask('taking out an event', access, (passed) => api.events.delete(parameters, passed), [404, 410]);
    },

    async changesSince(access, since) {
      const doing = 'reading changes';
      const events: CalendarEvent[] = [];
      // Once a token was given, the range is part of it and may not be repeated; all else has to stay the same.
      const asked = 'syncToken' in since ? since : { timeMin: since.range.from.toISOString(), timeMax: since.range.to.toISOString() };
      for (let pageToken: string | undefined; ; ) {
        const parameters = { calendarId: access.calendarId, singleEvents: true, maxResults: PAGE, ...asked, ...(pageToken && { pageToken }) };
        const answer = await ask(doing, access, (passed) => api.events.list(parameters, passed), [410]);
        if (!('data' in answer)) return 'forgotten';
        const page = read(doing, pageReply.safeParse(answer.data).data ?? null);
        const timeZone = page.timeZone && isTimeZone(page.timeZone) ? page.timeZone : 'UTC';
        // What cannot be read is left out: if it blocks its time, the busy times tell.
        events.push(...page.items.flatMap((item) => readEvent(item, timeZone) ?? []));
        if (page.nextSyncToken) return { events, syncToken: page.nextSyncToken };
        pageToken = read(doing, page.nextPageToken ?? null);
      }
    },
  };
}

/** An answer that is not what it has to be tells nothing of what was done. */
function read<T>(doing: string, value: T | null): T {
  if (value === null) throw new CalendarUnreachable(`${doing}: an answer of Google's that is none`);
  return value;
}

const refusal = z.object({ response: z.object({ status: z.number(), data: z.unknown(), headers: z.instanceof(Headers) }) });

function answerOf(error: unknown) {
  const { data } = refusal.safeParse(error);
  return data ? { status: data.response.status, body: data.response.data, retryAfter: data.response.headers.get('retry-after') } : null;
}
