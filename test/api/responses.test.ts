import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/kit/ids.ts';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, type TestApi, testApi } from '../support/api.ts';

const MakeSurvey = graphql(`mutation MakeSurvey($input: CreateSurveyInput!) {
  createSurvey(input: $input) { survey { id questions { key } } errors { code message } }
}`);
const Responses = graphql(`query Responses($id: ID!) {
  node(id: $id) {
    ... on Survey {
      summary { question { key } answered average counts { option count } }
      responses(first: 10) { totalCount edges { node { complete contact { phoneNumber } answers { question { title } raw mapped confidence method status turn { sequence text } } } } }
    }
  }
}`);
const Export = graphql(`mutation ExportResponses($input: ExportResponsesInput!) { exportResponses(input: $input) { url errors { code path } } }`);
const ExportNumbers = graphql(`mutation ExportSuppressions { exportSuppressions { url errors { code } } }`);
const Remap = graphql(`mutation RemapAnswers($input: RemapAnswersInput!) { remapAnswers(input: $input) { looked changed more errors { code path } } }`);

let api: TestApi;
let owner: Person;
let surveyId: string;
beforeAll(async () => {
  api = await testApi();
  owner = await api.person();
  surveyId = await answeredSurvey(owner);
});
afterAll(() => api[Symbol.asyncDispose]());

/** Two people have answered, and a third in a test. */
async function answeredSurvey({ workspaceId }: Person): Promise<string> {
  const questions = [
    { key: 'service', title: 'Which one?', kind: 'SINGLE_CHOICE' as const, options: ['Cut, dry', 'Colour'] },
    { key: 'grade', title: 'How was it?', kind: 'SCALE' as const, low: 1, high: 3 },
    { key: 'words', title: 'Anything to add?', kind: 'PARAGRAPH' as const },
  ];
  const { data } = await api.gql(MakeSurvey, { input: { title: 'Hair', questions } }, owner);
  expect(data?.createSurvey.errors).toEqual([]);
  const id = data?.createSurvey.survey?.id ?? '';
  const rowId = Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
  const { root } = api.database;
  const at = new Date('2026-05-01T10:00:00Z');
  const answersOf = [
    [
      ['service', 'VALID', 'a cut and dry please', ['Cut, dry']],
      ['grade', 'VALID', '3', ['3']],
      ['words', 'VALID', '=HYPERLINK("x")', ['=HYPERLINK("x")']],
    ],
    [
      ['service', 'NEEDS_REVIEW', 'Colour', []],
      ['grade', 'VALID', '[pressed 2]', ['2']],
      ['words', 'SKIPPED', 'no', []],
    ],
    [
      ['service', 'VALID', 'Colour', ['Colour']],
      ['grade', 'VALID', '1', ['1']],
    ],
  ] as const;
  for (const [index, answers] of answersOf.entries()) {
    const [contactId, callId, responseId] = [newId(), newId(), newId()];
    const phoneNumber = `+1202555014${index}`;
    await root.contact.create({ data: { id: contactId, workspaceId, phoneNumber, name: `Person "${index}"`, createdAt: at, updatedAt: at } });
    const call = { direction: 'OUTBOUND', status: 'ENDED', carrier: 'SIMULATED', from: '+12025550100', to: phoneNumber, plan: {}, createdAt: at } as const;
    await root.call.create({ data: { ...call, id: callId, workspaceId } });
    const turn = { workspaceId, callId, speaker: 'CALLER', heardText: '', startedAt: at } as const;
    await root.transcriptTurn.create({ data: { ...turn, id: newId(), sequence: 2, text: answers[0][2] } });
    const response = { id: responseId, workspaceId, surveyId: rowId, contactId, callId, complete: true, test: index === 2, createdAt: at, completedAt: at };
    await root.surveyResponse.create({ data: response });
    for (const [step, [questionKey, status, raw, mapped]] of answers.entries()) {
      const answer = { questionKey, status, raw, mapped: [...mapped], confidence: 1, method: 'EXACT' as const, turnSequence: 3, answeredAt: at };
      await root.surveyAnswer.create({ data: { ...answer, id: newId(), workspaceId, responseId, callId, step: step + 1 } });
    }
  }
  return id;
}

