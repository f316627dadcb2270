import { expect, test } from 'vitest';
import { DEMO_EMAIL, seedDemo } from '../../prisma/seed.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { openingTimesOf } from '../../src/domain/assistants/assistant.ts';
import { isOpen } from '../../src/domain/assistants/opening-hours.ts';
import { toolsFor } from '../../src/domain/calls/tools/tools.ts';
import { testDatabase } from '../support/database.ts';
import { manualClock } from '../support/manual-clock.ts';

const SECRET_KEY = 'a secret key for tests, 32 characters';
const noEvents = { enqueue: async () => {}, announce: async () => {} };

test('the demo workspace has an owner, an assistant that books, and a number; making it again changes nothing', async () => {
  await using database = await testDatabase();
  const { root } = database;
  const app = { root, clock: manualClock(), events: noEvents, config: resolveConfig({ SECRET_KEY }) };
  const demo = await seedDemo(app);
  expect(await seedDemo(app)).toEqual(demo);
  expect(await root.user.count()).toBe(1);
  expect(await root.user.findFirst()).toMatchObject({ email: DEMO_EMAIL });
  expect(await root.workspace.findMany()).toMatchObject([{ id: demo.workspaceId, name: 'Harbour Hair', platform: 'BUSINESS', country: 'US' }]);
  const [assistant] = await root.assistant.findMany();
  expect(assistant).toMatchObject({ id: demo.assistantId, bookingMode: 'STRICT', slotMinutes: 30 });
  const closed = { hours: [], closedDates: [], specialHours: [] };
  expect(toolsFor(assistant ?? closed).map((tool) => tool.name)).toContain('book_appointment');
  // Tuesday at three, which the simulated callers ask for.
  expect(isOpen(openingTimesOf(assistant ?? closed), 'America/New_York', new Date('2026-03-03T20:00:00Z'))).toBe(true);
  expect(await root.phoneLine.findMany()).toMatchObject([
    { phoneNumber: '+12025550100', carrier: 'SIMULATED', assistantId: demo.assistantId, isPrimary: true },
  ]);
});

test('with a Twilio number, that is the one that the assistant answers', async () => {
  await using database = await testDatabase();
  const { root } = database;
  const twilio = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token', TWILIO_PHONE_NUMBER: '+442079460123' };
  const parts = { root, clock: manualClock(), events: noEvents };
  await seedDemo({ ...parts, config: resolveConfig({ SECRET_KEY }) });
  const demo = await seedDemo({ ...parts, config: resolveConfig({ SECRET_KEY, ...twilio }) });
  expect(demo.phoneNumber).toBe('+442079460123');
  expect(await root.phoneLine.findMany({ orderBy: { phoneNumber: 'asc' } })).toMatchObject([
    { phoneNumber: '+12025550100', isPrimary: false },
    { phoneNumber: '+442079460123', isPrimary: true, carrier: 'TWILIO', assistantId: demo.assistantId },
  ]);
});

test('what somebody has changed stays', async () => {
  await using database = await testDatabase();
  const { root } = database;
  const app = { root, clock: manualClock(), events: noEvents, config: resolveConfig({ SECRET_KEY }) };
  const demo = await seedDemo(app);
  await root.assistant.updateMany({ data: { greeting: 'Ahoy!' } });
  await seedDemo(app);
  expect(await root.assistant.findUnique({ where: { id: demo.assistantId } })).toMatchObject({ greeting: 'Ahoy!' });
});
