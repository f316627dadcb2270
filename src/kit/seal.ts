import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Encrypts what must not be readable in the database or a copy of it: AES-256-GCM (NIST SP 800-38D) with a key derived
 * from the secret key (HKDF, RFC 5869).
 */
export interface Sealer {
  /**
   * @param context where the text belongs, e.g. the row and the column. Sealed text opens in no other place, so that
   *   one row's secret cannot be put into another's.
   */
  seal(text: string, context: string): string;
  /** @throws SealBroken where none of the keys fits, the context is another, or a byte was changed. */
  open(sealed: string, context: string): string;
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

interface SealKey {
  readonly id: string;
  readonly key: Buffer;
}

const FORMAT = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param secretKeys the first seals; all open, so that a key can be replaced while rows still hold the one before. */
export function createSealer(secretKeys: readonly [string, ...string[]]): Sealer {
  const [newest, ...previous] = secretKeys;
  const current = derive(newest);
  const keys = new Map([...previous.map(derive), current].map((key) => [key.id, key]));
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${FORMAT}.${current.id}.${body.toString('base64url')}`;
    },
    open(sealed, context) {
      const [format, id = '', text = ''] = sealed.split('.');
      const key = keys.get(id);
      if (format !== FORMAT || !key) throw new SealBroken('sealed with a key that is not known here: SECRET_KEY was changed without SECRET_KEY_PREVIOUS');
      const body = Buffer.from(text, 'base64url');
      if (body.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('too short to be sealed text');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.key, body.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(context))
          .setAuthTag(body.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new SealBroken('the sealed text was changed, or belongs elsewhere', { cause: error });
      }
    },
  };
}

/** The id tells which key sealed a text and nothing about the key. */
function derive(secret: string): SealKey {
  const key = Buffer.from(hkdfSync('sha256', secret, 'callgraph', 'seal', 32));
  return { id: createHash('sha256').update('callgraph key id').update(key).digest('hex').slice(0, 8), key };
}
