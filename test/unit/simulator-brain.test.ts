import { describe, expect, test } from 'vitest';
import { type Question, type Thought, think } from '../../src/simulator/model/brain/brain.ts';
import { readOffers } from '../../src/simulator/model/brain/offers.ts';
import { readAnswer, readSetting } from '../../src/simulator/model/brain/setting.ts';
import { readDate, readTime, readTimes } from '../../src/simulator/model/brain/spoken-dates.ts';
import type { Memory } from '../../src/simulator/model/memory.ts';
import { TOOLS } from '../support/simple-bridge.ts';

const INSTRUCTIONS = `You are “Robin”. Its clock is that of America/Chicago.
- Opening hours: Thursday 09:00 to 17:00.
<faq>
Question: Is there parking?
Answer: Yes, behind the house, and it is free.
</faq>

It is Thursday, November 20, 2025, 14:05 on the clock of America/Chicago (UTC-06:00).`;

const answer = (memory: readonly Memory[], more: Partial<Question> = {}): Thought =>
  think({ memory, instructions: INSTRUCTIONS, ask: null, tools: TOOLS, mayCall: () => true, now: new Date('2001-01-01'), ...more });

const greeting: Memory = { type: 'assistant', text: 'Bright Cuts, how can I help you?' };
const caller = (text: string): Memory => ({ type: 'caller', text });
const assistant = (text: string): Memory => ({ type: 'assistant', text });
const tool = (name: string, args: object, output: object): Memory[] => [
  { type: 'tool-call', callId: name, name, arguments: JSON.stringify(args) },
  { type: 'tool-result', callId: name, output: JSON.stringify(output) },
];
const free = tool(
  'check_availability',
  { date: '2025-11-25' },
  { date: '2025-11-25', free: ['2025-11-25T14:30', '2025-11-25T15:00'], say: 'There is half past two or three.' },
);

describe('what the instructions of an answer put in quotes', () => {
  test('is said word for word', () => {
    expect(answer([], { ask: 'Say exactly this and nothing else: "Hello, it\'s Robin."' })).toEqual({ say: "Hello, it's Robin.", call: null });
    expect(answer([caller('Hi')], { ask: 'Say only, in en-US: “One moment, please.”' }).say).toBe('One moment, please.');
  });

  test('comes before the answer that a caller still waits for', () => {
    const ask = 'The line was cut. Say only, in en-US: "Sorry, go on." If the caller was waiting for an answer, give it now.';
    expect(answer([greeting, caller('Is there parking?')], { ask }).say).toBe(
      'Sorry, go on. Yes, behind the house, and it is free. Is there anything else I can help you with?',
    );
    expect(answer([caller('Hi'), greeting], { ask }).say).toBe('Sorry, go on.');
  });

  test('a tool that may not be called in this answer is not, and nobody is told that it cannot be done', () => {
    const wish = [greeting, caller('A haircut on Tuesday at three, please.')];
    const ask = 'Say only: "Sorry, go on." If the caller was waiting for an answer, give it now.';
    expect(answer(wish, { ask, mayCall: () => false })).toEqual({ say: 'Sorry, go on.', call: null });
    expect(answer(wish, { mayCall: () => false })).toEqual({ say: 'One moment, please.', call: null });
  });
});

describe('what a tool told', () => {
  test('is said, also where words that bridge the wait came after it', () => {
    const wish = [greeting, caller('A haircut on Tuesday, please.'), ...free];
    expect(answer([...wish, assistant('One moment, please.')])).toEqual(answer(wish));
    const tools = [{ name: 'record_answer', parameters: {} }];
    const interviewed = [caller('Haircut.'), ...tool('record_answer', {}, { say: 'How satisfied were you?', question: '2' })];
    expect(answer([...interviewed, assistant('One moment, please.')], { tools }).say).toBe('How satisfied were you?');
  });
});

