import { expect, test } from 'vitest';
import { HOUR } from '../../src/kit/time.ts';
import { type Desk, desk } from '../support/desk.ts';

const BOOKED = 'Thursday the 3rd at half past two is booked for Ada Byron.';
const LATER = ' I cannot see the whole calendar at the moment, so we will confirm it to you.';

/** A calendar that was heard of so long ago. */
async function calendarHeardOf({ app }: Desk, agoMs: number): Promise<void> {
  const now = app.clock.now();
  const link = { id: 'link', workspaceId: app.workspaceId, provider: 'GOOGLE', accountId: '1000', email: 'owner@example.com', calendarId: 'primary' };
  const tokens = { refreshToken: '', accessToken: '', accessTokenExpiresAt: now };
  await app.db.calendarLink.create({ data: { ...link, ...tokens, busyKnownAt: new Date(now.getTime() - agoMs), nextSyncAt: now, createdAt: now } });
}

test('a caller is told that the booking will be confirmed where the calendar has been silent for more than an hour', async () => {
  await using at = await desk();
  await calendarHeardOf(at, HOUR + 1);
  const given = { startsAt: '2026-09-03T14:30', customerName: 'Ada Byron' };
  expect((await at.use('book_appointment', given)).output).toMatchObject({ booked: true, toBeConfirmed: true, say: BOOKED + LATER });
  const move = { currentStartsAt: '2026-09-03T14:30', customerName: 'Ada Byron', newStartsAt: '2026-09-03T15:30' };
  expect((await at.use('reschedule_appointment', move)).output).toMatchObject({ moved: true, toBeConfirmed: true });
});

test('and hears nothing of it before', async () => {
  await using at = await desk();
  await calendarHeardOf(at, HOUR);
  const { output } = await at.use('book_appointment', { startsAt: '2026-09-03T14:30', customerName: 'Ada Byron' });
  expect(output).toMatchObject({ booked: true, say: BOOKED });
  expect(output).not.toHaveProperty('toBeConfirmed');
});
