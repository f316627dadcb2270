/**
 * Where somebody stands in a campaign.
 *
 * - `PENDING`         has not been called.
 * - `WAITING_WINDOW`  is called when the hours allow it where they are.
 * - `RETRY_WAIT`      was not reached, and is called again.
 * - `CALLBACK`        asked to be called at a time.
 * - `ACTIVE`          is being called: an attempt of theirs is live.
 * - `DONE`            is over with: answered, or did not want to.
 * - `EXHAUSTED`       was not reached, and is not called any more.
 * - `SUPPRESSED`      must not be called.
 * - `INVALID`         has a number that cannot be called.
 * - `EXPIRED`         would have been called after the campaign's end.
 * - `CANCELED`        was still to be called when the campaign was canceled.
 */
export const CONTACT_STATES = [
  'PENDING',
  'WAITING_WINDOW',
  'RETRY_WAIT',
  'CALLBACK',
  'ACTIVE',
  'DONE',
  'EXHAUSTED',
  'SUPPRESSED',
  'INVALID',
  'EXPIRED',
  'CANCELED',
] as const;
export type ContactState = (typeof CONTACT_STATES)[number];

/** Those who are to be called when their time comes. */
export const WAITING: readonly ContactState[] = ['PENDING', 'WAITING_WINDOW', 'RETRY_WAIT', 'CALLBACK'];

const isWaiting = (state: ContactState): boolean => WAITING.includes(state);
export const isTerminal = (state: ContactState): boolean => state !== 'ACTIVE' && !isWaiting(state);

/** The counts that people see; together they are always the total. */
export interface Counts {
  readonly total: number;
  readonly completed: number;
  readonly inProgress: number;
  readonly failed: number;
  readonly pending: number;
  readonly retrying: number;
  readonly suppressed: number;
}

const SHOWN: Readonly<Record<ContactState, Exclude<keyof Counts, 'total'>>> = {
  PENDING: 'pending',
  WAITING_WINDOW: 'pending',
  RETRY_WAIT: 'retrying',
  CALLBACK: 'retrying',
  ACTIVE: 'inProgress',
  DONE: 'completed',
  EXHAUSTED: 'failed',
  INVALID: 'failed',
  EXPIRED: 'failed',
  CANCELED: 'failed',
  SUPPRESSED: 'suppressed',
};

export function countsOf(states: Readonly<Partial<Record<ContactState, number>>>): Counts {
  const counts = { total: 0, completed: 0, inProgress: 0, failed: 0, pending: 0, retrying: 0, suppressed: 0 };
  for (const state of CONTACT_STATES) {
    counts.total += states[state] ?? 0;
    counts[SHOWN[state]] += states[state] ?? 0;
  }
  return counts;
}

/** How far it is, 0 to 100, one decimal: those who are over with, of all. */
export const percentOf = ({ total, completed, failed, suppressed }: Counts): number =>
  total === 0 ? 100 : Math.floor(((completed + failed + suppressed) / total) * 1_000) / 10;

/** Seconds to the end at the pace of late; null where there is none yet. @param settledPerSecond those who were over with per second. */
export function etaSeconds({ total, completed, failed, suppressed }: Counts, settledPerSecond: number): number | null {
  const left = total - completed - failed - suppressed;
  if (left === 0) return 0;
  return settledPerSecond > 0 ? Math.ceil(left / settledPerSecond) : null;
}
