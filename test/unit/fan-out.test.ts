import { expect, test } from 'vitest';
import { FanOut } from '../../src/kit/fan-out.ts';

/** A transport whose joins and leaves take until they are released, and which notes what it was asked. */
function transport() {
  const log: string[] = [];
  const held: (() => void)[] = [];
  let holding = false;
  const step = (word: string) => async (topic: string) => {
    log.push(`${word} ${topic}`);
    if (holding) await new Promise<void>((resolve) => held.push(resolve));
    log.push(`${word} done`);
  };
  return {
    log,
    hold: () => {
      holding = true;
    },
    release: () => {
      holding = false;
      for (const resume of held.splice(0)) resume();
    },
    fanOut: new FanOut<string>({ join: step('join'), leave: step('leave'), limit: 3, missed: () => 'missed' }),
  };
}

test('a topic is joined for its first reader and left after its last', async () => {
  const { fanOut, log } = transport();
  const first = await fanOut.open('t');
  const second = await fanOut.open('t');
  first.close();
  expect(log).toEqual(['join t', 'join done']);
  second.close();
  await expect.poll(() => log).toEqual(['join t', 'join done', 'leave t', 'leave done']);
  expect(fanOut.topics()).toEqual([]);
});

test('a reader that comes while a topic is being left finds it joined again', async () => {
  const { fanOut, log, hold, release } = transport();
  const first = await fanOut.open('t');
  hold();
  first.close();
  await expect.poll(() => log.at(-1)).toBe('leave t');
  const opening = fanOut.open('t');
  release();
  const second = await opening;
  expect(log).toEqual(['join t', 'join done', 'leave t', 'leave done', 'join t', 'join done']);
  fanOut.deliver('t', 'hello');
  expect(await second.next()).toEqual({ done: false, value: 'hello' });
});

test('a reader that leaves before its topic is joined leaves nothing behind', async () => {
  const { fanOut, log, hold, release } = transport();
  hold();
  const opening = fanOut.open('t');
  await expect.poll(() => log).toEqual(['join t']);
  fanOut.close();
  release();
  await opening;
  await expect.poll(() => log).toEqual(['join t', 'join done', 'leave t', 'leave done']);
});

test('a topic that cannot be joined is refused, and the next reader tries again', async () => {
  let refuse = true;
  const fanOut = new FanOut<string>({
    join: async () => {
      if (refuse) throw new Error('no permission');
    },
    limit: 3,
    missed: () => 'missed',
  });
  await expect(fanOut.open('t')).rejects.toThrow('no permission');
  expect(fanOut.topics()).toEqual([]);
  refuse = false;
  const reader = await fanOut.open('t');
  fanOut.deliver('t', 'hello');
  expect(await reader.next()).toEqual({ done: false, value: 'hello' });
});

test('a reader that falls behind costs no more memory than its limit, and is told', async () => {
  const { fanOut } = transport();
  const reader = await fanOut.open('t');
  for (const item of ['1', '2', '3', '4', '5']) fanOut.deliver('t', item);
  expect([await reader.next(), await reader.next()].map(({ value }) => value)).toEqual(['missed', '5']);
});
