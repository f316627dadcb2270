import { expect, test } from 'vitest';
import { Turnstile } from '../../src/kit/turnstile.ts';

test('work of one key goes through one at a time and in order, also past work that fails; other keys do not wait', async () => {
  const turnstile = new Turnstile();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turnstile.through('a', async () => {
    await gate.promise;
    done.push('a1');
    throw new Error('broken');
  });
  const second = turnstile.through('a', async () => done.push('a2'));
  const third = turnstile.through('a', async () => done.push('a3'));
  await turnstile.through('b', async () => done.push('b'));
  expect(done).toEqual(['b']);
  gate.resolve();
  await expect(first).rejects.toThrow('broken');
  expect(await second).toBe(3);
  await third;
  expect(done).toEqual(['b', 'a1', 'a2', 'a3']);
  expect(turnstile.size).toBe(0);
});
