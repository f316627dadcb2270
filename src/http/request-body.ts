import type { IncomingMessage } from 'node:http';

/**
 * The whole body as it came, or null as soon as it is longer than `limitBytes`; the rest is then thrown away as it
 * comes. Rejects where the sender went away.
 */
export function readBody(req: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>();
  const chunks: Buffer[] = [];
  let length = 0;
  req.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limitBytes) chunks.push(chunk);
    else resolve(null);
  });
  req.on('end', () => resolve(Buffer.concat(chunks)));
  req.on('error', reject);
  // Also after `end`, where it changes nothing any more.
  req.on('close', () => reject(new Error('the request was cut off')));
  return promise;
}
