import type { Caller } from './caller.ts';
import { machines } from './machines.ts';
import { otherCallers } from './other-callers.ts';
import { type SurveyPerson, surveyPeople } from './survey-people.ts';

/** What a campaign comes to with somebody, as their script says. */
export interface CampaignPerson {
  readonly caller: Caller;
  readonly state: 'DONE' | 'EXHAUSTED' | 'SUPPRESSED' | 'INVALID';
  readonly lastOutcome: string;
  readonly attempts: number;
  readonly answers: SurveyPerson['answers'];
}

const FATES: Readonly<Record<SurveyPerson['outcome'], Pick<CampaignPerson, 'state' | 'attempts'>>> = {
  COMPLETED: { state: 'DONE', attempts: 1 },
  REFUSED: { state: 'DONE', attempts: 1 },
  OPTED_OUT: { state: 'SUPPRESSED', attempts: 1 },
  // Called once more, from the question reached.
  PARTIAL: { state: 'EXHAUSTED', attempts: 2 },
};

const asked = ({ caller, outcome, answers }: SurveyPerson): CampaignPerson => ({ caller, lastOutcome: outcome, answers, ...FATES[outcome] });

/** Whom nobody asks anything. */
const unasked = (caller: Caller, lastOutcome: string, attempts: number, state: CampaignPerson['state'] = 'EXHAUSTED'): CampaignPerson => ({
  caller,
  lastOutcome,
  attempts,
  state,
  answers: {},
});

const known = (key: string): Caller => {
  const found = [...machines, ...otherCallers].find((caller) => caller.key === key);
  if (!found) throw new Error(`there is no simulated caller ${key}`);
  return found;
};

const begins = { hears: /may I begin|ask you the questions now/i, says: ['Yes, sure.'], times: 4 };
const answers = (key: string, last: number, name: string, said: Readonly<Record<'service' | 'grade' | 'heard', string>>): Caller => ({
  key,
  name,
  number: `+1202555${String(last).padStart(4, '0')}`,
  description: 'To be asked: answers every question, and would come again.',
  answers: 'yes',
  ringMs: 1_500,
  patienceMs: 60_000,
  reactions: [
    begins,
    { hears: /which service/i, says: [said.service] },
    { hears: /how satisfied/i, says: [said.grade] },
    { hears: /any others/i, says: ['No.'] },
    { hears: /how did you hear/i, says: [said.heard] },
    { hears: /come again/i, says: ['Yes.'] },
  ],
});

const silent = (key: string, last: number, name: string, how: 'busy' | 'no-answer'): Caller => ({
  key,
  name,
  number: `+1202555${String(last).padStart(4, '0')}`,
  description: `To be called: ${how === 'busy' ? 'is on the phone whenever it rings' : 'is never at home'}.`,
  answers: how,
  reactions: [],
});

const xaver = answers('answers-a-survey-in-short', 171, 'Xaver Roth', { service: 'Colour.', grade: 'Five.', heard: 'A flyer.' });
const yara = answers('answers-a-survey-gladly', 172, 'Yara Silva', {
  service: 'A haircut, please.',
  grade: 'Five, I was very happy.',
  heard: 'Friends told me.',
});
const busy = silent('is-always-busy', 173, 'Zoe Held', 'busy');
const away = silent('is-never-at-home', 174, 'Arno Beck', 'no-answer');

/** Twenty people of one campaign. */
export const campaignPeople: readonly CampaignPerson[] = [
  ...surveyPeople.map(asked),
  { ...unasked(xaver, 'COMPLETED', 1, 'DONE'), answers: { service: ['Colour'], grade: ['5'], heard: ['A flyer'], again: ['Yes'] } },
  { ...unasked(yara, 'COMPLETED', 1, 'DONE'), answers: { service: ['Haircut'], grade: ['5'], heard: ['Friends'], again: ['Yes'] } },
  unasked(known('is-busy'), 'BUSY', 3),
  unasked(busy, 'BUSY', 3),
  unasked(known('does-not-answer'), 'NO_ANSWER', 3),
  unasked(away, 'NO_ANSWER', 3),
  unasked(known('has-voicemail'), 'VOICEMAIL', 2),
  unasked(known('has-silent-voicemail'), 'VOICEMAIL', 2),
  unasked(known('screens-and-declines'), 'SCREENED', 2),
  unasked(known('is-a-fax'), 'INVALID_NUMBER', 1, 'INVALID'),
];

/** Those of them whom nobody else knows. */
export const campaignCallers: readonly Caller[] = [xaver, yara, busy, away];
