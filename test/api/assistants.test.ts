import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, type TestApi, testApi } from '../support/api.ts';

const CreateAssistant = graphql(`mutation CreateAssistant($input: CreateAssistantInput!) {
  createAssistant(input: $input) {
    assistant {
      id name businessName description greeting instructions tone language timeZone createdAt
      voice { id name gender }
      hours { day opens closes }
      faqs { question answer }
      bookingPolicy { mode employeeCount maxConcurrentBookings allowOverbooking slotMinutes bufferMinutes minimumNoticeMinutes maximumDaysAhead }
      phoneLine { id }
    }
    errors { __typename code message path }
  }
}`);
const UpdateAssistant = graphql(`mutation UpdateAssistant($input: UpdateAssistantInput!) {
  updateAssistant(input: $input) {
    assistant { name businessName greeting voice { id } timeZone hours { day opens closes } faqs { question answer } }
    errors { code message path }
  }
}`);
const CallHandling = graphql(`mutation CallHandling($input: UpdateAssistantInput!) {
  updateAssistant(input: $input) {
    assistant { otherLanguages engine transferTo recordCalls recordingConsent voicemailMessage }
    errors { code message path }
  }
}`);
const DeleteAssistant = graphql(`mutation DeleteAssistant($id: ID!) {
  deleteAssistant(input: { id: $id }) { deletedId errors { code path } }
}`);
const UpdateBookingPolicy = graphql(`mutation UpdateBookingPolicy($input: UpdateBookingPolicyInput!) {
  updateBookingPolicy(input: $input) { assistant { bookingPolicy { mode employeeCount slotMinutes allowOverbooking } } errors { code message path } }
}`);
const Assistants = graphql(`query Assistants($first: Int, $after: String) {
  workspace { assistants(first: $first, after: $after) { totalCount edges { cursor node { name } } pageInfo { hasNextPage endCursor } } }
}`);
const Lines = graphql(`query Lines { workspace { phoneLines { phoneNumber assistant { name } } } }`);
const IsOpen = graphql(`query IsOpen($id: ID!, $at: DateTime) { node(id: $id) { ... on Assistant { isOpen(at: $at) } } }`);
const Voices = graphql(`query Voices { voices { id name gender } }`);

let api: TestApi;
let owner: Person;
beforeAll(async () => {
  api = await testApi();
  owner = await api.person();
});
afterAll(() => api[Symbol.asyncDispose]());

async function assistantOf(person: Person, input: Parameters<typeof create>[1] = { name: 'Robin' }) {
  const made = (await create(person, input)).assistant;
  if (!made) throw new Error('no assistant was made');
  return made;
}

async function create(person: Person, input: { name: string; [field: string]: unknown }) {
  const { data, errors } = await api.gql(CreateAssistant, { input }, person);
  if (!data) throw new Error(JSON.stringify(errors));
  return data.createAssistant;
}

