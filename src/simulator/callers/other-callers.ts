import type { Caller } from './caller.ts';

export const otherCallers: readonly Caller[] = [
  {
    key: 'leaves-a-message',
    name: 'Dana Reed',
    number: '+12025550106',
    description: 'Wants the manager to call back about an invoice, and leaves a message.',
    answers: 'yes',
    reactions: [
      { says: ['Hello, could you take a message for the manager, please?'] },
      { hears: /anything else/i, says: ['No, thank you. Goodbye.'] },
      { hears: /your name/i, says: ['Dana Reed.'], times: 2 },
      { hears: /message/i, says: ['The invoice from last month is wrong. Please call me back before Friday.'] },
    ],
  },
  {
    key: 'hangs-up-mid-sentence',
    name: 'Tom Becker',
    number: '+12025550107',
    description: 'Begins to ask for something and hangs up in the middle of the sentence.',
    answers: 'yes',
    reactions: [{ says: ['Yes, hello, I was wondering whether you could perhaps tell me how long it takes to'], hangsUp: { midSentenceMs: 2_500 } }],
  },
  {
    key: 'hangs-up-at-the-greeting',
    name: 'Wrong Number',
    number: '+12025550108',
    description: 'Hears half of the greeting, finds the number wrong and hangs up.',
    answers: 'yes',
    hangsUpAfterMs: 1_500,
    reactions: [],
  },
  {
    key: 'hangs-up-while-it-rings',
    name: 'Changed Mind',
    number: '+12025550109',
    description: 'Hangs up before anybody could answer.',
    answers: 'yes',
    hangsUpRingingMs: 0,
    reactions: [],
  },
  {
    key: 'says-nothing',
    name: 'Pocket Call',
    number: '+12025550110',
    description: 'Never says a word and never hangs up.',
    answers: 'yes',
    patienceMs: 600_000,
    reactions: [],
  },
  {
    key: 'talks-without-end',
    name: 'Bertram Clay',
    number: '+12025550111',
    description: 'Complains without end, over whatever is being said, and hangs up after three minutes.',
    answers: 'yes',
    hangsUpAfterMs: 180_000,
    patienceMs: 60_000,
    reactions: [
      {
        interruptsAfterMs: 600,
        says: [
          'No, now you listen to me. I have waited for two weeks,',
          'and nobody, nobody at all, has told me what is going on.',
          'Is that how you treat people?',
        ],
        times: 40,
      },
      { says: ['And another thing. Last time the chair was cold, the coffee was worse, and the music was far too loud.'], times: 40 },
    ],
  },
  {
    key: 'presses-keys',
    name: 'Ines Duarte',
    number: '+12025550112',
    description: 'Presses nine on the keypad, asks about the opening hours and says goodbye.',
    answers: 'yes',
    reactions: [
      { presses: '9', says: ['When are you open?'] },
      { hears: /./, says: ["That's all, thank you. Goodbye."], times: 3 },
    ],
  },
  { key: 'is-busy', name: 'Busy Line', number: '+12025550121', description: 'To be called: is on the phone already.', answers: 'busy', reactions: [] },
  { key: 'does-not-answer', name: 'Not Home', number: '+12025550122', description: 'To be called: lets it ring.', answers: 'no-answer', reactions: [] },
  {
    key: 'has-no-line',
    name: 'Dead Line',
    number: '+12025550123',
    description: 'To be called: the number is out of service.',
    answers: 'failed',
    reactions: [],
  },
];

/** Whoever answers at a number that belongs to nobody in particular. */
export const anybody: Caller = {
  key: 'anybody',
  name: 'Robin Hale',
  number: '+12025550199',
  description: 'To be called, at any other number: picks up, listens, and has no wish.',
  answers: 'yes',
  reactions: [
    { says: ['Hello, this is Robin Hale. Thank you for calling, but I do not need anything at the moment.'] },
    { hears: /./, says: ["No, that's all. Goodbye."], times: 3 },
  ],
};
