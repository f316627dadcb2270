import { describe, expect, test } from 'vitest';
import { connectDatabase } from '../../src/db/client.ts';
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts';
import { TOOLS } from '../../src/domain/calls/tools/tools.ts';
import type { BookingApp } from '../support/booking-app.ts';
import { desk } from '../support/desk.ts';

describe('every tool', () => {
  test('keeps a row: what was asked, what was told, when, and how long it took', async () => {
    await using at = await desk();
    const { output } = await at.use('check_availability', { date: '2026-09-03' }, { modelCallId: 'call_x' });
    const row = await at.app.database.root.toolCall.findFirstOrThrow({ where: { modelCallId: 'call_x' } });
    expect(row).toMatchObject({
      callId: at.callId,
      name: 'check_availability',
      arguments: '{"date":"2026-09-03"}',
      status: 'SUCCEEDED',
      afterSequence: 3,
      durationMs: 0,
    });
    expect(JSON.parse(row.result ?? '')).toEqual(output);
  });

  test.each([
    ['check_availability', { date: '2026-09-03', time: '14:30' }],
    ['book_appointment', { startsAt: '2026-09-03T14:30' }],
  ])('%s that ends after its call keeps no time from others', async (tool, given) => {
    await using at = await desk();
    expect((await at.use(tool, given)).output).toMatchObject({ held: true });
    expect(await at.app.database.root.booking.count({ where: { status: 'HELD' } })).toBe(1);
    await at.app.database.root.booking.deleteMany();
    await at.app.database.root.call.update({ where: { id: at.callId }, data: { status: 'ENDED' } });
    await at.use(tool, given);
    expect(await at.app.database.root.booking.count()).toBe(0);
  });

  test('answers a repeat from its row and acts once', async () => {
    await using at = await desk();
    const given = { startsAt: '2026-09-03T14:30', customerName: 'Ada' };
    const first = await at.use('book_appointment', given, { modelCallId: 'call_x' });
    const row = await at.app.database.root.booking.findFirstOrThrow();
    await cancelBooking(at.app, { id: row.id });
    expect(await at.use('book_appointment', given, { modelCallId: 'call_x' })).toEqual(first);
    expect(await at.app.database.root.booking.count({ where: { status: 'CONFIRMED' } })).toBe(0);
  });

  test('run at once with the same id, acts once', async () => {
    await using at = await desk();
    const given = { body: 'Please call me back.' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => at.use('take_message', given, { modelCallId: 'call_x' })));
    expect(answers.every(({ output }) => output.taken === true)).toBe(true);
    expect(await at.app.database.root.message.count()).toBe(1);
    expect(await at.app.database.root.toolCall.count()).toBe(1);
  });

  test.each([
    ['a tool that is not there', 'delete_everything', {}, 'UNKNOWN_TOOL'],
    ['a tool named like a property', 'constructor', {}, 'UNKNOWN_TOOL'],
    ['arguments that are no JSON', 'book_appointment', '{"startsAt": "2026-', 'INVALID_ARGUMENTS'],
    ['arguments of another kind', 'book_appointment', '[1, 2]', 'INVALID_ARGUMENTS'],
    ['nothing at all', 'book_appointment', '', 'INVALID_ARGUMENTS'],
    ['a field that is missing', 'book_appointment', { customerName: 'Ada' }, 'INVALID_ARGUMENTS'],
    ['a field that is far too long', 'take_message', { body: 'x'.repeat(1_000_000) }, 'INVALID_ARGUMENTS'],
  ])('%s is an error for the model, and no exception', async (_name, tool, given, error) => {
    await using at = await desk();
    const { output, then } = await at.use(tool, given);
    expect(output).toMatchObject({ error, say: expect.any(String) });
    expect(then).toBe('answer');
    expect(await at.app.database.root.toolCall.findFirst()).toMatchObject({ status: 'FAILED', result: JSON.stringify(output) });
  });

  test('bytes that no database stores do no harm', async () => {
    await using at = await desk();
    const { output } = await at.use('take_message', '{"body":"call\\u0000 me","callerName":"\\u0000"}', { modelCallId: 'call\0x', name: 'take_message' });
    expect(output.taken).toBe(true);
    expect((await at.use('take\0_message', '\0{}')).output.error).toBe('UNKNOWN_TOOL');
  });

  test('the optional fields may be null, and unknown ones are dropped', async () => {
    await using at = await desk();
    const given = { startsAt: '2026-09-03T14:30', customerName: 'Ada', customerPhone: null, customerEmail: null, details: null, status: 'HELD' };
    expect((await at.use('book_appointment', given)).output.booked).toBe(true);
    expect(await at.app.database.root.booking.findFirst()).toMatchObject({ status: 'CONFIRMED' });
  });
});

