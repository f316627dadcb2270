import type { RejectedLine } from '../../domain/contacts/import-contacts.ts';
import { importSuppressions } from '../../domain/contacts/import-suppressions.ts';
import { suppressNumber } from '../../domain/contacts/suppress-number.ts';
import type { Suppression as SuppressionRow } from '../../generated/prisma/client.ts';
import { builder, type UploadedFile } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { bytesOf, RejectedLineType } from './contacts.ts';
import { Workspace } from './workspaces.ts';

const SuppressionReason = builder.enumType('SuppressionReason', {
  description: 'Why a number must not be called.',
  values: {
    SPOKEN_OPT_OUT: { description: 'Somebody said so in a call.' },
    KEYPAD_OPT_OUT: { description: 'Somebody pressed the key for it.' },
    MANUAL: { description: 'Somebody of the workspace put it on the list.' },
    IMPORTED: { description: 'It came with a list.' },
  },
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

builder.mutationFields((t) => ({
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
