// The words of a spoken time, and the numbers among them. All of it is English as a transcript or a model writes it.

/** What was read at a place in the words, and the place behind it. */
export interface Read<T> {
  readonly value: T;
  readonly next: number;
}

/** A break in the sentence. Nothing that belongs together is read across one. */
export const PAUSE = ',';
/** `2-4`: from the one number to the other. */
export const RANGE = '-';
/** A sign that is none of ours. */
const STRANGE = '?';

const TOKEN =
  /\d{4}-\d{1,2}-\d{1,2}(?!\d)|\d{1,2}\/\d{1,2}(?:\/(?:\d{4}|\d{2}))?(?![\d/])|\d{1,2}\.\d{1,2}\.\d{4}(?!\d)|\d{1,2}:\d{2}(?::\d{2})?(?![\d:])|\d{1,2}\.\d{2}(?![\d.])|\d{1,2}(?:st|nd|rd|th)\b|\d+|[a-z]+|\S/g;

const SIGNS: Readonly<Record<string, string>> = { '@': 'at', '&': 'and', '/': 'or', '-': RANGE, '–': RANGE, '—': PAUSE, '"': PAUSE, '“': PAUSE, '”': PAUSE };

/** Lower-case words, numbers and pauses. Apostrophes are dropped (`oclock`, `years`), hyphens inside of words part them. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’‘`´]/g, '')
    .replace(/\b([ap])(?:\s?\.\s?|\s)m\b\.?/g, ' $1m ')
    .replace(/(?<=\d)([ap])m\b\.?/g, ' $1m ')
    .replace(/\bo clock\b/g, 'oclock')
    .replace(/(?<=[a-z])-(?=[a-z\d])|(?<=\d)-(?=[a-z])/g, ' ');
  const tokens = (plain.match(TOKEN) ?? []).flatMap((token) => (/^[a-z\d]/.test(token) ? splitApproximate(token) : [signOf(token)]));
  return tokens.map((token, index) => (token === RANGE && !betweenNumbers(tokens, index) ? PAUSE : token));
}

const signOf = (sign: string) => (Object.hasOwn(SIGNS, sign) ? SIGNS[sign] : undefined) ?? (/[.,;:!?()]/.test(sign) ? PAUSE : STRANGE);

const betweenNumbers = (tokens: readonly string[], index: number) => /^\d/.test(tokens[index - 1] ?? '') && /^\d/.test(tokens[index + 1] ?? '');

/** `threeish` and `noonish` are two words. */
function splitApproximate(word: string): string[] {
  const stem = word.endsWith('ish') ? word.slice(0, -3) : '';
  return stem === 'noon' || stem === 'midday' || Object.hasOwn(UNITS, stem) ? [stem, 'ish'] : [word];
}

const UNITS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};

const TENS: Readonly<Record<string, number>> = { twenty: 20, thirty: 30, forty: 40, fourty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 };

const ORDINALS: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  eleventh: 11,
  twelfth: 12,
  thirteenth: 13,
  fourteenth: 14,
  fifteenth: 15,
  sixteenth: 16,
  seventeenth: 17,
  eighteenth: 18,
  nineteenth: 19,
  twentieth: 20,
  thirtieth: 30,
  fortieth: 40,
};

const valueIn = (table: Readonly<Record<string, number>>, word: string | undefined) =>
  word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;

/** `three`, `twenty-five`, `15`: a whole number below 100. */
export function cardinalAt(words: readonly string[], at: number): Read<number> | null {
  const word = words[at] ?? '';
  if (/^\d{1,2}$/.test(word)) return { value: Number(word), next: at + 1 };
  const unit = valueIn(UNITS, word);
  if (unit !== undefined) return { value: unit, next: at + 1 };
  const ten = valueIn(TENS, word);
  if (ten === undefined) return null;
  const behind = valueIn(UNITS, words[at + 1]);
  return behind !== undefined && behind < 10 ? { value: ten + behind, next: at + 2 } : { value: ten, next: at + 1 };
}

/** `third`, `thirty-first`, `3rd`. */
export function ordinalAt(words: readonly string[], at: number): Read<number> | null {
  const word = words[at] ?? '';
  if (/^\d{1,2}(?:st|nd|rd|th)$/.test(word)) return { value: Number.parseInt(word, 10), next: at + 1 };
  const ordinal = valueIn(ORDINALS, word);
  if (ordinal !== undefined) return { value: ordinal, next: at + 1 };
  const ten = valueIn(TENS, word);
  const behind = valueIn(ORDINALS, words[at + 1]);
  return ten !== undefined && behind !== undefined && behind < 10 ? { value: ten + behind, next: at + 2 } : null;
}

/**
 * Whether a number in words runs on from one before it, so that one cannot tell where the first ends: "ten thirty two
 * weeks from Friday" may be half past ten in two weeks, "the twenty five ten" the twentieth at ten past five.
 */
export function runsOn(words: readonly string[], at: number): boolean {
  const before = words[at - 1] ?? '';
  return !/^\d/.test(before) && cardinalAt(words, at - 1) !== null;
}

/** A year of this century: `2026`, `twenty twenty-six`, `two thousand and twenty-six`. */
export function yearAt(words: readonly string[], at: number): Read<number> | null {
  if (/^20\d\d$/.test(words[at] ?? '')) return { value: Number(words[at]), next: at + 1 };
  const thousand = placeBehind(words, at, 'two thousand');
  if (thousand !== null) {
    const rest = cardinalAt(words, words[thousand] === 'and' ? thousand + 1 : thousand);
    return rest ? { value: 2000 + rest.value, next: rest.next } : null;
  }
  const rest = words[at] === 'twenty' ? cardinalAt(words, at + 1) : null;
  return rest && rest.value >= 10 && rest.value <= 99 && !/^\d/.test(words[at + 1] ?? '') ? { value: 2000 + rest.value, next: rest.next } : null;
}

/** The place behind a phrase, if it stands here. */
export function placeBehind(words: readonly string[], at: number, phrase: string): number | null {
  const word = words[at];
  if (word === undefined || !phrase.startsWith(word)) return null;
  const parts = phrase.split(' ');
  return parts.every((part, index) => words[at + index] === part) ? at + parts.length : null;
}

/** The same for the first of several phrases that stands here. */
export function phraseAt(words: readonly string[], at: number, phrases: readonly string[]): number | null {
  for (const phrase of phrases) {
    const next = placeBehind(words, at, phrase);
    if (next !== null) return next;
  }
  return null;
}

/** Monday is 1, with the common abbreviations. */
export const weekdayAt = (words: readonly string[], at: number): number | undefined => valueIn(WEEKDAYS, words[at]);

/** January is 1, with the common abbreviations. */
export const monthAt = (words: readonly string[], at: number): number | undefined => valueIn(MONTHS, words[at]);

const table = (names: readonly string[]) => Object.fromEntries(names.flatMap((forms, index) => forms.split(' ').map((form) => [form, index + 1])));

const WEEKDAYS = table(['monday mon', 'tuesday tue tues', 'wednesday wed weds', 'thursday thu thur thurs', 'friday fri', 'saturday sat', 'sunday sun']);

const MONTHS = table([
  'january jan',
  'february feb',
  'march mar',
  'april apr',
  'may',
  'june jun',
  'july jul',
  'august aug',
  'september sep sept',
  'october oct',
  'november nov',
  'december dec',
]);
