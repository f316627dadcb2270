import { isSilent } from './playback.ts';
import { connectAgain, type Draft } from './session.ts';

/**
 * The connection to the model nears the end of its longest session: while nobody speaks and nothing is under way the
 * conversation goes over to a new one, and the caller notices nothing. Where it never gets quiet, the old one is cut by
 * the vendor and taken up again like any that drops.
 */
export function renewWhenQuiet(draft: Draft): void {
  const { phase, answer, requested, wanted, callerSpeaking, tools, ending, turns, playback, now } = draft;
  const busy = answer || requested || wanted || callerSpeaking || ending || tools.length > 0 || turns.open.length > 0;
  if (phase === 'talking' && !busy && isSilent(playback, now.ms)) connectAgain(draft, 0);
}
