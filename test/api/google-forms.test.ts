import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formResponse } from '../../src/domain/surveys/exported.ts';
import { graphql } from '../gql/gql.ts';
import { type Person, type TestApi, testApi } from '../support/api.ts';
import { FORMS_SCOPE, formsSchemaProblems, type GoogleFormsTwin, startGoogleFormsTwin } from '../support/google-forms-twin.ts';
import { EVENTS_SCOPE, FREE_BUSY_SCOPE } from '../support/google-oauth-state.ts';
import { type GoogleTwin, googleSettings, startGoogleTwin } from '../support/google-twin.ts';

const ConnectForms = graphql(`mutation ConnectForms($input: ConnectCalendarInput!) { connectCalendar(input: $input) { authorizationUrl errors { code } } }`);
const CalendarLink = graphql(`query CalendarLink { workspace { calendar { calendarId forms healthy } } }`);
const ImportForm = graphql(`mutation ImportForm($input: ImportGoogleFormInput!) {
  importGoogleForm(input: $input) { survey { id title source formId formRevision problems launchable questions { key title kind } } changes errors { code message path } }
}`);

const FORM = JSON.parse(readFileSync(new URL('../fixtures/forms/damage-claim.json', import.meta.url), 'utf8'));
const EDIT = `https://docs.google.com/forms/d/${FORM.formId}/edit#responses`;

let google: GoogleTwin;
let forms: GoogleFormsTwin;
let api: TestApi;
let ada: Person;
beforeAll(async () => {
  google = await startGoogleTwin();
  forms = await startGoogleFormsTwin(google.oauth);
  const addresses = { GOOGLE_OAUTH_URL: 'https://accounts.example.com', GOOGLE_FORMS_URL: forms.url, PUBLIC_URL: 'https://api.example.com' };
  api = await testApi({
    env: { ...googleSettings(google), ...addresses, FRONTEND_URL: 'https://app.example.com', ALLOWED_ORIGINS: 'https://app.example.com' },
  });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await forms[Symbol.asyncDispose]();
  await google[Symbol.asyncDispose]();
});
beforeEach(async () => {
  forms.forms.clear();
  forms.forms.set(FORM.formId, FORM);
  ada = await api.person('Ada');
});
afterEach(() => expect([...google.violations(), ...forms.violations]).toEqual([]));

/** Ada gives consent in her browser. */
async function connect(input: { forms?: boolean; calendarId?: string } = { forms: true }, scopes?: readonly string[]) {
  const { data } = await api.gql(ConnectForms, { input }, ada);
  const { pathname, search } = google.oauth.consent(data?.connectCalendar.authorizationUrl ?? '', { ...(scopes && { scopes }) });
  await fetch(new URL(pathname + search, api.url), { redirect: 'manual' });
}
const read = async (url = EDIT) => {
  const { data, errors } = await api.gql(ImportForm, { input: { url } }, ada);
  return { ...data?.importGoogleForm, fault: errors?.[0]?.extensions.code };
};
const link = async () => (await api.gql(CalendarLink, {}, ada)).data?.workspace?.calendar;

describe('the right to read forms', () => {
  it('is asked for beside the calendar, which goes on as it is', async () => {
    await connect({ calendarId: 'team' });
    expect(await link()).toEqual({ calendarId: 'team', forms: false, healthy: true });
    expect((await read()).errors).toMatchObject([{ code: 'ILLEGAL_STATE', message: expect.stringContaining('forms: true') }]);
    await connect();
    expect(await link()).toEqual({ calendarId: 'team', forms: true, healthy: true });
    expect((await read()).errors).toEqual([]);
  });

  it('may be left unticked: the calendar works, and an import says what is missing', async () => {
    await connect({ forms: true }, ['openid', 'email', EVENTS_SCOPE, FREE_BUSY_SCOPE]);
    expect(await link()).toMatchObject({ forms: false, healthy: true });
    expect((await read()).errors).toMatchObject([{ code: 'ILLEGAL_STATE' }]);
  });

  it('that Google no longer grants is told, with what to do', async () => {
    await connect();
    google.oauth.takeBack();
    expect((await read()).errors).toMatchObject([{ code: 'ILLEGAL_STATE', message: expect.stringContaining('taken back') }]);
  });
});

