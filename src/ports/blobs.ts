import type { Readable } from 'node:stream';

/** Large things by a key: recordings. Keys are ours, of letters, digits, dashes and dots between slashes. */
export interface Blobs {
  /** Stores what comes, whole or not at all, in the place of what stood under the key before. Rejects where the source does. */
  put(key: string, source: Readable, mediaType: string): Promise<{ readonly bytes: number }>;
  /** Null where there is none. The body is to be read or destroyed. */
  open(key: string, range?: ByteRange): Promise<OpenBlob | null>;
  /** One that is gone already is no error. */
  delete(key: string): Promise<void>;
}

/** Both ends count; each lies within the blob. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface OpenBlob {
  readonly body: Readable;
  /** Of the part that was asked for. */
  readonly bytes: number;
}

const KEY = /^[\w-]+(\.[\w-]+)*(\/[\w-]+(\.[\w-]+)*)*$/;

/** @throws RangeError for a key that could lead elsewhere. */
export function requireKey(key: string): string {
  if (!KEY.test(key) || key.length > 500) throw new RangeError(`${JSON.stringify(key)} is no key of a blob`);
  return key;
}
