import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AnswerApp, takeConsent } from '../domain/bookings/calendar/calendar-consent.ts';

/** Whom a browser shows itself to be, if anybody. */
export type ReadSession = (req: IncomingMessage) => Promise<{ userId: string; sessionId: string } | null>;

const CALENDAR_CALLBACK = '/integrations/google-calendar/callback';

/**
 * Where browsers come back to with a consent: it is taken, and the browser goes on to the page that asked, with
 * `calendar=connected`, or `calendar=failed` and a `reason`, in its query.
 *
 * @returns a handler that says whether the request was its to answer.
 */
export function consentRequests(app: AnswerApp, readSession: ReadSession): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  return async (req, res) => {
    const url = URL.parse(req.url ?? '/', 'http://callgraph');
    if (url?.pathname !== CALENDAR_CALLBACK) return false;
    if (req.method !== 'GET') {
      answerJson(res, 405, 'A browser gets this page.');
      return true;
    }
    const state = url.searchParams.get('state');
    if (!state) {
      answerJson(res, 400, 'The state is missing.');
      return true;
    }
    try {
      // Anything but a code is a refusal: `error=access_denied`, say.
      const code = url.searchParams.has('error') ? null : url.searchParams.get('code');
      const answer = await takeConsent(app, { state, code, session: await readSession(req) });
      const page = new URL(answer.returnUrl);
      page.searchParams.set('calendar', answer.outcome);
      if (answer.reason) page.searchParams.set('reason', answer.reason);
      // The address that brought the code stays out of the next page's referrer.
      res.writeHead(303, { location: page.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
    } catch (error) {
      app.logger.error({ err: error, path: CALENDAR_CALLBACK }, 'a consent could not be taken');
      answerJson(res, 500, 'The calendar could not be connected. Try again.');
    }
    return true;
  };
}

function answerJson(res: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ error: message });
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...(status === 405 && { allow: 'GET' }) }).end(body);
}
