import { createHash } from 'node:crypto';
import type { GoogleTwin } from './google-twin.ts';

const verifier = 'v'.repeat(43);
export const VERIFIER = { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };

/** What points an adapter at a twin. */
export const googleOptions = ({ url, oauth }: GoogleTwin) => ({
  clientId: oauth.client.id,
  clientSecret: oauth.client.secret,
  redirectUri: 'https://api.example.com/integrations/google-calendar/callback',
  authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl: `${url}/token`,
  revokeUrl: `${url}/revoke`,
  apiUrl: `${url}/`,
});