describe('end_call', () => {
  test('lets the call end', async () => {
    await using at = await desk();
    expect(await at.use('end_call', {})).toEqual({ output: { ended: true, say: 'Goodbye.' }, then: 'end-call' });
    expect((await at.use('end_call', { reason: 3 })).then).toBe('answer');
  });

  test('needs no database', async () => {
    await using at = await desk();
    await using gone = connectDatabase('postgres://nobody@127.0.0.1:1/nothing', 1);
    expect((await at.use('end_call', {}, { parts: { root: gone.root } })).then).toBe('end-call');
  });
});

describe('when the database is away', () => {
  test.each([
    [
      'book_appointment',
      { startsAt: '2026-09-03T14:30', customerName: 'Ada' },
      'I cannot reach the calendar right now, so nothing has been confirmed. Please try again in a moment.',
    ],
    ['take_message', { body: 'Call me.' }, 'I could not store the message. Please try again in a moment.'],
    ['check_availability', { date: '2026-09-03' }, 'I cannot reach the calendar right now. Please try again in a moment.'],
  ])('%s says so instead of pretending', async (name, given, say) => {
    await using at = await desk();
    await using gone = connectDatabase('postgres://nobody@127.0.0.1:1/nothing', 1);
    expect(await at.use(name, given, { parts: { root: gone.root } })).toEqual({ output: { error: 'UNAVAILABLE', say }, then: 'answer' });
  });
});

describe('a tool that hangs', () => {
  /** Keeps the assistant's row locked, so that a booking waits. */
  async function locked(app: BookingApp) {
    const client = await app.database.pool.connect();
    await client.query('begin');
    await client.query('select 1 from "Assistant" where id = $1 for update', [app.assistantId]);
    return {
      async [Symbol.asyncDispose]() {
        await client.query('rollback');
        client.release();
      },
    };
  }

  const given = { startsAt: '2026-09-03T14:30', customerName: 'Ada' };

  test('is answered at its deadline with a sentence; asked again, the truth comes out', async () => {
    await using at = await desk();
    {
      await using _lock = await locked(at.app);
      const answer = at.use('book_appointment', given);
      await rowWritten(at.app);
      at.app.clock.advance(TOOLS.book_appointment.deadlineMs);
      expect((await answer).output).toMatchObject({ error: 'TIMED_OUT', say: expect.stringContaining('cannot yet say whether that was booked') });
    }
    expect((await at.use('book_appointment', given)).output.booked).toBe(true);
    expect(await at.app.database.root.booking.count()).toBe(1);
    expect(await at.app.database.root.toolCall.findMany({ select: { status: true }, orderBy: { startedAt: 'asc' } })).toEqual([
      { status: 'TIMED_OUT' },
      { status: 'SUCCEEDED' },
    ]);
  });

  test('is let go when the bridge lets go of the call, and its booking is found by the next', async () => {
    await using at = await desk();
    const bridge = new AbortController();
    {
      await using _lock = await locked(at.app);
      const answer = at.use('book_appointment', given, { signal: bridge.signal });
      await rowWritten(at.app);
      bridge.abort();
      expect((await answer).output.error).toBe('CUT_OFF');
    }
    expect((await at.use('book_appointment', given)).output.booked).toBe(true);
    expect(await at.app.database.root.booking.count()).toBe(1);
  });

  test('is not begun for a bridge that has let go already', async () => {
    await using at = await desk();
    await at.use('book_appointment', given, { signal: AbortSignal.abort() });
    expect(await at.app.database.root.toolCall.count()).toBe(0);
  });

  async function rowWritten(app: BookingApp) {
    await expect.poll(() => app.database.root.toolCall.count()).toBe(1);
  }
});

test('a tool of another workspace’s call does nothing', async () => {
  await using at = await desk();
  await using other = await desk();
  const { output } = await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada' }, { callId: other.callId });
  expect(output.error).toBe('UNAVAILABLE');
  expect(await at.app.database.root.booking.count()).toBe(0);
});
