import { expect, test } from 'vitest';
import { Demodulator, wordsToText } from '../../src/simulator/audio/demodulator.ts';
import { silence, speak } from '../../src/simulator/audio/modem.ts';
import type { Caller, Reaction } from '../../src/simulator/callers/caller.ts';
import { callers } from '../../src/simulator/callers/directory.ts';
import { Person } from '../../src/simulator/callers/person.ts';

const FRAME = 160;
const caller = (reactions: Reaction[], more: Partial<Caller> = {}): Caller => ({
  key: 'somebody',
  name: 'Somebody',
  number: '+12025550160',
  description: '',
  answers: 'yes',
  reactions,
  ...more,
});

/** Plays audio to a person and takes down what they say and do meanwhile, with the time of each. */
function listen(person: Person, events: string[], ...audio: Buffer[]): string {
  const heard = Buffer.concat(audio);
  const demodulator = new Demodulator();
  const words = [];
  for (let at = 0; at < heard.length && !events.includes('hung up'); at += FRAME) {
    words.push(...demodulator.push(person.speak() ?? silence(20)));
    person.hear(heard.subarray(at, at + FRAME));
  }
  return wordsToText(words);
}

function onThePhone(reactions: Reaction[], more: Partial<Caller> = {}) {
  const events: string[] = [];
  const person = new Person(caller(reactions, more), { press: (digit) => events.push(digit), hangUp: () => events.push('hung up') });
  return { events, person, play: (...audio: Buffer[]) => listen(person, events, ...audio) };
}

const hello = () => speak('Hello, how can I help you?').audio;

test('they wait until the other side has finished, and take the first reaction that fits what they heard', () => {
  const { play } = onThePhone([{ hears: /goodbye/i, says: ['Bye.'] }, { hears: /help/i, says: ['A table, please.'] }, { says: ['What?'] }]);
  expect(play(hello())).toBe('');
  expect(play(silence(3_000))).toBe('A table, please.');
  expect(play(speak('For whom?').audio, silence(2_000))).toBe('What?');
  expect(play(speak('Goodbye.').audio, silence(2_000))).toBe('Bye.');
});

test('they break in when they are of that kind, and begin in one way only', () => {
  const { play } = onThePhone([
    { opens: true, interruptsAfterMs: 500, says: ['Stop it.'] },
    { opens: true, says: ['Hello.'] },
  ]);
  expect(play(hello(), hello(), silence(3_000))).toBe('Stop it.');
});

test('asked to go on they say again what they said last', () => {
  const { play } = onThePhone([{ says: ['A table for two.'] }]);
  expect(play(hello(), silence(3_000))).toBe('A table for two.');
  expect(play(speak('Sorry, go on.').audio, silence(3_000))).toBe('A table for two.');
});

test('keys are pressed before anything is said; pauses are kept', () => {
  const { play, events } = onThePhone([{ afterSilenceMs: 500, presses: '12', says: ['One', 400, 'two.'] }]);
  expect(play(silence(3_000))).toBe('One two.');
  expect(events).toEqual(['1', '2']);
});

test('they hang up when they are done, in the middle of a sentence, after their time, or when nobody speaks', () => {
  const done = onThePhone([{ says: ['Wrong number.'], hangsUp: true }]);
  expect(done.play(hello(), silence(5_000))).toBe('Wrong number.');
  const middle = onThePhone([{ says: ['I was wondering whether somebody could'], hangsUp: { midSentenceMs: 1_000 } }]);
  expect(middle.play(hello(), silence(5_000))).toBe('I was wondering');
  const timed = onThePhone([], { hangsUpAfterMs: 1_000 });
  timed.play(silence(1_000));
  const bored = onThePhone([], { patienceMs: 4_000 });
  bored.play(silence(3_980));
  expect(bored.events).toEqual([]);
  bored.play(silence(20));
  expect([done, middle, timed, bored].map(({ events }) => events)).toEqual(Array.from({ length: 4 }, () => ['hung up']));
});

test('everybody in the directory has a key and a fictional number of their own', () => {
  expect(new Set(callers.map(({ key }) => key)).size).toBe(callers.length);
  expect(new Set(callers.map(({ number }) => number)).size).toBe(callers.length);
  for (const { number, description } of callers) {
    expect(number).toMatch(/^\+120255501\d\d$/);
    expect(description).toMatch(/\.$/);
  }
});
