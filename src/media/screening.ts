import { readScreening } from '../domain/calls/screening.ts';
import { dtmfTones } from '../kit/dtmf.ts';
import { MINUTE } from '../kit/time.ts';
import { interrupt } from './interrupt.ts';
import { isSilent } from './playback.ts';
import { dutiesInterrupted, owe, sayDue, sayGreeting } from './say-duties.ts';
import { command, type Draft } from './session.ts';

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
    hush(draft);
    if (read.press) draft.effects.push({ type: 'play', base64: Buffer.from(dtmfTones(read.press).toString('base64')) });
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
  // Whoever was asked, it was not a person.
  if (draft.consent.awaiting) {
    draft.consent = { ...draft.consent, awaiting: false, asked: 0, heldMs: null };
    owe(draft, 'consent');
  }
}

/** Whether the silence is that of somebody being fetched. */
export const isPutThrough = ({ screening, now }: Draft): boolean => screening.state === 'active' && now.ms - screening.sinceMs < LONGEST_WAIT_MS;

/** Stops what is being said, and what was about to be. */
export function hush(draft: Draft): void {
  draft.wanted = null;
  const { answer } = draft;
  if (answer) {
    draft.droppedResponseId = answer.responseId;
    command(draft, { type: 'cancel' });
  }
  if (!answer?.spoke && isSilent(draft.playback, draft.now.ms)) return;
  dutiesInterrupted(draft);
  interrupt(draft);
}
