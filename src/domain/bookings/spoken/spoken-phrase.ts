import type { DaySaid } from './day-said.ts';
import { type ClockSaid, clockAt, type Half, halfAt } from './spoken-clock.ts';
import { dayAt, relative } from './spoken-day.ts';
import { elapsedAt } from './spoken-elapsed.ts';
import {
  ANYWHEN_PHRASES,
  CORRECTIONS,
  FILLERS,
  LIMIT_PHRASES,
  LIMITS,
  NEARLY,
  NEARLY_PHRASES,
  NEGATIONS,
  NO_NUMBER_BEHIND,
  POLITE_PHRASES,
  UNDECIDED_PHRASES,
} from './spoken-phrases.ts';
import { monthAt, PAUSE, phraseAt, RANGE, type Read, runsOn, weekdayAt } from './spoken-words.ts';

/** One thing that was said about when. */
export interface Piece {
  readonly days?: readonly DaySaid[];
  readonly clock?: ClockSaid;
  readonly half?: Half;
  /** Exact minutes from now. */
  readonly elapsedMinutes?: number;
  readonly negated: boolean;
}

export interface Phrase {
  /** What was said, parted by corrections. */
  readonly segments: readonly (readonly Piece[])[];
  /** Words that may matter and are not understood: one has to ask. */
  readonly unknown: boolean;
  /** "Any time", "after lunch": no time was meant. */
  readonly open: boolean;
  /** "First thing", "after lunch", "in a few days": it was said nearly when. */
  readonly nearly: boolean;
  /** "Before", "after", "by": not a time but a limit of one. */
  readonly limited: boolean;
  /** "Or", or a range. */
  readonly several: boolean;
}

type Words = readonly string[];

/** Reads all the words. Nothing is skipped that is not known to be of no matter. */
export function phraseOf(words: Words): Phrase {
  const reader = new PhraseReader(words);
  while (reader.step());
  return reader.phrase();
}

class PhraseReader {
  readonly #words: Words;
  readonly #segments: Piece[][] = [[]];
  #at = 0;
  #unknown = false;
  #limited = false;
  #several = false;
  #open = false;
  #nearly = false;
  /** Whether the next thing that is said, or the last one, is taken back. */
  #negation: 'none' | 'next' | 'last' = 'none';
  /** What stands directly before, which "to" or "of" might change. */
  #behind: 'clock' | 'piece' | null = null;

  constructor(words: Words) {
    this.#words = words;
  }

