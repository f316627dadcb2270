import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { keysFor } from '../identity/keys.ts';

/** What a media token entitles its bearer to: to be the next bridge of one call. */
export interface MediaGrant {
  readonly callId: string;
  readonly workspaceId: string;
  /** How many bridges had held the call when the token was made: once another one has, the token is void. */
  readonly bridgeCount: number;
}

export interface TokenScope {
  readonly secretKeys: readonly [string, ...string[]];
  readonly clock: Clock;
}

const LIFETIME_MS = MINUTE;
const PURPOSE = 'media-token';
/** Twilio takes stream parameters of fewer than 500 characters, name and value. */
const LONGEST = 490;

const claims = z.object({ sub: z.string(), workspace: z.string(), bridges: z.int().min(0) });

/** @param secretKeys the first signs. @returns a token of fewer than 490 characters that is good for a minute. */
export function signMediaToken({ secretKeys, clock }: TokenScope, grant: MediaGrant): Promise<string> {
  const issuedAt = Math.floor(clock.now().getTime() / SECOND);
  return new SignJWT({ workspace: grant.workspaceId, bridges: grant.bridgeCount })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(grant.callId)
    .setAudience(PURPOSE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_MS / SECOND)
    .sign(keysFor(secretKeys, PURPOSE)[0]);
}

/** @param secretKeys all verify. @returns the grant, or why the token is worth nothing. */
export async function verifyMediaToken({ secretKeys, clock }: TokenScope, token: string): Promise<MediaGrant | 'expired' | 'invalid'> {
  if (token.length > LONGEST) return 'invalid';
  for (const key of keysFor(secretKeys, PURPOSE)) {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], audience: PURPOSE, requiredClaims: ['exp'], currentDate: clock.now() });
      const read = claims.safeParse(payload);
      return read.success ? { callId: read.data.sub, workspaceId: read.data.workspace, bridgeCount: read.data.bridges } : 'invalid';
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return 'invalid';
}
