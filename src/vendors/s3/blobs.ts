import { createReadStream, createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { type Blobs, requireKey } from '../../ports/blobs.ts';

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  /** Null: the vendor's own. Of another store that speaks S3, its address. */
  readonly endpoint: string | null;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Blobs in a bucket of S3, or of what speaks its language. The SDK is loaded when it is first needed. What comes is put
 * down on disk first: the store wants to know the length, and gets a blob whole or not at all.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function s3Blobs(options: S3Options): Blobs {
  const { bucket: Bucket } = options;
  const s3 = lazyClient(options);
  return {
    async put(key, source, mediaType) {
      const Key = requireKey(key);
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callgraph-blob-'));
      const file = path.join(folder, 'blob');
      try {
        await pipeline(source, createWriteStream(file, { mode: 0o600 }));
        const { size: bytes } = await fs.stat(file);
        const { client, PutObjectCommand } = await s3();
        await client.send(new PutObjectCommand({ Bucket, Key, Body: createReadStream(file), ContentLength: bytes, ContentType: mediaType }));
        return { bytes };
      } finally {
        await fs.rm(folder, { recursive: true, force: true });
      }
    },

    async open(key, range) {
      const { client, GetObjectCommand } = await s3();
      const Range = range && `bytes=${range.first}-${range.last}`;
      try {
        const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket, Key: requireKey(key), ...(Range && { Range }) }));
        if (!(Body instanceof Readable)) throw new Error('S3 answered without a body');
        return { body: Body, bytes: ContentLength };
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return null;
        throw error;
      }
    },

    async delete(key) {
      const { client, DeleteObjectCommand } = await s3();
      await client.send(new DeleteObjectCommand({ Bucket, Key: requireKey(key) }));
    },
  };
}

type Sdk = typeof import('@aws-sdk/client-s3');

function lazyClient({ region, endpoint, accessKeyId, secretAccessKey }: S3Options): () => Promise<Sdk & { client: S3Client }> {
  let loaded: Promise<Sdk & { client: S3Client }> | undefined;
  return () => {
    loaded ??= import('@aws-sdk/client-s3').then((sdk) => ({
      ...sdk,
      client: new sdk.S3Client({
        region,
        credentials: { accessKeyId, secretAccessKey },
        // Buckets of other stores have no host names of their own.
        ...(endpoint && { endpoint, forcePathStyle: true }),
        // Newer checksums are more than most other stores understand.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        maxAttempts: 3,
        requestHandler: { connectionTimeout: 5 * SECOND, requestTimeout: 5 * MINUTE },
      }),
    }));
    return loaded;
  };
}
