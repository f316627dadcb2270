import { withDigits } from './spoken-number.ts';

/** Words that carry no answer by themselves: what is left of an utterance without them is what was answered. */
const HARMLESS = new Set(
  [
    "i i'm i'd i've i'll it it's its that that's that'd this would be is was were am are the a an my me we we're we've we'd our just only came come",
    'in for to of had have got get getting take took taking choose pick say said think guess believe suppose probably definitely please thanks thank',
    'you um uh uhm umm er erm hmm hm mm ah well so yes yeah okay ok oh option answer go went with like really honestly technically mostly usually mainly',
    "live living they they're did do does want wanted put down then there here right now currently on at by let's see going gonna as number sir ma'am",
  ].flatMap((line) => line.split(' ')),
);
/** Put before or behind anything. */
const FILLERS = new Set("um uh uhm umm er erm hmm hm mm ah oh well okay ok please thanks so just honestly really i'd say".split(' '));

/** With one of these, what was said may mean the opposite of its words, or something that the rules cannot weigh. */
const TURNS =
  /\b(?:no|not|nor|never|none|neither|nobody|nothing|except|but|without|instead|other|else|than|or|either|if|unless|depends|maybe|perhaps|although|though|almost|nearly|hardly|barely|wait|actually|hang|sorry|mean|rather|until|used|should|could|wish|ask|asked|asking|question|mother|father|husband|wife|friend|before|after|last|next)\b|n't\b/;

/** Lower-case words; hyphens part them, punctuation is dropped, numbers are digits, `doctor` is `dr`. */
export function plainWords(text: string): string[] {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/(?<=\d),(?=\d{3}\b)/g, '')
    .replace(/\bdoctor\b/g, 'dr')
    .replace(/\be-?mail\b/g, 'email')
    .replace(/[^\p{L}\p{Nd}'%$]+/gu, ' ')
    .trim()
    .split(' ')
    .filter(Boolean);
  return [...withDigits(words).words];
}

/** Clauses as they are parted by pauses, each as plain words. */
export const clausesOf = (text: string): string[][] =>
  text
    .split(/[.,;:!?…—–]+(?=\s|$)/)
    .map(plainWords)
    .filter((words) => words.length > 0);

/** Whether the words may turn what they say. Sentences that ask are left alone as well. */
export const mayTurn = (text: string): boolean => text.includes('?') || TURNS.test(text.toLowerCase().replace(/[’‘`´]/g, "'"));

/** The words that say something, run together so that `check-up` and `checkup` are one. */
export const essence = (text: string): string =>
  plainWords(text)
    .filter((word) => !HARMLESS.has(word))
    .map(stem)
    .join('');

/** The words without what people put around them. */
export function bareWords(text: string): string {
  const words = plainWords(text);
  let from = 0;
  let to = words.length;
  while (from < to && FILLERS.has(words[from] ?? '')) from += 1;
  while (to > from && FILLERS.has(words[to - 1] ?? '')) to -= 1;
  return words.slice(from, to).join(' ');
}

/** `leaks` and `leak` are one; `gas` and `glass` stay as they are. */
const stem = (word: string): string => (/[^su]s$/.test(word) && word.length > 4 ? word.slice(0, -1) : word);

/** What stands behind "so" at the end: people sum up. */
export function summedUp(text: string): string | null {
  const found = /[,.;—–]\s*(?:and\s+)?so,?\s+([^,.;?!]+)[.!\s]*$/i.exec(text);
  return found?.[1]?.trim() ?? null;
}

const CORRECTION =
  /(?:[,.;—–]\s*|\b(?:oh|well|um|uh),?\s+)(?:no,? (?:wait|hang on|hold on|sorry|actually)|wait,? no|oh,? wait|well,? no|or no|no,? no|scratch that|strike that|make that|i mean|i meant|sorry,? i mean(?:t)?|correction)\b[\s,.:]*(?:actually[\s,]*)?/gi;

/** What was said last, where somebody took back what they had said before; null where nobody did. */
export function corrected(text: string): string | null {
  const parts = text.split(CORRECTION);
  return parts.length > 1 ? (parts.at(-1)?.trim() ?? null) : null;
}
