import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { MINUTE, SECOND } from '../../../kit/time.ts';
import { keysFor } from '../../identity/keys.ts';
import type { TokenScope } from '../media-token.ts';

/** What a link to a recording entitles its bearer to: to hear that one. */
export interface RecordingGrant {
  /** Of a call's recording; or of a message that was spoken, after `message-`. */
  readonly recordingId: string;
  readonly workspaceId: string;
}

/** Before the id of a message that was spoken after a tone. */
export const SPOKEN_MESSAGE = 'message-';

const LIFETIME_MS = 15 * MINUTE;
const PURPOSE = 'recording';
const LONGEST = 1_000;
const claims = z.object({ sub: z.string(), workspace: z.string() });

/** @returns the address under which a recording can be fetched for 15 minutes, by whoever has it. */
export async function recordingLink(
  { config, clock }: { config: { publicUrl: string; secretKeys: TokenScope['secretKeys'] } } & Pick<TokenScope, 'clock'>,
  grant: RecordingGrant,
): Promise<string> {
  const issuedAt = Math.floor(clock.now().getTime() / SECOND);
  const token = await new SignJWT({ workspace: grant.workspaceId })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(grant.recordingId)
    .setAudience(PURPOSE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_MS / SECOND)
    .sign(keysFor(config.secretKeys, PURPOSE)[0]);
  return `${config.publicUrl}/recordings/${token}`;
}

/** @param secretKeys all verify. @returns the grant, or why the token is worth nothing. */
export async function readRecordingToken({ secretKeys, clock }: TokenScope, token: string): Promise<RecordingGrant | 'expired' | 'invalid'> {
  if (token.length > LONGEST) return 'invalid';
  for (const key of keysFor(secretKeys, PURPOSE)) {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], audience: PURPOSE, requiredClaims: ['exp'], currentDate: clock.now() });
      const read = claims.safeParse(payload);
      return read.success ? { recordingId: read.data.sub, workspaceId: read.data.workspace } : 'invalid';
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return 'invalid';
}
