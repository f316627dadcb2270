import { afterAll, beforeAll, expect, test } from 'vitest';
import { reapCalls } from '../../src/domain/calls/watch/reap-calls.ts';
import { callers } from '../../src/simulator/callers/directory.ts';
import { type WholeSystem, wholeSystem } from '../support/whole-system.ts';

let system: WholeSystem;
beforeAll(async () => {
  system = await wholeSystem({ speed: 10 });
});
afterAll(() => system?.[Symbol.asyncDispose]());

const named = (key: string) => {
  const caller = callers.find((one) => one.key === key);
  if (!caller) throw new Error(key);
  return caller;
};

test.each(['hangs-up-mid-sentence', 'hangs-up-at-the-greeting', 'books-a-haircut'])(
  'the carrier never tells how a call ended (%s): the reaper asks it, and the row ends as the carrier says',
  { timeout: 60_000 },
  async (key) => {
    const { lab, app, demo } = system;
    lab.faults.carrier.loseCallbacks = 100;
    const ringing = lab.dial({ to: demo.phoneNumber, caller: named(key) });
    const log = await ringing.ended;
    const call = () => app.root.call.findUniqueOrThrow({ where: { carrierCallId: ringing.carrierCallId } });
    await expect.poll(async () => (await call()).bridgeId, { timeout: 20_000 }).toBeNull();
    expect((await call()).status).toBe('IN_PROGRESS');
    expect(await app.root.carrierEvent.count({ where: { callId: (await call()).id } })).toBe(0);

    // A call that has just stopped moving is left alone for a while.
    await expect.poll(() => reapCalls(app).then(async () => (await call()).status), { timeout: 30_000, interval: 200 }).toBe('ENDED');
    expect(await call()).toMatchObject({ outcome: 'COMPLETED', durationSeconds: log.durationSeconds });
  },
);
