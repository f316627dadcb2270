import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slotsBetween } from '../../src/domain/bookings/bookings.ts';
import { busyTimes } from '../../src/domain/bookings/calendar/calendar-busy.ts';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts';
import { DAY, HOUR, MINUTE } from '../../src/kit/time.ts';
import { ask, booked, later, problem, THURSDAY } from '../support/booking-app.ts';
import { type CalendarTestApp, calendarApp } from '../support/calendar-app.ts';

let app: CalendarTestApp;
beforeEach(async () => {
  app = await calendarApp({ bookingMode: 'FLEXIBLE', employeeCount: 2, maxConcurrentBookings: 2 });
});
afterEach(async () => {
  expect(app.twin.violations()).toEqual([]);
  await app[Symbol.asyncDispose]();
});

/** Half an hour by default, in the owner's calendar. */
function entry(id: string, startsAt: Date, minutes = 30) {
  const [start, end] = [{ dateTime: startsAt.toISOString() }, { dateTime: new Date(startsAt.getTime() + minutes * MINUTE).toISOString() }];
  return app.twin.calendar.write({ id, start, end });
}
const busy = () => busyTimes(app, app.assistantId, later(-24), later(24));
const minuteLater = async () => {
  app.clock.advance(MINUTE);
  await app.sync();
  await app.runJobs();
};
async function remaining(at = THURSDAY) {
  const date = Temporal.PlainDate.from('2026-09-03');
  const [day] = await slotsBetween(app, { assistantId: app.assistantId, from: date, to: date });
  return day?.slots.find(({ startsAt }) => startsAt.getTime() === at.getTime())?.remaining;
}
const asked = (operation: string) => app.twin.requests.filter((request) => request.operation === operation);

describe('the busy times', () => {
  test('of a calendar keep their slots from everybody, and come and go with its events', async () => {
    entry('dentist', THURSDAY);
    await app.connect();
    expect(await busy()).toEqual([{ startsAt: THURSDAY, endsAt: later(0.5) }]);
    expect(await remaining()).toBe(0);
    expect(problem(await ask(app))).toMatchObject({ code: 'SLOT_TAKEN' });
    entry('dentist', later(1));
    await minuteLater();
    expect(await remaining()).toBe(2);
    expect(await remaining(later(1))).toBe(0);
    app.twin.calendar.remove('dentist');
    await minuteLater();
    expect(await busy()).toEqual([]);
  });

  test('are not those of our own events, so that the second lane stays free', async () => {
    await app.connect();
    await app.bookAndRun();
    await minuteLater();
    await minuteLater();
    expect(await busy()).toEqual([]);
    expect(await remaining()).toBe(1);
  });

  test('of somebody else’s event are seen beneath an event of ours, which Google tells as one', async () => {
    await app.connect();
    await app.bookAndRun();
    entry('dentist', THURSDAY);
    await minuteLater();
    expect(await remaining()).toBe(0);
  });

  test('are free again at once where a booking is canceled, whether its event is gone already or not', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    await minuteLater();
    booked(await cancelBooking(app, { id }));
    app.twin.script('events.delete', ...Array(3).fill({ type: 'refuse', status: 503, reason: 'backendError' }));
    await app.runJobs().catch(() => {});
    entry('other', later(3));
    await app.sync();
    expect(await remaining()).toBe(2);
  });

  test('that no event tells of are kept too, and those of our own events are not', async () => {
    await app.connect();
    await app.bookAndRun(later(-2));
    app.twin.calendar.hidden.add('secret');
    entry('secret', THURSDAY, 60);
    app.clock.advance(10 * MINUTE);
    await app.sync();
    expect(await busy()).toEqual([{ startsAt: THURSDAY, endsAt: later(1) }]);
  });

  test('hold for an hour while Google is out of reach; then the bookings alone decide, and it is said', async () => {
    entry('dentist', THURSDAY);
    await app.connect();
    const down = { type: 'refuse', status: 503, reason: 'backendError' } as const;
    app.twin.script('events.list', ...Array(6).fill(down));
    app.clock.advance(10 * MINUTE);
    await app.sync();
    expect(await app.link()).toMatchObject({ problem: null, failures: 1 });
    expect(await remaining()).toBe(0);
    app.clock.advance(50 * MINUTE + 1);
    await app.sync();
    expect(await busy()).toBe('unknown');
    expect(await remaining()).toBe(2);
    await app.sync();
    expect(await busy()).toEqual([{ startsAt: THURSDAY, endsAt: later(0.5) }]);
    expect(await app.link()).toMatchObject({ failures: 0 });
  });

  test('are unknown from a link until the first answer, and nobody is kept from booking', async () => {
    app.twin.script('events.list', ...Array(3).fill({ type: 'refuse', status: 503, reason: 'backendError' }));
    await app.connect();
    expect(await busy()).toBe('unknown');
    expect((await app.bookAndRun()).calendarStatus).toBe('SYNCED');
  });
});

