import type { Question } from '../surveys/question.ts';

/** From the greeting to the first question, and the goodbye. */
const FRAME_SECONDS = 25;
const QUESTION_SECONDS = 18;
/** A free answer takes longer. */
const PARAGRAPH_SECONDS = 30;
/** Ringing until somebody answers, or nobody does. */
const RINGING_SECONDS = 25;
/** Of a hundred calls so many are answered by a person. */
const ANSWERED_OF_HUNDRED = 45;
/** Those who are not reached are called again. */
const ATTEMPTS_EACH = 1.7;

/**
 * How long a campaign will take, in whole minutes of calling time: what nights and pauses add is not in it.
 *
 * @param contacts who may be called.
 * @param callsPerSecond of the carrier's account; 0: no limit.
 */
export function estimatedMinutes(
  contacts: number,
  questions: readonly Pick<Question, 'kind'>[],
  { maxConcurrentCalls, maxAttempts, callsPerSecond }: { maxConcurrentCalls: number; maxAttempts: number; callsPerSecond: number },
): number {
  if (contacts === 0) return 0;
  const talk = FRAME_SECONDS + questions.reduce((sum, { kind }) => sum + (kind === 'PARAGRAPH' ? PARAGRAPH_SECONDS : QUESTION_SECONDS), 0);
  const calls = contacts * Math.min(maxAttempts, ATTEMPTS_EACH);
  const seconds = calls * RINGING_SECONDS + contacts * (ANSWERED_OF_HUNDRED / 100) * talk;
  const slowest = Math.max(seconds / Math.min(maxConcurrentCalls, contacts), callsPerSecond > 0 ? calls / callsPerSecond : 0);
  return Math.max(1, Math.ceil(slowest / 60));
}