describe('a booking', () => {
  test('a wish with day and time asks the calendar, with the names of the tool', () => {
    expect(answer([greeting, caller('I would like to book a haircut for next Tuesday at three, please.')])).toEqual({
      say: '',
      call: { name: 'check_availability', arguments: { date: '2025-11-25', time: '15:00' } },
    });
  });

  test('what is missing is asked for, one thing at a time', () => {
    expect(answer([greeting, caller('Can I book an appointment?')]).say).toMatch(/which day/i);
    const asked = [greeting, caller('Can I book an appointment?'), assistant('With pleasure. Which day would suit you?'), caller('On Tuesday.')];
    expect(answer(asked).call).toEqual({ name: 'check_availability', arguments: { date: '2025-11-25' } });
    expect(answer([...asked, ...free]).say).toBe('There is half past two or three. What time would you like?');
    const timed = [...asked, ...free, assistant('There is half past two or three. What time would you like?'), caller('Half past two, please.')];
    expect(answer(timed).say).toMatch(/2:30 PM is free. May I have your name/);
    expect(answer([...timed, assistant('May I have your name, please?'), caller('Sam Porter.')]).call).toEqual({
      name: 'book_appointment',
      arguments: { startsAt: '2025-11-25T14:30', customerName: 'Sam Porter' },
    });
  });

  test('a taken time is answered with what the tool offers, and a plain yes takes the first', () => {
    const wish = [greeting, caller('A haircut on Tuesday at four please, my name is Ann Lee.')];
    const taken = tool(
      'check_availability',
      { date: '2025-11-25', time: '16:00' },
      {
        date: '2025-11-25',
        free: ['2025-11-25T15:00'],
        available: false,
        alternatives: ['2025-11-25T15:00', '2025-11-26T16:00'],
        say: 'Four is not free. Free: three or Wednesday at four.',
      },
    );
    expect(answer([...wish, ...taken]).say).toBe('Four is not free. Free: three or Wednesday at four. Would one of these suit you?');
    const offered = [...wish, ...taken, assistant('Four is not free. Free: three or Wednesday at four. Would one of these suit you?')];
    const booked = (words: string) => answer([...offered, caller(words)]).call?.arguments;
    expect(booked('Yes, please.')).toEqual({ startsAt: '2025-11-25T15:00', customerName: 'Ann Lee', details: 'haircut' });
    expect(booked('The second one.')).toMatchObject({ startsAt: '2025-11-26T16:00' });
    expect(booked('Wednesday at four.')).toMatchObject({ startsAt: '2025-11-26T16:00' });
  });

  test('the first one is the first that was named, however many are free', () => {
    const day = ['09:00', '09:30', '14:00', '14:30', '15:30'].map((time) => `2025-11-25T${time}`);
    const say = 'Tuesday the 25th at three is not free. Free: two, half past two or half past three. Would one of these suit you?';
    const offered = [
      greeting,
      caller('A haircut on Tuesday at three please, my name is Ann Lee.'),
      ...tool('check_availability', { date: '2025-11-25', time: '15:00' }, { date: '2025-11-25', free: day, available: false, say }),
      assistant(say),
    ];
    const booked = (words: string) => answer([...offered, caller(words)]).call?.arguments;
    expect(booked('The first one is fine, please.')).toMatchObject({ startsAt: '2025-11-25T14:00' });
    expect(booked('Yes, the last one.')).toMatchObject({ startsAt: '2025-11-25T15:30' });
    expect(booked('Half past nine would be better.')).toMatchObject({ startsAt: '2025-11-25T09:30' });
  });

  test('a time that somebody took meanwhile is said so, and an alternative is booked', () => {
    const lost = [
      greeting,
      caller('A haircut on Tuesday at three, my name is Ann Lee.'),
      ...free,
      ...tool(
        'book_appointment',
        { startsAt: '2025-11-25T15:00' },
        { booked: false, reason: 'SLOT_TAKEN', alternatives: ['2025-11-25T14:30'], say: 'Three is already taken. Free: half past two.' },
      ),
    ];
    expect(answer(lost).say).toBe('Three is already taken. Free: half past two. Would one of these suit you?');
    expect(answer([...lost, assistant('Would one of these suit you?'), caller('Okay.')]).call?.arguments).toMatchObject({ startsAt: '2025-11-25T14:30' });
  });

  test('when it is booked it says so, and nothing is booked twice', () => {
    const booked = tool('book_appointment', { startsAt: '2025-11-25T15:00' }, { booked: true, say: 'Tuesday the 25th at three is booked for Ann Lee.' });
    const done = [greeting, caller('A haircut on Tuesday at three, my name is Ann Lee.'), ...free, ...booked];
    expect(answer(done).say).toBe('Tuesday the 25th at three is booked for Ann Lee. Is there anything else I can help you with?');
    const bye = answer([...done, assistant('Is there anything else I can help you with?'), caller("No, that's all. Thank you.")]);
    expect(bye).toEqual({ say: 'Thank you for calling. Goodbye.', call: { name: 'end_call', arguments: { reason: 'the caller has all they need' } } });
  });

  test('a conversation rebuilt from what was heard goes on where it stood', () => {
    const rebuilt = [
      assistant('Bright Cuts, how'),
      caller('I need a haircut on Tuesday at three'),
      ...free,
      assistant('Tuesday, November 25 at 3 PM is'),
      caller('Yes? This is Ann Lee.'),
    ];
    expect(answer(rebuilt).call).toEqual({
      name: 'book_appointment',
      arguments: { startsAt: '2025-11-25T15:00', customerName: 'Ann Lee', details: 'haircut' },
    });
  });

  test('without the tool it offers a message', () => {
    expect(answer([greeting, caller('I want to book a haircut.')], { tools: [] }).say).toMatch(/cannot book/);
  });
});

