import type { AddContact } from '../../domain/contacts/add-contacts.ts';
import type { ImportContacts, ImportedContacts, RejectedLine } from '../../domain/contacts/import-contacts.ts';
import { attributes } from '../../domain/contacts/save-contacts.ts';
import { addSurveyContacts, importSurveyContacts } from '../../domain/surveys/survey-contacts.ts';
import type { ConsentBasis as ConsentBasisValue, Contact as ContactRow } from '../../generated/prisma/client.ts';
import { ok } from '../../kit/errors.ts';
import { builder, type UploadedFile } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Workspace } from './workspaces.ts';

const ConsentBasis = builder.enumType('ConsentBasis', {
  description: 'To what a person has agreed. What calls that allows, the law of their country says.',
  values: {
    NONE: { description: 'Nothing is known.' },
    EXPRESS: { description: 'They agreed to be called.' },
    EXPRESS_WRITTEN: { description: 'They agreed in writing, signed, to be called by a machine.' },
  },
});

const Attribute = builder.objectRef<{ key: string; value: string }>('Attribute').implement({
  description: 'A further column of an import, e.g. the plan of a customer.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The name of the column.' }),
    value: t.exposeString('value', { description: 'What stands in it.' }),
  }),
});

export const Contact = builder.prismaNode('Contact', {
  nullable: true,
  description: 'A person that the workspace knows; one for each number.',
  id: { field: 'id', description: 'The global id of the contact.' },
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'What they are called.' }),
    phoneNumber: t.expose('phoneNumber', { type: 'PhoneNumber', description: 'The number at which they are called.' }),
    email: t.expose('email', { type: 'EmailAddress', nullable: true, description: 'Where mails reach them.' }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: 'Where they live, if it is known; else the number tells where they may be.',
    }),
    consent: t.expose('consent', { type: ConsentBasis, description: 'To what they have agreed.' }),
    suppressed: t.boolean({
      description: 'Whether they must not be called.',
      select: { phoneNumber: true, workspaceId: true },
      resolve: async ({ phoneNumber, workspaceId }, _args, { tenant }) => (await tenant(workspaceId).db.suppression.count({ where: { phoneNumber } })) > 0,
    }),
    attributes: t.field({
      type: [Attribute],
      description: 'What else is known of them.',
      select: { attributes: true },
      resolve: (contact) => attributes.parse(contact.attributes),
    }),
  }),
});

const ContactEdge = builder.edgeObject({ type: Contact, name: 'ContactEdge', description: 'One contact of a page.' });
export const ContactConnection = builder.connectionObject(
  {
    type: Contact,
    name: 'ContactConnection',
    description: 'One page of contacts.',
    fields: (t) => ({
      totalCount: t.int({
        resolve: async (connection) => {
          // A list that is no relation of its parent counts only when it is asked.
          const counted: unknown = Reflect.get(connection, 'totalCount');
          return Number(typeof counted === 'function' ? await counted() : counted);
        },
      }),
    }),
  },
  ContactEdge,
);

builder.prismaObjectFields(Workspace, (t) => ({
  contacts: t.relatedConnection(
    'contacts',
    {
      cursor: 'id',
      totalCount: true,
      description: 'The people it knows, the newest first.',
      args: { search: t.arg.string({ description: 'Only those whose name, number or e-mail address holds this.' }) },
      query: ({ search }) => ({
        where: search?.trim() ? { OR: ['name', 'phoneNumber', 'email'].map((field) => ({ [field]: { contains: search.trim(), mode: 'insensitive' } })) } : {},
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      }),
    },
    ContactConnection,
  ),
}));

export const RejectedLineType = builder.objectRef<RejectedLine>('RejectedLine').implement({
  description: 'A line of a file that could not be used.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'The line of the file on which it begins, from 1.' }),
    reason: t.exposeString('reason', {
      description:
        '`MISSING_NUMBER`: no cell of the number columns holds one. `NOT_A_NUMBER`: letters. `INVALID_NUMBER`: digits that are no number. `UNREADABLE`: a quotation mark is never closed.',
    }),
    value: t.exposeString('value', { description: 'The cell as it stands; of a line that cannot be read, why.' }),
  }),
});

const ContactColumns = builder.objectRef<ImportedContacts['columns']>('ContactColumns').implement({
  description: 'What the columns of a file were taken for, by their names in its header. All others are kept as attributes.',
  fields: (t) => ({
    name: t.stringList({ description: 'Joined by a space.', resolve: ({ name }) => [...name] }),
    phone: t.stringList({ description: 'The first that holds something counts.', resolve: ({ phone }) => [...phone] }),
    email: t.exposeString('email', { nullable: true, description: 'The e-mail address.' }),
    timeZone: t.exposeString('timeZone', { nullable: true, description: 'The IANA name of the time zone.' }),
  }),
});

const ContactColumnsInput = builder
  .inputRef<{ name?: string[] | null; phone?: string[] | null; email?: string | null; timeZone?: string | null }>('ContactColumnsInput')
  .implement({
    description: 'What the columns mean, where the guess is not right. What is left out is guessed.',
    fields: (t) => ({
      name: t.stringList({ description: 'Columns of the name, in the order in which it is said.' }),
      phone: t.stringList({ description: 'Columns of numbers, in the order in which they are tried.' }),
      email: t.string({ description: 'The column of the e-mail address.' }),
      timeZone: t.string({ description: 'The column of the time zone.' }),
    }),
  });

interface ImportInput {
  csv: UploadedFile;
  surveyId?: NodeId | null;
  columns?: { name?: string[] | null; phone?: string[] | null; email?: string | null; timeZone?: string | null } | null;
  consent?: ConsentBasisValue | null;
  consentColumn?: string | null;
  dryRun?: boolean | null;
}

