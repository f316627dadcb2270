import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { SECOND } from '../../kit/time.ts';
import { type Calendar, CalendarUnreachable, ConsentLost } from '../../ports/calendar.ts';
import { calendarFailure, type GoogleAnswer, tokenFailure, withPatience } from './failures.ts';

export interface GoogleConsentOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the browser comes back to; registered with Google to the letter. */
  readonly redirectUri: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
  /** The origin of the other APIs, with a slash at the end. */
  readonly apiUrl: string;
  readonly clock: Clock;
  /** How long one request may take. */
  readonly timeoutMs?: number;
}

const EVENTS = 'https://www.googleapis.com/auth/calendar.events';
const FREE_BUSY = 'https://www.googleapis.com/auth/calendar.freebusy';
const FORMS = 'https://www.googleapis.com/auth/forms.body.readonly';
const SCOPES = ['openid', 'email', EVENTS, FREE_BUSY];

const tokenReply = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
  scope: z.string().optional(),
});
const userinfoReply = z.object({ id: z.string().min(1), email: z.string().min(3) });

/** Consent to a Google account's calendar: OAuth 2.0 for web servers, with PKCE (RFC 7636) and offline access. */
export function googleConsent(options: GoogleConsentOptions): Pick<Calendar, 'authorizationUrl' | 'exchange' | 'refresh' | 'revoke'> {
  const { clientId, clientSecret, redirectUri, clock, timeoutMs = 10 * SECOND } = options;

  async function ask(doing: string, url: string, init: RequestInit): Promise<GoogleAnswer> {
    try {
      const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
      const text = await response.text();
      return { status: response.status, body: readJson(text), retryAfter: response.headers.get('retry-after') };
    } catch (error) {
      throw new CalendarUnreachable(`${doing}: no answer from Google`, { cause: error });
    }
  }
  async function token(doing: string, form: Record<string, string>) {
    const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret });
    const answer = await ask(doing, options.tokenUrl, { method: 'POST', body });
    if (answer.status !== 200) throw tokenFailure(doing, answer, clock.now());
    const parsed = tokenReply.safeParse(answer.body);
    if (!parsed.success) throw new CalendarUnreachable(`${doing}: an answer of Google's that is none`);
    return parsed.data;
  }

  return {
    authorizationUrl({ state, codeChallenge, loginHint, forms = false }) {
      const url = new URL(options.authorizeUrl);
      const parameters = {
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: [...SCOPES, ...(forms ? [FORMS] : [])].join(' '),
        // A refresh token comes with offline access, and after the first consent only when it is asked for again.
        access_type: 'offline',
        prompt: 'consent',
        include_granted_scopes: 'true',
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        ...(loginHint && { login_hint: loginHint }),
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    },

    async exchange({ code, codeVerifier }) {
      // Once: a code that was tried is void, whatever became of the answer.
      const reply = await token('exchanging the code', { grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: redirectUri });
      const granted = new Set(reply.scope?.split(' ') ?? SCOPES);
      if (!granted.has(EVENTS) || !granted.has(FREE_BUSY)) throw new ConsentLost('not everything that was asked for was ticked');
      if (!reply.refresh_token) throw new ConsentLost('Google gave no lasting access');
      const doing = 'asking whose calendar it is';
      const { id, email } = await withPatience(clock, undefined, async () => {
        const answer = await ask(doing, new URL('oauth2/v2/userinfo', options.apiUrl).href, { headers: { authorization: `Bearer ${reply.access_token}` } });
        if (answer.status !== 200) throw calendarFailure(doing, answer, clock.now());
        const parsed = userinfoReply.safeParse(answer.body);
        if (!parsed.success) throw new CalendarUnreachable(`${doing}: an answer of Google's that is none`);
        return parsed.data;
      });
      const tokens = { accessToken: reply.access_token, expiresInSeconds: reply.expires_in, refreshToken: reply.refresh_token };
      // Unticked it is no failure: the calendar works without it.
      return { ...tokens, accountId: id, email, forms: granted.has(FORMS) };
    },

    refresh: (refreshToken) =>
      withPatience(clock, undefined, async () => {
        const reply = await token('refreshing access', { grant_type: 'refresh_token', refresh_token: refreshToken });
        return { accessToken: reply.access_token, expiresInSeconds: reply.expires_in, refreshToken: reply.refresh_token ?? null };
      }),

    async revoke(refreshToken) {
      const doing = 'giving consent back';
      const answer = await ask(doing, options.revokeUrl, { method: 'POST', body: new URLSearchParams({ token: refreshToken }) });
      // `invalid_token`: it was taken back already.
      if (answer.status !== 200 && !isInvalidToken(answer.body)) throw tokenFailure(doing, answer, clock.now());
    },
  };
}

const isInvalidToken = (body: unknown) => z.object({ error: z.enum(['invalid_token', 'invalid_grant']) }).safeParse(body).success;

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
