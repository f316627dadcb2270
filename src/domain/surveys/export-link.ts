import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { MINUTE, SECOND } from '../../kit/time.ts';
import { keysFor } from '../identity/keys.ts';

/** What a link to an export entitles its bearer to. */
export type ExportGrant = z.infer<typeof grant> & { readonly workspaceId: string };
const grant = z.discriminatedUnion('what', [
  z.object({ what: z.literal('responses'), surveyId: z.string(), campaignId: z.string().nullable(), format: z.enum(['CSV', 'JSON']) }),
  z.object({ what: z.literal('suppressions') }),
]);
const claims = z.object({ sub: z.string(), export: grant });

interface LinkScope {
  readonly clock: Clock;
  readonly config: { readonly secretKeys: readonly [string, ...string[]] };
}

const LIFETIME_MS = 15 * MINUTE;
const PURPOSE = 'export';
const LONGEST = 1_500;

/** @returns the address under which it can be fetched for 15 minutes, by whoever has it; each time with what there is then. */
export async function exportLink(
  { clock, config }: LinkScope & { readonly config: { readonly publicUrl: string } },
  { workspaceId, ...what }: ExportGrant,
): Promise<string> {
  const issuedAt = Math.floor(clock.now().getTime() / SECOND);
  const token = await new SignJWT({ export: what })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(workspaceId)
    .setAudience(PURPOSE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_MS / SECOND)
    .sign(keysFor(config.secretKeys, PURPOSE)[0]);
  return `${config.publicUrl}/exports/${token}`;
}

/** @returns the grant, or why the token is worth nothing. */
export async function readExportToken({ clock, config }: LinkScope, token: string): Promise<ExportGrant | 'expired' | 'invalid'> {
  if (token.length > LONGEST) return 'invalid';
  for (const key of keysFor(config.secretKeys, PURPOSE)) {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], audience: PURPOSE, requiredClaims: ['exp'], currentDate: clock.now() });
      const read = claims.safeParse(payload);
      return read.success ? { ...read.data.export, workspaceId: read.data.sub } : 'invalid';
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return 'invalid';
}
