import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql } from '../gql/gql.ts';
import { nodeId, type TestApi, testApi } from '../support/api.ts';

const CreateSurvey = graphql(`mutation CreateSurvey($input: CreateSurveyInput!) {
  createSurvey(input: $input) {
    survey { id title source tone language voice { id } problems launchable sections { title } questions { id key title kind options section next { option goTo } } }
    errors { code message path }
  }
}`);
const UpdateSurvey = graphql(`mutation UpdateSurvey($input: UpdateSurveyInput!) {
  updateSurvey(input: $input) { survey { title problems questions { key title options } sections { title } } errors { code path } }
}`);
const DeleteSurvey = graphql(`mutation DeleteSurvey($input: DeleteSurveyInput!) { deleteSurvey(input: $input) { deletedId errors { code path } } }`);
const Surveys = graphql(`query Surveys {
  workspace { surveys(first: 10) { totalCount edges { node { id contacts(first: 10) { totalCount edges { node { phoneNumber } } } } } } }
}`);
const AddToSurvey = graphql(`mutation AddToSurvey($input: AddContactsInput!) { addContacts(input: $input) { contacts { id } errors { code path } } }`);

const YES_NO = { title: 'Do you own a car?', kind: 'SINGLE_CHOICE' as const, options: ['Yes', 'No'] };
const SURVEY = {
  title: 'Cars',
  questions: [
    { ...YES_NO, next: [{ option: 'No', goTo: 'submit' }] },
    { title: 'Which one?', kind: 'TEXT' as const, section: 2 },
  ],
};

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a survey written by hand', () => {
  it('has its questions in order, each with a key, and its sections', async () => {
    const owner = await api.person();
    const { data } = await api.gql(CreateSurvey, { input: SURVEY }, owner);
    expect(data?.createSurvey.errors).toEqual([]);
    expect(data?.createSurvey.survey).toMatchObject({
      title: 'Cars',
      source: 'MANUAL',
      tone: 'FRIENDLY',
      language: 'en-US',
      voice: { id: 'marin' },
      problems: [],
      launchable: true,
      sections: [{ title: 'Cars' }, { title: 'Section 2' }],
      questions: [
        { title: 'Do you own a car?', kind: 'SINGLE_CHOICE', options: ['Yes', 'No'], section: 1, next: [{ option: 'No', goTo: 'submit' }] },
        { title: 'Which one?', kind: 'TEXT', section: 2, next: [] },
      ],
    });
    const keys = data?.createSurvey.survey?.questions.map(({ key }) => key) ?? [];
    expect(new Set(keys).size).toBe(2);
  });

  it.each([
    ['no question', { ...SURVEY, questions: [] }, ['input', 'questions']],
    ['a choice of nothing', { ...SURVEY, questions: [{ ...YES_NO, options: [] }] }, ['input', 'questions', '0', 'options']],
    [
      'a rule for an option that is none',
      { ...SURVEY, questions: [{ ...YES_NO, next: [{ option: 'Maybe', goTo: 'next' }] }] },
      ['input', 'questions', '0', 'next'],
    ],
    [
      'a rule that leads nowhere',
      { ...SURVEY, questions: [{ ...YES_NO, next: [{ option: 'No', goTo: 'home' }] }] },
      ['input', 'questions', '0', 'next', '0', 'goTo'],
    ],
    ['a scale upside down', { ...SURVEY, questions: [{ title: 'How?', kind: 'SCALE' as const, low: 5, high: 1 }] }, ['input', 'questions', '0', 'high']],
    [
      'a key twice',
      {
        ...SURVEY,
        questions: [
          { ...YES_NO, key: 'a' },
          { ...YES_NO, key: 'a' },
        ],
      },
      ['input', 'questions', '1', 'key'],
    ],
    ['a voice that there is not', { ...SURVEY, voice: 'parrot' }, ['input', 'voice']],
  ])('with %s is refused at its place', async (_case, input, path) => {
    const { data } = await api.gql(CreateSurvey, { input }, await api.person());
    expect(data?.createSurvey.survey).toBeNull();
    expect(data?.createSurvey.errors).toMatchObject([{ code: 'INVALID', path }]);
  });

  it('tells what is wrong with it, and what must be gone before launch', async () => {
    const input = { title: 'Odd', questions: [{ ...YES_NO, options: ['Yes', 'yes!'], next: [{ option: 'Yes', goTo: 'section:9' }] }] };
    const { data } = await api.gql(CreateSurvey, { input }, await api.person());
    expect(data?.createSurvey.survey?.problems).toEqual([expect.stringContaining('sound the same'), expect.stringContaining('does not have')]);
    expect(data?.createSurvey.survey?.launchable).toBe(true);
  });

  it('is changed with its keys kept, and deleted once', async () => {
    const owner = await api.person();
    const made = (await api.gql(CreateSurvey, { input: SURVEY }, owner)).data?.createSurvey.survey;
    const id = made?.id ?? '';
    const key = made?.questions[0]?.key ?? '';
    const changed = await api.gql(UpdateSurvey, { input: { id, questions: [{ ...YES_NO, key, title: 'A car?' }] } }, owner);
    expect(changed.data?.updateSurvey.survey).toMatchObject({
      title: 'Cars',
      questions: [{ key, title: 'A car?' }],
      sections: [{ title: 'Cars' }, { title: 'Section 2' }],
    });
    expect((await api.gql(UpdateSurvey, { input: { id: nodeId('Survey', 'x'), title: 'y' } }, owner)).data?.updateSurvey.errors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    expect((await api.gql(DeleteSurvey, { input: { id } }, owner)).data?.deleteSurvey.deletedId).toBe(id);
    expect((await api.gql(DeleteSurvey, { input: { id } }, owner)).data?.deleteSurvey.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await api.gql(Surveys, {}, owner)).data?.workspace?.surveys.totalCount).toBe(0);
  });
});

describe('people for a survey', () => {
  it('are added once, however often', async () => {
    const owner = await api.person();
    const id = (await api.gql(CreateSurvey, { input: SURVEY }, owner)).data?.createSurvey.survey?.id ?? '';
    for (const contacts of [[{ phoneNumber: '2025550143' }], [{ phoneNumber: '2025550143' }, { phoneNumber: '2025550144' }]]) {
      expect((await api.gql(AddToSurvey, { input: { contacts, surveyId: id } }, owner)).data?.addContacts.errors).toEqual([]);
    }
    const { data, errors } = await api.gql(Surveys, {}, owner);
    expect(errors).toBeUndefined();
    expect(data?.workspace?.surveys.edges[0]?.node.contacts).toMatchObject({ totalCount: 2, edges: [{}, {}] });
    const wrong = await api.gql(AddToSurvey, { input: { contacts: [{ phoneNumber: '2025550145' }], surveyId: nodeId('Survey', 'x') } }, owner);
    expect(wrong.data?.addContacts.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'surveyId'] }]);
  });
});
