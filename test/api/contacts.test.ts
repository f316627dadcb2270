import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql } from '../gql/gql.ts';
import { type Person, type TestApi, testApi } from '../support/api.ts';

const AddContacts = graphql(`mutation AddContacts($input: AddContactsInput!) {
  addContacts(input: $input) { contacts { id name phoneNumber email timeZone consent suppressed attributes { key value } } errors { code message path } }
}`);
const SuppressNumber = graphql(`mutation SuppressNumber($input: SuppressNumberInput!) {
  suppressNumber(input: $input) { suppression { phoneNumber reason source } errors { code path } }
}`);
const Contacts = graphql(`query Contacts($search: String) {
  workspace { contacts(first: 50, search: $search) { totalCount edges { node { name phoneNumber email consent suppressed attributes { key value } } } } }
}`);
const Suppressions = graphql(`query Suppressions { workspace { suppressions(first: 50) { totalCount edges { node { phoneNumber reason } } } } }`);
const IMPORT = `mutation ImportContacts($input: ImportContactsInput!) {
  importContacts(input: $input) { imported created duplicates header columns { name phone email } rejected { line reason value } errors { code message path } }
}`;
const IMPORT_SUPPRESSIONS = `mutation ImportSuppressions($input: ImportSuppressionsInput!) {
  importSuppressions(input: $input) { suppressed alreadySuppressed rejected { line reason } errors { code message } }
}`;

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** As a browser sends a file: see the specification of multipart requests. */
async function upload(person: Person, query: string, content: string | Uint8Array<ArrayBuffer>, input: Record<string, unknown> = {}) {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query, variables: { input: { ...input, csv: null } } }));
  form.set('map', JSON.stringify({ 0: ['variables.input.csv'] }));
  form.set('0', new File([content], 'people.csv', { type: 'text/csv' }));
  const response = await fetch(api.url, { method: 'POST', body: form, headers: { authorization: `Bearer ${person.token}`, 'x-graphql-yoga-csrf': '1' } });
  return response.json();
}

describe('a list of people', () => {
  it('becomes contacts; lines that are none are told, and the same list again makes nobody twice', async () => {
    const owner = await api.person();
    const csv = 'Name,Phone,E-mail,Plan\nAnn,202-555-0143,ann@example.com,gold\nBo,nobody knows,,\nAnn again,(202) 555-0143,,\n';
    const { data } = await upload(owner, IMPORT, csv, { consent: 'EXPRESS' });
    expect(data.importContacts).toMatchObject({
      imported: 1,
      created: 1,
      duplicates: 1,
      columns: { name: ['Name'], phone: ['Phone'], email: 'E-mail' },
      rejected: [{ line: 3, reason: 'NOT_A_NUMBER', value: 'nobody knows' }],
      errors: [],
    });
    const again = await upload(owner, IMPORT, 'Name,Phone,City\nAnn B.,+12025550143,Bonn\n');
    expect(again.data.importContacts).toMatchObject({ imported: 1, created: 0 });
    const seen = await api.gql(Contacts, {}, owner);
    expect(seen.data?.workspace?.contacts.edges.map(({ node }) => node)).toEqual([
      {
        name: 'Ann',
        phoneNumber: '+12025550143',
        email: 'ann@example.com',
        consent: 'EXPRESS',
        suppressed: false,
        attributes: [
          { key: 'Plan', value: 'gold' },
          { key: 'City', value: 'Bonn' },
        ],
      },
    ]);
  });

  it('can be looked at before it is kept, and its columns told', async () => {
    const owner = await api.person();
    const csv = 'A,B\nAnn,2025550143\nBo,2025550144\n';
    const looked = await upload(owner, IMPORT, csv, { dryRun: true });
    expect(looked.data.importContacts).toMatchObject({ imported: 0, header: ['A', 'B'], columns: { name: [], phone: ['B'] } });
    expect((await api.gql(Contacts, {}, owner)).data?.workspace?.contacts.totalCount).toBe(0);
    const kept = await upload(owner, IMPORT, csv, { columns: { name: ['A'], phone: ['B'] } });
    expect(kept.data.importContacts).toMatchObject({ imported: 2, columns: { name: ['A'], phone: ['B'] } });
    const wrong = await upload(owner, IMPORT, csv, { columns: { phone: ['C'] } });
    expect(wrong.data.importContacts.errors).toMatchObject([{ code: 'INVALID', path: ['input', 'columns'] }]);
  });

  it.each([
    ['nothing', '', 'The file is empty.'],
    ['no numbers', 'Name,City\nAnn,Bonn\n', 'No column holds telephone numbers'],
  ])('of %s is refused with the reason', async (_case, csv, message) => {
    const { data } = await upload(await api.person(), IMPORT, csv);
    expect(data.importContacts.errors).toMatchObject([{ code: 'FILE_REJECTED', message: expect.stringContaining(message) }]);
  });

  it('with a quotation mark that is never closed is kept as far as it can be read', async () => {
    const { data } = await upload(await api.person(), IMPORT, 'Name,Phone\nAnn,2025550143\n"Bo,2025550144\n');
    expect(data.importContacts).toMatchObject({ imported: 1, rejected: [{ line: 3, reason: 'UNREADABLE' }] });
  });

  it('imported twice at once makes each person once', async () => {
    const owner = await api.person();
    const lines = Array.from({ length: 300 }, (_, index) => `P${index},+1202${2_000_000 + index}`);
    const answers = await Promise.all([lines, lines.toReversed(), lines].map((each) => upload(owner, IMPORT, `Name,Phone\n${each.join('\n')}\n`)));
    expect(answers.map(({ data }) => data.importContacts.imported)).toEqual([300, 300, 300]);
    expect((await api.gql(Contacts, {}, owner)).data?.workspace?.contacts.totalCount).toBe(300);
  });
});

