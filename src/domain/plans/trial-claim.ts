import { createHash } from 'node:crypto';

/**
 * What tells one person's e-mail address from another's: spelling variants that reach the same mailbox are one.
 * Sub-addresses (RFC 5233) are dropped everywhere, dots only where the provider ignores them.
 *
 * @param email as it was registered.
 */
export function sameMailbox(email: string): string {
  const lower = email.trim().toLowerCase();
  const at = lower.lastIndexOf('@');
  const [user = '', given] = [lower.slice(0, at).split('+')[0], lower.slice(at + 1)];
  const domain = given === 'googlemail.com' ? 'gmail.com' : given;
  return `${domain === 'gmail.com' ? user.replaceAll('.', '') : user}@${domain}`;
}

/** Claims outlive the person's account, so they name nobody. */
const claim = (kind: string, value: string): string => `${kind}:${createHash('sha256').update(`callgraph trial ${kind} ${value}`).digest('hex')}`;

/** The claim of a person on the one trial. */
export const emailClaim = (email: string): string => claim('email', sameMailbox(email));

/** The claims of a telephone: one for each call of one trial. @param phoneNumber E.164 @param calls of the trial. */
export const phoneClaims = (phoneNumber: string, calls: number): string[] =>
  Array.from({ length: calls }, (_, index) => `${claim('phone', phoneNumber)}:${index + 1}`);