describe('everything else', () => {
  test('a message is taken with its words and the name', () => {
    const asked = [
      greeting,
      caller('Could you take a message for the manager?'),
      assistant('Of course. What would you like the message to say?'),
      caller('The invoice is wrong, call me back right away.'),
    ];
    expect(answer(asked).say).toMatch(/your name/);
    expect(answer([...asked, assistant('Thank you. And your name, please?'), caller('Dana Reed.')]).call).toEqual({
      name: 'take_message',
      arguments: { body: 'The invoice is wrong, call me back right away.', callerName: 'Dana Reed', urgent: true },
    });
  });

  test('questions are answered from the instructions, unintelligible words with a question', () => {
    expect(answer([greeting, caller('Do you have parking?')]).say).toMatch(/behind the house/);
    expect(answer([greeting, caller('When are you open?')]).say).toMatch(/Thursday 09:00 to 17:00/);
    expect(answer([greeting, caller('')]).say).toMatch(/did not catch/);
  });
});

test('today and the zone are those of the instructions, else the clock', () => {
  expect(readSetting(INSTRUCTIONS, new Date(0))).toEqual({ today: Temporal.PlainDate.from('2025-11-20'), timeZone: 'America/Chicago' });
  expect(readSetting('Be nice.', new Date('2025-01-02T12:00Z'))).toEqual({ today: Temporal.PlainDate.from('2025-01-02'), timeZone: 'UTC' });
  expect(readAnswer(INSTRUCTIONS, 'What does a cut cost?')).toBe(null);
});

const today = Temporal.PlainDate.from('2025-11-20'); // a Thursday

test.each([
  ['tomorrow', '2025-11-21'],
  ['the day after tomorrow', '2025-11-22'],
  ['next Tuesday at three', '2025-11-25'],
  ['on Thursday', '2025-11-27'],
  ['the 3rd of May', '2026-05-03'],
  ['December 24th', '2025-12-24'],
  ['on the 14th', '2025-12-14'],
  ['Tuesday the 25th at three', '2025-11-25'],
  ['some day', null],
])('the day in "%s" is %s', (text, date) => {
  expect(readDate(text, today)?.toString() ?? null).toBe(date);
});

