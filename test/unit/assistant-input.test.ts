import { describe, expect, test } from 'vitest';
import { type AssistantChange, assistantChange, type NewAssistant, newAssistant } from '../../src/domain/assistants/assistant.ts';
import { type BookingPolicyChange, bookingPolicyChange, capacityOf } from '../../src/domain/assistants/booking-policy.ts';
import { findVoice, VOICES, voiceOf } from '../../src/domain/assistants/voices.ts';
import { parseInput } from '../../src/kit/parse.ts';

const faq = { question: 'Is there parking?', answer: 'Yes.' };

describe('an assistant is refused', () => {
  test.each<[string, NewAssistant, string[], string]>([
    ['without a name', { name: ' \n ' }, ['name'], 'The name of the assistant cannot be empty.'],
    ['with a name too long', { name: 'x'.repeat(81) }, ['name'], 'The name of the assistant has at most 80 characters.'],
    ['with an empty greeting', { name: 'Robin', greeting: '  ' }, ['greeting'], 'The greeting cannot be empty.'],
    ['with instructions too long', { name: 'Robin', instructions: 'x'.repeat(8_001) }, ['instructions'], 'The instructions have at most 8000 characters.'],
    [
      'with a voice that is not there',
      { name: 'Robin', voice: 'hal' },
      ['voice'],
      'There is no such voice. There are: marin, cedar, alloy, ash, ballad, coral, echo, sage, shimmer, verse, female, male, celeste, orion, phoenix.',
    ],
    ['with no language', { name: 'Robin', language: 'English!' }, ['language'], 'A language is a tag such as en-US, de or pt-BR.'],
    [
      'with an offset for a time zone',
      { name: 'Robin', timeZone: '+02:00' },
      ['timeZone'],
      'A time zone is a name of the IANA database, such as Europe/Berlin.',
    ],
    ['with six questions', { name: 'Robin', faqs: Array.from({ length: 6 }, () => faq) }, ['faqs'], 'An assistant has at most 5 questions and answers.'],
    [
      'with a question without an answer',
      { name: 'Robin', faqs: [faq, { question: 'Why?', answer: '' }] },
      ['faqs', '1', 'answer'],
      'An answer cannot be empty.',
    ],
    [
      'with a time that is none',
      { name: 'Robin', hours: [{ day: 'MONDAY', opens: '9:00', closes: '17:00' }] },
      ['hours', '0', 'opens'],
      'A time is written like 09:30, from 00:00 to 23:59.',
    ],
    [
      'with hours past midnight in one span',
      { name: 'Robin', hours: [{ day: 'FRIDAY', opens: '20:00', closes: '02:00' }] },
      ['hours', '0', 'closes'],
      expect.stringContaining('must close later the same day'),
    ],
  ])('%s', (_name, input, path, message) => {
    expect(parseInput(newAssistant, input)).toEqual({ ok: false, problems: [{ code: 'INVALID', message, path: ['input', ...path] }] });
  });

  test('with every field that is wrong named at once', () => {
    const result = parseInput(newAssistant, { name: '', voice: 'hal', language: '?' });
    expect(result.ok ? [] : result.problems.map((problem) => problem.path?.at(-1))).toEqual(['name', 'voice', 'language']);
  });
});

test('texts are cleaned: no control characters, one line where one line is meant', () => {
  const input = { name: ' Ro\u0000bin\t the\n first ', description: 'One\r\ntwo\u0007', greeting: 'Hello\nthere', businessName: '  ' };
  expect(newAssistant.parse(input)).toMatchObject({ name: 'Robin the first', description: 'One\ntwo', greeting: 'Hello there', businessName: null });
});

test('hours are put in order', () => {
  const hours: AssistantChange['hours'] = [
    { day: 'TUESDAY', opens: '09:00', closes: '12:00' },
    { day: 'MONDAY', opens: '13:00', closes: '17:00' },
    { day: 'MONDAY', opens: '09:00', closes: '12:00' },
  ];
  expect(assistantChange.parse({ hours }).hours?.map((span) => `${span.day} ${span.opens}`)).toEqual(['MONDAY 09:00', 'MONDAY 13:00', 'TUESDAY 09:00']);
});

test('in a change, null clears what may be empty and leaves the rest as it is', () => {
  const change = assistantChange.parse({ name: null, greeting: null, description: null, instructions: null, faqs: null });
  expect(Object.entries(change).filter(([, value]) => value !== undefined)).toEqual([
    ['description', null],
    ['instructions', null],
  ]);
});

test.each([
  ['female', 'marin'],
  ['MALE', 'cedar'],
  ['celeste', 'shimmer'],
  ['orion', 'ash'],
  ['phoenix', 'verse'],
  [' Coral ', 'coral'],
  ['constructor', null],
])('the voice %s is %s', (name, id) => {
  expect(findVoice(name)?.id ?? null).toBe(id);
});

test('a voice of a row that the catalogue no longer has is shown all the same', () => {
  expect(voiceOf('fable')).toEqual({ id: 'fable', name: 'fable', gender: null });
  expect(voiceOf('marin')).toBe(VOICES[0]);
});

test.each([
  ['STRICT', 5, 5, 1],
  ['FLEXIBLE', 5, 3, 3],
  ['FLEXIBLE', 2, 3, 2],
  ['UNLIMITED', 1, 1, null],
] as const)('%s with %i people and %i at once has a capacity of %s', (mode, employeeCount, maxConcurrentBookings, capacity) => {
  expect(capacityOf({ mode, employeeCount, maxConcurrentBookings })).toBe(capacity);
});

test.each<[BookingPolicyChange, string, string]>([
  [{ slotMinutes: 4 }, 'slotMinutes', 'The length of an appointment is a whole number from 5 to 480 minutes.'],
  [{ slotMinutes: 7.5 }, 'slotMinutes', 'The length of an appointment is a whole number from 5 to 480 minutes.'],
  [{ employeeCount: 0 }, 'employeeCount', 'The number of employees is a whole number from 1 to 50.'],
  [{ maximumDaysAhead: 366 }, 'maximumDaysAhead', 'How far ahead appointments can be made is a whole number from 1 to 365 days.'],
  [{ bufferMinutes: -1 }, 'bufferMinutes', 'The pause after an appointment is a whole number from 0 to 240 minutes.'],
])('the policy %o is refused', (change, field, message) => {
  expect(parseInput(bookingPolicyChange, change)).toEqual({ ok: false, problems: [{ code: 'INVALID', message, path: ['input', field] }] });
});
