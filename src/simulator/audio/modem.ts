import { encodeSample, FRAME_BYTES, SAMPLES_PER_MS, SILENCE } from './mulaw.ts';

/**
 * Words as sound, so that a transcript that comes out right proves every byte of the audio path.
 *
 * A word is a burst of tones: sixteen pitches, one for each half byte, 16 ms each, two to a byte. A burst is
 *
 *     marker and "joined" bit · length in bytes · the word in UTF-8, at most 15 bytes · CRC-16
 *
 * with a pause before it, by which the receiver finds its beginning. Every burst stands alone: an utterance that is cut
 * off yields the words that arrived whole. A longer word goes as several bursts, the later ones marked as joined.
 * An ordinary sentence comes to some 15 to 20 characters a second, which is how fast people speak.
 */
export const SYMBOL_SAMPLES = 128;
export const SYMBOLS = 16;
/** 500 to 2,375 Hz, inside the telephone band; each fits a whole number of cycles into a symbol. */
export const cyclesOf = (symbol: number) => 8 + 2 * symbol;
/** The first symbol of a burst: its upper three bits never change. */
export const MARKER = 0b1010;
export const JOINED = 0b0001;
const MAXIMUM_BYTES = 15;
export const CRC_SYMBOLS = 4;

const AMPLITUDE = 8_000;
const PAUSE_MS = 40;
const COMMA_MS = 120;
const SENTENCE_MS = 220;

export interface SpokenWord {
  readonly text: string;
  /** From the utterance's beginning; `endMs` is when its last tone ends. */
  readonly startMs: number;
  readonly endMs: number;
}

export interface Utterance {
  /** µ-law; whole 20 ms frames. */
  readonly audio: Buffer;
  readonly words: readonly SpokenWord[];
  readonly durationMs: number;
}

/** Speaks a text: words apart by a pause, a longer one after a comma and after a sentence. White space is not spoken. */
export function speak(text: string): Utterance {
  const parts: Buffer[] = [];
  const words: SpokenWord[] = [];
  let samples = 0;
  let pauseMs = PAUSE_MS;
  for (const word of text.toWellFormed().split(/\s+/u)) {
    if (word === '') continue;
    let startMs: number | undefined;
    for (const [index, piece] of pieces(word).entries()) {
      const gap = silence(index === 0 ? pauseMs : PAUSE_MS);
      const tones = burst(piece, index > 0);
      startMs ??= (samples + gap.length) / SAMPLES_PER_MS;
      parts.push(gap, tones);
      samples += gap.length + tones.length;
    }
    words.push({ text: word, startMs: startMs ?? 0, endMs: samples / SAMPLES_PER_MS });
    pauseMs = /[.?!:]$/.test(word) ? SENTENCE_MS : /[,;]$/.test(word) ? COMMA_MS : PAUSE_MS;
  }
  const rest = (FRAME_BYTES - (samples % FRAME_BYTES)) % FRAME_BYTES;
  parts.push(Buffer.alloc(rest, SILENCE));
  return { audio: Buffer.concat(parts), words, durationMs: (samples + rest) / SAMPLES_PER_MS };
}

export const silence = (ms: number): Buffer => Buffer.alloc(Math.round(ms * SAMPLES_PER_MS), SILENCE);

/** The words that were whole after `heardMs` of an utterance, as text. */
export const heardText = (words: readonly SpokenWord[], heardMs: number): string =>
  words
    .filter((word) => word.endMs <= heardMs)
    .map((word) => word.text)
    .join(' ');

/** CRC-16/CCITT-FALSE. */
export function checksum(bytes: Iterable<number>): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** Pieces of at most fifteen bytes that end between characters. */
function pieces(word: string): Buffer[] {
  const found: Buffer[] = [];
  let piece = Buffer.alloc(0);
  for (const character of word) {
    const bytes = Buffer.from(character);
    if (piece.length + bytes.length > MAXIMUM_BYTES) {
      found.push(piece);
      piece = bytes;
    } else piece = Buffer.concat([piece, bytes]);
  }
  return [...found, piece];
}

function burst(bytes: Buffer, joined: boolean): Buffer {
  const head = MARKER | (joined ? JOINED : 0);
  const crc = checksum([(head << 4) | bytes.length, ...bytes]);
  const symbols = [head, bytes.length, ...[...bytes].flatMap((byte) => [byte >> 4, byte & 15]), crc >> 12, (crc >> 8) & 15, (crc >> 4) & 15, crc & 15];
  return Buffer.concat(symbols.map((symbol) => TONES[symbol] ?? Buffer.alloc(0)));
}

// They begin at the top of the wave, so that the first sample is as loud as any.
const TONES = Array.from({ length: SYMBOLS }, (_, symbol) =>
  Buffer.from(
    Array.from({ length: SYMBOL_SAMPLES }, (__, sample) =>
      encodeSample(Math.round(AMPLITUDE * Math.cos((2 * Math.PI * cyclesOf(symbol) * sample) / SYMBOL_SAMPLES))),
    ),
  ),
);
