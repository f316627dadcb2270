import { CRC_SYMBOLS, checksum, cyclesOf, JOINED, MARKER, SYMBOL_SAMPLES, SYMBOLS } from './modem.ts';
import { decodeSample, SAMPLES_PER_MS } from './mulaw.ts';

/** Below this a sample counts as quiet, out of 32,768. */
const QUIET = 1_000;
/** So many quiet samples in a row are a pause; inside a tone there are at most three. */
const PAUSE_SAMPLES = 16;
/** How much of a symbol's energy has to be in one pitch. Speech and noise never come near. */
const PURITY = 0.7;
/** Samples left out at both ends of a symbol, so that a filter's smear between two symbols does no harm. */
const GUARD = 8;

export interface HeardWord {
  readonly text: string;
  /** From the stream's beginning. */
  readonly startMs: number;
  readonly endMs: number;
  /** It belongs to the word before it, with no space between. */
  readonly joined: boolean;
}

/** Finds the words in a stream of µ-law, however it is cut into pieces. Damaged and cut-off words are left out. */
export class Demodulator {
  #position = 0;
  #quietRun = PAUSE_SAMPLES;
  #state: 'waiting' | 'reading' | 'lost' = 'waiting';
  #startedAt = 0;
  readonly #samples = new Int16Array(SYMBOL_SAMPLES);
  #filled = 0;
  #symbols: number[] = [];

  /** Milliseconds taken in so far. */
  get positionMs(): number {
    return this.#position / SAMPLES_PER_MS;
  }

  /** @returns the words that were completed by these bytes. */
  push(audio: Uint8Array): HeardWord[] {
    const words: HeardWord[] = [];
    for (const byte of audio) {
      const word = this.#sample(decodeSample(byte));
      if (word) words.push(word);
    }
    return words;
  }

  #sample(sample: number): HeardWord | null {
    const quiet = sample < QUIET && sample > -QUIET;
    const afterPause = this.#quietRun >= PAUSE_SAMPLES;
    this.#quietRun = quiet ? this.#quietRun + 1 : 0;
    const position = this.#position++;
    if (this.#quietRun >= PAUSE_SAMPLES) {
      this.#state = 'waiting';
      return null;
    }
    if (this.#state === 'waiting' && !quiet && afterPause) {
      this.#state = 'reading';
      this.#startedAt = position;
      this.#filled = 0;
      this.#symbols = [];
    }
    if (this.#state !== 'reading') return null;
    this.#samples[this.#filled++] = sample;
    if (this.#filled < SYMBOL_SAMPLES) return null;
    this.#filled = 0;
    return this.#symbol();
  }

  #symbol(): HeardWord | null {
    const symbol = classify(this.#samples);
    const [head = symbol, length = symbol] = this.#symbols;
    const index = this.#symbols.push(symbol);
    if (symbol < 0 || (head & ~JOINED) !== MARKER || (index === 2 && length === 0)) {
      this.#state = 'lost';
      return null;
    }
    if (index < 2 || index < 2 + 2 * length + CRC_SYMBOLS) return null;
    this.#state = 'lost';
    const bytes = pairs(this.#symbols.slice(0, 2 + 2 * length));
    const [high = 0, low = 0] = pairs(this.#symbols.slice(-CRC_SYMBOLS));
    if (checksum(bytes) !== ((high << 8) | low)) return null;
    return {
      text: Buffer.from(bytes.slice(1)).toString(),
      startMs: this.#startedAt / SAMPLES_PER_MS,
      endMs: this.#position / SAMPLES_PER_MS,
      joined: (head & JOINED) !== 0,
    };
  }
}

/** Words as the text that was spoken. */
export const wordsToText = (words: readonly HeardWord[]): string =>
  words.reduce((text, word) => (text === '' || word.joined ? text + word.text : `${text} ${word.text}`), '');

const pairs = (symbols: readonly number[]): number[] =>
  Array.from({ length: symbols.length / 2 }, (_, index) => ((symbols[2 * index] ?? 0) << 4) | (symbols[2 * index + 1] ?? 0));

const COEFFICIENTS = Array.from({ length: SYMBOLS }, (_, symbol) => 2 * Math.cos((2 * Math.PI * cyclesOf(symbol)) / SYMBOL_SAMPLES));

/** The pitch of a symbol by Goertzel's algorithm, or -1 where no single pitch holds its energy. */
function classify(samples: Int16Array): number {
  let total = 0;
  for (let index = GUARD; index < SYMBOL_SAMPLES - GUARD; index += 1) total += (samples[index] ?? 0) ** 2;
  let best = -1;
  let bestPower = 0;
  for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
    const coefficient = COEFFICIENTS[symbol] ?? 0;
    let previous = 0;
    let before = 0;
    for (let index = GUARD; index < SYMBOL_SAMPLES - GUARD; index += 1) {
      const current = (samples[index] ?? 0) + coefficient * previous - before;
      before = previous;
      previous = current;
    }
    const power = previous * previous + before * before - coefficient * previous * before;
    if (power > bestPower) {
      bestPower = power;
      best = symbol;
    }
  }
  // A pure tone of n samples and energy E has a power of E · n / 2.
  return bestPower >= (PURITY * total * (SYMBOL_SAMPLES - 2 * GUARD)) / 2 && total > 0 ? best : -1;
}