  phrase(): Phrase {
    const unknown = this.#unknown || this.#negation === 'next';
    return { segments: this.#segments, unknown, open: this.#open, nearly: this.#nearly, limited: this.#limited, several: this.#several };
  }

  /** @returns whether there was a word left to read. */
  step(): boolean {
    const words = this.#words;
    const at = this.#at;
    if (at >= words.length) return false;
    if (words[at] === PAUSE) {
      if (this.#negation === 'last') this.#negation = 'none';
      this.#at += 1;
      return true;
    }
    const phrase = this.#setPhrase(at);
    const piece = phrase === null ? pieceAt(words, at) : null;
    if (piece) this.#add(piece.value);
    else if (phrase === null) this.#word(words[at] ?? '');
    this.#behind = piece && (piece.value.clock ? 'clock' : 'piece');
    this.#at = phrase ?? piece?.next ?? at + 1;
    return true;
  }

  /** @returns the place behind a set phrase. */
  #setPhrase(at: number): number | null {
    const words = this.#words;
    const polite = phraseAt(words, at, POLITE_PHRASES);
    if (polite !== null) return polite;
    // Before "first thing" is read as the first of a month, but behind what can be read with it: "early afternoon".
    const half = halfAt(words, at);
    const nearly = half ? null : phraseAt(words, at, NEARLY_PHRASES);
    const undecided = phraseAt(words, at, UNDECIDED_PHRASES);
    const limit = phraseAt(words, at, LIMIT_PHRASES);
    const anywhen = half ? null : phraseAt(words, at, ANYWHEN_PHRASES);
    this.#nearly ||= nearly !== null;
    this.#open ||= anywhen !== null || nearly !== null;
    this.#unknown ||= undecided !== null;
    this.#limited ||= limit !== null;
    const left = nearly ?? anywhen ?? undecided ?? limit;
    if (left !== null) return left;
    const negation = phraseAt(words, at, NEGATIONS);
    const next = negation ?? correctionAt(words, at);
    if (next === null) return null;
    this.#unknown ||= this.#negation === 'next';
    this.#negation = negation === null ? 'none' : 'next';
    if (negation === null) this.#segments.push([]);
    return next;
  }

  #add(piece: Omit<Piece, 'negated'>): void {
    // "Not Thursday at ten, Friday": whether ten is taken back too cannot be told.
    if (this.#negation === 'last' && piece.clock) this.#unknown = true;
    this.#segments.at(-1)?.push({ ...piece, negated: this.#negation === 'next' });
    this.#negation = this.#negation === 'next' ? 'last' : 'none';
  }

  #word(word: string): void {
    if (SEVERAL.has(word)) this.#several = true;
    else if (LIMITS.has(word) || (word === 'to' && this.#behind) || (word === 'of' && this.#behind === 'clock')) this.#limited = true;
    else if (word === 'but' && this.#segments.at(-1)?.some(({ negated }) => negated)) this.#negation = 'none';
    else if (NEARLY.has(word)) this.#unknown ||= !this.#isNearTime(this.#at + 1);
    else if (!FILLERS.has(word)) this.#unknown = true;
  }

  #isNearTime(at: number): boolean {
    const start = /^(?:at|say|maybe|about)$/.test(this.#words[at] ?? '') ? at + 1 : at;
    return pieceAt(this.#words, start)?.value.clock !== undefined;
  }
}

const SEVERAL: ReadonlySet<string> = new Set(['or', 'otherwise', 'either', 'between', RANGE]);

/** "No" alone takes something back; "no time", "no later" do not. */
function correctionAt(words: Words, at: number): number | null {
  const next = phraseAt(words, at, CORRECTIONS);
  if (next === null || words[at] !== 'no' || next !== at + 1) return next;
  const behind = words[next];
  const taken = behind === undefined || behind === PAUSE || phraseAt(words, next, NEGATIONS) !== null || phraseAt(words, next, CORRECTIONS) !== null;
  return taken || pieceAt(words, behind === 'at' || behind === 'on' || behind === 'the' ? next + 1 : next) ? next : null;
}

function pieceAt(words: Words, at: number): Read<Omit<Piece, 'negated'>> | null {
  const word = words[at] ?? '';
  if (word === 'tonight') return { value: { days: [relative(0)], half: 'night' }, next: at + 1 };
  if (word === 'last' && words[at + 1] === 'night') return { value: { days: [relative(-1)], half: 'night' }, next: at + 2 };
  if (word === 'this') {
    const part = halfAt(words, at + 1);
    if (part && words[at + 1] === part.value) return { value: { days: [relative(0)], half: part.value }, next: part.next };
  }
  const elapsed = elapsedAt(words, at);
  if (elapsed) return { value: { elapsedMinutes: elapsed.value }, next: elapsed.next };
  const day = dayAt(words, at);
  if (day && !isOtherDay(words, at, day.next)) return { value: { days: [day.value] }, next: day.next };
  const clock = clockAt(words, at);
  if (clock && isHour(words, at, clock)) return { value: { clock: clock.value }, next: clock.next };
  const half = halfAt(words, at);
  return half ? { value: { half: half.value }, next: half.next } : null;
}

/** "A Friday" is any Friday, and "Good Friday" one of its own. */
function isOtherDay(words: Words, at: number, next: number): boolean {
  const before = words[at - 1] ?? '';
  return (
    weekdayAt(words, at) !== undefined &&
    next === at + 1 &&
    (before === 'good' || before === 'that' || (before === 'a' && words[at - 2] !== PAUSE && words[at - 2] !== 'is'))
  );
}

/** Whether a number may be taken for an hour where it stands. */
function isHour(words: Words, at: number, { value, next }: Read<ClockSaid>): boolean {
  const single = value.bare || words[next - 1] === 'oclock';
  if (single && runsOn(words, at)) return false;
  if (!value.bare) return true;
  const before = words[at - 1] ?? '';
  const decided = halfAt(words, next) !== null;
  if (NO_NUMBER_BEHIND.has(before) && phraseAt(words, at - 2, NEGATIONS) !== at) return decided && (before === 'for' || before === 'the');
  if (decided) return true;
  // "Friday thirteen" and "one Friday" may be about days.
  if (weekdayAt(words, at - 1) !== undefined || monthAt(words, at - 1) !== undefined) return false;
  if (words[at] === 'one' && weekdayAt(words, next) !== undefined && before !== 'at') return false;
  return value.hour <= 12 || before === 'at' || NEARLY.has(before);
}
