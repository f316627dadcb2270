import { createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';

export const ACCOUNT = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'a token for the bench' };

const agent = new http.Agent({ keepAlive: true });

export const newCallSid = (): string => `CA${randomBytes(16).toString('hex')}`;

/** Posts a webhook as the carrier does, signed over the address. @returns the body of the answer. @throws where it is refused. */
export function post(url: string, form: Readonly<Record<string, string>>): Promise<string> {
  const all: Record<string, string> = { AccountSid: ACCOUNT.accountSid, ApiVersion: '2010-04-01', Direction: 'inbound', ...form };
  const names = Object.keys(all).sort();
  const signature = createHmac('sha1', ACCOUNT.authToken)
    .update(url + names.map((name) => name + all[name]).join(''))
    .digest('base64');
  const body = new URLSearchParams(all).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'content-length': Buffer.byteLength(body),
    'x-twilio-signature': signature,
    'i-twilio-idempotency-token': randomBytes(16).toString('hex'),
  };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if ((response.statusCode ?? 500) < 300) resolve(text);
      else reject(new Error(`${url} answered ${response.statusCode}: ${text}`));
    });
  });
  request.on('error', reject);
  request.end(body);
  return promise;
}
