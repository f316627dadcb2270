import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Blobs } from '../../src/ports/blobs.ts';
import { diskBlobs } from '../../src/vendors/embedded/blobs.ts';
import { s3Blobs } from '../../src/vendors/s3/blobs.ts';
import { S3_ACCOUNT, type S3Twin, startS3Twin } from '../support/s3-twin.ts';

const SOUND = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
const source = (bytes = SOUND) => Readable.from((bytes.toString('latin1').match(/.{1,65536}/gs) ?? []).map((part) => Buffer.from(part, 'latin1')));
const broken = () =>
  Readable.from(
    (async function* () {
      yield SOUND.subarray(0, 1_000);
      throw new Error('the line was cut');
    })(),
  );

let folder: string;
let twin: S3Twin;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callgraph-blobs-'));
  twin = await startS3Twin();
});
afterEach(async () => {
  await fs.rm(folder, { recursive: true, force: true });
  const { violations } = twin;
  await twin[Symbol.asyncDispose]();
  expect(violations).toEqual([]);
});

const stores: readonly [string, () => Blobs][] = [
  ['on disk', () => diskBlobs({ folder })],
  ['in a bucket', () => s3Blobs({ ...S3_ACCOUNT, endpoint: twin.url })],
];

describe.each(stores)('a blob %s', (_name, open) => {
  test('comes back as it was put, whole and in parts', async () => {
    const blobs = open();
    expect(await blobs.put('workspace/one.wav', source(), 'audio/x-wav')).toEqual({ bytes: SOUND.length });
    const whole = await blobs.open('workspace/one.wav');
    expect(whole?.bytes).toBe(SOUND.length);
    expect((await buffer(whole?.body ?? Readable.from([]))).equals(SOUND)).toBe(true);
    const part = await blobs.open('workspace/one.wav', { first: 100, last: 199 });
    expect(part?.bytes).toBe(100);
    expect((await buffer(part?.body ?? Readable.from([]))).equals(SOUND.subarray(100, 200))).toBe(true);
  });

  test('takes the place of the one before', async () => {
    const blobs = open();
    await blobs.put('a/b', source(), 'audio/x-wav');
    await blobs.put('a/b', source(Buffer.from('newer')), 'audio/x-wav');
    expect((await buffer((await blobs.open('a/b'))?.body ?? Readable.from([]))).toString()).toBe('newer');
  });

  test('is whole or not there at all, where the source breaks off', async () => {
    const blobs = open();
    await expect(blobs.put('a/b', broken(), 'audio/x-wav')).rejects.toThrow('cut');
    expect(await blobs.open('a/b')).toBeNull();
    expect([await fs.readdir(folder, { recursive: true }), twin.objects.size]).toEqual([expect.not.arrayContaining([expect.stringContaining('part')]), 0]);
  });

  test('is gone when it was deleted; again is no error', async () => {
    const blobs = open();
    await blobs.put('a/b', source(), 'audio/x-wav');
    await blobs.delete('a/b');
    await blobs.delete('a/b');
    expect(await blobs.open('a/b')).toBeNull();
  });

  test.each(['../outside', '/etc/passwd', 'a/../../b', 'a//b', '', 'a\0b', 'a/.hidden/..'])('has no key like %j', async (key) => {
    const blobs = open();
    await expect((async () => blobs.put(key, source(), 'audio/x-wav'))()).rejects.toBeInstanceOf(RangeError);
    await expect((async () => blobs.open(key))()).rejects.toBeInstanceOf(RangeError);
    await expect((async () => blobs.delete(key))()).rejects.toBeInstanceOf(RangeError);
  });
});

describe('a bucket', () => {
  test('is told the type, and signs what it sends by its key alone', async () => {
    await s3Blobs({ ...S3_ACCOUNT, endpoint: twin.url }).put('workspace/one.wav', source(), 'audio/x-wav');
    expect([...twin.objects].map(([key, { mediaType }]) => [key, mediaType])).toEqual([['workspace/one.wav', 'audio/x-wav']]);
    const stranger = s3Blobs({ ...S3_ACCOUNT, secretAccessKey: 'another', endpoint: twin.url });
    await expect(stranger.open('workspace/one.wav')).rejects.toThrow();
  });

  test('that is unwell for a moment is asked again', async () => {
    const blobs = s3Blobs({ ...S3_ACCOUNT, endpoint: twin.url });
    await blobs.put('a/b', source(), 'audio/x-wav');
    twin.failing = [500, 503];
    expect((await blobs.open('a/b'))?.bytes).toBe(SOUND.length);
    // What was sent is gone: whoever has it brings it again.
    twin.failing = [500, 500, 500];
    await expect(blobs.put('a/c', source(), 'audio/x-wav')).rejects.toThrow();
    expect(await blobs.open('a/c')).toBeNull();
  });

  test('that does not exist is an error, not an absent blob', async () => {
    await expect(s3Blobs({ ...S3_ACCOUNT, bucket: 'elsewhere', endpoint: twin.url }).open('a/b')).rejects.toThrow();
  });
});
