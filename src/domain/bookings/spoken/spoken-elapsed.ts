import { cardinalAt, phraseAt, placeBehind, type Read } from './spoken-words.ts';

/** Reads `in two hours`, `half an hour from now`, `in an hour and a half`: minutes from now. */
export function elapsedAt(words: readonly string[], at: number): Read<number> | null {
  const ahead = words[at] === 'in';
  const start = ahead ? (phraseAt(words, at, ['in about', 'in around', 'in roughly', 'in exactly']) ?? at + 1) : at;
  // "In a minute" means soon.
  if (ahead && phraseAt(words, start, ['a minute', 'a min']) !== null) return null;
  const span = minutesAt(words, start);
  if (!span) return null;
  const now = phraseAt(words, span.next, ['from now', 'from right now']);
  if (now !== null) return { value: span.value, next: now };
  if (words[span.next] === 'ago' && !ahead) return { value: -span.value, next: span.next + 1 };
  if (!ahead) return null;
  return { value: span.value, next: words[span.next] === 'time' ? span.next + 1 : span.next };
}

const HALF_HOURS = ['half an hour', 'a half hour', 'half hour', 'a half an hour'];
const QUARTERS: readonly (readonly [phrase: string, minutes: number])[] = [
  ['three quarters of an hour', 45],
  ['three quarter hour', 45],
  ['a quarter of an hour', 15],
  ['quarter of an hour', 15],
  ['a quarter hour', 15],
  ['an hour and a half', 90],
  ['a hour and a half', 90],
];

function minutesAt(words: readonly string[], at: number): Read<number> | null {
  const half = phraseAt(words, at, HALF_HOURS);
  if (half !== null) return { value: 30, next: half };
  for (const [phrase, minutes] of QUARTERS) {
    const next = placeBehind(words, at, phrase);
    if (next !== null) return { value: minutes, next };
  }
  const count = words[at] === 'a' || words[at] === 'an' ? { value: 1, next: at + 1 } : cardinalAt(words, at);
  if (!count) return null;
  const [unit = ''] = words.slice(count.next);
  if (MINUTE.test(unit)) return { value: count.value, next: count.next + 1 };
  const halved = placeBehind(words, count.next, 'and a half');
  if (halved !== null) return HOUR.test(words[halved] ?? '') ? { value: count.value * 60 + 30, next: halved + 1 } : null;
  if (!HOUR.test(unit)) return null;
  return withRest(words, count.next + 1, count.value * 60);
}

const MINUTE = /^(?:minutes?|mins?)$/;
const HOUR = /^(?:hours?|hrs?)$/;

/** `two hours and twenty minutes`, `two hours and a half`. */
function withRest(words: readonly string[], at: number, minutes: number): Read<number> {
  const half = placeBehind(words, at, 'and a half');
  if (half !== null) return { value: minutes + 30, next: half };
  const quarter = placeBehind(words, at, 'and a quarter');
  if (quarter !== null) return { value: minutes + 15, next: quarter };
  const rest = cardinalAt(words, words[at] === 'and' ? at + 1 : at);
  return rest && MINUTE.test(words[rest.next] ?? '') ? { value: minutes + rest.value, next: rest.next + 1 } : { value: minutes, next: at };
}
