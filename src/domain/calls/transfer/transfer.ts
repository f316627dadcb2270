import { carrierSentence } from '../sentences.ts';

/** Why nobody took a call. */
export type TransferFailure = 'busy' | 'no-answer' | 'declined' | 'failed' | 'caller-hung-up';

/** So many transfers of one call may come to nothing; then nobody else is rung. */
const MOST_FAILED_TRANSFERS = 3;

export interface TransferFacts {
  /** Whom the assistant may put callers through to. */
  readonly to: string | null;
  /** Whether anybody is there by the opening hours. */
  readonly open: boolean;
  /** How many transfers of the call came to nothing. */
  readonly failed: number;
}

/** Whether an assistant may put its caller through now. */
export function admitTransfer({ to, open, failed }: TransferFacts): { to: string } | { refused: 'nobody' | 'closed' | 'tried' } {
  if (to === null) return { refused: 'nobody' };
  if (!open) return { refused: 'closed' };
  return failed >= MOST_FAILED_TRANSFERS ? { refused: 'tried' } : { to };
}

/** How the carrier says that a transfer ended: see ports/carrier-transfers.ts. */
export interface TransferEnd {
  readonly state: string;
  readonly result: 'answered' | 'busy' | 'no-answer' | 'failed' | 'canceled' | 'unknown';
}

/**
 * What became of a transfer that is over.
 *
 * @param taken the person had taken it, with a key or by being put through at once.
 * @returns null where they talked.
 */
export function transferFailure({ state, result }: TransferEnd, taken: boolean): TransferFailure | null {
  if (taken) return null;
  if (state === 'completed' || state === 'canceled') return 'caller-hung-up';
  if (result === 'answered') return 'declined';
  if (result === 'unknown') return 'no-answer';
  return result === 'canceled' ? 'failed' : result;
}

const FAILURE_NOTES: Readonly<Record<TransferFailure, string>> = {
  busy: 'Nobody could take the call: the line was busy.',
  'no-answer': 'Nobody could take the call: nobody answered.',
  declined: 'Nobody could take the call: the person did not take it.',
  failed: 'Nobody could take the call: the number could not be reached.',
  'caller-hung-up': 'The caller hung up before anybody took the call.',
};

/** What the transcript, and the model, are told of it. */
export const failureNote = (failure: string): string => (isFailure(failure) ? FAILURE_NOTES[failure] : FAILURE_NOTES.failed);

const isFailure = (text: string): text is TransferFailure => Object.hasOwn(FAILURE_NOTES, text);

const LONGEST_ABOUT = 300;

/** What the person hears before they take a call: who calls, what about, and which key to press. */
export function offerWords(
  { callerName, number, about }: { callerName: string | null; number: string; about: string | null },
  language: string,
): { say: string; language: string } {
  const caller = callerName?.trim() || spelled(number);
  const matter =
    about
      ?.trim()
      .slice(0, LONGEST_ABOUT)
      .replace(/[.!?\s]+$/, '') || null;
  return carrierSentence(language, ({ offer, pressToTake }) => `${offer(caller, matter)} ${pressToTake}`);
}

/** A number digit by digit, as a carrier's voice has to be given it; null for a word such as `anonymous`. */
const spelled = (number: string): string | null => (/^\+\d+$/.test(number) ? number.slice(1).split('').join(' ') : null);
