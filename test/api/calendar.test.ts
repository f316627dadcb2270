import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { graphql } from '../gql/gql.ts';
import { type Person, type TestApi, testApi } from '../support/api.ts';
import { EVENTS_SCOPE } from '../support/google-oauth-state.ts';
import { ACCOUNT, type GoogleTwin, googleSettings, startGoogleTwin } from '../support/google-twin.ts';

const Connect = graphql(`mutation ConnectCalendar($input: ConnectCalendarInput!) {
  connectCalendar(input: $input) { authorizationUrl errors { __typename code message path } }
}`);
const Disconnect = graphql(`mutation DisconnectCalendar {
  disconnectCalendar { workspace { id calendar { email } } errors { code } }
}`);
const Calendar = graphql(`query CalendarOfWorkspace {
  workspace { calendar { provider email calendarId healthy problem } }
}`);

let twin: GoogleTwin;
let api: TestApi;
let ada: Person;

beforeAll(async () => {
  twin = await startGoogleTwin();
  const addresses = { GOOGLE_OAUTH_URL: 'https://accounts.example.com', FRONTEND_URL: 'https://app.example.com', PUBLIC_URL: 'https://api.example.com' };
  api = await testApi({ env: { ...googleSettings(twin), ...addresses, ALLOWED_ORIGINS: 'https://app.example.com,https://other.example.com' } });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await twin[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ada = await api.person('Ada');
});
afterEach(() => expect(twin.violations()).toEqual([]));

type Sent = { token?: string; headers?: Record<string, string> };

async function ask(input: object = {}, sender: Sent = ada): Promise<string> {
  const { data, errors } = await api.gql(Connect, { input }, sender);
  expect(errors).toBeUndefined();
  const url = data?.connectCalendar.authorizationUrl;
  if (!url) throw new Error(JSON.stringify(data?.connectCalendar.errors));
  return url;
}
/** The browser comes back, at the port that is behind the public address. */
async function comeBack({ pathname, search }: URL, cookie?: string) {
  const response = await fetch(new URL(pathname + search, api.url), { redirect: 'manual', headers: cookie ? { cookie } : {} });
  return { status: response.status, location: response.headers.get('location'), body: await response.text() };
}
const calendarOf = async (person: Person = ada) => (await api.gql(Calendar, {}, person)).data?.workspace?.calendar;
const linkOf = ({ workspaceId }: Person = ada) => api.database.root.calendarLink.findFirst({ where: { workspaceId } });

async function signInWithCookie(person: Person): Promise<string> {
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { errors { code } } }';
  const { headers } = await api.post({ query, variables: { input: { email: person.email, password: person.password, cookie: true } } });
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('connecting a calendar', () => {
  it('sends the browser to give consent, and takes what it brings back', async () => {
    const url = new URL(await ask());
    expect(url.origin + url.pathname).toBe('https://accounts.example.com/o/oauth2/v2/auth');
    expect(url.searchParams.get('redirect_uri')).toBe('https://api.example.com/integrations/google-calendar/callback');
    expect(url.searchParams.get('login_hint')).toBe(ada.email);
    expect(await calendarOf()).toBe(null);
    expect(await comeBack(twin.oauth.consent(url.href))).toMatchObject({ status: 303, location: 'https://app.example.com/?calendar=connected' });
    expect(await calendarOf()).toEqual({ provider: 'GOOGLE', email: ACCOUNT.email, calendarId: 'primary', healthy: true, problem: null });
  });

  it('stores nothing that could be used by whoever reads the database', async () => {
    const url = await ask();
    const state = new URL(url).searchParams.get('state') ?? '';
    const consent = await api.database.root.calendarConsent.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
    expect(state).toHaveLength(43);
    expect(JSON.stringify(consent)).not.toContain(state);
    await comeBack(twin.oauth.consent(url));
    expect(JSON.stringify(await linkOf())).not.toMatch(/ya29|1\/\//);
  });

  it('ends on the page that is asked for, of an allowed origin alone', async () => {
    const returnUrl = 'https://other.example.com/settings?tab=calendar';
    const back = await comeBack(twin.oauth.consent(await ask({ returnUrl, calendarId: 'primary' })));
    expect(back.location).toBe(`${returnUrl}&calendar=connected`);
    const { data } = await api.gql(Connect, { input: { returnUrl: 'https://evil.example.com/' } }, ada);
    expect(data?.connectCalendar).toMatchObject({ authorizationUrl: null, errors: [{ code: 'INVALID', path: ['input', 'returnUrl'] }] });
  });

  it('says where the person refused, or did not tick everything', async () => {
    expect((await comeBack(twin.oauth.consent(await ask(), { deny: true }))).location).toBe('https://app.example.com/?calendar=failed&reason=denied');
    const back = twin.oauth.consent(await ask(), { scopes: ['openid', 'email', EVENTS_SCOPE] });
    expect((await comeBack(back)).location).toBe('https://app.example.com/?calendar=failed&reason=incomplete');
    expect(await calendarOf()).toBe(null);
  });

  it('says where Google is away, or we are not who we say', async () => {
    twin.script('token', { type: 'refuse', status: 503, reason: 'internal_failure' }, { type: 'refuse', status: 401, reason: 'invalid_client' });
    expect((await comeBack(twin.oauth.consent(await ask()))).location).toContain('reason=unavailable');
    expect((await comeBack(twin.oauth.consent(await ask()))).location).toContain('reason=rejected');
  });

  it('replaces the calendar before, and gives its consent back where it was another account’s', async () => {
    await comeBack(twin.oauth.consent(await ask()));
    const before = await linkOf();
    await comeBack(twin.oauth.consent(await ask(), { accountId: '2000' }));
    expect(await api.database.root.calendarLink.count({ where: { workspaceId: ada.workspaceId } })).toBe(1);
    expect((await linkOf())?.id).not.toBe(before?.id);
    expect(await waitingJobs()).toEqual(expect.arrayContaining([{ name: 'revoke-consent', accountId: '1000' }]));
  });
});

describe('what the browser brings back', () => {
  it('is good once', async () => {
    const url = await ask();
    const back = twin.oauth.consent(url);
    const again = twin.oauth.consent(url);
    const answers = await Promise.all([comeBack(back), comeBack(back), comeBack(again)]);
    expect(answers.map(({ location }) => location?.split('?')[1]).sort()).toEqual([
      'calendar=connected',
      'calendar=failed&reason=expired',
      'calendar=failed&reason=expired',
    ]);
  });

  it('is good for a quarter of an hour', async () => {
    const back = twin.oauth.consent(await ask());
    await api.database.root.calendarConsent.updateMany({ where: { workspaceId: ada.workspaceId }, data: { expiresAt: new Date() } });
    expect((await comeBack(back)).location).toContain('reason=expired');
  });

  it('is good for the sign-in that asked: not after it has ended', async () => {
    const back = twin.oauth.consent(await ask());
    await api.post({ query: 'mutation { signOut { signedOut } }' }, ada);
    expect((await comeBack(back)).location).toContain('reason=signed-out');
  });

  it('is not good in the browser of somebody else, who was sent the address', async () => {
    const eve = await api.person('Eve');
    const cookie = await signInWithCookie(eve);
    expect((await comeBack(twin.oauth.consent(await ask()), cookie)).location).toContain('reason=signed-out');
    expect(await linkOf()).toBe(null);
  });

  it('must come with the cookie where the cookie asked', async () => {
    const cookie = await signInWithCookie(ada);
    const sender = { headers: { cookie, origin: 'https://app.example.com' } };
    expect((await comeBack(twin.oauth.consent(await ask({}, sender)))).location).toContain('reason=signed-out');
    expect((await comeBack(twin.oauth.consent(await ask({}, sender)), await signInWithCookie(ada))).location).toContain('reason=signed-out');
    expect((await comeBack(twin.oauth.consent(await ask({}, sender)), cookie)).location).toContain('calendar=connected');
  });

  it.each([
    ['GET', '?state=made-up&code=x', 303],
    ['GET', '', 400],
    ['GET', '?code=x', 400],
    ['POST', '?state=x&code=x', 405],
  ])('is nothing: %s %s', async (method, query, status) => {
    const response = await fetch(new URL(`/integrations/google-calendar/callback${query}`, api.url), { method, redirect: 'manual' });
    expect(response.status).toBe(status);
    if (status === 303) expect(response.headers.get('location')).toBe('https://app.example.com/?calendar=failed&reason=expired');
    else expect(await response.json()).toEqual({ error: expect.any(String) });
  });
});

describe('disconnecting', () => {
  it('takes the calendar away and gives the consent back, and again does nothing', async () => {
    const eve = await api.person('Eve');
    await comeBack(twin.oauth.consent(await ask({}, eve)));
    await comeBack(twin.oauth.consent(await ask()));
    for (let times = 0; times < 2; times++) {
      expect((await api.gql(Disconnect, {}, ada)).data?.disconnectCalendar).toMatchObject({ workspace: { calendar: null }, errors: [] });
    }
    expect(await linkOf()).toBe(null);
    expect((await linkOf(eve))?.workspaceId).toBe(eve.workspaceId);
    expect(await waitingJobs()).toEqual(expect.arrayContaining([{ name: 'revoke-consent', accountId: ACCOUNT.id }]));
  });
});

it('a calendar that needs its owner says so', async () => {
  await comeBack(twin.oauth.consent(await ask()));
  await api.database.root.calendarLink.updateMany({ where: { workspaceId: ada.workspaceId }, data: { problem: 'Connect the calendar again.' } });
  expect(await calendarOf()).toMatchObject({ healthy: false, problem: 'Connect the calendar again.' });
});

it('where no calendar service is configured that is said', async () => {
  await using bare = await testApi();
  const { data } = await bare.gql(Connect, { input: {} }, await bare.person());
  expect(data?.connectCalendar).toMatchObject({ authorizationUrl: null, errors: [{ code: 'ILLEGAL_STATE' }] });
});

async function waitingJobs() {
  const { rows } = await api.database.pool.query<{ name: string; accountId: string | null }>(
    `select name, data->>'accountId' as "accountId" from pgboss.job where name = 'revoke-consent'`,
  );
  return rows;
}
