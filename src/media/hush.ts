import { interrupt } from './interrupt.ts';
import { isSilent } from './playback.ts';
import { dutiesInterrupted } from './say-duties.ts';
import { command, type Draft } from './session.ts';

/** Stops what is being said, and what was about to be. */
export function hush(draft: Draft): void {
  draft.wanted = null;
  // Under way to the model: what it answers to it is not heard.
  if (draft.requested) draft.requested = { ...draft.requested, request: { ...draft.requested.request, unwanted: true } };
  const { answer } = draft;
  if (answer && answer.responseId !== draft.droppedResponseId) {
    draft.droppedResponseId = answer.responseId;
    command(draft, { type: 'cancel' });
  }
  if (!answer?.spoke && isSilent(draft.playback, draft.now.ms)) return;
  dutiesInterrupted(draft);
  interrupt(draft);
}
