import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { findRecording, type StoredRecording } from '../domain/calls/recording/find-recording.ts';
import type { Logger } from '../kit/logger.ts';
import type { Blobs } from '../ports/blobs.ts';
import { type Asked, readRange } from './byte-range.ts';

export type DownloadApp = Parameters<typeof findRecording>[0] & { readonly blobs: Blobs; readonly logger: Logger };

const PATH = /^\/recordings\/([\w.-]+)(?=$|\?)/;

/**
 * Short-lived links to recordings: whoever has one gets the sound, whole or in parts (RFC 9110, section 14), and nobody
 * else learns whether there is one.
 *
 * @returns a handler that says whether the request was its to answer.
 */
export function downloads(app: DownloadApp): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  return async (req, res) => {
    const [, token = ''] = PATH.exec(req.url ?? '') ?? [];
    if (!token) return false;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      answerJson(res, 405, 'A recording is fetched with GET.');
      return true;
    }
    try {
      const recording = await findRecording(app, token);
      if (recording === 'expired') answerJson(res, 403, 'This link has expired. Ask for a new one.');
      else if (recording === 'unknown') answerJson(res, 404, 'There is no such recording.');
      else await send(app, recording, req, res);
    } catch (error) {
      app.logger.error({ err: error }, 'a recording could not be sent');
      if (res.headersSent) res.destroy();
      else answerJson(res, 500, 'The recording could not be read. Try again.');
    }
    return true;
  };
}

async function send(app: DownloadApp, recording: StoredRecording, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { blobKey, bytes, mediaType, callId } = recording;
  const asked: Asked = readRange(req.headers.range, bytes);
  if (asked === 'unsatisfiable') {
    res.setHeader('content-range', `bytes */${bytes}`);
    return answerJson(res, 416, `The recording has ${bytes} bytes.`);
  }
  const range = asked === 'whole' ? null : asked;
  const headers = {
    'content-type': mediaType,
    'content-length': range ? range.last - range.first + 1 : bytes,
    'content-disposition': `attachment; filename="call-${callId}.wav"`,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(range && { 'content-range': `bytes ${range.first}-${range.last}/${bytes}` }),
  };
  if (req.method === 'HEAD') {
    res.writeHead(range ? 206 : 200, headers).end();
    return;
  }
  const blob = await app.blobs.open(blobKey, range ?? undefined);
  if (!blob) return answerJson(res, 404, 'There is no such recording.');
  res.writeHead(range ? 206 : 200, headers);
  await pipeline(blob.body, res).catch((error: unknown) => {
    // Whoever listens to a part goes away in the middle.
    app.logger.debug({ err: error, callId }, 'a recording was not sent to its end');
  });
}

function answerJson(res: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ error: message });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' };
  res.writeHead(status, { ...headers, ...(status === 405 && { allow: 'GET, HEAD' }) }).end(body);
}
