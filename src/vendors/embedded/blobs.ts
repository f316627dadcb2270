import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Blobs, requireKey } from '../../ports/blobs.ts';

/** Blobs as files below a folder. A file has its name when it is whole: it is written under another and renamed. */
export function diskBlobs({ folder }: { folder: string }): Blobs {
  const fileOf = (key: string) => path.join(folder, ...requireKey(key).split('/'));
  return {
    async put(key, source: Readable) {
      const file = fileOf(key);
      await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const unfinished = `${file}.${randomBytes(6).toString('hex')}.part`;
      try {
        const handle = await fs.open(unfinished, 'wx', 0o600);
        await pipeline(source, handle.createWriteStream({ flush: true }));
        const { size: bytes } = await fs.stat(unfinished);
        await fs.rename(unfinished, file);
        return { bytes };
      } catch (error) {
        await fs.rm(unfinished, { force: true });
        throw error;
      }
    },

    async open(key, range) {
      const handle = await fs.open(fileOf(key)).catch(orAbsent);
      if (!handle) return null;
      const { size } = await handle.stat();
      const { first, last } = range ?? { first: 0, last: size - 1 };
      const bytes = Math.max(0, Math.min(last, size - 1) - first + 1);
      if (bytes > 0) return { bytes, body: handle.createReadStream({ start: first, end: first + bytes - 1 }) };
      // Nothing is a stretch that cannot be said by its ends.
      await handle.close();
      return { bytes, body: Readable.from([]) };
    },

    async delete(key) {
      await fs.rm(fileOf(key), { force: true });
    },
  };
}

function orAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
