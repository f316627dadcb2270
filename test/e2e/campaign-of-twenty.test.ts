import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../src/kit/clock.ts';
import { type SkippingClock, skippingClock } from '../../src/kit/skipping-clock.ts';
import { campaignPeople } from '../../src/simulator/callers/campaign-people.ts';
import { tellCampaign } from '../../src/simulator/demo/campaign-story.ts';
import { createScreen } from '../../src/simulator/demo/terminal.ts';
import { type WholeSystem, wholeSystem } from '../support/whole-system.ts';

let system: WholeSystem;
let clock: SkippingClock;

beforeAll(async () => {
  // A Tuesday in the evening in New York: most are called in the morning, and again on the days after.
  const startsAt = new Date('2026-03-04T01:30:00Z');
  clock = skippingClock(createClock(3, startsAt));
  system = await wholeSystem({ speed: 3, clock });
  await system.database.root.phoneLine.updateMany({ where: { workspaceId: system.demo.workspaceId }, data: { carrier: 'TWILIO', isPrimary: true } });
});
afterAll(() => system?.[Symbol.asyncDispose]());

test('a campaign of twenty people comes to its end as each of them has in their script, over days and to the answer', { timeout: 240_000 }, async () => {
  let told = '';
  const screen = createScreen({ write: (text) => (told += text) });
  const { client, demo } = system;
  const skipTo = (at: Date) => clock.skip(at.getTime() - clock.now().getTime());
  await tellCampaign(client, screen, { now: clock.now, skipTo }, () => client.signIn(demo.email, demo.password)).catch(async (error: unknown) => {
    throw new Error(`${told}\n${error}\n${await talksOf(String(error))}`);
  });
  expect(told).toContain('all 20 as their scripts say');
  expect(told).toMatch(/Wednesday/);
  const { root } = system.database;
  expect(await root.suppression.count()).toBe(3);
  // Nobody was called before eight or after nine.
  for (const { dialedAt } of await root.call.findMany({ where: { direction: 'OUTBOUND' } })) {
    const there = Temporal.Instant.fromEpochMilliseconds(dialedAt?.getTime() ?? 0).toZonedDateTimeISO('America/New_York');
    expect(there.hour).toBeGreaterThanOrEqual(8);
    expect(there.hour).toBeLessThan(21);
  }
});

/** What was said with everybody who is named, so that a surprise can be understood. */
async function talksOf(names: string): Promise<string> {
  const include = { turns: { orderBy: { sequence: 'asc' } } } as const;
  const calls = await system.database.root.call.findMany({ where: { direction: 'OUTBOUND' }, include, orderBy: { createdAt: 'asc' } });
  const people = campaignPeople.filter(({ caller }) => names.includes(caller.name));
  const lines = calls.flatMap(({ to, turns }) => {
    const who = people.find(({ caller }) => caller.number === to)?.caller.name;
    return who
      ? [
          `with ${who}`,
          ...turns.map(({ startedAt, speaker, text, heardText }) => `  ${startedAt.toISOString().slice(14, 22)} ${speaker}: ${text} | ${heardText}`),
        ]
      : [];
  });
  return lines.join('\n');
}
