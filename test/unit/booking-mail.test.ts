import { afterEach, beforeEach, expect, test } from 'vitest';
import { disconnectCalendar } from '../../src/domain/bookings/calendar/calendar-link.ts';
import { mailBooking } from '../../src/domain/bookings/calendar/calendar-mail.ts';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts';
import { HOUR, MINUTE } from '../../src/kit/time.ts';
import { ask, booked, later, THURSDAY } from '../support/booking-app.ts';
import { type CalendarTestApp, calendarApp } from '../support/calendar-app.ts';

let app: CalendarTestApp;
beforeEach(async () => {
  app = await calendarApp({ businessName: 'Harbour Hair' });
});
afterEach(() => app[Symbol.asyncDispose]());

const EMAIL = { customerEmail: 'ada@example.com', details: 'A trim' };
const subjects = () => app.mailer.mails.map(({ subject }) => subject);
const lines = (index: number) => app.mailer.mails[index]?.attachments?.[0]?.content.split('\r\n') ?? [];

test('a customer whose address is known gets a mail with the appointment for their own calendar', async () => {
  const { id } = await app.bookAndRun(THURSDAY, EMAIL);
  expect(app.mailer.mails).toMatchObject([
    {
      key: `booking-${id}-1`,
      to: { address: 'ada@example.com', name: 'Ada Byron' },
      subject: 'Your appointment at Harbour Hair',
      text: 'Hello Ada Byron,\n\nYour appointment is confirmed for Thursday, September 3, 2026 at 2:30 PM CDT.\n\nAbout: A trim\n\nHarbour Hair',
      attachments: [{ fileName: 'appointment.ics', contentType: 'text/calendar; charset=utf-8; method=PUBLISH' }],
    },
  ]);
  const expected = [
    'METHOD:PUBLISH',
    `UID:cg${id}@callgraph`,
    'SEQUENCE:0',
    'DTSTART:20260903T193000Z',
    'DTEND:20260903T200000Z',
    'STATUS:CONFIRMED',
    'SUMMARY:Harbour Hair',
    'ORGANIZER;CN="Harbour Hair":mailto:no-reply@example.com',
  ];
  expect(lines(0)).toEqual(expect.arrayContaining(expected));
});

test('where the address is not known nothing is sent, nor for a time that has passed', async () => {
  const { id } = await app.bookAndRun();
  app.clock.advance(7 * 24 * HOUR);
  await app.db.booking.updateMany({ where: { id }, data: EMAIL });
  await mailBooking(app, { bookingId: id });
  expect(app.mailer.mails).toEqual([]);
});

test('each change is told once, and replaces the entry in the customer’s calendar', async () => {
  const { id } = await app.bookAndRun(THURSDAY, EMAIL);
  await app.runJobs();
  booked(await rescheduleBooking(app, { id, startsAt: later(1), movedBy: 'PERSON' }));
  await app.runJobs();
  booked(await rescheduleBooking(app, { id, startsAt: THURSDAY, movedBy: 'PERSON' }));
  await app.runJobs();
  booked(await cancelBooking(app, { id }));
  await app.runJobs();
  expect(subjects()).toEqual([
    'Your appointment at Harbour Hair',
    'Your appointment at Harbour Hair has moved',
    'Your appointment at Harbour Hair has moved',
    'Your appointment at Harbour Hair is canceled',
  ]);
  expect(lines(3)).toEqual(expect.arrayContaining(['METHOD:CANCEL', `UID:cg${id}@callgraph`, 'SEQUENCE:3', 'STATUS:CANCELLED']));
  expect(new Set(app.mailer.mails.map(({ key }) => key)).size).toBe(4);
});

test('ten workers that tell of one booking at once send one mail', async () => {
  const { id } = booked(await ask(app, THURSDAY, EMAIL));
  await Promise.all(Array.from({ length: 10 }, () => mailBooking(app, { bookingId: id })));
  expect(app.mailer.mails).toHaveLength(1);
});

test('a mail that could not be sent is sent later, under the same key', async () => {
  const { id } = booked(await ask(app, THURSDAY, EMAIL));
  const keys: string[] = [];
  const broken = {
    send: async ({ key }: { key: string }) => {
      keys.push(key);
      throw new Error('the mail server is away');
    },
  };
  await expect(mailBooking({ ...app, mailer: broken }, { bookingId: id })).rejects.toThrow('away');
  await app.runJobs();
  expect(app.mailer.mails.map(({ key }) => key)).toEqual(keys);
});

test('the mail goes out whether Google is there or not, and Google’s invitation and ours are one entry', async () => {
  await app.connect();
  app.twin.script('events.insert', ...Array(3).fill({ type: 'refuse', status: 503, reason: 'backendError' }));
  const { id } = booked(await ask(app, THURSDAY, EMAIL));
  await expect(app.runJobs()).rejects.toThrow();
  expect(subjects()).toHaveLength(1);
  await app.runJobs();
  expect(subjects()).toHaveLength(1);
  expect(lines(0)).toContain(`UID:${app.twin.calendar.find(`cg${id}`)?.iCalUID}`);
});

test('while the calendar has been out of reach for long the mail confirms nothing yet, and another does when it is back', async () => {
  await app.connect();
  app.clock.advance(HOUR + MINUTE);
  app.twin.script('events.insert', ...Array(3).fill({ type: 'refuse', status: 503, reason: 'backendError' }));
  const { id } = booked(await ask(app, THURSDAY, EMAIL));
  await expect(app.runJobs()).rejects.toThrow();
  expect(app.mailer.mails.at(-1)).toMatchObject({ attachments: [], text: expect.stringContaining('will confirm it shortly') });
  await app.runJobs();
  expect(await app.booking(id)).toMatchObject({ calendarStatus: 'SYNCED' });
  expect(app.mailer.mails.slice(1)).toMatchObject([{ text: expect.stringContaining('is confirmed for') }]);
});

test('nor while consent is lost, until the calendar is disconnected for good', async () => {
  await app.connect();
  app.clock.advance(HOUR + MINUTE);
  app.twin.oauth.takeBack();
  await app.bookAndRun(THURSDAY, EMAIL);
  await disconnectCalendar(app);
  await app.runJobs();
  expect(app.mailer.mails.map(({ text }) => /will confirm|is confirmed/.exec(text)?.[0])).toEqual(['will confirm', 'is confirmed']);
});
