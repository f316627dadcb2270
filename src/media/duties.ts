import { discloses, type Lines, linesIn, translatableLines } from '../domain/calls/lines.ts';
import type { ClaimedCall } from '../domain/calls/records.ts';

/**
 * Sentences that a call owes to whoever is on the line, and that count only when they were heard to their end: the
 * carrier has sent back the mark behind them. One that was cut off is owed again.
 */
export interface Duties {
  /** Still to be said, in order. */
  readonly due: readonly Duty[];
  /** The answer that says some, until it was heard. */
  readonly saying: Saying | null;
  /** How often each was begun. */
  readonly begun: Readonly<Partial<Record<Duty, number>>>;
}

export type Duty =
  /** That an automated assistant is calling. */
  | 'disclosure'
  /** That the call is recorded. */
  | 'announcement'
  /** The question whether it may be. */
  | 'consent'
  | 'recording-stopped'
  /** Who is calling, to a screener. */
  | 'identity'
  /** The message for an answering machine. */
  | 'voicemail';

export interface Saying {
  readonly duties: readonly Duty[];
  readonly responseId: string;
  /** The mark behind its last word; null until the model has made it whole. */
  readonly mark: string | null;
}

/** What a call that a bridge takes still owes. */
export function beginDuties({ plan, known }: ClaimedCall): Duties {
  const due: Duty[] = [];
  if (plan.direction === 'OUTBOUND' && !known.disclosed) due.push('disclosure');
  if (plan.recording && known.recordingDecision === null) {
    if (plan.recording.consent === 'ANNOUNCED') due.push('announcement');
    // Where nobody here could read the answer, nobody is asked, and nothing recorded.
    else if (linesIn(plan.language)) due.push('consent');
  }
  return { due, saying: null, begun: {} };
}

/** The sentence of a duty, in the language that is spoken or to be put into it. */
export function sentenceOf(duty: Duty, { plan }: ClaimedCall, begun: number, language = plan.language): string {
  const lines: Lines = linesIn(language) ?? translatableLines;
  switch (duty) {
    case 'disclosure':
      return lines.disclosure(plan.businessName);
    case 'announcement':
      return lines.announcement;
    case 'consent':
      return begun === 0 ? lines.consent : lines.consentAgain;
    case 'recording-stopped':
      return lines.recordingStopped;
    case 'identity':
      return lines.identity(plan.businessName, plan.purpose);
    case 'voicemail':
      return plan.voicemailMessage ?? '';
  }
}

/** What a call is opened with: the greeting, and behind it what has to be said before anything else. */
export function openingSentences(call: ClaimedCall, due: readonly Duty[]): { text: string; duties: readonly Duty[] } {
  const duties = due.filter((duty) => duty === 'disclosure' || duty === 'announcement');
  const sentences = duties.flatMap((duty) => (duty === 'disclosure' && discloses(call.plan.greeting) ? [] : [sentenceOf(duty, call, 0)]));
  return { text: [call.plan.greeting, ...sentences].join(' '), duties };
}
