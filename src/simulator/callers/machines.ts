import { encodeSample, SAMPLES_PER_MS } from '../audio/mulaw.ts';
import type { Caller } from './caller.ts';

const BEEP_MS = 400;
const BEEP = Buffer.from(
  Array.from({ length: BEEP_MS * SAMPLES_PER_MS }, (_, sample) => encodeSample(Math.round(6_000 * Math.sin((2 * Math.PI * sample) / 8)))),
);

/** What picks up besides people: to be called. And people who mind what happens to their voice. */
export const machines: readonly Caller[] = [
  {
    key: 'has-voicemail',
    name: 'Mailbox of Ellen Voss',
    number: '+12025550124',
    description: 'To be called: an answering machine with a greeting and a beep.',
    answers: 'yes',
    machine: 'beeps',
    patienceMs: 60_000,
    reactions: [
      { afterSilenceMs: 200, says: ['You have reached Ellen Voss. I cannot come to the phone right now. Please leave a message after the tone.', 300, BEEP] },
    ],
  },
  {
    key: 'has-silent-voicemail',
    name: 'Mailbox of Marc Ode',
    number: '+12025550125',
    description: 'To be called: an answering machine that does not beep.',
    answers: 'yes',
    machine: 'silent',
    patienceMs: 60_000,
    reactions: [{ afterSilenceMs: 200, says: ['This is the mailbox of Marc Ode. Leave your name and your number, and I will call you back.'] }],
  },
  {
    key: 'is-a-fax',
    name: 'Fax Line',
    number: '+12025550126',
    description: 'To be called: a fax.',
    answers: 'yes',
    machine: 'fax',
    patienceMs: 60_000,
    reactions: [],
  },
  {
    key: 'screens-calls',
    name: 'Kim Adler',
    number: '+12025550127',
    description: 'To be called: their phone asks who is calling and why, and then they answer themselves.',
    answers: 'yes',
    reactions: [
      {
        afterSilenceMs: 200,
        says: [
          "Hi, the person you are calling is using a screening service. Go ahead and say your name and why you're calling, and I'll see if this person is available.",
        ],
      },
      {
        hears: /automated assistant calling for .*put me through/i,
        says: ['Thank you. Please stay on the line.', 2_500, 'Hello, this is Kim Adler speaking.'],
      },
      { hears: /automated assistant/i, says: ["No, that's all. Goodbye."], times: 2 },
    ],
  },
  {
    key: 'screens-and-declines',
    name: 'Jordan Fuchs',
    number: '+12025550128',
    description: 'To be called: their phone asks who is calling, and puts nobody through.',
    answers: 'yes',
    reactions: [
      { afterSilenceMs: 200, says: ['Call assist is on. Please say your name and the reason for your call.'] },
      { hears: /put me through/i, says: ['Sorry, this person is not available. Goodbye.'], hangsUp: true },
    ],
  },
  {
    key: 'agrees-to-be-recorded',
    name: 'Lena Brandt',
    number: '+12025550129',
    description: 'Has nothing against a recording, books for Friday at nine, and then has it stopped.',
    answers: 'yes',
    reactions: [
      { hears: /recorded/i, says: ["Yes, that's fine with me."] },
      { hears: /how can i help/i, says: ['I would like an appointment on Friday at nine, please.'] },
      { hears: /your name/i, says: ['Lena Brandt.'] },
      { hears: /\bbooked\b/i, says: ["No, that's all. Please stop recording now."] },
      { hears: /stopped the recording/i, says: ['Thank you. Goodbye.'] },
    ],
  },
];
