const UNITS = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** A number that was read at a place in the words, and the place behind it. */
export interface NumberRead {
  readonly value: number;
  readonly next: number;
}

/**
 * A whole number, in digits or in words: `112`, `1,200`, `forty-two`, `a hundred and twelve`, `seventy-five thousand`.
 *
 * @param words lower case, hyphens within numbers parted.
 */
export function numberAt(words: readonly string[], at: number): NumberRead | null {
  const digits = /^\d{1,9}$/.test(words[at] ?? '') ? { value: Number(words[at]), next: at + 1 } : null;
  const below = digits ?? belowThousand(words, at);
  if (!below) return null;
  if (words[below.next] !== 'thousand') return below;
  const rest = belowThousand(words, words[below.next + 1] === 'and' ? below.next + 2 : below.next + 1);
  return { value: below.value * 1_000 + (rest?.value ?? 0), next: rest?.next ?? below.next + 1 };
}

function belowThousand(words: readonly string[], at: number): NumberRead | null {
  const a = (words[at] === 'a' || words[at] === 'one') && words[at + 1] === 'hundred' ? { value: 1, next: at + 1 } : null;
  const count = a ?? belowHundred(words, at);
  if (!count || words[count.next] !== 'hundred') return count;
  const rest = belowHundred(words, words[count.next + 1] === 'and' ? count.next + 2 : count.next + 1);
  return { value: count.value * 100 + (rest?.value ?? 0), next: rest?.next ?? count.next + 1 };
}

function belowHundred(words: readonly string[], at: number): NumberRead | null {
  const word = words[at] ?? '';
  const unit = UNITS.indexOf(word);
  if (unit !== -1) return { value: unit, next: at + 1 };
  const ten = TENS.indexOf(word);
  if (ten === -1) return null;
  const behind = UNITS.indexOf(words[at + 1] ?? '');
  return behind >= 1 && behind <= 9 ? { value: (ten + 2) * 10 + behind, next: at + 2 } : { value: (ten + 2) * 10, next: at + 1 };
}

/** All numbers among the words, in order, and the words between them with each number as digits. */
export function withDigits(words: readonly string[]): { readonly words: readonly string[]; readonly numbers: readonly number[] } {
  const out: string[] = [];
  const numbers: number[] = [];
  for (let at = 0; at < words.length; ) {
    const found = numberAt(words, at);
    out.push(found ? String(found.value) : (words[at] ?? ''));
    if (found) numbers.push(found.value);
    at = found?.next ?? at + 1;
  }
  return { words: out, numbers };
}
