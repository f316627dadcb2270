import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openExport } from '../domain/surveys/open-export.ts';
import type { Logger } from '../kit/logger.ts';

export type ExportApp = Parameters<typeof openExport>[0] & { readonly logger: Logger };

const PATH = /^\/exports\/([\w.-]+)(?=$|\?)/;

/**
 * Short-lived links to lists: whoever has one gets the list as it is then, and nobody else learns whether there is one.
 *
 * @returns a handler that says whether the request was its to answer.
 */
export function exports(app: ExportApp): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  return async (req, res) => {
    const [, token = ''] = PATH.exec(req.url ?? '') ?? [];
    if (!token) return false;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      answerJson(res, 405, 'A list is fetched with GET.');
      return true;
    }
    try {
      const file = await openExport(app, token);
      if (file === 'expired') answerJson(res, 403, 'This link has expired. Ask for a new one.');
      else if (file === 'unknown') answerJson(res, 404, 'There is no such list.');
      else {
        res.writeHead(200, {
          'content-type': file.mediaType,
          'content-disposition': `attachment; filename="${file.fileName}"`,
          'cache-control': 'private, no-store',
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
        });
        if (req.method === 'HEAD') res.end();
        else await pipeline(Readable.from(file.body), res);
      }
    } catch (error) {
      app.logger.error({ err: error }, 'a list could not be sent');
      // Cut off rather than ended: nobody takes half of it for the whole.
      if (res.headersSent) res.destroy();
      else answerJson(res, 500, 'The list could not be read. Try again.');
    }
    return true;
  };
}

function answerJson(res: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ error: message });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' };
  res.writeHead(status, { ...headers, ...(status === 405 && { allow: 'GET, HEAD' }) }).end(body);
}
