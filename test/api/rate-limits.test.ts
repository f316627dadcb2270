import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RateLimiter } from '../../src/ports/rate-limiter.ts';
import { postgresRateLimiter } from '../../src/vendors/postgres/rate-limiter.ts';
import { connectRedisRateLimiter } from '../../src/vendors/redis/rate-limiter.ts';
import { graphql } from '../gql/gql.ts';
import { type TestApi, testApi } from '../support/api.ts';
import { testDatabase } from '../support/database.ts';
import { quiet } from '../support/quiet.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';

const Enter = graphql(`mutation Enter($input: SignInInput!) { signIn(input: $input) { user { email } errors { code } } }`);
const Join = graphql(`mutation Join($input: RegisterInput!) { register(input: $input) { user { email } errors { code } } }`);
const Renew = graphql(`mutation Renew($token: String!) { refreshSession(input: { refreshToken: $token }) { session { refreshToken } errors { code } } }`);

describe('the API', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi({ env: { RATE_LIMITS: 'on', TRUST_PROXY: '1' } });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const limited = ({ errors }: { errors?: readonly { extensions: Readonly<Record<string, unknown>> }[] }) => errors?.[0]?.extensions.code === 'RATE_LIMITED';

  it('lets nobody guess at an account for long, and says when to try again', async () => {
    const { email, password } = await api.person();
    const guess = (address: string, guessed = 'incorrect horse') => api.gql(Enter, { input: { email, password: guessed } }, from(address));
    for (let attempt = 1; attempt <= 10; attempt++) expect((await guess('198.51.100.1')).data?.signIn.errors[0]?.code).toBe('INVALID_CREDENTIALS');
    const refused = await guess('198.51.100.1', password);
    expect(refused.data).toBeNull();
    expect(refused.errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    expect(refused.errors?.[0]?.extensions.retryAfterSeconds).toBeGreaterThan(800);
    // Its owner, elsewhere, is not locked out.
    expect((await guess('198.51.100.2', password)).data?.signIn.user?.email).toBe(email);
  });

  it('forgets the guesses of who gets it right', async () => {
    const { email, password } = await api.person();
    for (let round = 0; round < 3; round++) {
      for (let attempt = 1; attempt <= 5; attempt++) await api.gql(Enter, { input: { email, password: 'incorrect horse' } }, from('198.51.100.3'));
      expect((await api.gql(Enter, { input: { email, password } }, from('198.51.100.3'))).data?.signIn.user?.email).toBe(email);
    }
  });

  it('lets one address try only so many accounts', async () => {
    const tries = await Promise.all(
      Array.from({ length: 70 }, (_, index) => api.gql(Enter, { input: { email: `nobody${index}@example.com`, password: 'x' } }, from('198.51.100.4'))),
    );
    expect(tries.filter(limited)).toHaveLength(10);
  });

  it('lets one address register only so often', async () => {
    const joins = [];
    for (let index = 0; index < 31; index++)
      joins.push(await api.gql(Join, { input: { email: `crowd${index}@example.com`, password: 'correct horse' } }, from('198.51.100.5')));
    expect(joins.map(limited)).toEqual([...Array(30).fill(false), true]);
  });

  it('lets a session be refreshed only so often', async () => {
    const person = await api.person();
    let token = person.refreshToken;
    for (let round = 1; round <= 60; round++) token = (await api.gql(Renew, { token }, from('198.51.100.6'))).data?.refreshSession.session?.refreshToken ?? '';
    expect(limited(await api.gql(Renew, { token }, from('198.51.100.6')))).toBe(true);
  });
});

const STORES = redisInstalled ? (['Postgres', 'Redis'] as const) : (['Postgres'] as const);
if (!redisInstalled) console.info('rate limits in Redis: not tested, as no redis-server is installed');

describe.each(STORES)('a rate limiter in %s', (store) => {
  const opened = new AsyncDisposableStack();
  let limiters: RateLimiter[];
  let kill = async () => {};
  beforeAll(async () => {
    if (store === 'Postgres') {
      const { pool } = opened.use(await testDatabase());
      limiters = [opened.use(postgresRateLimiter({ pool })), opened.use(postgresRateLimiter({ pool }))];
      return;
    }
    const redis = opened.use(await startRedis());
    kill = () => redis.kill();
    const connect = async () => opened.use(await connectRedisRateLimiter({ url: redis.url, logger: quiet().logger }));
    limiters = [await connect(), await connect()];
  });
  afterAll(() => opened.disposeAsync());

  const rule = { name: 'three', attempts: 3, windowSeconds: 60 };
  const take = (key: string, which = 0) => limiters[which]?.take(rule, key);

  it('counts each key by itself, over all processes, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => take('a', index % 2)));
    expect(answers.filter((refusal) => refusal === null)).toHaveLength(3);
    expect(answers.find((refusal) => refusal !== null)?.retryAfterSeconds).toBeGreaterThan(50);
    expect(await take('b')).toBeNull();
  });

  it('counts each rule by itself, and forgets when told to', async () => {
    expect(await limiters[0]?.take({ ...rule, name: 'other' }, 'a')).toBeNull();
    await limiters[1]?.forget(rule, 'a');
    expect(await take('a')).toBeNull();
  });

  it('begins anew when its window is over', async () => {
    const short = { name: 'short', attempts: 1, windowSeconds: 1 };
    expect(await limiters[0]?.take(short, 'c')).toBeNull();
    const refusal = await limiters[0]?.take(short, 'c');
    expect(refusal?.retryAfterSeconds).toBe(1);
    await expect.poll(() => limiters[0]?.take(short, 'c'), { timeout: 5_000, interval: 100 }).toBeNull();
  });

  it.runIf(store === 'Redis')('goes on in each process while the store is away', async () => {
    await kill();
    const answers = [];
    for (let attempt = 0; attempt < 4; attempt++) answers.push(await take('d'));
    expect(answers.map((refusal) => refusal === null)).toEqual([true, true, true, false]);
  });
});