test.each([
  ['at three', false, '15:00'],
  ['at ten in the morning', false, '10:00'],
  ['9:30 am', false, '09:30'],
  ['half past two', false, '14:30'],
  ['quarter to eleven', false, '10:45'],
  ["eight o'clock in the evening", false, '20:00'],
  ['noon', false, '12:00'],
  ['three', false, null],
  ['three', true, '15:00'],
  ['for six people', true, null],
  ['on the 25th', true, null],
  ['November 25', true, null],
])('the time in "%s" (asked for one: %s) is %s', (text, asked, time) => {
  expect(readTime(text, asked)?.toString({ smallestUnit: 'minute' }) ?? null).toBe(time);
});

test('all times of a sentence are read in order', () => {
  const times = readTimes('Free: two, half past two, quarter to eight in the evening or Friday the 4th at nine.', true);
  expect(times.map((time) => time.toString({ smallestUnit: 'minute' }))).toEqual(['14:00', '14:30', '19:45', '09:00']);
});

test('free times are found in answers of any shape, taken ones left out', () => {
  const found = (value: unknown) => readOffers(value, 'America/Chicago').map(({ at }) => at.toString());
  expect(
    found({
      slots: [
        { startsAt: '2025-11-25T21:00:00Z', isBooked: false },
        { startsAt: '2025-11-25T22:00:00Z', isBooked: true },
      ],
    }),
  ).toEqual(['2025-11-25T15:00:00']);
  expect(found({ date: '2025-11-25', times: [{ time: '10:00' }, { time: '09:00' }] })).toEqual(['2025-11-25T09:00:00', '2025-11-25T10:00:00']);
  expect(found({ alternatives: ['2025-11-25T09:30'] })).toEqual(['2025-11-25T09:30:00']);
  expect(found('nothing')).toEqual([]);
});

describe('a wish for a person', () => {
  const TRANSFER = { name: 'transfer_to_human', parameters: { properties: { about: {}, callerName: {} }, required: ['about'] } };
  const wish = [greeting, caller('Hello, this is Marta Olsen. I would like to speak to a person about my invoice, please.')];

  test('is put through with what it is about, where there is a tool for it', () => {
    expect(answer(wish, { tools: [...TOOLS, TRANSFER] }).call).toEqual({
      name: 'transfer_to_human',
      arguments: { about: 'my invoice', callerName: 'Marta Olsen' },
    });
    expect(answer(wish)).toMatchObject({ call: null, say: expect.stringContaining('nobody') });
  });

  test('becomes a message where nobody can come, and after nobody took the call', () => {
    const closed = tool('transfer_to_human', { about: 'my invoice' }, { transferring: false, say: 'We are closed.' });
    expect(answer([...wish, ...closed], { tools: [...TOOLS, TRANSFER] }).say).toBe('We are closed. What would you like the message to say?');
    const failed: Memory[] = [
      ...wish,
      ...tool('transfer_to_human', { about: 'my invoice' }, { transferring: true, say: '' }),
      { type: 'system', text: 'Nobody could take the call: the line was busy.' },
      assistant('I am sorry, nobody can take the call right now. May I take a message?'),
      caller('My invoice from May is wrong.'),
    ];
    expect(answer(failed).call).toMatchObject({ name: 'take_message', arguments: { body: 'My invoice from May is wrong.', callerName: 'Marta Olsen' } });
  });
});

test('what the business whispers is acted on, and keys are heard', () => {
  expect(answer([greeting, { type: 'system', text: 'Tell them "We have parking."' }]).say).toBe('We have parking.');
  expect(answer([greeting, caller('The caller pressed 1 2 # on the keypad.')]).say).toBe('You pressed 1 2 #. How can I help you?');
});
