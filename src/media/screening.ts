import { readScreening } from '../domain/calls/answerer/screening.ts';
import { MINUTE } from '../kit/time.ts';
import { hush } from './hush.ts';
import { pressKeys } from './keypad.ts';
import { owe, sayDue, sayGreeting } from './say-duties.ts';
import type { Draft } from './session.ts';

/** Screeners speak first. */
const TURNS_READ = 4;
const MOST_PROMPTS = 3;
const LONGEST_WAIT_MS = MINUTE;

/** Reads what was said by whoever picked up. @returns whether it was a screener's, or ended one's part. */
export function hearScreener(draft: Draft, text: string): boolean {
  const { plan } = draft.call;
  const { state, turns, prompts } = draft.screening;
  if (plan.direction !== 'OUTBOUND' || state === 'passed' || (state === 'none' && turns >= TURNS_READ)) return false;
  const read = readScreening(text, [plan.language, ...plan.otherLanguages]);
  draft.screening = { ...draft.screening, turns: turns + 1 };
  if (read.type === 'prompt') {
    if (state === 'none') meetScreener(draft);
    draft.screening = { ...draft.screening, prompts: prompts + 1 };
    askAgain(draft);
    hush(draft);
    if (read.press) pressKeys(draft, read.press);
    if (read.identify && prompts < MOST_PROMPTS) owe(draft, 'identity');
    sayDue(draft);
    return true;
  }
  if (state === 'none') return false;
  if (read.type === 'hold') return true;
  // A person: they have heard nothing of us yet.
  draft.screening = { ...draft.screening, state: 'passed' };
  draft.duties = { ...draft.duties, due: draft.duties.due.filter((duty) => duty !== 'identity') };
  draft.effects.push({ type: 'note', note: { type: 'answered-by', answeredBy: 'human' } });
  owe(draft, 'disclosure');
  sayGreeting(draft);
  return true;
}

function meetScreener(draft: Draft): void {
  draft.screening = { ...draft.screening, state: 'active', sinceMs: draft.now.ms };
  draft.effects.push({ type: 'note', note: { type: 'answered-by', answeredBy: 'screener' } });
}

/** Whoever was asked for consent, it was not a person. */
function askAgain(draft: Draft): void {
  if (!draft.consent.awaiting) return;
  draft.consent = { ...draft.consent, awaiting: false, asked: 0, heldMs: null };
  owe(draft, 'consent');
}

/** Whether the silence is that of somebody being fetched. */
export const isPutThrough = ({ screening, now }: Draft): boolean => screening.state === 'active' && now.ms - screening.sinceMs < LONGEST_WAIT_MS;
