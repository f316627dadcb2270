import { createHmac } from 'node:crypto';

/**
 * The X-Twilio-Signature of a request, from the vendor's description: HMAC-SHA1 by the account's token over the address
 * as it was requested, without its fragment, followed by every form parameter, sorted by name, as name and value with
 * nothing between. Values that repeat are taken once and sorted.
 */
export function sign(authToken: string, url: string, form: URLSearchParams = new URLSearchParams()): string {
  const names = [...new Set(form.keys())].sort();
  const parameters = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  return createHmac('sha1', authToken)
    .update([withoutFragment(url), ...parameters].join(''))
    .digest('base64');
}

export const withoutFragment = (url: string): string => url.replace(/#.*$/s, '');
