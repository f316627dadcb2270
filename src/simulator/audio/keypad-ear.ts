import { decodeSample, SAMPLES_PER_MS } from './mulaw.ts';

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1_209, 1_336, 1_477, 1_633];
const KEYS = ['123A', '456B', '789C', '*0#D'];

/** Pieces of 20 ms tell the pitches apart, which lie 73 Hz apart or more. */
const PIECE_SAMPLES = 20 * SAMPLES_PER_MS;
/** A key sounds for 40 ms at least. */
const PIECES = 2;
/** Root mean square from which a piece is no silence, out of 32,768. */
const AUDIBLE = 500;
/** How much of the energy has to be in the two pitches: speech never comes near. */
const PURITY = 0.7;
/** How much louder one of the two may be (8 dB). */
const TWIST = 6.3;

/** Hears keys in a stream of µ-law, by Goertzel's algorithm. */
export class KeypadEar {
  readonly #samples = new Int16Array(PIECE_SAMPLES);
  #filled = 0;
  #key: string | null = null;
  #pieces = 0;

  /** @returns the keys that were recognised with these bytes. */
  push(audio: Uint8Array): string {
    let keys = '';
    for (const byte of audio) {
      this.#samples[this.#filled++] = decodeSample(byte);
      if (this.#filled < PIECE_SAMPLES) continue;
      this.#filled = 0;
      const key = keyIn(this.#samples);
      this.#pieces = key !== null && key === this.#key ? this.#pieces + 1 : 1;
      this.#key = key;
      if (key !== null && this.#pieces === PIECES) keys += key;
    }
    return keys;
  }
}

function keyIn(samples: Int16Array): string | null {
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
  if (energy < AUDIBLE * AUDIBLE * samples.length) return null;
  const row = loudest(samples, ROWS);
  const column = loudest(samples, COLUMNS);
  // A pure tone of n samples and energy E has a power of E · n / 2.
  const pure = row.power + column.power >= (PURITY * energy * samples.length) / 2;
  const even = row.power < TWIST * column.power && column.power < TWIST * row.power;
  return pure && even ? (KEYS[row.index]?.charAt(column.index) ?? null) : null;
}

function loudest(samples: Int16Array, pitches: readonly number[]): { index: number; power: number } {
  const powers = pitches.map((pitch) => powerAt(samples, pitch));
  const power = Math.max(...powers);
  return { index: powers.indexOf(power), power };
}

function powerAt(samples: Int16Array, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / (SAMPLES_PER_MS * 1_000));
  let previous = 0;
  let before = 0;
  for (const sample of samples) {
    const current = sample + coefficient * previous - before;
    before = previous;
    previous = current;
  }
  return previous * previous + before * before - coefficient * previous * before;
}
