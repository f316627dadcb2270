import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { encodeNodeId } from '../../src/graphql/node-ids.ts';
import type { Caller } from '../../src/simulator/callers/caller.ts';
import { googleSettings, startGoogleTwin } from '../support/google-twin.ts';
import { wholeSystem } from '../support/whole-system.ts';

/** Wants a time, and takes almost two minutes to say the name that it is for. */
const hesitating: Caller = {
  key: 'hesitates-too-long',
  name: 'Walter Ames',
  number: '+12025550103',
  description: 'Wants next Tuesday at three, looks for something for two minutes, and takes another time when it is gone.',
  answers: 'yes',
  reactions: [
    { says: ['Hello, I would like to book a haircut for next Tuesday at three, please.'] },
    { hears: /suit you\?/i, says: ['The first one is fine, please.'], times: 2 },
    { hears: /\bis booked\b/i, says: ["No, that's all. Thank you."] },
    { hears: /your name/i, says: [14_000, 'Hold on, I am still looking for my glasses.'], times: 5 },
    { hears: /your name/i, says: ['Walter Ames.'], times: 2 },
  ],
};

const BOOK = `mutation ($input: CreateBookingInput!) { createBooking(input: $input) {
  booking { id } errors { code message ... on SlotTaken { alternatives { startsAt } } } } }`;
const answered = z.object({
  createBooking: z.object({ booking: z.object({ id: z.string() }).nullable(), errors: z.array(z.object({ code: z.string(), message: z.string() })) }),
});

const CONNECT = 'mutation { connectCalendar(input: {}) { authorizationUrl errors { message } } }';
const connected = z.object({ connectCalendar: z.object({ authorizationUrl: z.string() }) });

test('a caller who hesitates for longer than the time is held loses it to somebody else, and ends the call with an alternative booked, once in the calendar', {
  timeout: 90_000,
}, async () => {
  await using google = await startGoogleTwin();
  await using system = await wholeSystem({ speed: 8, env: googleSettings(google) });
  const { lab, demo, client, database } = system;
  const { root } = database;
  const assistantId = encodeNodeId('Assistant', demo.assistantId);
  // The owner has a calendar, and gives consent in a browser.
  const { connectCalendar } = await client.ask(CONNECT, {}, connected);
  await fetch(google.oauth.consent(connectCalendar.authorizationUrl), { redirect: 'manual' });
  const call = lab.dial({ to: demo.phoneNumber, caller: hesitating });

  // As soon as the time has been spoken aloud it is held, and nobody else gets it.
  await expect.poll(() => root.booking.count({ where: { status: 'HELD' } }), { timeout: 30_000, interval: 20 }).toBe(1);
  const { startsAt, callId } = await root.booking.findFirstOrThrow({ where: { status: 'HELD' } });
  const rival = async () => {
    const input = { assistantId, startsAt: startsAt.toISOString(), customerName: 'Priya Nair' };
    return (await client.ask(BOOK, { input }, answered)).createBooking;
  };
  expect(await rival()).toMatchObject({ booking: null, errors: [{ code: 'SLOT_TAKEN' }] });

  // Ninety seconds later somebody does, while the caller is still looking.
  const heldAt = system.app.clock.now();
  let taken = await rival();
  while (!taken.booking) {
    await sleep(50);
    taken = await rival();
  }
  expect(system.app.clock.now().getTime() - heldAt.getTime()).toBeGreaterThan(70_000);

  const { heard, endedBy } = await call.ended;
  expect(heard).toMatch(/at 3 PM is free\. May I have your name, please\?/);
  expect(heard).toMatch(/Tuesday the \d+\w\w at three is already taken\. Free: two, half past two or half past three\./);
  expect(heard).toMatch(/Tuesday the \d+\w\w at two is booked for Walter Ames\./);
  expect(endedBy).toBe('program');

  const bookings = await root.booking.findMany({ where: { status: { not: 'CANCELED' } }, orderBy: { startsAt: 'asc' } });
  expect(bookings.map(({ status, customerName, callId: by }) => [status, customerName, by])).toEqual([
    ['CONFIRMED', 'Walter Ames', callId],
    ['CONFIRMED', 'Priya Nair', null],
  ]);
  expect(bookings[1]?.startsAt).toEqual(startsAt);
  const tools = await root.toolCall.findMany({ where: { callId: callId ?? '' }, orderBy: { startedAt: 'asc' } });
  // How often the caller repeats himself, and is booked again what he has, is his affair.
  expect([...new Set(tools.map(({ name }) => name))]).toEqual(['check_availability', 'book_appointment', 'end_call']);
  expect(tools.every(({ status }) => status === 'SUCCEEDED')).toBe(true);

  // What was only held never got there; what was booked is there once, however often it was tried.
  const written = () => root.booking.count({ where: { calendarStatus: 'SYNCED' } });
  await expect.poll(written, { timeout: 20_000, interval: 50 }).toBe(2);
  const events = google.calendar.events().map(({ id, start, status }) => [id, google.calendar.instant(start), status]);
  expect(events.toSorted()).toEqual(bookings.map(({ id, startsAt: at }) => [`cg${id}`, at.getTime(), 'confirmed']).toSorted());
  expect(google.violations()).toEqual([]);
});