describe('a form', () => {
  beforeEach(() => connect());

  it('becomes a survey, with what cannot be asked by voice', async () => {
    const { survey, changes, errors } = await read();
    expect(errors).toEqual([]);
    expect(changes).toEqual([]);
    expect(survey).toMatchObject({ source: 'GOOGLE_FORM', formId: FORM.formId, formRevision: FORM.revisionId, title: FORM.info.title });
    expect(survey?.problems.some((problem) => problem.includes('file'))).toBe(true);
    expect(survey?.questions.length).toBeGreaterThan(5);
  });

  it('read again is the same survey, and shows what has changed', async () => {
    const first = await read();
    const changed = structuredClone(FORM);
    changed.revisionId = '00000042';
    const asked = changed.items.find((item: { questionItem?: { question: { choiceQuestion?: object } } }) => item.questionItem?.question.choiceQuestion);
    asked.questionItem.question.choiceQuestion.options.push({ value: 'A brand new one' });
    changed.items = changed.items.filter((item: { questionItem?: { question: { textQuestion?: object } } }) => !item.questionItem?.question.textQuestion);
    forms.forms.set(FORM.formId, changed);
    const again = await read();
    expect(again.survey).toMatchObject({ id: first.survey?.id, formRevision: '00000042' });
    expect(again.changes).toEqual(expect.arrayContaining([expect.stringContaining('A brand new one'), expect.stringContaining('was taken out')]));
    expect((await read()).changes).toEqual([]);
  });

  it('read twice at once is one survey', async () => {
    const [one, other] = await Promise.all([read(), read()]);
    expect(one.survey?.id).toBe(other.survey?.id);
    expect(await api.database.root.survey.count({ where: { workspaceId: ada.workspaceId } })).toBe(1);
  });

  it.each([
    ['https://docs.google.com/forms/d/e/1FAIpQLSabcdefghijklmnopqrstuvwxyz/viewform', 'for those who answer'],
    ['https://forms.gle/abc123', 'for those who answer'],
    ['https://example.com/forms/d/abcdefghijkl/edit', 'not the address of a Google form'],
    ['my form', 'not the address of a Google form'],
  ])('at %s is refused, with where to find the right address', async (url, why) => {
    expect((await read(url)).errors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining(why), path: ['input', 'url'] }]);
    expect((await read(url)).errors?.[0]?.message).toContain('/edit');
  });

  it.each([`https://docs.google.com/forms/u/1/d/${FORM.formId}/edit`, `docs.google.com/forms/d/${FORM.formId}`])('is found at %s', async (url) => {
    expect((await read(url)).survey?.formId).toBe(FORM.formId);
  });

  it('that is not there or not shared is not found', async () => {
    forms.forms.set(FORM.formId, 'not shared');
    expect((await read()).errors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'url'] }]);
    forms.forms.clear();
    expect((await read()).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('is asked for again where Google hesitates, with a fresh token where it refuses one', async () => {
    forms.script.push({ status: 503, body: 'busy' }, 'hang up');
    expect((await read()).errors).toEqual([]);
    google.oauth.expireTokens();
    expect((await read()).errors).toEqual([]);
    forms.script.push(...Array.from({ length: 3 }, () => ({ status: 500, body: '' })));
    expect((await read()).fault).toBe('UPSTREAM_UNAVAILABLE');
    forms.script.push({ status: 200, body: '{"formId":7}' });
    expect((await read()).errors).toMatchObject([{ code: 'UPSTREAM_REJECTED' }]);
  });
});

it('the scope is the one that reads forms and nothing else', () => {
  expect(FORMS_SCOPE).toBe('https://www.googleapis.com/auth/forms.body.readonly');
});

it('a response is exported as the Forms API would list it', () => {
  const answer = { step: 1, questionKey: 'a1', status: 'VALID', mapped: ['One', 'Two'], raw: 'one and two' };
  const at = new Date(0);
  const who = { name: null, phoneNumber: '+12025550143', email: 'ann@example.com' };
  const response = formResponse('f', { id: 'r', complete: true, createdAt: at, updatedAt: at, ...who, answers: [answer] });
  expect(formsSchemaProblems('FormResponse', response)).toEqual([]);
});
