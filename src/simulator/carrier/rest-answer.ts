import type { RestRefusal } from './parameters.ts';

export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Parameters that the vendor's specification does not have. */
  readonly unknown?: readonly string[];
  /** A WAV file, in the place of JSON. */
  readonly sound?: Buffer;
}

export const refused = ({ status, code, message }: RestRefusal): RestAnswer => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

export const notAllowed = refused({ status: 405, code: 20004, message: 'Method not allowed' });
