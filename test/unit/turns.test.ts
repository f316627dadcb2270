import { expect, test } from 'vitest';
import { addWords, beginTurn, changeTurn, drain, emptyTurns, setText, spokenTurn, type Turns, wordsLost } from '../../src/media/turns.ts';

const at = new Date('2026-03-02T10:00:00Z');
const finish = (turns: Turns, itemId: string) => changeTurn(turns, itemId, () => ({ finished: true }));

test('an answer waits for the words of the caller that it answers', () => {
  let turns = finish(beginTurn(emptyTurns(1), 'u1', 'CALLER', at), 'u1');
  turns = finish(setText(beginTurn(turns, 'a1', 'ASSISTANT', at), 'a1', 'Hello'), 'a1');
  expect(drain(turns).records).toEqual([]);
  const { records } = drain(setText(turns, 'u1', 'Hi'));
  expect(records.map(({ sequence, text }) => [sequence, text])).toEqual([
    [1, 'Hi'],
    [2, 'Hello'],
  ]);
});

test('a cough leaves no trace and no gap', () => {
  let turns = setText(finish(beginTurn(emptyTurns(4), 'u1', 'CALLER', at), 'u1'), 'u1', '  ');
  turns = setText(finish(beginTurn(turns, 'u2', 'CALLER', at), 'u2'), 'u2', 'Hi');
  const changes = drain(turns);
  expect(changes.records.map(({ sequence, text }) => [sequence, text])).toEqual([[4, 'Hi']]);
  expect(changes.turns).toEqual({ nextSequence: 5, open: [] });
});

test('words that could not be recognised are shown as such', () => {
  const turns = wordsLost(finish(beginTurn(emptyTurns(1), 'u1', 'CALLER', at), 'u1'), 'u1');
  expect(drain(turns).records[0]?.text).toBe('[inaudible]');
});

test('words being spoken are shown with the number that the turn will have', () => {
  const turns = addWords(addWords(beginTurn(emptyTurns(7), 'a1', 'ASSISTANT', at), 'a1', 'We are '), 'a1', 'open');
  expect(drain(turns).records).toEqual([]);
  expect(spokenTurn(turns)).toMatchObject({ sequence: 7, text: 'We are open', complete: false });
});

test('an answer is written when it is generated, once, and again when it was heard', () => {
  let turns = setText(beginTurn(emptyTurns(1), 'a1', 'ASSISTANT', at), 'a1', 'We are open');
  const first = drain(turns);
  expect(first.records).toMatchObject([{ sequence: 1, complete: false }]);
  expect(drain(first.turns).records).toEqual([]);
  turns = finish(first.turns, 'a1');
  expect(drain(turns).records).toMatchObject([{ sequence: 1, complete: true, heardText: 'We are open' }]);
});

test('an interrupted answer keeps what was said and what was heard apart', () => {
  let turns = setText(beginTurn(emptyTurns(1), 'a1', 'ASSISTANT', at), 'a1', 'one two three four');
  turns = changeTurn(turns, 'a1', () => ({ audioMs: 2_000, heardMs: 1_000, interrupted: true, finished: true }));
  expect(drain(turns).records).toMatchObject([{ text: 'one two three four', heardText: 'one two', interrupted: true, audioMs: 2_000, heardMs: 1_000 }]);
});

test('a turn is begun once', () => {
  const turns = beginTurn(emptyTurns(1), 'a1', 'ASSISTANT', at);
  expect(beginTurn(turns, 'a1', 'ASSISTANT', at)).toBe(turns);
});