describe('responses', () => {
  it('have their answers with the words and the turn, and are summed up without those of tests', async () => {
    const { data, errors } = await api.gql(Responses, { id: surveyId }, owner);
    expect(errors).toBeUndefined();
    if (!data?.node || !('summary' in data.node)) throw new Error('there is no survey');
    const { summary, responses } = data.node;
    expect(summary).toEqual([
      {
        question: { key: 'service' },
        answered: 1,
        average: null,
        counts: [
          { option: 'Cut, dry', count: 1 },
          { option: 'Colour', count: 0 },
        ],
      },
      { question: { key: 'grade' }, answered: 2, average: 2.5, counts: ['1', '2', '3'].map((option) => ({ option, count: option === '1' ? 0 : 1 })) },
      { question: { key: 'words' }, answered: 1, average: null, counts: [] },
    ]);
    expect(responses.totalCount).toBe(2);
    expect(responses.edges.map(({ node }) => node.answers[0])).toContainEqual({
      question: { title: 'Which one?' },
      raw: 'a cut and dry please',
      mapped: ['Cut, dry'],
      confidence: 1,
      method: 'EXACT',
      status: 'VALID',
      turn: { sequence: 2, text: 'a cut and dry please' },
    });
  });

  it('are exported for spreadsheets, with no formula in them', async () => {
    const { data } = await api.gql(Export, { input: { surveyId } }, owner);
    const response = await fetched(data?.exportResponses.url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer()).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(
      '\uFEFFResponse,Begun,Complete,Name,Phone,E-mail,Which one?,Which one? (status),Which one? (words),How was it?,How was it? (status),How was it? (words),Anything to add?,Anything to add? (status),Anything to add? (words)',
    );
    expect(lines[1]).toContain(`"Person ""0""",+12025550140,,"Cut, dry",VALID,a cut and dry please,3,VALID,3,"'=HYPERLINK(""x"")",VALID`);
  });

  it('are exported as the Google Forms API lists them', async () => {
    const { data } = await api.gql(Export, { input: { surveyId, format: 'JSON' } }, owner);
    const { responses } = (await (await fetched(data?.exportResponses.url)).json()) as { responses: Record<string, unknown>[] };
    expect(responses).toHaveLength(2);
    expect(responses[1]).toMatchObject({
      createTime: '2026-05-01T10:00:00.000Z',
      answers: { grade: { questionId: 'grade', textAnswers: { answers: [{ value: '2' }] } } },
    });
    expect(Object.keys(Object(responses[1]?.answers))).toEqual(['grade']);
  });

  it('are read by nobody without a good link', async () => {
    const { data } = await api.gql(Export, { input: { surveyId } }, owner);
    const path = new URL(data?.exportResponses.url ?? '').pathname;
    expect((await fetch(new URL(`${path.slice(0, -4)}abcd`, api.url))).status).toBe(404);
    expect((await fetch(new URL(path, api.url), { method: 'POST' })).status).toBe(405);
    expect((await api.gql(Export, { input: { surveyId: nodeId('Survey', 'x') } }, owner)).data?.exportResponses.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('that a person has to read are read again on demand, and only they', async () => {
    const { data } = await api.gql(Remap, { input: { surveyId } }, owner);
    expect(data?.remapAnswers).toEqual({ looked: 1, changed: 1, more: false, errors: [] });
    const seen = await api.database.root.surveyAnswer.findMany({ where: { raw: 'Colour', response: { test: false } } });
    expect(seen).toMatchObject([{ status: 'VALID', mapped: ['Colour'], method: 'EXACT' }]);
  });
});

describe('suppressed numbers', () => {
  it('are exported', async () => {
    const { workspaceId } = owner;
    await api.database.root.suppression.create({
      data: { workspaceId, phoneNumber: '+12025550143', reason: 'MANUAL', source: 'a person', createdAt: new Date(0) },
    });
    const { data } = await api.gql(ExportNumbers, {}, owner);
    expect(await (await fetched(data?.exportSuppressions.url)).text()).toBe(
      'Phone,Reason,Source,Since\r\n+12025550143,MANUAL,a person,1970-01-01T00:00:00.000Z\r\n',
    );
  });
});

const fetched = (url: string | null | undefined) => fetch(new URL(new URL(url ?? '').pathname, api.url));
