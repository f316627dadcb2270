/** Samples, and bytes of µ-law, a millisecond of telephone audio. */
const SAMPLES_PER_MS = 8;
/** Both comfortably over the 40 ms that a receiver must recognise (ITU-T Q.24). */
const TONE_MS = 100;
const GAP_MS = 100;
const PAUSES_MS: Readonly<Record<string, number>> = { w: 500, W: 1_000 };

/** The pairs of ITU-T Q.23, in hertz. */
const LOW = [697, 770, 852, 941];
const HIGH = [1_209, 1_336, 1_477];
const KEYS = ['123', '456', '789', '*0#'];

/** Of full scale: about -10 dBm0 for the low tone and -8 dBm0 for the high one, which lines weaken more. */
const LOW_LEVEL = 0.22;
const HIGH_LEVEL = 0.28;
/** So that a tone does not begin and end with a click. */
const RAMP_MS = 3;

/** What `dtmfTones` takes: the keys of a telephone, and `w` and `W` to wait half a second and a second. */
export const DTMF_DIGITS = /^[\d*#wW]+$/;

/** Keys as the sound that they make: 8 kHz µ-law, 100 ms a key and as long a gap behind it. */
export function dtmfTones(digits: string): Buffer {
  return Buffer.concat([...digits].map((digit) => (PAUSES_MS[digit] ? silence(PAUSES_MS[digit]) : Buffer.concat([tone(digit), silence(GAP_MS)]))));
}

function tone(digit: string): Buffer {
  const row = KEYS.findIndex((keys) => keys.includes(digit));
  const low = LOW[row];
  const high = HIGH[KEYS[row]?.indexOf(digit) ?? -1];
  if (low === undefined || high === undefined) throw new RangeError(`there is no key ${JSON.stringify(digit)}`);
  const samples = TONE_MS * SAMPLES_PER_MS;
  const audio = Buffer.alloc(samples);
  for (let at = 0; at < samples; at++) {
    const ramp = Math.min(1, (at + 1) / (RAMP_MS * SAMPLES_PER_MS), (samples - at) / (RAMP_MS * SAMPLES_PER_MS));
    const wave = LOW_LEVEL * Math.sin(angle(low, at)) + HIGH_LEVEL * Math.sin(angle(high, at));
    audio[at] = toMulaw(Math.round(32_767 * ramp * wave));
  }
  return audio;
}

const angle = (hertz: number, sample: number): number => (2 * Math.PI * hertz * sample) / (SAMPLES_PER_MS * 1_000);

const silence = (ms: number): Buffer => Buffer.alloc(ms * SAMPLES_PER_MS, 0xff);

/** One 16-bit sample as µ-law (ITU-T G.711). */
function toMulaw(sample: number): number {
  const BIAS = 0x84;
  const magnitude = Math.min(Math.abs(sample), 32_635) + BIAS;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}