describe('people added by hand', () => {
  it('are all added, or none where a number is wrong', async () => {
    const owner = await api.person();
    const wrong = await api.gql(AddContacts, { input: { contacts: [{ phoneNumber: '2025550143' }, { phoneNumber: '12' }] } }, owner);
    expect(wrong.data?.addContacts.errors).toMatchObject([{ code: 'INVALID', path: ['input', 'contacts', '1', 'phoneNumber'] }]);
    const added = await api.gql(AddContacts, { input: { contacts: [{ phoneNumber: '2025550143', name: ' Ann ' }, { phoneNumber: '+442079460018' }] } }, owner);
    expect(added.data?.addContacts.contacts?.map(({ name, phoneNumber }) => [name, phoneNumber])).toEqual([
      ['Ann', '+12025550143'],
      [null, '+442079460018'],
    ]);
    expect((await api.gql(Contacts, { search: 'ann' }, owner)).data?.workspace?.contacts.totalCount).toBe(1);
  });
});

describe('numbers that must not be called', () => {
  it('are suppressed once, by hand or by a list, and shown on the contact', async () => {
    const owner = await api.person();
    await api.gql(AddContacts, { input: { contacts: [{ phoneNumber: '+12025550143' }] } }, owner);
    const first = await api.gql(SuppressNumber, { input: { phoneNumber: '(202) 555-0143' } }, owner);
    expect(first.data?.suppressNumber.suppression).toMatchObject({ phoneNumber: '+12025550143', reason: 'MANUAL' });
    const { data } = await upload(owner, IMPORT_SUPPRESSIONS, 'phone\n+12025550143\n+12025550144\nx\n');
    expect(data.importSuppressions).toMatchObject({ suppressed: 1, alreadySuppressed: 1, rejected: [{ line: 4, reason: 'NOT_A_NUMBER' }] });
    expect((await api.gql(Suppressions, {}, owner)).data?.workspace?.suppressions.edges.map(({ node }) => node.reason).sort()).toEqual(['IMPORTED', 'MANUAL']);
    expect((await api.gql(Contacts, {}, owner)).data?.workspace?.contacts.edges[0]?.node.suppressed).toBe(true);
  });
});
