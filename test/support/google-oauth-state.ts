import { createHash, randomBytes } from 'node:crypto';

export const EVENTS_SCOPE = 'https://www.googleapis.com/auth/calendar.events';
export const FREE_BUSY_SCOPE = 'https://www.googleapis.com/auth/calendar.freebusy';

interface Grant {
  readonly accountId: string;
  readonly scope: string;
  revoked: boolean;
}
interface AccessToken {
  readonly grant: Grant;
  readonly expiresAt: number;
}

export interface TokenReply {
  readonly status: number;
  readonly body: object;
}

/** Consent as Google keeps it: codes, refresh tokens and access tokens. */
export class GoogleOAuthState {
  readonly client = { id: 'client.apps.googleusercontent.com', secret: 'client-secret' };
  /** What did not fit the protocol. */
  readonly violations: string[] = [];
  /** How often a token was refreshed. */
  refreshes = 0;
  readonly #now: () => number;
  readonly #codes = new Map<string, { grant: Grant; challenge: string; redirectUri: string }>();
  readonly #refreshTokens = new Map<string, Grant>();
  readonly #accessTokens = new Map<string, AccessToken>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Does what a person does on the page for consent.
   *
   * @returns the address that the browser is sent back to.
   */
  consent(
    authorizationUrl: string,
    { accountId = '1000', scopes, deny = false }: { accountId?: string; scopes?: readonly string[]; deny?: boolean } = {},
  ): URL {
    const asked = new URL(authorizationUrl).searchParams;
    const expected = { client_id: this.client.id, response_type: 'code', access_type: 'offline', prompt: 'consent', code_challenge_method: 'S256' };
    for (const [name, value] of Object.entries(expected)) if (asked.get(name) !== value) this.violations.push(`${name} is ${asked.get(name)}`);
    for (const name of ['redirect_uri', 'state', 'code_challenge', 'scope']) if (!asked.get(name)) this.violations.push(`${name} is missing`);
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    if (deny) {
      back.searchParams.set('error', 'access_denied');
      return back;
    }
    const code = randomBytes(12).toString('hex');
    const grant = { accountId, scope: (scopes ?? asked.get('scope')?.split(' ') ?? []).join(' '), revoked: false };
    this.#codes.set(code, { grant, challenge: asked.get('code_challenge') ?? '', redirectUri: asked.get('redirect_uri') ?? '' });
    back.searchParams.set('code', code);
    back.searchParams.set('scope', grant.scope);
    return back;
  }

  /** POST to the token endpoint. */
  token(form: URLSearchParams): TokenReply {
    const refuse = (status: number, error: string, error_description = error) => ({ status, body: { error, error_description } });
    if (form.get('client_id') !== this.client.id || form.get('client_secret') !== this.client.secret) return refuse(401, 'invalid_client');
    if (form.get('grant_type') === 'authorization_code') {
      const code = this.#codes.get(form.get('code') ?? '');
      this.#codes.delete(form.get('code') ?? '');
      const verifier = form.get('code_verifier') ?? '';
      if (!code || createHash('sha256').update(verifier).digest('base64url') !== code.challenge) return refuse(400, 'invalid_grant', 'Bad Request');
      if (form.get('redirect_uri') !== code.redirectUri) return refuse(400, 'redirect_uri_mismatch');
      const refreshToken = `1//${randomBytes(24).toString('hex')}`;
      this.#refreshTokens.set(refreshToken, code.grant);
      return { status: 200, body: { ...this.#access(code.grant), refresh_token: refreshToken, scope: code.grant.scope } };
    }
    if (form.get('grant_type') !== 'refresh_token') return refuse(400, 'unsupported_grant_type');
    const grant = this.#refreshTokens.get(form.get('refresh_token') ?? '');
    if (!grant || grant.revoked) return refuse(400, 'invalid_grant', 'Token has been expired or revoked.');
    this.refreshes += 1;
    return { status: 200, body: { ...this.#access(grant), scope: grant.scope } };
  }

  revoke(form: URLSearchParams): TokenReply {
    const grant = this.#refreshTokens.get(form.get('token') ?? '');
    if (!grant || grant.revoked) return { status: 400, body: { error: 'invalid_token', error_description: 'Token expired or revoked' } };
    grant.revoked = true;
    return { status: 200, body: {} };
  }

  /** The person takes back whatever they gave. Tokens that are out stay good where `tokensToo` is not said, as with Google, for a while. */
  takeBack(tokensToo = true): void {
    for (const grant of this.#refreshTokens.values()) grant.revoked = true;
    if (tokensToo) this.expireTokens();
  }
  /** Voids the access tokens that are out. */
  expireTokens(): void {
    this.#accessTokens.clear();
  }
  isRevoked(): boolean {
    return [...this.#refreshTokens.values()].every(({ revoked }) => revoked);
  }
  /** Whose request it is; null where its token is no good. */
  whoAsks(authorization: string | undefined): Grant | null {
    const token = this.#accessTokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
    return token && token.expiresAt > this.#now() ? token.grant : null;
  }

  #access(grant: Grant) {
    const accessToken = `ya29.${randomBytes(24).toString('hex')}`;
    this.#accessTokens.set(accessToken, { grant, expiresAt: this.#now() + 3_599_000 });
    return { access_token: accessToken, expires_in: 3599, token_type: 'Bearer' };
  }
}
