import { unreachable } from '../kit/errors.ts';
import type { Steering } from './live-input.ts';
import { putThrough } from './put-through.ts';
import { command, type Draft, request } from './session.ts';
import { beginTurn, changeTurn, setText } from './turns.ts';
import { sayExactly } from './wording.ts';

const MOST_SAYS = 20;

/** A person of the business wants something of the call. */
export function steer(draft: Draft, steering: Steering): void {
  switch (steering.kind) {
    case 'say':
      draft.says = [...draft.says, steering.text].slice(-MOST_SAYS);
      return;
    case 'whisper':
      noteInTranscript(draft, steering.text);
      // While the model is away it waits in the transcript, which the next connection is told.
      if (draft.phase !== 'opening') command(draft, { type: 'tell', from: 'business', text: steering.text });
      if (draft.phase !== 'ending') request(draft, {});
      return;
    case 'transfer':
      return putThrough(draft, false);
    default:
      return unreachable(steering);
  }
}

/** Nobody speaks and nothing else is to be said first: now is the chance. */
export function sayNext(draft: Draft): void {
  const [text, ...others] = draft.says;
  if (text === undefined || draft.phase !== 'talking') return;
  if (draft.answer || draft.requested || draft.wanted || draft.callerSpeaking || draft.machine || draft.consent.awaiting) return;
  draft.says = others;
  request(draft, { instructions: sayExactly(text), withoutTools: true });
}

/** A note in the transcript: nobody speaks it. */
function noteInTranscript(draft: Draft, text: string): void {
  const itemId = `note-${draft.turns.nextSequence}-${draft.turns.open.length}`;
  draft.turns = setText(beginTurn(draft.turns, itemId, 'SYSTEM', draft.now.at), itemId, text);
  draft.turns = changeTurn(draft.turns, itemId, () => ({ finished: true }));
}
