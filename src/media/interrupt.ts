import { cleared, TONES } from './playback.ts';
import { command, type Draft } from './session.ts';
import { changeTurn } from './turns.ts';

/** What is being said is cut off, and the model is told how much of it was heard. */
export function interrupt(draft: Draft): void {
  const unfinished = draft.answer?.spoke ? (draft.playback.items.at(-1)?.itemId ?? null) : null;
  const { playback, cut } = cleared(draft.playback, draft.now.ms, unfinished);
  draft.playback = playback;
  draft.effects.push({ type: 'clear' });
  for (const { itemId, heardMs: played } of cut) {
    // The model knows nothing of the tones of keys.
    if (itemId === TONES) continue;
    const heardMs = Math.floor(played);
    command(draft, { type: 'truncate', itemId, heardMs });
    draft.turns = changeTurn(draft.turns, itemId, () => ({ interrupted: true, heardMs, finished: true }));
  }
}
