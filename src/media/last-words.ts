import { SECOND } from '../kit/time.ts';
import type { VoiceEvent } from '../ports/voice-model.ts';
import { onModelEvent } from './model-events.ts';
import { noteOptOut } from './opt-out.ts';
import { close, command, type Draft, finishTurn, flushTurns, type SessionEvent } from './session.ts';
import { setText } from './turns.ts';

/** For so long somebody's last words are waited for. */
const LAST_WORDS_MS = 5 * SECOND;

/**
 * The caller has hung up. What they said last may not be recognised yet, and it may be what counts most ("don't call me
 * again"): the model is heard until it is.
 */
export function callerLeft(draft: Draft): void {
  if (draft.phase === 'opening' || !awaitsWords(draft)) return close(draft, { type: 'carrier-stopped' });
  for (const turn of draft.turns.open) if (turn.speaker !== 'CALLER') finishTurn(draft, turn);
  flushTurns(draft);
  if (draft.answer) command(draft, { type: 'cancel' });
  draft.phase = 'left';
  draft.activeMs = draft.now.ms;
  draft.effects.push({ type: 'end-audio' });
}

/** All that still counts once they are gone. */
export function whenLeft(draft: Draft, event: SessionEvent): void {
  if (event.type === 'model') hear(draft, event.event);
  flushTurns(draft);
  const gone = event.type === 'hand-over' || (event.type === 'model' && event.event.type === 'closed');
  const tooLate = draft.now.ms - draft.activeMs > LAST_WORDS_MS;
  if (gone || tooLate || !awaitsWords(draft)) close(draft, { type: 'carrier-stopped' });
}

function hear(draft: Draft, event: VoiceEvent): void {
  switch (event.type) {
    case 'speech-stopped':
    case 'caller-words':
    case 'caller-text-failed':
      return onModelEvent(draft, event);
    case 'caller-text':
      draft.turns = setText(draft.turns, event.itemId, event.text);
      return noteOptOut(draft, event.text.trim());
    case 'answer-started':
      // There is nobody to hear it.
      return command(draft, { type: 'cancel' });
    default:
  }
}

const awaitsWords = ({ turns }: Draft): boolean => turns.open.some(({ speaker, worded, finished }) => speaker === 'CALLER' && !(worded && finished));
