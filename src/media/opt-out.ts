import { hasInterviewWords, optedOutWords } from '../domain/calls/interview/interview-keys.ts';
import { heardOptOut, keyedOptOut, type OptOut } from '../domain/calls/interview/opt-out.ts';
import { hush } from './hush.ts';
import { type AnswerRequest, type Draft, endCall } from './session.ts';
import { greet, translated } from './wording.ts';

/** The wish not to be called again, in any turn of whoever we have called. @returns whether it was one. */
export function hearOptOut(draft: Draft, text: string): boolean {
  const optOut = optOutIn(draft, text);
  if (optOut) leaveInPeace(draft, optOut);
  return optOut !== null;
}

/** The same of somebody who has hung up: there is nobody left to be told. */
export function noteOptOut(draft: Draft, text: string): void {
  const optOut = optOutIn(draft, text);
  if (optOut) noteIt(draft, optOut);
}

const optOutIn = (draft: Draft, text: string): OptOut | null => (draft.machine ? null : heardOptOut(draft.call.plan, text));
const noteIt = (draft: Draft, optOut: OptOut): void => void draft.effects.push({ type: 'note', note: { type: 'opted-out', ...optOut } });

/** The key that was announced for it. @returns whether it was pressed. */
export function keyOptOut(draft: Draft, digits: string): boolean {
  const optOut = keyedOptOut(
    draft.call.plan,
    digits,
    draft.toolCalls.map(({ result }) => result),
  );
  if (optOut) leaveInPeace(draft, optOut);
  return optOut !== null;
}

export const isLeaving = ({ ending }: Pick<Draft, 'ending'>): boolean => ending?.reason === 'opted-out';

/** They begin to speak over the words that tell them: these are said again. */
export function leavingInterrupted(draft: Draft): void {
  if (draft.ending && !draft.ending.said) draft.wanted = farewell(draft, optedOutWords(draft.language));
}

/** Last words of ours, in the language that is spoken. */
export const farewell = ({ language }: Pick<Draft, 'language'>, text: string): AnswerRequest & { instructions: string } => ({
  instructions: hasInterviewWords(language) ? greet(text) : translated(language, text),
  withoutTools: true,
});

/** The number is suppressed, they are told so, and the call ends. Whatever the model was about to say or do is dropped. */
function leaveInPeace(draft: Draft, optOut: OptOut): void {
  if (isLeaving(draft)) return;
  noteIt(draft, optOut);
  draft.tools = [];
  draft.says = [];
  draft.consent = { ...draft.consent, awaiting: false, heldMs: null };
  hush(draft);
  draft.duties = { ...draft.duties, due: [], saying: null };
  endCall(draft, 'opted-out', farewell(draft, optedOutWords(draft.language)).instructions);
}
