import { errors, jwtVerify, SignJWT } from 'jose';
import { type KeyPurpose, keysFor } from './keys.ts';

/** Whose sign-in a token speaks for. */
export interface SessionClaims {
  readonly userId: string;
  readonly sessionId: string;
}

const ISSUER = 'callgraph';

/**
 * Signs a token for a sign-in (JWT, RFC 7519, HS256).
 *
 * @param purpose an access token for the Authorization header, or what the web's httpOnly cookie holds.
 */
export function signSessionToken(secretKeys: readonly [string, ...string[]], purpose: KeyPurpose, claims: SessionClaims, now: Date, expiresAt: Date) {
  return new SignJWT({ sid: claims.sessionId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(purpose)
    .setSubject(claims.userId)
    .setIssuedAt(seconds(now))
    .setExpirationTime(seconds(expiresAt))
    .sign(keysFor(secretKeys, purpose)[0]);
}

/** @returns whose it is, or why it is no good: it ran out, or none of our keys signed it for this purpose. */
export async function readSessionToken(
  secretKeys: readonly [string, ...string[]],
  purpose: KeyPurpose,
  token: string,
  now: Date,
): Promise<SessionClaims | 'expired' | 'invalid'> {
  for (const key of keysFor(secretKeys, purpose)) {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], issuer: ISSUER, audience: purpose, currentDate: now });
      return payload.sub && typeof payload.sid === 'string' ? { userId: payload.sub, sessionId: payload.sid } : 'invalid';
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return 'invalid';
}

const seconds = (instant: Date) => Math.floor(instant.getTime() / 1_000);