const ImportContactsInput = builder.inputRef<ImportInput>('ImportContactsInput').implement({
  description: 'A list of people, as a spreadsheet or another program exports it: any delimiter, any usual encoding, a header in any of many languages.',
  fields: (t) => ({
    csv: t.field({ type: 'File', required: true, description: 'The file, at most 20 MiB and 100,000 lines.' }),
    columns: t.field({ type: ContactColumnsInput, description: 'What the columns mean; guessed from their names where it is left out.' }),
    consent: t.field({ type: ConsentBasis, description: 'To what all of them have agreed; NONE if left out.' }),
    consentColumn: t.string({ description: 'A column that says it line by line: `EXPRESS`, `EXPRESS_WRITTEN`, `NONE`, or yes and no.' }),
    surveyId: t.globalID({ description: 'A survey that these people are to be asked: they are added to its contacts.' }),
    dryRun: t.boolean({ description: 'Reads and tells, and keeps nothing: to look at the columns and the rejected lines first.' }),
  }),
});

const ImportContactsPayload = payload<ImportedContacts>('ImportContactsPayload', 'What came of a list.', (t) => ({
  imported: t.int({
    nullable: true,
    description: 'How many people of the list are contacts now, new or known before.',
    resolve: ({ created, updated }) => (created === undefined || created === null ? null : created + (updated ?? 0)),
  }),
  created: t.exposeInt('created', { nullable: true, description: 'How many of them are new.' }),
  duplicates: t.exposeInt('duplicates', { nullable: true, description: 'How many lines repeat a number of the list; they are merged into the first.' }),
  columns: t.expose('columns', { type: ContactColumns, nullable: true, description: 'What the columns were taken for.' }),
  header: t.stringList({ nullable: true, description: 'The names of the columns, as they stand in the file.', resolve: ({ header }) => header && [...header] }),
  rejected: t.field({
    type: [RejectedLineType],
    nullable: true,
    description: 'Every line that could not be used; the others are kept.',
    resolve: ({ rejected }) => rejected && [...rejected],
  }),
}));

const AttributeInput = builder.inputRef<{ key: string; value: string }>('AttributeInput').implement({
  description: 'Something that is known of a person.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'What it is, e.g. `Plan`.' }),
    value: t.string({ required: true, description: 'What it says.' }),
  }),
});

const ContactInput = builder.inputRef<AddContact>('ContactInput').implement({
  description: 'A person.',
  fields: (t) => ({
    name: t.string({ description: 'What they are called.' }),
    phoneNumber: t.string({ required: true, description: "Their number, as people write it; without a country code it is read as of the workspace's." }),
    email: t.field({ type: 'EmailAddress', description: 'Where mails reach them.' }),
    timeZone: t.field({ type: 'TimeZone', description: 'Where they live.' }),
    consent: t.field({ type: ConsentBasis, description: 'To what they have agreed; NONE if left out. It is never lowered by this.' }),
    attributes: t.field({ type: [AttributeInput], description: 'What else is known of them.' }),
  }),
});

const AddContactsInput = builder.inputRef<{ contacts: AddContact[]; surveyId?: NodeId | null }>('AddContactsInput').implement({
  description: 'People to add by hand; a number that is known already is the same person.',
  fields: (t) => ({
    contacts: t.field({ type: [ContactInput], required: true, description: 'All of them are added or, where one number is wrong, none.' }),
    surveyId: t.globalID({ description: 'A survey that these people are to be asked: they are added to its contacts.' }),
  }),
});

const AddContactsPayload = payload<{ contacts: ContactRow[] }>('AddContactsPayload', 'The people, or why none was added.', (t) => ({
  contacts: t.expose('contacts', { type: [Contact], nullable: true, description: 'In the order in which they were given.' }),
}));

export const bytesOf = async (file: UploadedFile): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

/** What is not told is left to the guess. */
function toldColumns(columns: ImportInput['columns']): ImportContacts['columns'] {
  const { name, phone, email, timeZone } = columns ?? {};
  return { ...(name && { name }), ...(phone && { phone }), ...(email !== undefined && { email }), ...(timeZone !== undefined && { timeZone }) };
}

builder.mutationFields((t) => ({
  importContacts: t.field({
    type: ImportContactsPayload,
    description:
      'Reads a list of people into the workspace. Good lines are kept, each bad one is told with its number and reason. Errors: FILE_REJECTED, INVALID, NOT_FOUND (the survey).',
    args: { input: t.arg({ type: ImportContactsInput, required: true, description: 'The list.' }) },
    resolve: async (_root, { input: { csv, columns, surveyId, ...rest } }, { scope }) => {
      const list = { ...rest, columns: toldColumns(columns), bytes: await bytesOf(csv), surveyId: idOf('Survey', surveyId) };
      return answer(await importSurveyContacts(scope, list), (imported) => imported);
    },
  }),
  addContacts: t.field({
    type: AddContactsPayload,
    description: 'Adds people by hand. Errors: INVALID, NOT_FOUND (the survey).',
    args: { input: t.arg({ type: AddContactsInput, required: true, description: 'Who.' }) },
    resolve: async (_root, { input: { contacts, surveyId } }, { scope }) => {
      const added = await addSurveyContacts(scope, { contacts, surveyId: idOf('Survey', surveyId) });
      if (!added.ok) return answer(added, () => ({}));
      const rows = await scope.db.contact.findMany({ where: { id: { in: added.value } } });
      return answer(ok(added.value.flatMap((id) => rows.find((row) => row.id === id) ?? [])), (contacts) => ({ contacts }));
    },
  }),
}));