describe('making an assistant', () => {
  it('takes a name, and gives everything else a default', async () => {
    const { assistant, errors } = await create(owner, { name: ' Robin ' });
    expect(errors).toEqual([]);
    expect(assistant).toMatchObject({
      name: 'Robin',
      businessName: null,
      greeting: 'Hello, you have reached Ada. How can I help you?',
      voice: { id: 'marin', name: 'Marin', gender: 'female' },
      tone: 'FRIENDLY',
      language: 'en-US',
      timeZone: 'America/New_York',
      faqs: [],
      bookingPolicy: {
        mode: 'STRICT',
        employeeCount: 1,
        maxConcurrentBookings: 1,
        allowOverbooking: false,
        slotMinutes: 30,
        bufferMinutes: 0,
        minimumNoticeMinutes: 60,
        maximumDaysAhead: 60,
      },
      phoneLine: null,
    });
    expect(assistant?.hours).toHaveLength(5);
  });

  it('keeps all that is given, with hours in order and a voice by its alias', async () => {
    const { assistant } = await create(owner, {
      name: 'Lena',
      businessName: 'Praxis am Kanal',
      description: 'Physiotherapie.\nSechs Räume.',
      greeting: 'Guten Tag!',
      instructions: 'Frag nach dem Rezept.',
      voice: 'Celeste',
      tone: 'PROFESSIONAL',
      language: 'de-de',
      timeZone: 'Europe/Berlin',
      hours: [
        { day: 'FRIDAY', opens: '14:00', closes: '00:00' },
        { day: 'FRIDAY', opens: '08:00', closes: '12:00' },
      ],
      faqs: [{ question: 'Parkplätze?', answer: 'Im Hof.' }],
    });
    expect(assistant).toMatchObject({
      businessName: 'Praxis am Kanal',
      description: 'Physiotherapie.\nSechs Räume.',
      greeting: 'Guten Tag!',
      voice: { id: 'shimmer' },
      tone: 'PROFESSIONAL',
      language: 'de-DE',
      timeZone: 'Europe/Berlin',
      hours: [
        { day: 'FRIDAY', opens: '08:00', closes: '12:00' },
        { day: 'FRIDAY', opens: '14:00', closes: '00:00' },
      ],
      faqs: [{ question: 'Parkplätze?', answer: 'Im Hof.' }],
    });
  });

  it('says everything that is wrong with the input at once, with its path', async () => {
    const { assistant, errors } = await create(owner, {
      name: ' ',
      voice: 'hal',
      faqs: Array.from({ length: 6 }, () => ({ question: 'Why?', answer: 'Because.' })),
      hours: [{ day: 'MONDAY', opens: '17:00', closes: '09:00' }],
    });
    expect(assistant).toBeNull();
    expect(errors.map(({ __typename, code, path }) => [__typename, code, path?.join('.')])).toEqual([
      ['InvalidInput', 'INVALID', 'input.name'],
      ['InvalidInput', 'INVALID', 'input.voice'],
      ['InvalidInput', 'INVALID', 'input.hours.0.closes'],
      ['InvalidInput', 'INVALID', 'input.faqs'],
    ]);
  });

  it('needs a sign-in', async () => {
    const { data, errors } = await api.gql(CreateAssistant, { input: { name: 'Robin' } });
    expect(data?.createAssistant).toBeUndefined();
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('how calls are handled', () => {
  it('begins with nobody to put callers through to, no recording, and one language', async () => {
    const { id } = await assistantOf(owner);
    const { data } = await api.gql(CallHandling, { input: { id } }, owner);
    expect(data?.updateAssistant).toEqual({
      assistant: { otherLanguages: [], engine: 'REALTIME', transferTo: null, recordCalls: false, recordingConsent: 'SPOKEN', voicemailMessage: null },
      errors: [],
    });
  });

  it('is changed field by field, and numbers are read with the country of the workspace', async () => {
    const { id } = await assistantOf(owner, { name: 'Robin', transferTo: '(202) 555-0143', recordCalls: true });
    const change = {
      otherLanguages: ['es', 'PT-br', 'es'],
      engine: 'GATHER' as const,
      recordingConsent: 'ANNOUNCED' as const,
      voicemailMessage: ' Please call back. ',
    };
    const { data } = await api.gql(CallHandling, { input: { id, ...change } }, owner);
    expect(data?.updateAssistant).toEqual({
      assistant: {
        otherLanguages: ['es', 'pt-BR'],
        engine: 'GATHER',
        transferTo: '+12025550143',
        recordCalls: true,
        recordingConsent: 'ANNOUNCED',
        voicemailMessage: 'Please call back.',
      },
      errors: [],
    });
    const cleared = await api.gql(CallHandling, { input: { id, transferTo: null, voicemailMessage: ' ' } }, owner);
    expect(cleared.data?.updateAssistant.assistant).toMatchObject({ transferTo: null, voicemailMessage: null, recordCalls: true });
  });

  it('refuses what cannot be, with the path', async () => {
    const { id } = await assistantOf(owner);
    const wrong = { otherLanguages: ['en', 'klingonish-'], voicemailMessage: 'x'.repeat(501) };
    const { data } = await api.gql(CallHandling, { input: { id, ...wrong } }, owner);
    expect(data?.updateAssistant.errors).toMatchObject([
      { code: 'INVALID', path: ['input', 'otherLanguages', '1'] },
      { code: 'INVALID', path: ['input', 'voicemailMessage'] },
    ]);
    const short = await api.gql(CallHandling, { input: { id, transferTo: '12' } }, owner);
    expect(short.data?.updateAssistant.errors ?? short.errors).toHaveLength(1);
    const incomplete = await api.gql(CallHandling, { input: { id, transferTo: '555-01' } }, owner);
    expect(incomplete.data?.updateAssistant).toMatchObject({ assistant: null, errors: [{ code: 'INVALID', path: ['input', 'transferTo'] }] });
  });

  it('puts nobody through to a line that an assistant answers', async () => {
    const { id } = await assistantOf(owner);
    await api.database.root.phoneLine.create({
      data: { id: 'own-line', workspaceId: owner.workspaceId, phoneNumber: '+12025550178', carrier: 'SIMULATED', provisionedAt: new Date() },
    });
    const { data } = await api.gql(CallHandling, { input: { id, transferTo: '+1 202 555 0178' } }, owner);
    expect(data?.updateAssistant.errors).toMatchObject([{ code: 'INVALID', path: ['input', 'transferTo'] }]);
  });
});

describe('changing an assistant', () => {
  it('changes what is given, clears what is null, and leaves the rest', async () => {
    const { id } = await assistantOf(owner, { name: 'Robin', businessName: 'Harbour Hair', greeting: 'Hello there!' });
    const input = { id, name: 'Rob', businessName: null, hours: [] };
    const { data } = await api.gql(UpdateAssistant, { input }, owner);
    expect(data?.updateAssistant).toMatchObject({
      errors: [],
      assistant: { name: 'Rob', businessName: null, greeting: 'Hello there!', hours: [], timeZone: 'America/New_York' },
    });
  });

  it('of another workspace, or of nothing, is NOT_FOUND', async () => {
    const { id } = await assistantOf(await api.person('Eve'));
    for (const target of [id, nodeId('Assistant', 'nothing'), nodeId('Workspace', owner.workspaceId), 'nonsense']) {
      const { data } = await api.gql(UpdateAssistant, { input: { id: target, name: 'Mine' } }, owner);
      expect(data?.updateAssistant).toMatchObject({ assistant: null, errors: [{ code: 'NOT_FOUND', path: ['input', 'id'] }] });
    }
  });

  it('takes back no rule: bad input is refused as in a new one', async () => {
    const { id } = await assistantOf(owner);
    const { data } = await api.gql(UpdateAssistant, { input: { id, language: '?', greeting: '' } }, owner);
    expect(data?.updateAssistant.errors.map(({ path }) => path?.at(-1))).toEqual(['greeting', 'language']);
  });
});

describe('a booking policy', () => {
  it('is changed in part', async () => {
    const { id } = await assistantOf(owner);
    const input = { assistantId: id, mode: 'FLEXIBLE' as const, employeeCount: 3, slotMinutes: null };
    const { data } = await api.gql(UpdateBookingPolicy, { input }, owner);
    expect(data?.updateBookingPolicy).toEqual({
      assistant: { bookingPolicy: { mode: 'FLEXIBLE', employeeCount: 3, slotMinutes: 30, allowOverbooking: false } },
      errors: [],
    });
  });

  it('keeps its limits', async () => {
    const { id } = await assistantOf(owner);
    const { data } = await api.gql(UpdateBookingPolicy, { input: { assistantId: id, slotMinutes: 2, employeeCount: 500 } }, owner);
    expect(data?.updateBookingPolicy).toMatchObject({
      assistant: null,
      errors: [
        { code: 'INVALID', path: ['input', 'employeeCount'], message: 'The number of employees is a whole number from 1 to 50.' },
        { code: 'INVALID', path: ['input', 'slotMinutes'], message: 'The length of an appointment is a whole number from 5 to 480 minutes.' },
      ],
    });
  });
});

describe('deleting an assistant', () => {
  it('takes it off the list and frees its line', async () => {
    const person = await api.person('Zoe');
    const { id } = await assistantOf(person, { name: 'Gone' });
    const assistantId = (await api.database.root.assistant.findFirstOrThrow({ where: { workspaceId: person.workspaceId } })).id;
    const line = { workspaceId: person.workspaceId, assistantId, phoneNumber: '+12025550177', carrier: 'SIMULATED' as const, provisionedAt: new Date() };
    await api.database.root.phoneLine.create({ data: { id: 'line', ...line } });
    const { data } = await api.gql(DeleteAssistant, { id }, person);
    expect(data?.deleteAssistant).toEqual({ deletedId: id, errors: [] });
    expect((await api.gql(Assistants, {}, person)).data?.workspace?.assistants.edges).toEqual([]);
    expect((await api.gql(Lines, {}, person)).data?.workspace?.phoneLines).toEqual([{ phoneNumber: '+12025550177', assistant: null }]);
    const again = await api.gql(DeleteAssistant, { id }, person);
    expect(again.data?.deleteAssistant).toEqual({ deletedId: null, errors: [{ code: 'NOT_FOUND', path: ['input', 'id'] }] });
  });
});

describe('reading assistants', () => {
  it('goes page by page, the oldest first', async () => {
    const person = await api.person('Pat');
    for (const name of ['One', 'Two', 'Three']) await assistantOf(person, { name });
    const first = (await api.gql(Assistants, { first: 2 }, person)).data?.workspace?.assistants;
    expect(first).toMatchObject({ totalCount: 3, edges: [{ node: { name: 'One' } }, { node: { name: 'Two' } }], pageInfo: { hasNextPage: true } });
    const second = (await api.gql(Assistants, { first: 2, after: first?.pageInfo.endCursor ?? null }, person)).data?.workspace?.assistants;
    expect(second).toMatchObject({ totalCount: 3, edges: [{ node: { name: 'Three' } }], pageInfo: { hasNextPage: false } });
  });

  it('tells whether it is open, on its own clock', async () => {
    const { id } = await assistantOf(owner, { name: 'Night owl', timeZone: 'Asia/Kolkata', hours: [{ day: 'MONDAY', opens: '00:00', closes: '00:30' }] });
    const openAt = async (at: string) => {
      const { data } = await api.gql(IsOpen, { id, at }, owner);
      return data?.node && 'isOpen' in data.node ? data.node.isOpen : undefined;
    };
    expect([await openAt('2026-09-06T18:29:59Z'), await openAt('2026-09-06T18:30:00Z'), await openAt('2026-09-06T19:00:00Z')]).toEqual([false, true, false]);
  });

  it('lists the voices on offer', async () => {
    const { data } = await api.gql(Voices, {}, owner);
    expect(data?.voices).toHaveLength(10);
    expect(data?.voices).toContainEqual({ id: 'alloy', name: 'Alloy', gender: null });
  });
});
