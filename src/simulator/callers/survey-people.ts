import type { Caller, Reaction } from './caller.ts';

/** A survey that the people below know how to answer; as `createSurvey` takes it. */
export const VISIT_SURVEY = {
  title: 'your last visit',
  sections: [{ title: 'your last visit' }, { title: 'What went wrong' }],
  questions: [
    { key: 'service', title: 'Which service did you use?', kind: 'SINGLE_CHOICE', options: ['Haircut', 'Colour', 'Beard trim'] },
    { key: 'grade', title: 'How satisfied were you?', kind: 'SCALE', low: 1, high: 5, lowLabel: 'not at all', highLabel: 'very' },
    { key: 'heard', title: 'How did you hear of us?', kind: 'MULTIPLE_CHOICE', options: ['Friends', 'The web', 'A flyer'] },
    { key: 'again', title: 'Would you come again?', kind: 'SINGLE_CHOICE', options: ['Yes', 'No'], next: [{ option: 'Yes', goTo: 'submit' }] },
    { key: 'better', title: 'What should we do better?', kind: 'PARAGRAPH', section: 2 },
  ],
} as const;

/** What a survey call with somebody comes to, as their script says: the outcome, and question key → what is stored of it. */
export interface SurveyPerson {
  readonly caller: Caller;
  readonly outcome: 'COMPLETED' | 'REFUSED' | 'OPTED_OUT' | 'PARTIAL';
  readonly answers: Readonly<Record<string, readonly string[] | 'SKIPPED' | 'REFUSED' | 'NEEDS_REVIEW'>>;
}

const begins: Reaction = { hears: /may I begin|may we go on|ask you the questions now/i, says: ['Yes, please go ahead.'], times: 4 };
const to = (hears: RegExp, words: string, times = 1): Reaction => ({ hears, says: [words], times });
const keys = (hears: RegExp, presses: string): Reaction => ({ hears, presses });
const [SERVICE, GRADE, HEARD, OTHERS, AGAIN, BETTER] = [/which service/i, /how satisfied/i, /how did you hear/i, /any others/i, /come again/i, /do better/i];
const person = (key: string, last: number, name: string, description: string, reactions: readonly Reaction[], more: Partial<Caller> = {}): Caller => ({
  key,
  name,
  number: `+1202555${String(last).padStart(4, '0')}`,
  description: `To be asked: ${description}`,
  answers: 'yes',
  ringMs: 1_000,
  patienceMs: 60_000,
  reactions,
  ...more,
});

export const surveyPeople: readonly SurveyPerson[] = [
  {
    caller: person('answers-a-survey', 161, 'Nora Lind', 'answers every question well.', [
      begins,
      to(SERVICE, 'A haircut.'),
      to(GRADE, 'Five.'),
      to(OTHERS, "No, that's all."),
      to(HEARD, 'Friends.'),
      to(AGAIN, 'Yes, definitely.'),
    ]),
    outcome: 'COMPLETED',
    answers: { service: ['Haircut'], grade: ['5'], heard: ['Friends'], again: ['Yes'] },
  },
  {
    caller: person('answers-a-survey-by-keypad', 162, 'Otto Brandt', 'presses keys where that is possible, and would not come again.', [
      begins,
      keys(SERVICE, '2'),
      keys(GRADE, '2'),
      to(OTHERS, 'A flyer.'),
      to(HEARD, 'The web.'),
      to(AGAIN, 'No.'),
      to(BETTER, 'Please open earlier in the morning, before people go to work.'),
    ]),
    outcome: 'COMPLETED',
    answers: {
      service: ['Colour'],
      grade: ['2'],
      heard: ['The web', 'A flyer'],
      again: ['No'],
      better: ['Please open earlier in the morning, before people go to work.'],
    },
  },
  {
    caller: person('is-vague-in-a-survey', 163, 'Petra Moss', 'is vague, asks for a question again and skips one.', [
      begins,
      to(SERVICE, 'It depends.', 2),
      to(GRADE, 'Could you repeat that?'),
      to(GRADE, 'Three.'),
      to(HEARD, 'I have no idea.'),
      to(AGAIN, "I'd rather not say."),
      to(BETTER, 'I would like to wait a little less when I have an appointment.'),
    ]),
    outcome: 'COMPLETED',
    answers: {
      service: 'NEEDS_REVIEW',
      grade: ['3'],
      heard: 'SKIPPED',
      again: 'REFUSED',
      better: ['I would like to wait a little less when I have an appointment.'],
    },
  },
  {
    caller: person('interrupts-a-survey', 164, 'Quinn Ferrer', 'answers before the question is over.', [
      begins,
      { hears: /which service/i, says: ['A beard trim.'], interruptsAfterMs: 1_500 },
      to(SERVICE, 'A beard trim.'),
      { hears: /how satisfied were/i, says: ['Four.'], interruptsAfterMs: 1_500 },
      to(GRADE, 'Four.'),
      to(OTHERS, 'No.'),
      to(HEARD, 'Friends.'),
      to(AGAIN, 'Yes.'),
    ]),
    outcome: 'COMPLETED',
    answers: { service: ['Beard trim'], grade: ['4'], heard: ['Friends'], again: ['Yes'] },
  },
  {
    caller: person('refuses-a-survey', 165, 'Rita Novak', 'does not want to take part.', [to(/may I begin/i, 'No, thank you.', 2)]),
    outcome: 'REFUSED',
    answers: {},
  },
  {
    caller: person('breaks-off-a-survey', 166, 'Sven Aalto', 'wants no more questions after the first.', [
      begins,
      to(SERVICE, 'A haircut.'),
      to(GRADE, 'No more questions.'),
    ]),
    outcome: 'REFUSED',
    answers: { service: ['Haircut'], grade: 'REFUSED' },
  },
  {
    caller: person('opts-out-of-surveys', 167, 'Tara Quill', 'wants to be taken off the list, in the middle.', [
      begins,
      to(SERVICE, 'Colour.'),
      to(GRADE, 'Take me off your list and never call me again.'),
    ]),
    outcome: 'OPTED_OUT',
    answers: { service: ['Colour'] },
  },
  {
    caller: person('opts-out-and-hangs-up', 170, 'Willa Ek', 'wants no more calls, and hangs up with the last word.', [
      begins,
      to(SERVICE, 'A beard trim.'),
      { hears: GRADE, says: ['Never call me again.'], hangsUp: true },
    ]),
    outcome: 'OPTED_OUT',
    answers: { service: ['Beard trim'] },
  },
  {
    caller: person('opts-out-by-key', 168, 'Udo Frank', 'presses nine at once.', [keys(/press 9 now/i, '9')]),
    outcome: 'OPTED_OUT',
    answers: {},
  },
  {
    caller: person('hangs-up-in-a-survey', 169, 'Vera Stone', 'hangs up half way, each time.', [
      begins,
      to(SERVICE, 'A haircut.'),
      { hears: GRADE, says: ['Well, I'], hangsUp: true, times: 3 },
    ]),
    outcome: 'PARTIAL',
    answers: { service: ['Haircut'] },
  },
];
