import { decodeSample, SILENCE } from './mulaw.ts';

const SAMPLE_RATE = 8_000;
const HEADER_BYTES = 44;

/**
 * A WAV file of two channels, 16-bit samples at 8 kHz (RIFF, format 1).
 *
 * @param left µ-law; the shorter one is filled up with silence.
 */
export function stereoWav(left: Buffer, right: Buffer): Buffer {
  const samples = Math.max(left.length, right.length);
  const file = Buffer.alloc(HEADER_BYTES + samples * 4);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(2, 22);
  file.writeUInt32LE(SAMPLE_RATE, 24);
  file.writeUInt32LE(SAMPLE_RATE * 4, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples * 4, 40);
  for (let sample = 0; sample < samples; sample++) {
    file.writeInt16LE(decodeSample(left[sample] ?? SILENCE), HEADER_BYTES + sample * 4);
    file.writeInt16LE(decodeSample(right[sample] ?? SILENCE), HEADER_BYTES + sample * 4 + 2);
  }
  return file;
}
