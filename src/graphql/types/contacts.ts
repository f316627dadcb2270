import { type AddContact, addContacts } from '../../domain/contacts/add-contacts.ts';
import { type ImportContacts, type ImportedContacts, importContacts, type RejectedLine } from '../../domain/contacts/import-contacts.ts';
import { importSuppressions } from '../../domain/contacts/import-suppressions.ts';
import { attributes } from '../../domain/contacts/save-contacts.ts';
import { suppressNumber } from '../../domain/contacts/suppress-number.ts';
import type { ConsentBasis as ConsentBasisValue, Contact as ContactRow, Suppression as SuppressionRow } from '../../generated/prisma/client.ts';
import { ok } from '../../kit/errors.ts';
import { builder, type UploadedFile } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { Workspace } from './workspaces.ts';

export const ConsentBasis = builder.enumType('ConsentBasis', {
  description: 'To what a person has agreed. What calls that allows, the law of their country says.',
  values: {
    NONE: { description: 'Nothing is known.' },
    EXPRESS: { description: 'They agreed to be called.' },
    EXPRESS_WRITTEN: { description: 'They agreed in writing, signed, to be called by a machine.' },
  },
});

const SuppressionReason = builder.enumType('SuppressionReason', {
  description: 'Why a number must not be called.',
  values: {
    SPOKEN_OPT_OUT: { description: 'Somebody said so in a call.' },
    KEYPAD_OPT_OUT: { description: 'Somebody pressed the key for it.' },
    MANUAL: { description: 'Somebody of the workspace put it on the list.' },
    IMPORTED: { description: 'It came with a list.' },
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

const Suppression = builder.prismaObject('Suppression', {
  description: 'A number that the workspace never calls.',
  fields: (t) => ({
    phoneNumber: t.expose('phoneNumber', { type: 'PhoneNumber', description: 'The number.' }),
    reason: t.expose('reason', { type: SuppressionReason, description: 'Why.' }),
    source: t.exposeString('source', { description: 'Where it came from: a call, a person, a file.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when.' }),
  }),
});

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
    { name: 'ContactConnection', description: 'One page of contacts.' },
    { name: 'ContactEdge', description: 'One contact of a page.' },
  ),
  suppressions: t.relatedConnection(
    'suppressions',
    {
      cursor: 'workspaceId_phoneNumber',
      totalCount: true,
      description: 'The numbers that it never calls, the newest first.',
      query: () => ({ orderBy: [{ createdAt: 'desc' }, { phoneNumber: 'asc' }] }),
    },
    { name: 'SuppressionConnection', description: 'One page of suppressed numbers.' },
    { name: 'SuppressionEdge', description: 'One suppressed number of a page.' },
  ),
}));

const RejectedLineType = builder.objectRef<RejectedLine>('RejectedLine').implement({
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

const AddContactsInput = builder.inputRef<{ contacts: AddContact[] }>('AddContactsInput').implement({
  description: 'People to add by hand; a number that is known already is the same person.',
  fields: (t) => ({ contacts: t.field({ type: [ContactInput], required: true, description: 'All of them are added or, where one number is wrong, none.' }) }),
});

const AddContactsPayload = payload<{ contacts: ContactRow[] }>('AddContactsPayload', 'The people, or why none was added.', (t) => ({
  contacts: t.expose('contacts', { type: [Contact], nullable: true, description: 'In the order in which they were given.' }),
}));

const SuppressNumberInput = builder.inputRef<{ phoneNumber: string }>('SuppressNumberInput').implement({
  description: 'A number that must not be called.',
  fields: (t) => ({ phoneNumber: t.field({ type: 'PhoneNumber', required: true, description: 'The number.' }) }),
});

const SuppressNumberPayload = payload<{ suppression: SuppressionRow }>('SuppressNumberPayload', 'The suppressed number, or why it is not.', (t) => ({
  suppression: t.expose('suppression', { type: Suppression, nullable: true, description: 'The row; where the number was suppressed before, that one.' }),
}));

const ImportSuppressionsInput = builder.inputRef<{ csv: UploadedFile }>('ImportSuppressionsInput').implement({
  description: 'A list of numbers that must not be called.',
  fields: (t) => ({ csv: t.field({ type: 'File', required: true, description: 'The file, at most 20 MiB.' }) }),
});

const ImportSuppressionsPayload = payload<{ suppressed: number; alreadySuppressed: number; rejected: readonly RejectedLine[] }>(
  'ImportSuppressionsPayload',
  'What came of a list of numbers.',
  (t) => ({
    suppressed: t.exposeInt('suppressed', { nullable: true, description: 'How many numbers are suppressed by it.' }),
    alreadySuppressed: t.exposeInt('alreadySuppressed', { nullable: true, description: 'How many were before.' }),
    rejected: t.field({
      type: [RejectedLineType],
      nullable: true,
      description: 'Every line that could not be used.',
      resolve: ({ rejected }) => rejected && [...rejected],
    }),
  }),
);

const bytesOf = async (file: UploadedFile): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

/** What is not told is left to the guess. */
function toldColumns(columns: ImportInput['columns']): ImportContacts['columns'] {
  const { name, phone, email, timeZone } = columns ?? {};
  return { ...(name && { name }), ...(phone && { phone }), ...(email !== undefined && { email }), ...(timeZone !== undefined && { timeZone }) };
}

builder.mutationFields((t) => ({
  importContacts: t.field({
    type: ImportContactsPayload,
    description:
      'Reads a list of people into the workspace. Good lines are kept, each bad one is told with its number and reason. Errors: FILE_REJECTED, INVALID.',
    args: { input: t.arg({ type: ImportContactsInput, required: true, description: 'The list.' }) },
    resolve: async (_root, { input: { csv, columns, ...rest } }, { scope }) =>
      answer(await importContacts(scope, { ...rest, columns: toldColumns(columns), bytes: await bytesOf(csv) }), (imported) => imported),
  }),
  addContacts: t.field({
    type: AddContactsPayload,
    description: 'Adds people by hand. Errors: INVALID.',
    args: { input: t.arg({ type: AddContactsInput, required: true, description: 'Who.' }) },
    resolve: async (_root, { input }, { scope }) => {
      const added = await addContacts(scope, input);
      if (!added.ok) return answer(added, () => ({}));
      const rows = await scope.db.contact.findMany({ where: { id: { in: added.value } } });
      return answer(ok(added.value.flatMap((id) => rows.find((row) => row.id === id) ?? [])), (contacts) => ({ contacts }));
    },
  }),
  suppressNumber: t.field({
    type: SuppressNumberPayload,
    description: 'Keeps a number from ever being called. It cannot be taken back here. Errors: INVALID.',
    args: { input: t.arg({ type: SuppressNumberInput, required: true, description: 'The number.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await suppressNumber(scope, { ...input, reason: 'MANUAL', source: 'a person of the workspace' }), (suppression) => ({ suppression })),
  }),
  importSuppressions: t.field({
    type: ImportSuppressionsPayload,
    description: 'Keeps all numbers of a list from ever being called. Errors: FILE_REJECTED.',
    args: { input: t.arg({ type: ImportSuppressionsInput, required: true, description: 'The list.' }) },
    resolve: async (_root, { input: { csv } }, { scope }) =>
      answer(await importSuppressions(scope, { bytes: await bytesOf(csv), source: csv.name }), (imported) => imported),
  }),
}));
