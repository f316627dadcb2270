import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { retry } from '../../kit/retry.ts';
import { SECOND } from '../../kit/time.ts';
import { AccessRefused } from '../../ports/calendar.ts';
import { type Forms, FormsRejected, FormsUnreachable } from '../../ports/forms.ts';
import { readGoogleForm } from './form-items.ts';

export interface GoogleFormsOptions {
  /** The origin of the Forms API, with a slash at the end. */
  readonly formsUrl: string;
  readonly clock: Clock;
  /** How long one request may take. */
  readonly timeoutMs?: number;
}

/** Google's errors: `{"error":{"code":403,"message":"…","status":"PERMISSION_DENIED","details":[{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}`. */
const errorBody = z.object({
  error: z.object({
    message: z.string().default(''),
    status: z.string().default(''),
    details: z.array(z.looseObject({ reason: z.string().optional() })).default([]),
    errors: z.array(z.object({ reason: z.string().optional() })).default([]),
  }),
});

const LARGEST = 10 * 1024 * 1024;
const FORM_ID = /^\/forms\/(?:u\/\d+\/)?d\/([\w-]{10,200})(?:\/|$)/;
/** `/forms/d/e/…` names what those who answer see: the API does not take that id. Short links lead there too. */
const RESPONDER = /^\/forms\/(?:u\/\d+\/)?d\/e(?:\/|$)/;

/** Google Forms (API v1), of which a form is read. @see https://developers.google.com/workspace/forms/api/reference/rest/v1/forms/get */
export function googleForms({ formsUrl, clock, timeoutMs = 10 * SECOND }: GoogleFormsOptions): Forms {
  return {
    provider: 'google',

    idIn(address) {
      const url = URL.parse(address.trim()) ?? URL.parse(`https://${address.trim()}`);
      if (url?.hostname === 'forms.gle') return { problem: 'responder' };
      if (url?.hostname !== 'docs.google.com') return { problem: 'not-a-form' };
      if (RESPONDER.test(url.pathname)) return { problem: 'responder' };
      const [, formId] = FORM_ID.exec(url.pathname) ?? [];
      return formId ? { formId } : { problem: 'not-a-form' };
    },

    read: ({ token, signal }, formId) =>
      retry(
        { clock, attempts: 3, pauseMs: SECOND / 2, longestPauseMs: 2 * SECOND, again: (error) => error instanceof FormsUnreachable, ...(signal && { signal }) },
        async () => {
          const reply = await get(new URL(`v1/forms/${encodeURIComponent(formId)}`, formsUrl), token, timeoutMs, signal);
          try {
            return readGoogleForm(reply);
          } catch (error) {
            throw new FormsRejected(`Google answered with a form that cannot be read: ${error instanceof Error ? error.message : ''}`, 'other');
          }
        },
      ),
  };
}

async function get(url: URL, token: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    throw new FormsUnreachable('no answer from Google Forms', { cause: error });
  }
  if (text.length > LARGEST) throw new FormsRejected('the form is larger than any that people answer', 'other');
  if (status === 200) return parsed(text);
  throw failure(status, text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormsUnreachable('an answer of Google Forms that is none');
  }
}

function failure(status: number, text: string): Error {
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // The status says enough.
  }
  const { error } = errorBody.safeParse(body).data ?? { error: { message: '', status: '', details: [], errors: [] } };
  const reasons = [...error.details, ...error.errors].map(({ reason }) => reason ?? '');
  const said = `Google Forms answered ${status} ${error.status || reasons[0] || ''}`.trim();
  if (status === 401) return new AccessRefused(said);
  if (status === 429 || status === 408 || status >= 500 || reasons.some((reason) => /rate/i.test(reason))) return new FormsUnreachable(said);
  if (reasons.some((reason) => reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' || reason === 'insufficientPermissions'))
    return new FormsRejected(said, 'scope-missing');
  if (status === 403) return new FormsRejected(said, 'not-shared');
  return status === 404 ? new FormsRejected(said, 'not-found') : new FormsRejected(said, 'other');
}
