import { afterEach, beforeEach, expect, test } from 'vitest';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { holdSlot } from '../../src/domain/bookings/hold-slot.ts';
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts';
import { MINUTE } from '../../src/kit/time.ts';
import { CalendarUnreachable } from '../../src/ports/calendar.ts';
import { ask, booked, later, THURSDAY } from '../support/booking-app.ts';
import { type CalendarTestApp, calendarApp } from '../support/calendar-app.ts';

let app: CalendarTestApp;
beforeEach(async () => {
  app = await calendarApp();
});
afterEach(async () => {
  expect(app.twin.violations()).toEqual([]);
  await app[Symbol.asyncDispose]();
});

const events = () => app.twin.calendar.events();
const live = () => events().filter(({ status }) => status !== 'cancelled');
const startOf = (id: string) => app.twin.calendar.instant(app.twin.calendar.find(id)?.start);

test('without a calendar a booking waits for nothing', async () => {
  const booking = await app.bookAndRun();
  expect(booking).toMatchObject({ calendarStatus: 'NOT_CONNECTED', calendarEventId: null });
  expect(app.twin.requests).toEqual([]);
});

test('a booking waits for its event from the moment it is made, and then has it', async () => {
  await app.connect();
  const made = booked(await ask(app, THURSDAY, { customerEmail: 'ada@example.com', customerPhone: '+12025550142' }));
  expect(made.calendarStatus).toBe('PENDING');
  await app.runJobs();
  const eventId = `cg${made.id}`;
  expect(await app.booking(made.id)).toMatchObject({ calendarStatus: 'SYNCED', calendarEventId: eventId });
  expect(live()).toMatchObject([{ id: eventId, summary: 'Ada Byron – Robin', attendees: [{ email: 'ada@example.com' }] }]);
  expect(startOf(eventId)).toBe(THURSDAY.getTime());
  expect(app.twin.invitations).toEqual([`events.insert ${eventId}`]);
});

test('a hold has no event', async () => {
  await app.connect();
  const callId = await app.newCall();
  booked(await holdSlot(app, { assistantId: app.assistantId, callId, startsAt: THURSDAY }));
  await app.runJobs();
  expect(events()).toEqual([]);
});

test('a booking that moves takes its event along, and one that is canceled takes it out', async () => {
  await app.connect();
  const { id } = await app.bookAndRun(THURSDAY, { customerEmail: 'ada@example.com' });
  app.clock.advance(MINUTE);
  booked(await rescheduleBooking(app, { id, startsAt: later(1), movedBy: 'PERSON' }));
  expect((await app.booking(id)).calendarStatus).toBe('PENDING');
  await app.runJobs();
  expect(startOf(`cg${id}`)).toBe(later(1).getTime());
  expect(live()).toHaveLength(1);
  booked(await cancelBooking(app, { id }));
  await app.runJobs();
  expect(live()).toEqual([]);
  expect((await app.booking(id)).calendarStatus).toBe('SYNCED');
  expect(app.twin.invitations.map((told) => told.split(' ')[0])).toEqual(['events.insert', 'events.patch', 'events.delete']);
});

test('a crash between the event and our commit leaves one event, and the next try finds it', async () => {
  await app.connect();
  const booking = booked(await ask(app, THURSDAY, { customerEmail: 'ada@example.com' }));
  app.twin.script('events.insert', { type: 'break', done: true });
  app.twin.script('events.get', ...Array(3).fill({ type: 'refuse', status: 503, reason: 'backendError' }));
  await expect(app.push(booking)).rejects.toThrow(CalendarUnreachable);
  expect(events()).toHaveLength(1);
  expect((await app.booking(booking.id)).calendarStatus).toBe('PENDING');
  // It even moved before anybody came back to it.
  booked(await rescheduleBooking(app, { id: booking.id, startsAt: later(1), movedBy: 'PERSON' }));
  await app.runJobs();
  expect(await app.booking(booking.id)).toMatchObject({ calendarStatus: 'SYNCED' });
  expect(live()).toHaveLength(1);
  expect(startOf(`cg${booking.id}`)).toBe(later(1).getTime());
});

test('ten workers that push one booking at once write one event', async () => {
  await app.connect();
  const booking = booked(await ask(app));
  await Promise.all(Array.from({ length: 10 }, () => app.push(booking)));
  expect(events()).toHaveLength(1);
  expect((await app.booking(booking.id)).calendarStatus).toBe('SYNCED');
});

test('a booking that is canceled while its event is being written ends without one', async () => {
  await app.connect();
  const booking = booked(await ask(app));
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  app.twin.script('events.insert', { type: 'wait', asked: asked.resolve, until: go.promise });
  const pushing = app.push(booking);
  await asked.promise;
  booked(await cancelBooking(app, { id: booking.id }));
  go.resolve();
  await pushing;
  expect(live()).toEqual([]);
  expect(await app.booking(booking.id)).toMatchObject({ status: 'CANCELED', calendarStatus: 'SYNCED' });
});

test('an event that its owner has retitled meanwhile (412) moves all the same, and keeps its title', async () => {
  await app.connect();
  const { id } = await app.bookAndRun();
  app.twin.calendar.write({ id: `cg${id}`, summary: 'Ada, with the dog' });
  booked(await rescheduleBooking(app, { id, startsAt: later(1), movedBy: 'PERSON' }));
  await app.runJobs();
  expect(live()).toMatchObject([{ summary: 'Ada, with the dog' }]);
  expect(startOf(`cg${id}`)).toBe(later(1).getTime());
  expect((await app.booking(id)).calendarStatus).toBe('SYNCED');
});

test('where Google says when to come back, the job comes back then', async () => {
  await app.connect();
  app.twin.script('events.insert', { type: 'refuse', status: 403, reason: 'rateLimitExceeded', retryAfter: '120' });
  const booking = await app.bookAndRun();
  expect(booking.calendarStatus).toBe('PENDING');
  expect(app.waiting()).toEqual(['follow-booking']);
  app.clock.advance(2 * MINUTE);
  await app.runJobs();
  expect((await app.booking(booking.id)).calendarStatus).toBe('SYNCED');
});

test('an event that Google refuses for good fails alone, and the calendar stays well', async () => {
  await app.connect();
  app.twin.script('events.insert', { type: 'refuse', status: 400, reason: 'invalid' });
  const booking = await app.bookAndRun();
  expect(booking.calendarStatus).toBe('FAILED');
  expect((await app.link()).problem).toBe(null);
  expect((await app.bookAndRun(later(1))).calendarStatus).toBe('SYNCED');
});

test('the bookings to come are written when a calendar is connected, and found again when it is connected once more', async () => {
  const { id } = await app.bookAndRun();
  await app.connect();
  expect(await app.booking(id)).toMatchObject({ calendarStatus: 'SYNCED' });
  await app.connect();
  expect(await app.booking(id)).toMatchObject({ calendarStatus: 'SYNCED' });
  expect(events()).toHaveLength(1);
});
