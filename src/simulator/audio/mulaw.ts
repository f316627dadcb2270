/**
 * µ-law as in ITU-T G.711: one byte a sample, 8,000 samples a second. Written from the recommendation and not shared
 * with the rest of the program: a twin that borrows its codec from the thing it tests would hide the codec's bugs.
 */

/** The byte of a sample of zero. */
export const SILENCE = 0xff;
export const SAMPLES_PER_MS = 8;
/** 20 ms: what a carrier sends at a time. */
export const FRAME_BYTES = 20 * SAMPLES_PER_MS;

const BIAS = 132;
const CLIP = 32_635;

/** @param sample 16-bit signed. */
export function encodeSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS;
  const segment = 31 - Math.clz32(magnitude) - 7;
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ~(sign | (segment << 4) | step) & 0xff;
}

/** @returns 16-bit signed. */
export const decodeSample = (byte: number): number => LINEAR[byte] ?? 0;

const LINEAR = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + BIAS) << ((code >> 4) & 0x07)) - BIAS;
  return code & 0x80 ? -magnitude : magnitude;
});
