import { hearConsent } from './consent.ts';
import { hearHold } from './hold.ts';
import { hearOptOut, isLeaving } from './opt-out.ts';
import { sayDue } from './say-duties.ts';
import { hearScreener } from './screening.ts';
import { command, type Draft } from './session.ts';

/** The words of the other side, before the model has a say: what they mean to rules that do not depend on it. */
export function heard(draft: Draft, itemId: string, text: string): void {
  if (text !== '' && hearOptOut(draft, text)) return;
  if (draft.machine || draft.ending || text === '') return;
  hearHold(draft, text);
  if (hearScreener(draft, text)) return;
  const { heldMs } = draft.consent;
  hearConsent(draft, itemId, text);
  // The model was kept from answering, so that nobody else begins to speak now.
  if (heldMs !== null) sayDue(draft);
}

/** Whether the model is kept from answering of itself. */
export const isHeld = ({ consent, screening, machine, ending }: Draft): boolean =>
  consent.awaiting || screening.state === 'active' || machine !== null || isLeaving({ ending });

/** The answer that has just begun is not heard. */
export function hold(draft: Draft, responseId: string): void {
  draft.droppedResponseId = responseId;
  if (draft.consent.awaiting) draft.consent = { ...draft.consent, heldMs: draft.now.ms };
  command(draft, { type: 'cancel' });
}
