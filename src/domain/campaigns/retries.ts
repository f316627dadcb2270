import { DAY, HOUR, MINUTE } from '../../kit/time.ts';

/** How an attempt ended, in the words of calls. */
export type AttemptOutcome =
  | 'COMPLETED'
  | 'PARTIAL'
  | 'NO_ANSWER'
  | 'BUSY'
  | 'VOICEMAIL'
  | 'SCREENED'
  | 'REFUSED'
  | 'OPTED_OUT'
  | 'TRANSFERRED'
  | 'DROPPED'
  | 'FAILED'
  | 'INVALID_NUMBER'
  | 'LIMIT_REACHED';

/** What comes next for somebody who was called. */
export type NextStep =
  | {
      readonly state: 'RETRY_WAIT';
      readonly afterMs: number;
      /** Not in the part of the day in which the last attempt was. */
      readonly otherPartOfDay: boolean;
      /** From the question that was reached. */
      readonly resumes: boolean;
      readonly reason: string;
    }
  | { readonly state: 'DONE' | 'EXHAUSTED' | 'INVALID' | 'SUPPRESSED'; readonly reason: string };

interface RetryRule {
  /** Outcomes of one kind count together. */
  readonly kind: 'busy' | 'no-answer' | 'machine' | 'technical' | 'broken-off';
  readonly afterMs: number;
  /** How often an outcome of this kind is followed by another attempt. */
  readonly times: number;
  readonly otherPartOfDay?: boolean;
  readonly resumes?: boolean;
  readonly said: string;
}

const RETRIES: Partial<Record<AttemptOutcome, RetryRule>> = {
  BUSY: { kind: 'busy', afterMs: 15 * MINUTE, times: 2, said: 'The line was busy' },
  NO_ANSWER: { kind: 'no-answer', afterMs: 2 * HOUR, times: 2, otherPartOfDay: true, said: 'Nobody answered' },
  VOICEMAIL: { kind: 'machine', afterMs: DAY, times: 1, said: 'A machine answered' },
  // A screener that let nobody through is a machine that answered.
  SCREENED: { kind: 'machine', afterMs: DAY, times: 1, said: 'The call was screened' },
  FAILED: { kind: 'technical', afterMs: 2 * MINUTE, times: 1, said: 'The call failed for a technical reason' },
  DROPPED: { kind: 'broken-off', afterMs: 10 * MINUTE, times: 1, resumes: true, said: 'The call broke off' },
  PARTIAL: { kind: 'broken-off', afterMs: 10 * MINUTE, times: 1, resumes: true, said: 'The call broke off' },
  LIMIT_REACHED: { kind: 'broken-off', afterMs: 10 * MINUTE, times: 1, resumes: true, said: 'The call was ended by a limit of the plan' },
};

const OVER: Partial<Record<AttemptOutcome, { readonly state: 'DONE' | 'INVALID' | 'SUPPRESSED'; readonly reason: string }>> = {
  COMPLETED: { state: 'DONE', reason: 'The survey was answered.' },
  REFUSED: { state: 'DONE', reason: 'They did not want to take part.' },
  TRANSFERRED: { state: 'DONE', reason: 'They were put through to a person.' },
  OPTED_OUT: { state: 'SUPPRESSED', reason: 'They asked not to be called again.' },
  INVALID_NUMBER: { state: 'INVALID', reason: 'The carrier says that the number cannot be called.' },
};

/** An attempt may be made this often within so many days. */
export const FREQUENCY_DAYS = 30;

/**
 * What follows from how an attempt ended.
 *
 * @param history.attempts made within the last 30 days, this one included.
 * @param history.outcomes how often each outcome came, this one included.
 */
export function nextStep(outcome: AttemptOutcome, history: { attempts: number; outcomes: Readonly<Record<string, number>> }, maxAttempts: number): NextStep {
  const over = OVER[outcome];
  if (over) return over;
  const rule = RETRIES[outcome];
  if (!rule) return { state: 'EXHAUSTED', reason: `The attempt ended as ${outcome}.` };
  const seen = Object.entries(RETRIES).reduce((sum, [name, each]) => sum + (each?.kind === rule.kind ? (history.outcomes[name] ?? 0) : 0), 0);
  if (history.attempts >= maxAttempts) return { state: 'EXHAUSTED', reason: `${rule.said}, and they have been called ${times(history.attempts)} by now.` };
  if (seen > rule.times) return { state: 'EXHAUSTED', reason: `${rule.said} ${times(seen)}.` };
  const { afterMs, otherPartOfDay = false, resumes = false, said } = rule;
  return { state: 'RETRY_WAIT', afterMs, otherPartOfDay, resumes, reason: `${said}; they are called again.` };
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** Failures that are not the person's: what the breaker counts. */
export const isTechnical = (outcome: AttemptOutcome): boolean => outcome === 'FAILED';
