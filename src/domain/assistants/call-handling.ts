import { z } from 'zod';
import { parsePhoneNumber } from '../../kit/phone.ts';
import { clearable, language, line, unchanged } from './input-fields.ts';

export const CALL_ENGINES = ['REALTIME', 'GATHER'] as const;
export const RECORDING_CONSENTS = ['SPOKEN', 'ANNOUNCED'] as const;

const MOST_LANGUAGES = 10;

const otherLanguages = z
  .array(language)
  .max(MOST_LANGUAGES, `An assistant has at most ${MOST_LANGUAGES} other languages.`)
  .transform((tags) => [...new Set(tags)]);

/** How an assistant handles its calls: what may be given of it, whatever else is given. */
export const callHandlingFields = {
  otherLanguages: unchanged(otherLanguages),
  engine: unchanged(z.enum(CALL_ENGINES, 'The engine is REALTIME or GATHER.')),
  /** As people write it: `transferNumber` reads it. */
  transferTo: clearable(line('The number of the person', 40)),
  recordCalls: unchanged(z.boolean()),
  recordingConsent: unchanged(z.enum(RECORDING_CONSENTS, 'The consent is SPOKEN or ANNOUNCED.')),
  voicemailMessage: clearable(line('The message for answering machines', 500)),
};

const storedLanguages = z.array(z.string());

/** The languages besides its own in which an assistant may go on. */
export const otherLanguagesOf = (row: { readonly otherLanguages: unknown }): string[] => storedLanguages.parse(row.otherLanguages);

/**
 * Reads whom callers are to be put through to.
 *
 * @param given as people write it; null for nobody.
 * @param ownLines numbers that the workspace's assistants answer: a transfer there would go round in circles.
 * @returns E.164 or null; or what is wrong, as a sentence.
 */
export function transferNumber(given: string | null, country: string, ownLines: readonly string[]): { number: string | null } | { problem: string } {
  if (given === null) return { number: null };
  const number = parsePhoneNumber(given, country);
  if (!number) return { problem: 'This is not a complete telephone number.' };
  if (ownLines.includes(number)) return { problem: 'An assistant answers this number: callers would be put through to a machine again.' };
  return { number };
}
