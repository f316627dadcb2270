import { expect, test } from 'vitest';
import { bookingIdOf, eventIdOf } from '../../src/domain/bookings/calendar/calendar-event.ts';
import { type Following, followingOf } from '../../src/domain/bookings/calendar/calendar-follow.ts';
import { newId } from '../../src/kit/ids.ts';
import { HOUR } from '../../src/kit/time.ts';
import type { CalendarEvent } from '../../src/ports/calendar.ts';

const AT = new Date('2026-09-03T19:30:00Z');
const time = (hours = 0) => ({ startsAt: new Date(AT.getTime() + hours * HOUR), endsAt: new Date(AT.getTime() + (hours + 1) * HOUR) });
const BOOKING = { ...time(), status: 'CONFIRMED', calendarStatus: 'SYNCED', calendarEtag: '"1"' } as const;
const EVENT: CalendarEvent = { id: 'cg1', etag: '"2"', canceled: false, allDay: false, busy: true, time: time() };

test.each<[string, Partial<Parameters<typeof followingOf>[0]>, Partial<CalendarEvent> | null, Following]>([
  ['an event that is where it was', {}, {}, 'NOTHING'],
  ['one that moved', {}, { time: time(1) }, 'MOVE'],
  ['one that only ends later', {}, { time: { ...time(), endsAt: time(1).endsAt } }, 'MOVE'],
  ['the echo of what we wrote', {}, { etag: '"1"', time: time(1) }, 'NOTHING'],
  ['one that was removed', {}, { canceled: true, time: null }, 'CANCEL'],
  ['one that is gone', {}, null, 'CANCEL'],
  ['one that lasts all day now', {}, { allDay: true }, 'RESTORE'],
  ['one without a time', {}, { time: null }, 'RESTORE'],
  ['one that moved while ours moved too', { calendarStatus: 'PENDING' }, { time: time(1) }, 'NOTHING'],
  ['one that was removed while ours moved', { calendarStatus: 'PENDING' }, null, 'NOTHING'],
  ['one of a calendar from before', { calendarStatus: 'NOT_CONNECTED' }, null, 'NOTHING'],
  ['one that came back for a canceled booking', { status: 'CANCELED' }, { time: time(1) }, 'NOTHING'],
])('%s', (_, booking, event, following) => {
  expect(followingOf({ ...BOOKING, ...booking }, event && { ...EVENT, ...event })).toBe(following);
});

test('a booking’s event is known by its id, and no other event is taken for one', () => {
  const id = newId();
  expect(eventIdOf(id)).toMatch(/^[0-9a-v]{5,1024}$/);
  expect(bookingIdOf(eventIdOf(id))).toBe(id);
  for (const other of ['', id, `cg${id}0`, `${eventIdOf(id)}_20260903T193000Z`, `cg${id.slice(1)}z`]) expect(bookingIdOf(other)).toBe(null);
});
