import { heardWords } from '../heard-words.ts';
import { baseOf } from '../lines.ts';
import { KEY_WORDS, SCREENING } from './screening-phrases.ts';

/** All but the keys of a telephone, apostrophes, letters and digits. */
const PARTING = /[^\p{L}\d'*#\s]/gu;

/** What the words of whoever picked up mean to a caller who may be talking with a screener. */
export type Screening =
  /** It wants to know who is calling, or a key pressed, or both. */
  | { readonly type: 'prompt'; readonly identify: boolean; readonly press: string | null }
  /** It asks to wait. */
  | { readonly type: 'hold' }
  /** Nothing that a screener says. */
  | { readonly type: 'none' };

/**
 * Reads a turn at the beginning of an outbound call.
 *
 * @param languages BCP 47, those that the call may be held in; English is always understood.
 */
export function readScreening(text: string, languages: readonly string[]): Screening {
  const said = heardWords(text, PARTING);
  const known = [...new Set(['en', ...languages.map(baseOf)])].flatMap((language) => SCREENING[language] ?? []);
  const identify = known.some(({ asks }) => asks.some((pattern) => pattern.test(said)));
  const press = known.flatMap(({ key }) => key).reduce<string | null>((found, pattern) => found ?? keyIn(pattern.exec(said)?.[1]), null);
  if (identify || press) return { type: 'prompt', identify, press };
  return known.some(({ hold }) => hold.some((pattern) => pattern.test(said))) ? { type: 'hold' } : { type: 'none' };
}

const keyIn = (word: string | undefined): string | null => (word === undefined ? null : (KEY_WORDS[word] ?? (/^\d$/.test(word) ? word : null)));
