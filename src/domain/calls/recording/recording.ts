/**
 * What became of the wish to record a call.
 *
 * - `agreed`    the other side said yes to the question.
 * - `announced` they had heard that the call is recorded (one-party consent).
 * - `refused`   they said no.
 * - `unclear`   they were asked twice, and said neither.
 * - `stopped`   they had it stopped; what was recorded before stays.
 */
export const RECORDING_DECISIONS = ['agreed', 'announced', 'refused', 'unclear', 'stopped'] as const;
export type RecordingDecision = (typeof RECORDING_DECISIONS)[number];

/** Whether a decision may still be taken where another stands: the first counts, and a recording can be stopped. */
export function mayDecide(before: RecordingDecision | null, decision: RecordingDecision): boolean {
  if (before === null) return decision !== 'stopped';
  return decision === 'stopped' && (before === 'agreed' || before === 'announced');
}

/** @param stored as the row has it; what we never wrote counts as undecided. */
export const readDecision = (stored: string | null): RecordingDecision | null => RECORDING_DECISIONS.find((decision) => decision === stored) ?? null;
