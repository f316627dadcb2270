import { z } from 'zod';
import { interviewLines, interviewLinesIn } from '../../surveys/interview-lines.ts';

const asked = z.object({ question: z.string().regex(/^[1-9]/) });

/**
 * Whether the key against further calls holds: it was announced with the greeting, and no question has been asked since,
 * to which the same key may be an answer.
 *
 * @param results of the tools of the call so far, as JSON text.
 */
export const optOutKeyHolds = (results: readonly (string | null)[]): boolean =>
  !results.some((text) => text !== null && asked.safeParse(parseJson(text)).success);

/** What is said to somebody who wants no more calls. */
export const optedOutWords = (language: string): string => interviewLines(language).optedOut;

/** Whether the words around an interview are ours in the language: then they are said as they stand. */
export const hasInterviewWords = (language: string): boolean => interviewLinesIn(language) !== null;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
