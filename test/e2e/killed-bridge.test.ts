import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { seedWorkspace } from '../support/call-app.ts';
import { type Deployment, deploy } from '../support/deployment.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy();
});
afterAll(() => deployment?.[Symbol.asyncDispose]());

/** As soon as a tool has succeeded and the words that led to it are stored: words that nobody has recognised yet die with the model's connection. */
const toolDone = (callId: string, name: string) =>
  expect
    .poll(
      async () => {
        const tool = await deployment.database.root.toolCall.findFirst({ where: { callId, name, status: 'SUCCEEDED' } });
        return tool && (await deployment.database.root.transcriptTurn.count({ where: { callId, speaker: 'CALLER', sequence: tool.afterSequence } }));
      },
      { timeout: 40_000, interval: 10 },
    )
    .toBe(1);

test.each([
  ['a free time was found', 'check_availability', '+12025550180'],
  ['the appointment was booked and before the caller was told', 'book_appointment', '+12025550181'],
])(
  'a media process that is killed after %s costs the caller a second: the call goes on, knows what was said and done, and books once',
  { timeout: 120_000 },
  async (_when, tool, line) => {
    const { database, simulator } = deployment;
    const { root } = database;
    const { assistant } = await seedWorkspace(root, line);
    await root.assistant.update({ where: { id: assistant.id }, data: { hours: everyDay } });
    const { carrierCallId, ended } = await simulator.ring({ to: line, callerKey: 'books-a-haircut' });
    const { id: callId } = await root.call.findUniqueOrThrow({ where: { carrierCallId } });

    await toolDone(callId, tool);
    await deployment.kill('media');
    await ended;
    await deployment.start('media');

    // The row ends before the bridge lets go, which waits for last words.
    const call = () => root.call.findUniqueOrThrow({ where: { id: callId } });
    await expect.poll(call, { timeout: 20_000 }).toMatchObject({ status: 'ENDED', bridgeId: null });
    const bookings = await root.booking.findMany({ where: { callId } });
    expect(bookings).toMatchObject([{ status: 'CONFIRMED', customerName: 'Sam Porter' }]);

    const turns = await root.transcriptTurn.findMany({ where: { callId }, orderBy: { sequence: 'asc' } });
    const said = turns.map(({ speaker, text }) => `${speaker}: ${text}`).join('\n');
    expect(await call(), said).toMatchObject({ outcome: 'COMPLETED', endReason: 'assistant-ended', bridgeCount: 2 });
    expect(turns.map(({ sequence }) => sequence)).toEqual(turns.map((_turn, index) => index + 1));
    expect(turns.every(({ complete }) => complete)).toBe(true);
    expect(
      turns.some(({ speaker, text }) => speaker === 'ASSISTANT' && text.startsWith('Sorry')),
      said,
    ).toBe(true);
    // What the caller had said before is not asked for again.
    const wishes = turns.filter(({ speaker, text }) => speaker === 'CALLER' && text.includes('I would like to book'));
    expect(wishes).toHaveLength(1);
  },
);

test('a subscriber that is cut off and comes back with `after` has every turn exactly once', { timeout: 90_000 }, async () => {
  const { database, simulator, graphqlUrl } = deployment;
  const { root } = database;
  const line = '+12025550182';
  const { workspace, assistant } = await seedWorkspace(root, line);
  await root.assistant.update({ where: { id: assistant.id }, data: { hours: everyDay } });
  const { token, follow } = await ask(graphqlUrl, root, workspace.id);
  const { carrierCallId, ended } = await simulator.ring({ to: line, callerKey: 'decides-step-by-step' });
  const { id: callId } = await root.call.findUniqueOrThrow({ where: { carrierCallId } });

  const seen: { sequence: number; text: string }[] = [];
  // Two turns a connection: then it breaks, and the next one says what it has.
  for (let over = false; !over; ) {
    over = await follow(token, callId, seen.at(-1)?.sequence ?? 0, (turn) => {
      seen.push(turn);
      return seen.length % 2 === 0;
    });
  }
  await ended;
  const turns = await root.transcriptTurn.findMany({ where: { callId }, orderBy: { sequence: 'asc' } });
  expect(seen).toEqual(turns.map(({ sequence, text }) => ({ sequence, text })));
  expect(seen.length).toBeGreaterThan(6);
});

const everyDay = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'].map((day) => ({ day, opens: '09:00', closes: '18:00' }));
