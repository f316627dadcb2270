import type { Caller, Reaction } from './caller.ts';

/** What everybody who books says after the opening: to the questions that come, in whatever order. */
const details = (name: string, day: string, time: string): Reaction[] => [
  { hears: /\bbooked\b/i, says: ["No, that's all. Thank you."] },
  { hears: /your name/i, says: [`${name}.`], times: 2 },
  { hears: /one of (?:these|those) suit|could offer/i, says: ['The first one is fine, please.'], times: 3 },
  { hears: /what time|which time/i, says: [`At ${time}, please.`], times: 2 },
  { hears: /which day|what day/i, says: [`On ${day}, please.`], times: 2 },
];

export const bookingCallers: readonly Caller[] = [
  {
    key: 'books-a-haircut',
    name: 'Sam Porter',
    number: '+12025550101',
    description: 'Knows what he wants: a haircut next Tuesday at three. Answers every question at once.',
    answers: 'yes',
    reactions: [{ says: ['Hello, I would like to book a haircut for next Tuesday at three, please.'] }, ...details('Sam Porter', 'next Tuesday', 'three')],
  },
  {
    key: 'interrupts-the-greeting',
    name: 'Nadia Flores',
    number: '+12025550102',
    description: 'Does not wait for the greeting to end: talks over it, and books for next Wednesday at ten.',
    answers: 'yes',
    reactions: [
      { opens: true, interruptsAfterMs: 900, says: ['Hi, sorry, I need an appointment on Wednesday at ten, please.'] },
      { opens: true, says: ['Hi, I need an appointment on Wednesday at ten, please.'] },
      ...details('Nadia Flores', 'Wednesday', 'ten in the morning'),
    ],
  },
  {
    key: 'hesitates',
    name: 'Walter Ames',
    number: '+12025550103',
    description: 'Pauses in the middle of his sentences, once so long that it sounds like the end. Books for Thursday at eleven.',
    answers: 'yes',
    reactions: [
      { says: ['Hello, um, I would like', 350, 'to book', 420, 'an appointment for', 900, 'for Thursday, at eleven.'] },
      ...details('Walter Ames', 'Thursday', 'eleven'),
    ],
  },
  {
    key: 'wants-a-taken-time',
    name: 'Priya Nair',
    number: '+12025550104',
    description: 'Wants next Tuesday at three, the time that Sam Porter books, and takes another one when it is gone.',
    answers: 'yes',
    reactions: [{ says: ['Good morning, do you have an appointment for me next Tuesday at three?'] }, ...details('Priya Nair', 'next Tuesday', 'three')],
  },
  {
    key: 'decides-step-by-step',
    name: 'Jonas Lindqvist',
    number: '+12025550105',
    description: 'Says only that he wants to come in, and has to be asked for the day, the time and his name.',
    answers: 'yes',
    reactions: [{ says: ['Hi, can I come in sometime next week?'] }, ...details('Jonas Lindqvist', 'Friday', 'two')],
  },
  {
    key: 'is-called-and-books',
    name: 'Alex Kim',
    number: '+12025550120',
    description: 'To be called: picks up after two rings, listens to who is speaking, and books a check-up for Thursday at two.',
    answers: 'yes',
    ringMs: 2_500,
    reactions: [{ says: ['Oh hello, good that you call. I would like an appointment on Thursday at two, please.'] }, ...details('Alex Kim', 'Thursday', 'two')],
  },
];
