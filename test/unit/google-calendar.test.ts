import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../src/kit/clock.ts';
import { DAY, HOUR } from '../../src/kit/time.ts';
import {
  AccessRefused,
  type Calendar,
  type CalendarAccess,
  CalendarRejected,
  CalendarUnreachable,
  type Consent,
  ConsentLost,
  type NewCalendarEvent,
  RateLimited,
} from '../../src/ports/calendar.ts';
import { googleCalendar } from '../../src/vendors/google/calendar.ts';
import { EVENTS_SCOPE } from '../support/google-oauth-state.ts';
import { googleOptions, VERIFIER } from '../support/google-options.ts';
import { ACCOUNT, type GoogleTwin, startGoogleTwin } from '../support/google-twin.ts';

const AT = new Date('2026-12-03T15:00:00Z');
const EVENT: NewCalendarEvent = {
  id: `cg${'0a'.repeat(16)}`,
  startsAt: AT,
  endsAt: new Date(AT.getTime() + HOUR),
  timeZone: 'America/Chicago',
  title: 'Ada Byron – Harbour Hair',
  description: 'Telephone: +12025550142',
  guest: { email: 'ada@example.com', name: 'Ada Byron' },
};
const WEEK = { from: new Date(AT.getTime() - DAY), to: new Date(AT.getTime() + 6 * DAY) };

let twin: GoogleTwin;
let calendar: Calendar;
let consent: Consent;
let access: CalendarAccess;

beforeEach(async () => {
  twin = await startGoogleTwin({ pageSize: 2 });
  // The pauses between attempts pass fifty times as fast.
  calendar = googleCalendar({ ...googleOptions(twin), clock: createClock(50), timeoutMs: 1_000 });
  consent = await consentTo(calendar);
  access = { token: consent.accessToken, calendarId: 'primary' };
});
afterEach(async () => {
  expect(twin.violations()).toEqual([]);
  await twin[Symbol.asyncDispose]();
});

async function consentTo(asked: Calendar, options: { scopes?: string[] } = {}): Promise<Consent> {
  const back = twin.oauth.consent(asked.authorizationUrl({ state: 's', codeChallenge: VERIFIER.challenge, loginHint: ACCOUNT.email }), options);
  return asked.exchange({ code: back.searchParams.get('code') ?? '', codeVerifier: VERIFIER.verifier });
}
const thrown = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('nothing was thrown'),
    (error: unknown) => error,
  );
const askedFor = (operation: string) => twin.requests.filter((request) => request.operation === operation);