describe('reading a calendar', () => {
  test('asks for what is new only, for all once a day, and for all when Google has forgotten where we were (410)', async () => {
    entry('dentist', THURSDAY);
    await app.connect();
    await minuteLater();
    expect(asked('events.list').map(({ query }) => 'syncToken' in query)).toEqual([false, true]);
    expect(asked('freebusy.query')).toHaveLength(2);
    app.twin.calendar.forgetTokens();
    app.twin.calendar.remove('dentist');
    await minuteLater();
    expect(await busy()).toEqual([]);
    expect(asked('events.list').map(({ query }) => 'syncToken' in query)).toEqual([false, true, true, false]);
    app.clock.advance(DAY);
    await app.sync();
    expect('syncToken' in (asked('events.list').at(-1)?.query ?? {})).toBe(false);
  });

  test('by two at once does no harm', async () => {
    await app.connect();
    entry('dentist', THURSDAY);
    await Promise.all([app.sync(), app.sync(), app.sync()]);
    expect(await busy()).toEqual([{ startsAt: THURSDAY, endsAt: later(0.5) }]);
  });

  test('waits as long as Google asks for', async () => {
    await app.connect();
    app.twin.script('events.list', { type: 'refuse', status: 429, reason: 'rateLimitExceeded', retryAfter: '300' });
    await app.sync();
    expect((await app.link()).nextSyncAt.getTime() - app.clock.now().getTime()).toBe(5 * MINUTE);
  });

  test('is left for longer and longer while Google is down', async () => {
    await app.connect();
    const pauses: number[] = [];
    for (let round = 0; round < 6; round++) {
      app.twin.script('events.list', ...Array(3).fill({ type: 'garbage', status: 502, done: false }));
      await app.sync();
      pauses.push(((await app.link()).nextSyncAt.getTime() - app.clock.now().getTime()) / MINUTE);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 15, 15]);
  });
});

