import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv, type ValidateFunction } from 'ajv';
import { type Certificate, makeCertificate } from './certificates.ts';

// The App Store: it signs transactions and notifications with a chain of certificates of its own, and answers how a
// subscription stands. Requests, and what it signs, are checked against Apple's declarations.

export const BUNDLE_ID = 'com.example.callgraph';
export const APP_ID = 1_234_567_890;
const LEAF_MARK = '1.2.840.113635.100.6.11.1';
const INTERMEDIATE_MARK = '1.2.840.113635.100.6.2.1';

export interface Chain {
  readonly root: Certificate;
  readonly intermediate: Certificate;
  readonly leaf: Certificate;
}

/** @param wish what is otherwise than at Apple. */
export function makeChain(wish: { leafMarks?: string[]; intermediateMarks?: string[]; leafValidTo?: Date; intermediateIsAuthority?: boolean } = {}): Chain {
  const root = makeCertificate({ name: 'Test Root CA', authority: true });
  const intermediate = makeCertificate({
    name: 'Test Intermediate CA',
    issuer: root,
    authority: wish.intermediateIsAuthority ?? true,
    marks: wish.intermediateMarks ?? [INTERMEDIATE_MARK],
  });
  const validTo = wish.leafValidTo ? { validTo: wish.leafValidTo } : {};
  const leaf = makeCertificate({ name: 'Test App Store', issuer: intermediate, authority: false, marks: wish.leafMarks ?? [LEAF_MARK], ...validTo });
  return { root, intermediate, leaf };
}

/** A JSON Web Signature (RFC 7515) that brings its chain along. */
export function signWith(
  chain: Chain,
  payload: object,
  { certificates, key = chain.leaf.privateKey }: { certificates?: Buffer[]; key?: KeyObject } = {},
): string {
  const x5c = (certificates ?? [chain.leaf.der, chain.intermediate.der, chain.root.der]).map((der) => der.toString('base64'));
  const parts = [{ alg: 'ES256', x5c }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${parts}.${sign('sha256', Buffer.from(parts), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

export interface LastTransaction {
  readonly status: number;
  readonly transaction: Readonly<Record<string, unknown>>;
  readonly renewal: Readonly<Record<string, unknown>>;
}

export interface AppStoreTwin extends AsyncDisposable {
  readonly url: string;
  readonly chain: Chain;
  /** PKCS #8 PEM. */
  readonly apiKey: { readonly issuerId: string; readonly keyId: string; readonly privateKey: string };
  /** How each line of purchases stands, by its original transaction id. */
  readonly lines: Map<string, LastTransaction>;
  readonly violations: readonly string[];
  readonly requests: readonly string[];
  /** Answers the next request with this status instead. */
  refuse(status: number): void;
  signTransaction(transaction: object): string;
  signRenewal(renewal: object): string;
  signNotification(notification: object): string;
}

const document = JSON.parse(fs.readFileSync(new URL('../fixtures/app-store-api.json', import.meta.url), 'utf8'));

export async function startAppStoreTwin({ now }: { now: () => Date }): Promise<AppStoreTwin> {
  const ajv = new Ajv({ strict: false });
  const schema = (name: string) => ajv.compile({ $ref: `#/definitions/${name}`, definitions: document.definitions });
  const [transactionOf, renewalOf, notificationOf, statusOf] = [
    'JWSTransactionDecodedPayload',
    'JWSRenewalInfoDecodedPayload',
    'ResponseBodyV2DecodedPayload',
    'StatusResponse',
  ].map(schema);
  const chain = makeChain();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const apiKey = {
    issuerId: '57246542-96fe-1a63-e053-0824d011072a',
    keyId: '2X9R4HXF34',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const lines = new Map<string, LastTransaction>();
  const violations: string[] = [];
  const requests: string[] = [];
  const refusals: number[] = [];

  const signed = (validate: ValidateFunction | undefined, payload: object): string => {
    if (!validate?.(payload)) violations.push(`what the twin signs: ${JSON.stringify(validate?.errors)}`);
    return signWith(chain, payload);
  };

  const server = http.createServer((req, res) => {
    const url = new URL(req.url ?? '', 'http://twin');
    requests.push(`${req.method} ${url.pathname}`);
    const send = (status: number, body: object) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const wrong = tokenProblem(req.headers.authorization, apiKey, publicKey, now());
    if (wrong) {
      violations.push(wrong);
      return res.writeHead(401).end();
    }
    const refusal = refusals.shift();
    if (refusal) return send(refusal, { errorCode: 5_000_001, errorMessage: 'An unknown error occurred. Please try again.' });
    const id = req.method === 'GET' ? /^\/inApps\/v1\/subscriptions\/(\d+)$/.exec(url.pathname)?.[1] : undefined;
    if (!id) {
      violations.push(`${req.method} ${url.pathname} is no operation, or no transaction`);
      return send(400, { errorCode: document.errors.INVALID_TRANSACTION_ID, errorMessage: 'Invalid transaction id.' });
    }
    const line = lines.get(id);
    if (!line) return send(404, { errorCode: document.errors.TRANSACTION_ID_NOT_FOUND, errorMessage: 'Transaction id not found.' });
    const signedDate = now().getTime();
    const last = {
      originalTransactionId: id,
      status: line.status,
      signedTransactionInfo: signed(transactionOf, { ...line.transaction, signedDate }),
      signedRenewalInfo: signed(renewalOf, { ...line.renewal, signedDate }),
    };
    const reply = {
      environment: line.transaction.environment,
      bundleId: BUNDLE_ID,
      appAppleId: APP_ID,
      data: [{ subscriptionGroupIdentifier: '1', lastTransactions: [last] }],
    };
    if (!statusOf?.(reply)) violations.push(`the twin's answer: ${JSON.stringify(statusOf?.errors)}`);
    return send(200, reply);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    chain,
    apiKey,
    lines,
    violations,
    requests,
    refuse: (status) => void refusals.push(status),
    signTransaction: (payload) => signed(transactionOf, payload),
    signRenewal: (payload) => signed(renewalOf, payload),
    signNotification: (payload) => signed(notificationOf, payload),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What Apple asks of a token: ES256 by the key, for this app, at most an hour long. */
function tokenProblem(authorization: string | undefined, { issuerId, keyId }: { issuerId: string; keyId: string }, key: KeyObject, now: Date): string | null {
  const [head = '', body = '', signature = ''] = (authorization ?? '').replace(/^Bearer /, '').split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8') || '{}');
  const [header, claims] = [read(head), read(body)];
  const seconds = Math.floor(now.getTime() / 1_000);
  if (header.alg !== 'ES256' || header.kid !== keyId || header.typ !== 'JWT') return `the token's header: ${JSON.stringify(header)}`;
  if (claims.iss !== issuerId || claims.aud !== 'appstoreconnect-v1' || claims.bid !== BUNDLE_ID) return `the token's claims: ${JSON.stringify(claims)}`;
  if (!(claims.iat <= seconds && claims.exp > seconds && claims.exp - claims.iat <= 3_600))
    return `the token's times: ${claims.iat} to ${claims.exp} at ${seconds}`;
  const good = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key: createPublicKey(key.export({ type: 'spki', format: 'pem' })), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  return good ? null : "the token's signature does not fit";
}
