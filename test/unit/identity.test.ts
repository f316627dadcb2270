import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../src/domain/identity/password.ts';
import { judgeToken } from '../../src/domain/identity/refresh-token.ts';
import { readSessionToken, signSessionToken } from '../../src/domain/identity/session-token.ts';
import { detectPlatform } from '../../src/domain/platforms/detect-platform.ts';
import { placeOf } from '../../src/domain/workspaces/place.ts';
import { clientAddress } from '../../src/graphql/client-address.ts';
import { fieldComplexity } from '../../src/graphql/complexity.ts';
import { decodeNodeId, encodeNodeId, idOf } from '../../src/graphql/node-ids.ts';
import { isTrustedOrigin } from '../../src/graphql/origins.ts';
import { readSessionCookie, sessionCookie } from '../../src/graphql/session-cookie.ts';

const at = (time: string) => new Date(`2026-03-02T${time}Z`);

describe('a refresh token', () => {
  const facts = { sessionEnded: false, sessionExpiresAt: at('12:00:00'), usedAt: null, receivedAt: at('10:00:00') };
  it.each([
    ['is good while it is unused', {}, 'good'],
    ['is reused when it comes after its first use', { usedAt: at('09:59:59') }, 'reused'],
    ['is reused when it comes with its first use to the millisecond', { usedAt: at('10:00:00') }, 'reused'],
    ['overlaps when it came before its first use was answered', { usedAt: at('10:00:01') }, 'overlapping'],
    ['is over with its session', { sessionEnded: true }, 'ended'],
    ['is over with its session, whatever became of it', { sessionEnded: true, usedAt: at('09:00:00') }, 'ended'],
    ['is over when its session has run out', { sessionExpiresAt: at('10:00:00') }, 'ended'],
  ] as const)('%s', (_sentence, change, state) => {
    expect(judgeToken({ ...facts, ...change })).toBe(state);
  });
});

describe('a session token', () => {
  const [newest, previous] = ['the newest secret key, 32 characters', 'a secret key from before, 32 letters'];
  const claims = { userId: 'ada', sessionId: 'first' };
  const sign = (secret: string, purpose: 'access-token' | 'session-cookie' = 'access-token') =>
    signSessionToken([secret], purpose, claims, at('10:00:00'), at('10:15:00'));

  it('says whose sign-in it is until it runs out', async () => {
    const token = await sign(newest);
    expect(await readSessionToken([newest], 'access-token', token, at('10:14:59'))).toEqual(claims);
    expect(await readSessionToken([newest], 'access-token', token, at('10:15:00'))).toBe('expired');
  });

  it('is good under the previous key while the key is changed, and under no other', async () => {
    const token = await sign(previous);
    expect(await readSessionToken([newest, previous], 'access-token', token, at('10:01:00'))).toEqual(claims);
    expect(await readSessionToken([newest], 'access-token', token, at('10:01:00'))).toBe('invalid');
  });

  it('is good for one purpose', async () => {
    expect(await readSessionToken([newest], 'access-token', await sign(newest, 'session-cookie'), at('10:01:00'))).toBe('invalid');
    expect(await readSessionToken([newest], 'session-cookie', await sign(newest), at('10:01:00'))).toBe('invalid');
  });

  it('is not believed unsigned, or signed in another way', async () => {
    const [, payload] = (await sign(newest)).split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    expect(await readSessionToken([newest], 'access-token', unsigned, at('10:01:00'))).toBe('invalid');
    expect(await readSessionToken([newest], 'access-token', 'anything', at('10:01:00'))).toBe('invalid');
  });
});

describe('a password', () => {
  it('is known by its hash, in any Unicode form, and hashed differently each time', async () => {
    const [first, second] = await Promise.all([hashPassword('pässword'), hashPassword('pässword')]);
    expect(first).not.toBe(second);
    expect(await verifyPassword('pa\u0308ssword', first)).toBe(true);
    expect(await verifyPassword('password', first)).toBe(false);
    expect(await verifyPassword('anything', null)).toBe(false);
  });

  it('can be verified by any implementation of argon2id', async () => {
    // Of the reference implementation: echo -n password | argon2 somesalt -id -m 16 -t 2 -p 1
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', reference)).toBe(true);
  });
});

describe('the platform of a request', () => {
  it.each([
    ['mobile', null, '/graphql', 'CONSUMER'],
    ['web', 'Speech-Assistant-Mobile-iOS/1.0', '/mobile/graphql', 'BUSINESS'],
    [null, 'Speech-Assistant-Mobile-iOS/1.0 CFNetwork', '/graphql', 'CONSUMER'],
    [null, 'Speech-Assistant-Mobile-Android/1.0', '/graphql', 'CONSUMER'],
    [null, 'Mozilla/5.0 (iPhone)', '/graphql', 'BUSINESS'],
    [null, null, '/mobile/graphql', 'CONSUMER'],
    [null, null, '/mobilephones', 'BUSINESS'],
    ['fridge', null, '/mobile/graphql', 'CONSUMER'],
    [null, null, '/graphql', 'BUSINESS'],
  ] as const)('header %s, agent %s, path %s: %s', (appType, userAgent, path, platform) => {
    expect(detectPlatform({ appType, userAgent, path })).toBe(platform);
  });
});

