import { hkdfSync } from 'node:crypto';

/** What a derived key signs. A token of one purpose is void for every other. */
export type KeyPurpose = 'access-token' | 'session-cookie' | 'media-token' | 'recording' | 'export';

/** The keys of one purpose, derived from the secret keys (HKDF, RFC 5869): the first signs, all verify. */
export const keysFor = (secretKeys: readonly [string, ...string[]], purpose: KeyPurpose): [Uint8Array, ...Uint8Array[]] => {
  const derive = (secret: string) => new Uint8Array(hkdfSync('sha256', secret, 'callgraph', purpose, 32));
  const [newest, ...previous] = secretKeys;
  return [derive(newest), ...previous.map(derive)];
};