describe('consent', () => {
  test('brings lasting access and says whose calendar it is', () => {
    expect(consent).toMatchObject({ accountId: ACCOUNT.id, email: ACCOUNT.email, expiresInSeconds: 3599 });
    expect(consent.refreshToken).toMatch(/^1\/\//);
  });

  test('is void with another verifier, and when it is used twice', async () => {
    const back = twin.oauth.consent(calendar.authorizationUrl({ state: 's', codeChallenge: VERIFIER.challenge }));
    const code = back.searchParams.get('code') ?? '';
    expect(await thrown(calendar.exchange({ code, codeVerifier: 'x'.repeat(43) }))).toBeInstanceOf(ConsentLost);
    expect(await thrown(calendar.exchange({ code, codeVerifier: VERIFIER.verifier }))).toBeInstanceOf(ConsentLost);
  });

  test('to less than is needed is none', async () => {
    expect(await thrown(consentTo(calendar, { scopes: ['openid', 'email', EVENTS_SCOPE] }))).toBeInstanceOf(ConsentLost);
  });

  test('is refreshed, keeps its refresh token where no new one comes, and is lost when it was taken back', async () => {
    const fresh = await calendar.refresh(consent.refreshToken);
    expect(fresh).toMatchObject({ refreshToken: null, expiresInSeconds: 3599 });
    expect(fresh.accessToken).not.toBe(consent.accessToken);
    twin.oauth.takeBack();
    expect(await thrown(calendar.refresh(consent.refreshToken))).toBeInstanceOf(ConsentLost);
  });

  test('is given back once, and a second time without a fuss', async () => {
    await calendar.revoke(consent.refreshToken);
    await calendar.revoke(consent.refreshToken);
    expect(twin.oauth.isRevoked()).toBe(true);
  });

  test('that our own settings spoil is not taken for the person’s', async () => {
    const other = googleCalendar({ ...googleOptions(twin), clientSecret: 'wrong', clock: createClock(50) });
    expect(await thrown(other.refresh(consent.refreshToken))).toBeInstanceOf(CalendarRejected);
  });

  test.each([
    ['a server that is down', { type: 'refuse', status: 503, reason: 'backendError' }],
    ['a proxy’s page', { type: 'garbage', status: 502, done: false }],
    ['a broken connection', { type: 'break', done: false }],
    ['no answer', { type: 'hang', done: false }],
  ] as const)('is refreshed in spite of %s', async (_, behaviour) => {
    twin.script('token', behaviour);
    expect((await calendar.refresh(consent.refreshToken)).accessToken).toMatch(/^ya29/);
    twin.script('token', behaviour, behaviour, behaviour);
    expect(await thrown(calendar.refresh(consent.refreshToken))).toBeInstanceOf(CalendarUnreachable);
  });
});

describe('busy times', () => {
  test('are those of events that block their time, an all-day one in the calendar’s zone', async () => {
    const at = (hour: number) => ({ dateTime: new Date(AT.getTime() + hour * HOUR).toISOString() });
    twin.calendar.write({ id: 'blocking', start: at(0), end: at(1) });
    twin.calendar.write({ id: 'touching', start: at(1), end: at(2) });
    twin.calendar.write({ id: 'free', start: at(4), end: at(5), transparency: 'transparent' });
    twin.calendar.write({ id: 'declined', start: at(5), end: at(6), attendees: [{ self: true, responseStatus: 'declined' }] });
    twin.calendar.write({ id: 'holiday', start: { date: '2026-12-05' }, end: { date: '2026-12-06' } });
    const busy = [
      { startsAt: AT, endsAt: new Date(AT.getTime() + 2 * HOUR) },
      { startsAt: new Date('2026-12-05T06:00:00Z'), endsAt: new Date('2026-12-06T06:00:00Z') },
    ];
    expect(await calendar.freeBusy(access, WEEK)).toEqual(busy);
    const changes = await calendar.changesSince(access, { range: WEEK });
    expect(changes !== 'forgotten' && changes.events.filter((event) => event.busy).map(({ id }) => id)).toEqual(['blocking', 'touching', 'holiday']);
    expect(changes !== 'forgotten' && changes.events.at(-1)).toMatchObject({ allDay: true, time: busy[1] });
  });

  test('of a long range are asked for in pieces that Google takes', async () => {
    await calendar.freeBusy(access, { from: AT, to: new Date(AT.getTime() + 150 * DAY) });
    expect(askedFor('freebusy.query')).toHaveLength(3);
  });

  test('of a calendar that is not there are no empty day', async () => {
    const error = await thrown(calendar.freeBusy({ ...access, calendarId: 'gone@example.com' }, WEEK));
    expect(error).toBeInstanceOf(CalendarRejected);
    expect(error).toMatchObject({ reason: 'notFound' });
  });
});

describe('an event', () => {
  test('is written once however often it is written, and its guest invited once', async () => {
    expect(await calendar.insertEvent(access, EVENT)).toMatchObject({
      id: EVENT.id,
      canceled: false,
      time: { startsAt: EVENT.startsAt, endsAt: EVENT.endsAt },
    });
    expect(await calendar.insertEvent(access, EVENT)).toBe('exists');
    expect(twin.calendar.events()).toHaveLength(1);
    expect(twin.invitations).toEqual([`events.insert ${EVENT.id}`]);
  });

  test('whose answer got lost is found to be there', async () => {
    twin.script('events.insert', { type: 'break', done: true });
    expect(await calendar.insertEvent(access, EVENT)).toBe('exists');
    expect(await calendar.findEvent(access, EVENT.id)).toMatchObject({ canceled: false });
  });

  test('moves, keeps what its owner wrote, and does not move where it is another version by now', async () => {
    const written = await calendar.insertEvent(access, EVENT);
    if (written === 'exists') throw new Error('exists');
    const move = { ...EVENT, startsAt: new Date(AT.getTime() + HOUR), endsAt: new Date(AT.getTime() + 2 * HOUR), notify: false };
    twin.calendar.write({ id: EVENT.id, summary: 'Ada, with the dog' });
    expect(await calendar.updateEvent(access, { ...move, etag: written.etag })).toBe('changed');
    expect(await calendar.updateEvent(access, { ...move, etag: null })).toMatchObject({ time: { startsAt: move.startsAt } });
    expect(twin.calendar.find(EVENT.id)).toMatchObject({ summary: 'Ada, with the dog' });
    expect(await calendar.updateEvent(access, { ...move, id: 'cgmissing', etag: null })).toBe('missing');
  });

  test('is taken out, again without a fuss, is then there as canceled, and comes back', async () => {
    await calendar.insertEvent(access, EVENT);
    await calendar.cancelEvent(access, { id: EVENT.id, notify: true });
    await calendar.cancelEvent(access, { id: EVENT.id, notify: true });
    await calendar.cancelEvent(access, { id: 'cgmissing', notify: true });
    expect(await calendar.findEvent(access, EVENT.id)).toMatchObject({ canceled: true, busy: false });
    expect(await calendar.insertEvent(access, EVENT)).toBe('exists');
    expect(await calendar.updateEvent(access, { ...EVENT, etag: null, notify: false })).toMatchObject({ canceled: false, busy: true });
    expect(await calendar.findEvent(access, 'cgmissing')).toBe(null);
  });
});

describe('changes', () => {
  test('come page by page, then only what is new, removals too', async () => {
    for (const id of ['one', 'two', 'three', 'four', 'five'])
      twin.calendar.write({ id, start: { dateTime: AT.toISOString() }, end: { dateTime: EVENT.endsAt.toISOString() } });
    const all = await calendar.changesSince(access, { range: WEEK });
    if (all === 'forgotten') throw new Error('forgotten');
    expect(all.events.map(({ id }) => id)).toEqual(['one', 'two', 'three', 'four', 'five']);
    twin.calendar.remove('two');
    const { syncToken } = all;
    expect(await calendar.changesSince(access, { syncToken })).toMatchObject({ events: [{ id: 'two', canceled: true, busy: false }] });
  });

  test('since a token that Google has forgotten are none', async () => {
    const all = await calendar.changesSince(access, { range: WEEK });
    if (all === 'forgotten') throw new Error('forgotten');
    twin.calendar.forgetTokens();
    expect(await calendar.changesSince(access, { syncToken: all.syncToken })).toBe('forgotten');
  });

  test('with an event that nobody can read bring the others', async () => {
    twin.calendar.write({ id: 'odd', etag: 7 } as never);
    twin.calendar.write({ id: 'plain', start: { dateTime: AT.toISOString() }, end: { dateTime: EVENT.endsAt.toISOString() } });
    expect(await calendar.changesSince(access, { range: WEEK })).toMatchObject({ events: [{ id: 'plain' }] });
  });
});

describe('what goes wrong is told apart', () => {
  test.each([
    [401, 'authError', AccessRefused],
    [403, 'rateLimitExceeded', RateLimited],
    [403, 'userRateLimitExceeded', RateLimited],
    [403, 'quotaExceeded', RateLimited],
    [429, 'rateLimitExceeded', RateLimited],
    [403, 'insufficientPermissions', ConsentLost],
    [403, 'forbidden', CalendarRejected],
    [400, 'invalid', CalendarRejected],
    [404, 'notFound', CalendarRejected],
  ] as const)('%i %s', async (status, reason, kind) => {
    twin.script('events.insert', { type: 'refuse', status, reason, retryAfter: '120' });
    const error = await thrown(calendar.insertEvent(access, EVENT));
    expect(error).toBeInstanceOf(kind);
    if (error instanceof RateLimited) expect(error.retryAfterSeconds).toBe(120);
    expect(askedFor('events.insert')).toHaveLength(1);
  });

  test('a limit that is soon over is waited for', async () => {
    twin.script('events.insert', { type: 'refuse', status: 429, reason: 'rateLimitExceeded', retryAfter: '1' });
    expect(await calendar.insertEvent(access, EVENT)).toMatchObject({ id: EVENT.id });
  });

  test.each([
    ['5xx', { type: 'refuse', status: 503, reason: 'backendError' }],
    ['a page of a proxy', { type: 'garbage', status: 502, done: false }],
    ['a broken connection', { type: 'break', done: false }],
    ['no answer in time', { type: 'hang', done: false }],
  ] as const)('%s passes, or it is out of reach', async (_, behaviour) => {
    twin.script('events.insert', behaviour, behaviour);
    expect(await calendar.insertEvent(access, EVENT)).toMatchObject({ id: EVENT.id });
    twin.script('freebusy.query', behaviour, behaviour, behaviour);
    expect(await thrown(calendar.freeBusy(access, WEEK))).toBeInstanceOf(CalendarUnreachable);
  });

  test('a 200 without sense is no answer', async () => {
    twin.script('freebusy.query', ...Array(3).fill({ type: 'garbage', status: 200, done: false }));
    expect(await thrown(calendar.freeBusy(access, WEEK))).toBeInstanceOf(CalendarUnreachable);
  });

  test('a token that ran out by Google’s clock, ahead of ours, is refused', async () => {
    twin.skewMs = 2 * HOUR;
    expect(await thrown(calendar.freeBusy(access, WEEK))).toBeInstanceOf(AccessRefused);
  });

  test('a wish to stop is followed at once', async () => {
    twin.script('freebusy.query', { type: 'hang', done: false });
    const stop = new AbortController();
    const asking = calendar.freeBusy({ ...access, signal: stop.signal }, WEEK);
    stop.abort(new Error('the worker stops'));
    expect(await thrown(asking)).toMatchObject({ message: 'the worker stops' });
  });
});
