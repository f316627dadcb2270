import type { RecordingDecision } from '../domain/calls/recording/recording.ts';
import { readConsent, refusesRecording } from '../domain/calls/recording/spoken-consent.ts';
import { SECOND } from '../kit/time.ts';
import type { Duty } from './duties.ts';
import { type AnswerRequest, type Draft, request } from './session.ts';

/** After this long the words are not waited for any longer. */
const WORDS_LIMIT_MS = 4 * SECOND;
const MOST_QUESTIONS = 2;

/** The question was heard. */
export function consentAsked(draft: Draft): void {
  const before = draft.turns.open.flatMap(({ speaker, itemId }) => (speaker === 'CALLER' ? [itemId] : []));
  draft.consent = { ...draft.consent, awaiting: true, asked: draft.consent.asked + 1, before, heldMs: null };
}

/** Reads what was said: an answer to the question, or a wish that nothing be recorded. */
export function hearConsent(draft: Draft, itemId: string, text: string): void {
  const { consent, call } = draft;
  const { recording, language, otherLanguages } = call.plan;
  if (!recording || text === '') return;
  const languages = [language, ...otherLanguages];
  if (consent.awaiting && !consent.before.includes(itemId)) return answered(draft, readConsent(text, languages), text);
  if (!refusesRecording(text, languages)) return;
  if (consent.decision === 'agreed' || consent.decision === 'announced') {
    decideRecording(draft, 'stopped', text);
    draft.duties = { ...draft.duties, due: ['recording-stopped', ...draft.duties.due] };
  } else if (consent.decision === null) decideRecording(draft, 'refused', text);
}

/** Once a second. @returns whether somebody is waited for who has not answered the question. */
export function consentTick(draft: Draft): void {
  const { awaiting, heldMs } = draft.consent;
  if (!awaiting || draft.callerSpeaking || heldMs === null || draft.now.ms - heldMs < WORDS_LIMIT_MS) return;
  answered(draft, 'unclear', '');
}

/** Nobody answers. @returns whether the silence is ours to break. */
export function consentSilence(draft: Draft): boolean {
  if (!draft.consent.awaiting) return false;
  answered(draft, 'unclear', '');
  return true;
}

/** Decided once; later only that it stops. */
export function decideRecording(draft: Draft, decision: RecordingDecision, evidence: string): void {
  draft.consent = { ...draft.consent, awaiting: false, heldMs: null, decision };
  settleDuties(draft);
  draft.effects.push({ type: 'note', note: { type: 'recording', decision, evidence } });
}

/** Whoever has decided is not asked or told any more, not even by what is on its way to the model. */
function settleDuties(draft: Draft): void {
  const others = (duties: readonly Duty[]) => duties.filter((duty) => duty !== 'consent' && duty !== 'announcement');
  const { due, saying } = draft.duties;
  draft.duties = { ...draft.duties, due: others(due), saying: saying && { ...saying, duties: others(saying.duties) } };
  const isQuestion = (request: AnswerRequest | undefined) => request?.duties?.includes('consent') ?? false;
  if (isQuestion(draft.wanted ?? undefined)) draft.wanted = null;
  if (draft.requested && isQuestion(draft.requested.request)) draft.requested = { ...draft.requested, request: { unwanted: true } };
}

function answered(draft: Draft, answer: 'yes' | 'no' | 'unclear', text: string): void {
  if (answer === 'unclear' && draft.consent.asked < MOST_QUESTIONS) {
    draft.consent = { ...draft.consent, awaiting: false, heldMs: null };
    draft.duties = { ...draft.duties, due: ['consent', ...draft.duties.due] };
    return;
  }
  decideRecording(draft, answer === 'yes' ? 'agreed' : answer === 'no' ? 'refused' : 'unclear', text);
  // What the model was kept from saying.
  request(draft, {});
}
