import type { Caller } from './caller.ts';

/** Who wants a person, and the people whom calls are put through to. */
export const transferCallers: readonly Caller[] = [
  {
    key: 'asks-for-a-person',
    name: 'Marta Olsen',
    number: '+12025550113',
    description: 'Wants to speak to a person about an invoice, and leaves a message where nobody takes the call.',
    answers: 'yes',
    patienceMs: 90_000,
    reactions: [
      { hears: /this is Kim/i, says: ['Hello Kim, my invoice is wrong.'] },
      { hears: /I will look into it/i, says: ['Thank you, Kim. Goodbye.'], hangsUp: true },
      { says: ['Hello, this is Marta Olsen. I would like to speak to a person about my invoice, please.'] },
      { hears: /anything else/i, says: ['No, thank you. Goodbye.'] },
      { hears: /your name/i, says: ['Marta Olsen.'], times: 2 },
      { hears: /message/i, says: ['My invoice from May is wrong. Please call me back.'] },
    ],
  },
  {
    key: 'takes-the-call',
    name: 'Kim Novak',
    number: '+12025550130',
    description: 'To be put through to: hears who calls, presses 1, and helps.',
    answers: 'yes',
    ringMs: 1_000,
    patienceMs: 90_000,
    reactions: [
      { hears: /press 1 to take the call/i, presses: '1', says: ['Good morning, this is Kim.'] },
      { hears: /invoice is wrong/i, says: ['I am sorry about that. I will look into it.'] },
    ],
  },
  {
    key: 'declines-the-call',
    name: 'Lou Berger',
    number: '+12025550131',
    description: 'To be put through to: hears who calls, and presses 2.',
    answers: 'yes',
    ringMs: 1_000,
    reactions: [{ hears: /press 1 to take the call/i, presses: '2' }],
  },
  {
    key: 'is-not-at-the-desk',
    name: 'Empty Desk',
    number: '+12025550132',
    description: 'To be put through to: somebody picks up, lays the receiver down and says nothing.',
    answers: 'yes',
    ringMs: 1_000,
    patienceMs: 90_000,
    reactions: [],
  },
];
