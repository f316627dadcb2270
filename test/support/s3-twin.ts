import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * One bucket of S3 on a local port, addressed by path. Every request must carry a signature of version 4 that fits, made
 * anew here from AWS's description of it, and a sum of the body, signed with the rest, that is the body's.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export interface S3Twin extends AsyncDisposable {
  readonly url: string;
  readonly objects: Map<string, { readonly body: Buffer; readonly mediaType: string }>;
  /** What did not fit the description; a test that ends with some has found a fault. */
  readonly violations: string[];
  readonly requests: string[];
  /** The next requests are answered with this status. */
  failing: number[];
}

export const S3_ACCOUNT = { bucket: 'recordings', region: 'eu-central-1', accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'a/secret+key' } as const;

export async function startS3Twin(): Promise<S3Twin> {
  const objects: S3Twin['objects'] = new Map();
  const violations: string[] = [];
  const requests: string[] = [];
  const server = http.createServer((req, res) => void answer(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const twin: S3Twin = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    violations,
    requests,
    failing: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const url = new URL(req.url ?? '/', 'http://s3');
    requests.push(`${req.method} ${url.pathname}`);
    const fault = signatureFault(req, url, body);
    if (fault) return fail(res, 403, 'SignatureDoesNotMatch', fault);
    const status = twin.failing.shift();
    if (status) return fail(res, status, 'InternalError', 'We encountered an internal error. Please try again.');
    const [, bucket, ...path] = decodeURIComponent(url.pathname).split('/');
    if (bucket !== S3_ACCOUNT.bucket) return fail(res, 404, 'NoSuchBucket', 'The specified bucket does not exist');
    const key = path.join('/');
    const object = objects.get(key);
    if (req.method === 'PUT') {
      if (req.headers['content-length'] !== String(body.length)) violations.push('a body whose length is not told');
      if (req.headers['content-encoding']?.includes('aws-chunked')) violations.push('a body in chunks that other stores do not know');
      objects.set(key, { body, mediaType: req.headers['content-type'] ?? '' });
      res.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
    } else if (req.method === 'DELETE') {
      objects.delete(key);
      res.writeHead(204).end();
    } else if (!object) fail(res, 404, 'NoSuchKey', 'The specified key does not exist.');
    else {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '') ?? [];
      const part = first === undefined ? object.body : object.body.subarray(Number(first), Number(last) + 1);
      const range = first === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${object.body.length}` };
      res.writeHead(first === undefined ? 200 : 206, { 'content-type': object.mediaType, 'content-length': part.length, ...range }).end(part);
    }
  }

  return twin;
}

/** Why a request is not signed as it should be, or null. */
function signatureFault(req: http.IncomingMessage, url: URL, body: Buffer): string | null {
  const [, credential = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(req.headers.authorization ?? '') ?? [];
  const [accessKeyId, day = '', region = '', service = '', end] = credential.split('/');
  if (accessKeyId !== S3_ACCOUNT.accessKeyId || region !== S3_ACCOUNT.region || service !== 's3' || end !== 'aws4_request') return `credential ${credential}`;
  const at = String(req.headers['x-amz-date'] ?? '');
  if (!/^\d{8}T\d{6}Z$/.test(at) || !at.startsWith(day)) return `date ${at}`;
  const names = signedHeaders.split(';');
  for (const needed of ['host', 'x-amz-content-sha256', 'x-amz-date']) if (!names.includes(needed)) return `${needed} is not signed`;
  const bodyHash = String(req.headers['x-amz-content-sha256']);
  if (bodyHash === 'UNSIGNED-PAYLOAD') {
    if (!names.includes('content-md5')) return 'nothing vouches for the body';
    if (req.headers['content-md5'] !== createHash('md5').update(body).digest('base64')) return 'the sum of the body is another';
  } else if (bodyHash !== sha256(body)) return 'the hash of the body is another';
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const headers = names.map(
    (name) =>
      `${name}:${String(req.headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  );
  const path = url.pathname.split('/').map((part) => encode(decodeURIComponent(part)));
  const canonical = [req.method, path.join('/'), query.join('&'), headers.join(''), signedHeaders, bodyHash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', at, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n');
  const key = ['s3', 'aws4_request'].reduce((made, part) => hmac(made, part), hmac(hmac(Buffer.from(`AWS4${S3_ACCOUNT.secretAccessKey}`), day), region));
  return hmac(key, toSign).toString('hex') === signature ? null : 'the signature is another';
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer, data: string) => createHmac('sha256', key).update(data).digest();
const encode = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

function fail(res: http.ServerResponse, status: number, code: string, message: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  res.writeHead(status, { 'content-type': 'application/xml' }).end(body);
}
