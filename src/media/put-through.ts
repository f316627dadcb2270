import { type Draft, request } from './session.ts';
import { puttingThrough } from './wording.ts';

/**
 * The call is put through to a person: the caller is told, and when they have heard it the bridge lets go; the carrier
 * then asks what comes next and is told whom to ring.
 *
 * @param told the caller knows already: the model has said something when it asked for it.
 */
export function putThrough(draft: Draft, told: boolean): void {
  if (draft.ending?.reason === 'maximum-duration') return;
  draft.phase = 'ending';
  draft.wanted = null;
  draft.ending = { reason: 'transfer', sinceMs: draft.now.ms, said: told };
  if (!told) request(draft, { instructions: puttingThrough(draft.language), withoutTools: true });
}
