import { discloses, linesIn } from '../domain/calls/lines.ts';
import { SECOND } from '../kit/time.ts';
import { consentAsked, decideRecording } from './consent.ts';
import { type Duty, openingSentences, sentenceOf } from './duties.ts';
import { isSilent, position } from './playback.ts';
import { type Draft, endCall, request } from './session.ts';
import { greet, translated } from './wording.ts';

/** A sentence that is cut off this often is given up: it then counts as not said. */
const MOST_ATTEMPTS = 3;
/** A question is understood before its last syllable. */
const UNDERSTOOD_BEFORE_END_MS = 600;
/** Nobody has spoken for this long: whoever was to speak of themselves would have begun. */
const QUIET_MS = 1.5 * SECOND;

/** The greeting, with what is owed behind it; what has to be asked follows. */
export function sayGreeting(draft: Draft): void {
  const { text, duties } = openingSentences(draft.call, draft.duties.due);
  const own = linesIn(draft.call.plan.language) !== null || duties.length === 0;
  request(draft, { instructions: own ? greet(text) : translated(draft.call.plan.language, text), withoutTools: true, duties });
}

/** Says these as soon as the model is free. */
export function owe(draft: Draft, ...duties: readonly Duty[]): void {
  const { due } = draft.duties;
  draft.duties = { ...draft.duties, due: [...due, ...duties.filter((duty) => !due.includes(duty))] };
}

/** Says what is due, if nobody else speaks and nothing else is about to be said. */
export function sayDue(draft: Draft): void {
  const due = draft.screening.state === 'active' ? draft.duties.due.filter((duty) => duty === 'identity') : draft.duties.due;
  if (due.length === 0 || draft.phase !== 'talking' || draft.ending || draft.consent.awaiting || draft.tools.length > 0) return;
  if (draft.answer || draft.requested || draft.wanted || draft.callerSpeaking || draft.duties.saying) return;
  const { language } = draft;
  const text = due.map((duty) => sentenceOf(duty, draft.call, draft.duties.begun[duty] ?? 0, language)).join(' ');
  const own = linesIn(language) !== null || due.includes('voicemail');
  request(draft, { instructions: own ? greet(text) : translated(language, text), withoutTools: true, duties: due });
}

/** Once a second: what could not follow an answer is said when it is quiet. */
export function sayDueWhenQuiet(draft: Draft): void {
  if (draft.now.ms - draft.activeMs >= QUIET_MS && isSilent(draft.playback, draft.now.ms)) sayDue(draft);
}

/** The model has begun with them. */
export function dutiesBegun(draft: Draft, duties: readonly Duty[], responseId: string): void {
  if (duties.length === 0) return;
  const begun = { ...draft.duties.begun };
  for (const duty of duties) begun[duty] = (begun[duty] ?? 0) + 1;
  draft.duties = { due: draft.duties.due.filter((duty) => !duties.includes(duty)), saying: { duties, responseId, mark: null }, begun };
}

/** The model has made an answer; what of it is owed counts when the mark behind it comes back. */
export function dutiesGenerated(draft: Draft, responseId: string, complete: boolean): void {
  const { saying } = draft.duties;
  if (saying?.responseId !== responseId) return;
  if (!complete || !saying.duties.every((duty) => wasSaid(draft, duty))) return dutiesCut(draft);
  const mark = draft.playback.marks.at(-1)?.name ?? null;
  draft.duties = { ...draft.duties, saying: { ...saying, mark } };
  if (mark === null) dutiesHeard(draft, saying.duties);
}

export function dutiesMarked(draft: Draft, mark: string): void {
  const { saying } = draft.duties;
  if (saying?.mark !== mark) return;
  dutiesHeard(draft, saying.duties);
  sayDue(draft);
}

/** What is being said is about to be cut off. */
export function dutiesInterrupted(draft: Draft): void {
  const { saying } = draft.duties;
  if (!saying) return;
  const missingMs = draft.playback.sentMs - position(draft.playback, draft.now.ms);
  const understood = saying.mark !== null && missingMs <= UNDERSTOOD_BEFORE_END_MS;
  dutiesCut(draft);
  if (!understood || !saying.duties.includes('consent')) return;
  draft.duties = { ...draft.duties, due: draft.duties.due.filter((duty) => duty !== 'consent') };
  consentAsked(draft);
}

/** Owed again, unless that leads nowhere. */
export function dutiesCut(draft: Draft): void {
  const { saying, due, begun } = draft.duties;
  if (!saying) return;
  const again = saying.duties.filter((duty) => (begun[duty] ?? 0) < MOST_ATTEMPTS);
  draft.duties = { ...draft.duties, saying: null, due: [...again, ...due] };
  if (saying.duties.includes('voicemail')) {
    if (again.length === 0) endCall(draft, 'voicemail', null);
    else request(draft, { instructions: greet(sentenceOf('voicemail', draft.call, 0)), withoutTools: true, duties: ['voicemail'] });
  }
}

/** The connection is another one: what had not been made whole is not known to have been said. */
export function dutiesUncertain(draft: Draft): void {
  if (draft.duties.saying?.mark === null) dutiesCut(draft);
}

/** Models keep to words that are given to them, but for a few; an answer that was taken for another has none of them. */
const LEAST_SHARE = 0.6;

function wasSaid(draft: Draft, duty: Duty): boolean {
  const { plan } = draft.call;
  // Put into another language by the model: only it knows.
  if (duty !== 'voicemail' && linesIn(draft.language) === null) return true;
  const said = new Set(wordsOf(draft.turns.open.findLast(({ speaker }) => speaker === 'ASSISTANT')?.text ?? ''));
  const begun = Math.max(0, (draft.duties.begun[duty] ?? 1) - 1);
  const sentences = [sentenceOf(duty, draft.call, begun, draft.language), ...(duty === 'disclosure' && discloses(plan.greeting) ? [plan.greeting] : [])];
  return sentences.map(wordsOf).some((words) => words.filter((word) => said.has(word)).length >= words.length * LEAST_SHARE);
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];

function dutiesHeard(draft: Draft, duties: readonly Duty[]): void {
  draft.duties = { ...draft.duties, saying: null };
  for (const duty of duties) {
    if (duty === 'disclosure') draft.effects.push({ type: 'note', note: { type: 'disclosed' } });
    if (duty === 'announcement') decideRecording(draft, 'announced', sentenceOf(duty, draft.call, 0));
    if (duty === 'consent') consentAsked(draft);
    if (duty !== 'voicemail') continue;
    draft.effects.push({ type: 'note', note: { type: 'voicemail-left' } });
    endCall(draft, 'voicemail', null);
  }
}
