import { expect, test } from 'vitest';
import { Outbox } from '../../src/kit/outbox.ts';

function sender(limit = 100) {
  const batches: number[][] = [];
  const dropped: [number, string][] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const outbox = new Outbox<number>({
    limit,
    onDropped: (count, error) => dropped.push([count, error instanceof Error ? error.message : String(error)]),
    send: (batch) => {
      batches.push([...batch]);
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      return answer.promise;
    },
  });
  return { outbox, batches, dropped, answers };
}

test('what is put in at one moment goes out as one batch, and what comes meanwhile as the next', async () => {
  const { outbox, batches, answers } = sender();
  const first = [outbox.put([1]), outbox.put([2, 3])];
  await expect.poll(() => batches).toEqual([[1, 2, 3]]);
  const second = [outbox.put([4]), outbox.put([5])];
  answers[0]?.resolve();
  await Promise.all(first);
  await expect
    .poll(() => batches)
    .toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  answers[1]?.resolve();
  await Promise.all(second);
});

test('a batch that fails is counted as dropped, and the next one goes out', async () => {
  const { outbox, batches, dropped, answers } = sender();
  const first = outbox.put([1, 2]);
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.reject(new Error('away'));
  await first;
  expect(dropped).toEqual([[2, 'away']]);
  const second = outbox.put([3]);
  await expect.poll(() => batches).toEqual([[1, 2], [3]]);
  answers[1]?.resolve();
  await second;
});

test('what does not fit in is dropped instead of growing without end', async () => {
  const { outbox, batches, dropped, answers } = sender(3);
  const all = outbox.put([1, 2, 3, 4, 5]);
  expect(dropped).toEqual([[2, 'too many messages wait to be sent']]);
  await expect.poll(() => batches).toEqual([[1, 2, 3]]);
  answers[0]?.resolve();
  await all;
});
