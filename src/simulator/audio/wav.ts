import { decodeSample, encodeSample, SILENCE } from './mulaw.ts';

const SAMPLE_RATE = 8_000;
const HEADER_BYTES = 44;

/**
 * A WAV file of two channels, 16-bit samples at 8 kHz (RIFF, format 1).
 *
 * @param left µ-law; the shorter one is filled up with silence.
 */
export const stereoWav = (left: Buffer, right: Buffer): Buffer => wav([left, right]);

/** The same of one channel. */
export const monoWav = (voice: Buffer): Buffer => wav([voice]);

function wav(channels: readonly Buffer[]): Buffer {
  const samples = Math.max(...channels.map(({ length }) => length));
  const frameBytes = 2 * channels.length;
  const file = Buffer.alloc(HEADER_BYTES + samples * frameBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(SAMPLE_RATE, 24);
  file.writeUInt32LE(SAMPLE_RATE * frameBytes, 28);
  file.writeUInt16LE(frameBytes, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples * frameBytes, 40);
  for (let sample = 0; sample < samples; sample++) {
    for (const [channel, voice] of channels.entries())
      file.writeInt16LE(decodeSample(voice[sample] ?? SILENCE), HEADER_BYTES + sample * frameBytes + 2 * channel);
  }
  return file;
}

/** The first channel of a file as `monoWav` or `stereoWav` make it, as µ-law; null for any other. */
export function readWav(file: Buffer): Buffer | null {
  if (file.length < HEADER_BYTES || file.toString('latin1', 0, 4) !== 'RIFF' || file.readUInt16LE(34) !== 16) return null;
  const frameBytes = file.readUInt16LE(32);
  const samples = Math.floor((file.length - HEADER_BYTES) / frameBytes);
  return Buffer.from(Array.from({ length: samples }, (_, sample) => encodeSample(file.readInt16LE(HEADER_BYTES + sample * frameBytes))));
}
