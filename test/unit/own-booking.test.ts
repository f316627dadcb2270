import { expect, test } from 'vitest';
import { isNamed, ownBooking } from '../../src/domain/bookings/own-booking.ts';

const MONDAY = new Date('2026-09-07T14:00:00Z');
const TUESDAY = new Date('2026-09-08T14:00:00Z');

const ada = { id: 'ada', callId: null, customerPhone: '+12025550142', customerName: 'Ada Byron', startsAt: MONDAY };
const adaAgain = { ...ada, id: 'ada again', startsAt: TUESDAY };
const son = { ...ada, id: 'son', customerName: 'Ralph Byron' };
const bob = { id: 'bob', callId: null, customerPhone: '+12025550199', customerName: 'Bob Stone', startsAt: MONDAY };
const justNow = { id: 'just now', callId: 'this call', customerPhone: null, customerName: 'Cleo', startsAt: TUESDAY };

const THEIRS = '+12025550142';

test.each([
  ['the number of the booking, nothing said', [ada, bob], { number: THEIRS }, 'ada'],
  ['the number, and the time', [ada, adaAgain, bob], { number: THEIRS, startsAt: TUESDAY }, 'ada again'],
  ['the number, two bookings, nothing said', [ada, adaAgain], { number: THEIRS }, ['ada', 'ada again']],
  ['the number, two of the family at one time', [ada, son], { number: THEIRS, startsAt: MONDAY }, ['ada', 'son']],
  ['the number, two of the family, and the name', [ada, son], { number: THEIRS, name: 'Ralph Byron' }, 'son'],
  ['the number, and a name that fits neither', [ada, son], { number: THEIRS, name: 'Bob Stone' }, ['ada', 'son']],
  ['the number, at a time when they have nothing', [ada], { number: THEIRS, startsAt: TUESDAY }, 'WHO_AND_WHEN'],
  ['booked in this very call', [justNow, bob], { number: null }, 'just now'],
  ['another number, nothing said', [ada, bob], { number: '+12025550111' }, 'WHO_AND_WHEN'],
  ['another number, the name alone', [ada], { number: '+12025550111', name: 'Ada Byron' }, 'WHO_AND_WHEN'],
  ['another number, the time alone', [ada], { number: '+12025550111', startsAt: MONDAY }, 'WHO_AND_WHEN'],
  ['another number, name and time', [ada, bob], { number: '+12025550111', name: 'Ada Byron', startsAt: MONDAY }, 'ada'],
  ['no number, name and time', [ada, bob], { number: null, name: 'bob stone', startsAt: MONDAY }, 'bob'],
  ['no number, a wrong name', [ada, bob], { number: null, name: 'Eve Stone', startsAt: MONDAY }, 'NO_MATCH'],
  ['no number, a wrong time', [ada, bob], { number: null, name: 'Ada Byron', startsAt: TUESDAY }, 'NO_MATCH'],
  ['no number where the booking has none either', [justNow], { number: null, callId: 'other call' }, 'WHO_AND_WHEN'],
  ['no number, half of the name', [ada], { number: null, name: 'Ada', startsAt: MONDAY }, 'NO_MATCH'],
  ['two of one name at one time', [ada, { ...ada, id: 'namesake' }], { number: null, name: 'Ada Byron', startsAt: MONDAY }, 'NO_MATCH'],
])('%s', (_name, bookings, said, expected) => {
  const found = ownBooking(bookings, { callId: 'this call', startsAt: null, name: null, ...said });
  expect('found' in found ? found.found.id : 'several' in found ? found.several.map(({ id }) => id) : found.none).toEqual(expected);
});

test.each([
  ['Ada Byron', 'Ada Byron', true],
  ['ada  byron', 'Ada Byron', true],
  ['Byron, Ada', 'Ada Byron', true],
  ['Ms. Ada Byron', 'Ada Byron', true],
  ['Jose Nunez', 'José Núñez', true],
  ['Ada Byron', 'Ada', true],
  ['Ada Byron', 'Ada King Byron', true],
  ['Ada', 'Ada', true],
  ['Ada', 'Ada Byron', false],
  ['Byron', 'Ada Byron', false],
  ['Ada Lovelace', 'Ada Byron', false],
  ['Ад', 'Ада', false],
  ['Ада Байрон', 'Ада Байрон', true],
  ['', 'Ada', false],
  ['Mr.', 'Mr.', false],
  ['...', '...', false],
])('%o for one that was booked as %o: %s', (said, name, expected) => {
  expect(isNamed(said, name)).toBe(expected);
});