describe('a booking follows its event', () => {
  test('that its owner moves, even to where no slot begins', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    const at = new Date(THURSDAY.getTime() + 10 * MINUTE);
    entry(`cg${id}`, at, 45);
    await minuteLater();
    expect(await app.booking(id)).toMatchObject({ status: 'CONFIRMED', startsAt: at, endsAt: new Date(at.getTime() + 45 * MINUTE), calendarStatus: 'SYNCED' });
    expect(app.told.at(-1)).toMatchObject({ type: 'BookingChanged', bookingId: id });
    expect(asked('events.patch')).toHaveLength(0);
  });

  test('that its owner deletes', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    app.twin.calendar.remove(`cg${id}`);
    await minuteLater();
    expect(await app.booking(id)).toMatchObject({ status: 'CANCELED', calendarStatus: 'SYNCED' });
    expect(asked('events.delete')).toHaveLength(0);
    expect(await remaining()).toBe(2);
  });

  test('that was deleted while Google had forgotten where we were', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    app.twin.calendar.remove(`cg${id}`);
    app.twin.calendar.forgetTokens();
    await minuteLater();
    expect(await app.booking(id)).toMatchObject({ status: 'CANCELED' });
  });

  test('but not into a full time: there the event goes back', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    await app.bookAndRun(later(1));
    await app.bookAndRun(later(1), { customerName: 'Grace Hopper' });
    await minuteLater();
    entry(`cg${id}`, later(1));
    await minuteLater();
    expect(await app.booking(id)).toMatchObject({ startsAt: THURSDAY, calendarStatus: 'SYNCED' });
    expect(app.twin.calendar.instant(app.twin.calendar.find(`cg${id}`)?.start)).toBe(THURSDAY.getTime());
    expect(await app.mostAtOnce()).toBe(2);
  });

  test('nor to a whole day', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    app.twin.calendar.write({ id: `cg${id}`, start: { date: '2026-09-03' }, end: { date: '2026-09-04' } });
    await minuteLater();
    expect(await app.booking(id)).toMatchObject({ startsAt: THURSDAY, calendarStatus: 'SYNCED' });
    expect(app.twin.calendar.instant(app.twin.calendar.find(`cg${id}`)?.start)).toBe(THURSDAY.getTime());
  });

  test('and where both were changed, ours stands, as the customer was told', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    booked(await rescheduleBooking(app, { id, startsAt: later(1), movedBy: 'ASSISTANT' }));
    entry(`cg${id}`, later(-1));
    await app.sync();
    await app.runJobs();
    await minuteLater();
    expect(await app.booking(id)).toMatchObject({ startsAt: later(1), calendarStatus: 'SYNCED' });
    expect(app.twin.calendar.instant(app.twin.calendar.find(`cg${id}`)?.start)).toBe(later(1).getTime());
  });

  test('once: a retitled event changes nothing, nor does the echo of our own change', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    app.twin.calendar.write({ id: `cg${id}`, summary: 'Ada, with the dog' });
    await minuteLater();
    const told = app.told.length;
    await minuteLater();
    expect(app.told).toHaveLength(told);
    expect(await app.booking(id)).toMatchObject({ startsAt: THURSDAY, calendarStatus: 'SYNCED' });
    expect(asked('events.patch')).toHaveLength(0);
  });

  test('an event that is brought back after its booking was canceled is busy time like any other', async () => {
    await app.connect();
    const { id } = await app.bookAndRun();
    booked(await cancelBooking(app, { id }));
    await app.runJobs();
    app.twin.calendar.write({ id: `cg${id}`, status: 'confirmed' });
    await minuteLater();
    expect(await app.booking(id)).toMatchObject({ status: 'CANCELED' });
    expect(await busy()).toEqual([{ startsAt: THURSDAY, endsAt: later(0.5) }]);
  });
});

describe('a calendar that lost consent', () => {
  test('says so and what to do, mails once, keeps what it knew for an hour, and keeps nobody from booking', async () => {
    entry('dentist', later(1));
    const { userId, email } = await owner();
    await app.connect();
    await app.db.calendarLink.updateMany({ data: { connectedById: userId } });
    app.twin.oauth.takeBack();
    app.clock.advance(10 * MINUTE);
    await app.sync();
    await app.sync();
    await app.runJobs();
    expect((await app.link()).problem).toMatch(/^Google no longer lets us use the calendar of owner@example\.com: .* Connect the calendar again\.$/);
    expect(app.mailer.mails).toMatchObject([{ to: { address: email }, subject: 'Your calendar needs to be connected again' }]);
    expect(await remaining(later(1))).toBe(0);
    const { id, calendarStatus } = await app.bookAndRun();
    expect(calendarStatus).toBe('FAILED');
    app.clock.advance(HOUR);
    expect(await busy()).toBe('unknown');
    const requests = app.twin.requests.length;
    await app.sync();
    expect(app.twin.requests).toHaveLength(requests);

    await app.connect();
    expect(await app.link()).toMatchObject({ problem: null });
    expect(await app.booking(id)).toMatchObject({ calendarStatus: 'SYNCED' });
    expect(app.twin.calendar.events().filter((event) => event.id === `cg${id}`)).toHaveLength(1);
    expect(app.mailer.mails).toHaveLength(1);
  });

  test('is found out by whoever comes first: a booking that is to be written', async () => {
    await app.connect();
    app.twin.oauth.takeBack();
    const booking = await app.bookAndRun();
    expect(booking).toMatchObject({ status: 'CONFIRMED', calendarStatus: 'FAILED' });
    expect((await app.link()).problem).toContain('Connect the calendar again');
  });

  test('or whose calendar is gone asks for another', async () => {
    const { problem: why } = await app.connect('team@example.com');
    expect(why).toBe('The account owner@example.com has no calendar "team@example.com" any more. Connect another one.');
  });

  async function owner() {
    const userId = 'ada'.padEnd(32, '0');
    const email = 'ada@harbour.example.com';
    await app.database.root.user.create({ data: { id: userId, email, createdAt: app.clock.now() } });
    await app.database.root.membership.create({ data: { userId, workspaceId: app.workspaceId, role: 'OWNER', createdAt: app.clock.now() } });
    return { userId, email };
  }
});
