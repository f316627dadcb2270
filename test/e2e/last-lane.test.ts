import { expect, test } from 'vitest';
import { runTool } from '../../src/domain/calls/tools/run-tool.ts';
import { decodeNodeId } from '../../src/graphql/node-ids.ts';
import { createClock } from '../../src/kit/clock.ts';
import { newId } from '../../src/kit/ids.ts';
import { HOUR } from '../../src/kit/time.ts';
import { startApi } from '../support/api-process.ts';
import { testDatabase } from '../support/database.ts';
import { quiet } from '../support/quiet.ts';

const CLOCK = createClock();
const ALL_WEEK = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'].map((day) => ({ day, opens: '00:00', closes: '00:00' }));
const BOOK = `mutation ($input: CreateBookingInput!) { createBooking(input: $input) {
  booking { id } errors { code ... on SlotTaken { alternatives { startsAt isBooked } } } } }`;

test.each([1, 2])('fifty tool calls and requests at once on the last free lane, over %i api processes and a bridge, book it once', async (count) => {
  await using database = await testDatabase(10);
  await using opened = new AsyncDisposableStack();
  const processes = await Promise.all(Array.from({ length: count }, async () => opened.use(await startApi(database))));
  const [first] = processes;
  if (!first) throw new Error('no process');

  const registered = await first.ask('mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } } }', {
    input: { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' },
  });
  const token = registered.register.session.accessToken;
  const made = await first.ask(
    'mutation ($input: CreateAssistantInput!) { createAssistant(input: $input) { assistant { id } } }',
    { input: { name: 'Robin', timeZone: 'UTC', hours: ALL_WEEK } },
    token,
  );
  const globalId = made.createAssistant.assistant.id;
  const policy = { assistantId: globalId, mode: 'FLEXIBLE', employeeCount: 3, maxConcurrentBookings: 2 };
  await first.ask('mutation ($input: UpdateBookingPolicyInput!) { updateBookingPolicy(input: $input) { errors { code } } }', { input: policy }, token);
  const startsAt = new Date(Math.ceil(Date.now() / HOUR) * HOUR + 48 * HOUR).toISOString();
  const book = (api: typeof first) => api.ask(BOOK, { input: { assistantId: globalId, startsAt, customerName: 'Bob Stone' } }, token);
  expect((await book(first)).createBooking.booking).not.toBeNull();

  const assistantId = decodeNodeId(globalId).id;
  const { workspaceId } = await database.root.assistant.findUniqueOrThrow({ where: { id: assistantId } });
  const toolCall = async () => {
    const callId = newId();
    const numbers = { from: '+12025550142', to: '+12025550100' };
    await database.root.call.create({
      data: {
        id: callId,
        workspaceId,
        assistantId,
        direction: 'INBOUND',
        status: 'IN_PROGRESS',
        carrier: 'SIMULATED',
        ...numbers,
        plan: {},
        createdAt: new Date(),
      },
    });
    return async () => {
      const given = JSON.stringify({ startsAt, customerName: 'Ada Byron' });
      const request = {
        workspaceId,
        callId,
        assistantId,
        timeZone: 'UTC',
        modelCallId: 'call_1',
        name: 'book_appointment',
        arguments: given,
        afterSequence: 1,
      };
      const app = { root: database.root, clock: CLOCK, events: { enqueue: async () => {}, announce: async () => {} }, logger: quiet().logger };
      const { booked, alternatives } = JSON.parse((await runTool(app, request, new AbortController().signal)).output);
      return { booked, alternatives };
    };
  };
  const request = (index: number) => async () => {
    const { booking, errors } = (await book(processes[index % count] ?? first)).createBooking;
    return { booked: booking !== null, alternatives: errors[0]?.alternatives };
  };
  const tools = await Promise.all(Array.from({ length: 25 }, toolCall));
  const everybody = [...tools, ...Array.from({ length: 25 }, (_, index) => request(index))];
  const answers = await Promise.all(everybody.map((ask) => ask()));

  expect(answers.filter((answer) => answer.booked)).toHaveLength(1);
  for (const { alternatives } of answers.filter((answer) => !answer.booked)) expect(alternatives.length).toBeGreaterThanOrEqual(4);
  const rows = await database.root.booking.findMany({ where: { startsAt: new Date(startsAt), status: { not: 'CANCELED' } }, orderBy: { lane: 'asc' } });
  expect(rows.map(({ lane, status }) => [lane, status])).toEqual([
    [0, 'CONFIRMED'],
    [1, 'CONFIRMED'],
  ]);
});
