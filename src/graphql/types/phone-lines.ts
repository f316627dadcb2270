import { assignPhoneLine } from '../../domain/phone-lines/assign-phone-line.ts';
import type { PhoneLine as PhoneLineRow } from '../../generated/prisma/client.ts';
import { dollars } from '../../kit/money.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Assistant } from './assistants.ts';
import { Money } from './money.ts';
import { Workspace } from './workspaces.ts';

export const Carrier = builder.enumType('Carrier', {
  description: 'Which telephone company carries a line or a call.',
  values: {
    TWILIO: { description: 'Twilio.' },
    LIVEKIT: { description: 'A SIP trunk by LiveKit.' },
    VOXIMPLANT: { description: 'Voximplant.' },
    SIMULATED: { description: 'Nobody: the call lab plays the carrier and the caller.' },
  },
});

const PhoneNumberStatus = builder.enumType('PhoneNumberStatus', {
  description: 'Whether a line can be called.',
  values: {
    ACTIVE: { description: 'It can be called.' },
    RELEASED: { description: 'The number was given back.' },
    SUSPENDED: { description: 'The number is still held but answers no calls.' },
  },
});

export const PhoneLine = builder.prismaNode('PhoneLine', {
  nullable: true,
  description: 'A telephone number of the workspace, and who answers it.',
  id: { field: 'id', description: 'The global id of the line.' },
  fields: (t) => ({
    phoneNumber: t.expose('phoneNumber', { type: 'PhoneNumber', description: 'The number that callers dial.' }),
    status: t.expose('status', { type: PhoneNumberStatus, description: 'Whether it can be called.' }),
    carrier: t.expose('carrier', { type: Carrier, description: 'Who carries it.' }),
    isPrimary: t.exposeBoolean('isPrimary', { description: 'Whether outbound calls show this number.' }),
    assistant: t.relation('assistant', { nullable: true, description: 'Who answers it; null where nobody does.' }),
    monthlyCost: t.field({
      type: Money,
      nullable: true,
      description: 'What the carrier charges for it a month; null where that is not known.',
      select: { monthlyCostMicros: true },
      resolve: ({ monthlyCostMicros }) => (monthlyCostMicros === null ? null : dollars(monthlyCostMicros)),
    }),
    suspendedReason: t.exposeString('suspendedReason', {
      nullable: true,
      description: 'Why it answers no calls, and what to do; null unless it is suspended.',
    }),
    provisionedAt: t.expose('provisionedAt', { type: 'DateTime', description: "When it became the workspace's." }),
    releasedAt: t.expose('releasedAt', { type: 'DateTime', nullable: true, description: 'When it was given back; null while it is held.' }),
  }),
});

builder.prismaObjectFields(Workspace, (t) => ({
  phoneLines: t.relation('phoneLines', {
    description: 'Its telephone numbers: the primary one first, then by age.',
    args: { status: t.arg({ type: PhoneNumberStatus, description: 'Only those in this status.' }) },
    query: ({ status }) => ({ where: status ? { status } : {}, orderBy: [{ isPrimary: 'desc' }, { provisionedAt: 'asc' }, { id: 'asc' }] }),
  }),
}));

builder.prismaObjectFields(Assistant, (t) => ({
  phoneLine: t.field({
    type: PhoneLine,
    nullable: true,
    description: 'The line that it answers, the primary one if there are several; null where it answers none.',
    select: (_args, _context, nestedSelection) => ({
      phoneLines: nestedSelection({ where: { status: 'ACTIVE' }, orderBy: [{ isPrimary: 'desc' }, { provisionedAt: 'asc' }], take: 1 }),
    }),
    resolve: (assistant) => assistant.phoneLines[0] ?? null,
  }),
}));

const AssignPhoneNumberInput = builder.inputRef<{ phoneLineId: NodeId; assistantId?: NodeId | null }>('AssignPhoneNumberInput').implement({
  description: 'Which assistant answers which line.',
  fields: (t) => ({
    phoneLineId: t.globalID({ required: true, description: 'The line.' }),
    assistantId: t.globalID({ description: 'Who answers it from the next call on; null for nobody.' }),
  }),
});

const AssignPhoneNumberPayload = payload<{ phoneLine: PhoneLineRow }>('AssignPhoneNumberPayload', 'The line, or why nothing changed.', (t) => ({
  phoneLine: t.expose('phoneLine', { type: PhoneLine, nullable: true, description: 'The line as it is now.' }),
}));

builder.mutationFields((t) => ({
  assignPhoneNumber: t.field({
    type: AssignPhoneNumberPayload,
    description: 'Says which assistant answers a line. Calls that are under way go on as they are. Errors: NOT_FOUND, ILLEGAL_STATE.',
    args: { input: t.arg({ type: AssignPhoneNumberInput, required: true, description: 'Which assistant answers which line.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(
        await assignPhoneLine(scope, { phoneLineId: idOf('PhoneLine', input.phoneLineId), assistantId: idOf('Assistant', input.assistantId) }),
        (phoneLine) => ({ phoneLine }),
      ),
  }),
}));