describe('the place of a workspace', () => {
  it.each([
    ['Europe/Berlin', 'DE'],
    ['America/Los_Angeles', 'US'],
    ['America/Toronto', 'CA'],
    ['Asia/Kolkata', 'IN'],
    ['Asia/Calcutta', 'IN'],
    ['Europe/Kyiv', 'UA'],
    ['Pacific/Auckland', 'NZ'],
    ['UTC', 'US'],
  ])('%s is in %s', (timeZone, country) => {
    expect(placeOf(timeZone)).toEqual({ timeZone, country });
  });

  it('is New York where nothing is said', () => {
    expect(placeOf(null)).toEqual({ timeZone: 'America/New_York', country: 'US' });
  });
});

describe("a client's address", () => {
  it.each([
    ['203.0.113.9', null, 0, '203.0.113.9'],
    ['203.0.113.9', '198.51.100.1', 0, '203.0.113.9'],
    ['10.0.0.1', '198.51.100.1', 1, '198.51.100.1'],
    ['10.0.0.1', '1.2.3.4, 198.51.100.1', 1, '198.51.100.1'],
    ['10.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.2', 2, '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1', 5, '198.51.100.1'],
    ['::ffff:203.0.113.9', null, 0, '203.0.113.9'],
    ['2001:db8:12:34:56::1', null, 0, '2001:db8:12:34::/64'],
    ['2001:db8::1', null, 0, '2001:db8:0:0::/64'],
    ['::1', null, 0, '0:0:0:0::/64'],
    [undefined, null, 0, ''],
  ])('%s forwarded for %s with %i proxies of ours is %s', (remote, forwarded, proxies, address) => {
    expect(clientAddress(remote, forwarded, proxies)).toBe(address);
  });
});

describe('a session cookie', () => {
  it('is bound to the host and to https where there is https', () => {
    const cookie = sessionCookie('https://api.example.com', 'token', at('10:00:00'));
    expect(cookie).toBe('__Host-callgraph_session=token; Expires=Mon, 02 Mar 2026 10:00:00 GMT; Path=/; HttpOnly; SameSite=Lax; Secure');
    expect(readSessionCookie('https://api.example.com', 'a=b; __Host-callgraph_session=token; c=d')).toBe('token');
    expect(readSessionCookie('https://api.example.com', 'callgraph_session=token')).toBeNull();
  });
});

describe('the origin of a page', () => {
  const config = { publicUrl: 'https://api.example.com', allowedOrigins: ['https://app.example.com'] };
  it.each([
    ['https://app.example.com', 'api.example.com', true],
    ['https://api.example.com', 'internal:4000', true],
    ['http://localhost:4000', 'localhost:4000', true],
    ['http://localhost:5173', 'localhost:4000', false],
    ['https://evil.example', 'api.example.com', false],
    ['null', 'api.example.com', false],
    ['https://app.example.com.evil.example', 'api.example.com', false],
  ])('%s to %s: %s', (origin, host, trusted) => {
    expect(isTrustedOrigin(config, origin, host)).toBe(trusted);
  });
});

describe('a global id', () => {
  it('comes back as what it was made of', () => {
    expect(decodeNodeId(encodeNodeId('Call', '01a1'))).toEqual({ typename: 'Call', id: '01a1' });
  });
  it.each([
    '',
    'abc',
    '====',
    Buffer.from('Call').toString('base64url'),
    Buffer.from('Call:').toString('base64url'),
    Buffer.from("Call:' or 1").toString('base64url'),
  ])('names nothing where it is none: %s', (text) => {
    expect(decodeNodeId(text)).toEqual({ typename: '', id: '' });
  });
  it('is the id of nothing where it names another type', () => {
    expect([idOf('Call', { typename: 'Call', id: '1' }), idOf('Call', { typename: 'Message', id: '1' }), idOf('Call', null)]).toEqual(['1', '', null]);
  });
});

describe('the cost of a field', () => {
  const field = (...names: string[]) => ({ args: names.map((name) => ({ name })) }) as never;
  it.each([
    ['a plain field', {}, field(), 1],
    ['a page of the default size', {}, field('first', 'last'), 20],
    ['a page', { first: 50 }, field('first', 'last'), 50],
    ['a page from the end', { last: 7 }, field('first', 'last'), 7],
    ['an empty page', { first: 0 }, field('first'), 1],
    ['as many ids as are asked for', { ids: [1, 2, 3] }, field('ids'), 3],
  ])('%s', (_what, args, definition, multiplier) => {
    expect(fieldComplexity(args, {}, definition).multiplier).toBe(multiplier);
  });
});
