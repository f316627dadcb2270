import { z } from 'zod';
import { placeCall } from '../../domain/calls/dialing/place-call.ts';
import { endCall } from '../../domain/calls/end-call.ts';
import { transcriptText } from '../../domain/calls/transcript-text.ts';
import type {
  CallDirection as CallDirectionName,
  CallOutcome as CallOutcomeName,
  Call as CallRow,
  CallStatus as CallStatusName,
  Prisma,
} from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { insistOnReading } from '../reading.ts';
import { Assistant } from './assistants.ts';
import { Booking } from './bookings.ts';
import { Carrier } from './phone-lines.ts';
import { ToolCall } from './transcripts.ts';
import { Workspace } from './workspaces.ts';

const CallDirection = builder.enumType('CallDirection', {
  description: 'Who called whom.',
  values: { INBOUND: { description: 'Somebody called us.' }, OUTBOUND: { description: 'We called somebody.' } },
});

const CallStatus = builder.enumType('CallStatus', {
  description: 'Where a call stands: QUEUED → DIALING → RINGING → IN_PROGRESS → ENDED or FAILED. It never goes back.',
  values: {
    QUEUED: { description: 'It is to be placed.' },
    DIALING: { description: 'The carrier has been asked.' },
    RINGING: { description: 'The phone rings.' },
    IN_PROGRESS: { description: 'People are talking.' },
    ENDED: { description: 'It is over, and was answered.' },
    FAILED: { description: 'It is over, and was never answered.' },
    UNKNOWN: { description: 'The carrier was asked and its answer never came; we are finding out. It is not dialed again meanwhile.' },
  },
});

export const CallOutcome = builder.enumType('CallOutcome', {
  description: 'What came of a call.',
  values: {
    COMPLETED: { description: 'They talked, and it came to its end.' },
    PARTIAL: { description: 'They talked, and it broke off before its end.' },
    NO_ANSWER: { description: 'Nobody picked up.' },
    BUSY: { description: 'The line was busy.' },
    VOICEMAIL: { description: 'An answering machine picked up.' },
    SCREENED: { description: 'A call screener answered and put nobody through.' },
    REFUSED: { description: 'The call was turned down.' },
    OPTED_OUT: { description: 'The person asked not to be called again.' },
    TRANSFERRED: { description: 'It was handed to a person.' },
    DROPPED: { description: 'The connection was lost.' },
    FAILED: { description: 'The carrier could not place it.' },
    INVALID_NUMBER: { description: 'There is no such number, or nobody to talk with at it: a fax.' },
    LIMIT_REACHED: { description: 'A limit ended it.' },
  },
});

export const Call = builder.prismaNode('Call', {
  nullable: true,
  description: 'One telephone call, from the moment it rings or is asked for.',
  id: { field: 'id', description: 'The global id of the call.' },
  fields: (t) => ({
    direction: t.expose('direction', { type: CallDirection, description: 'Who called whom.' }),
    status: t.expose('status', { type: CallStatus, description: 'Where it stands.' }),
    outcome: t.expose('outcome', { type: CallOutcome, nullable: true, description: 'What came of it; null until it is over.' }),
    endReason: t.exposeString('endReason', { nullable: true, description: 'Why it ended, e.g. `assistant-ended`; null while nobody wants it to end.' }),
    carrier: t.expose('carrier', { type: Carrier, description: 'Who carries it.' }),
    carrierCallId: t.exposeString('carrierCallId', { nullable: true, description: "The carrier's own id of it; null until the carrier has given one." }),
    from: t.expose('from', { type: 'PhoneNumber', description: 'The number that calls; the carrier says something else than a number where it is withheld.' }),
    to: t.expose('to', { type: 'PhoneNumber', description: 'The number that is called.' }),
    assistant: t.relation('assistant', { nullable: true, description: 'Who talks for us; null where nobody answered the line.' }),
    transcript: t.relatedConnection(
      'turns',
      { cursor: 'callId_sequence', totalCount: true, description: 'What was said, in order.', query: { orderBy: { sequence: 'asc' } } },
      { name: 'TranscriptConnection', description: 'One page of a conversation.' },
      { name: 'TranscriptEdge', description: 'One turn of a page.' },
    ),
    transcriptText: t.string({
      description: 'The whole conversation as readable text: a line a turn, with what was heard of it. FORBIDDEN where the plan does not include transcripts.',
      complexity: 10,
      select: { workspaceId: true, turns: { orderBy: { sequence: 'asc' } } },
      authScopes: ({ workspaceId }, _args, context) => insistOnReading(context, workspaceId, 'TRANSCRIPTS'),
      resolve: (call) => transcriptText(call.turns),
    }),
    messages: t.relation('messages', { description: 'The messages that were left, in order.', query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } }),
    bookings: t.relation('bookings', {
      type: Booking,
      description: 'What was booked, in order.',
      query: { where: { status: { not: 'HELD' } }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    }),
    toolCalls: t.relation('toolCalls', {
      type: ToolCall,
      description: 'What the assistant did, in order.',
      query: { orderBy: [{ startedAt: 'asc' }, { id: 'asc' }] },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began to ring or was asked for.' }),
    answeredAt: t.expose('answeredAt', { type: 'DateTime', nullable: true, description: 'When it was answered; null where it was not.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended; null until then.' }),
    durationSeconds: t.exposeInt('durationSeconds', { nullable: true, description: 'How many seconds they talked; null until it is over.' }),
  }),
});

builder.prismaObjectFields(Booking, (t) => ({
  call: t.relation('call', { nullable: true, description: 'The call in which it was made; null where no call was.' }),
}));

/** Counted already where the calls are a relation's, to be counted where they are not. */
async function totalCountOf(connection: object): Promise<number> {
  const count: unknown = Reflect.get(connection, 'totalCount');
  return Number(typeof count === 'function' ? await count() : count);
}

const CallEdge = builder.edgeObject({ type: Call, name: 'CallEdge', description: 'One call of a page.' });
export const CallConnection = builder.connectionObject(
  {
    type: Call,
    name: 'CallConnection',
    description: 'One page of calls.',
    fields: (t) => ({ totalCount: t.int({ resolve: totalCountOf }) }),
  },
  CallEdge,
);

interface CallFilterShape {
  direction?: CallDirectionName | null;
  statuses?: CallStatusName[] | null;
  outcomes?: CallOutcomeName[] | null;
  assistantId?: NodeId | null;
  campaignId?: NodeId | null;
  from?: Date | null;
  to?: Date | null;
  search?: string | null;
}

export const CallFilter = builder.inputRef<CallFilterShape>('CallFilter').implement({
  description: 'Which calls: those that meet all that is given.',
  fields: (t) => ({
    direction: t.field({ type: CallDirection, description: 'Only calls of this direction.' }),
    statuses: t.field({ type: [CallStatus], description: 'Only calls in one of these.' }),
    outcomes: t.field({ type: [CallOutcome], description: 'Only calls of which one of these came.' }),
    assistantId: t.globalID({ description: 'Only calls of this assistant.' }),
    campaignId: t.globalID({ description: 'Only calls of this campaign.' }),
    from: t.field({ type: 'DateTime', description: 'Only calls that began at this instant or later.' }),
    to: t.field({ type: 'DateTime', description: 'Only calls that began before this instant.' }),
    search: t.string({ description: 'Only calls whose numbers or spoken words contain this, in any case of letters.' }),
  }),
});

export function callsWhere(filter: CallFilterShape | null | undefined): Prisma.CallWhereInput {
  if (!filter) return {};
  const { direction, statuses, outcomes, assistantId, campaignId, from, to, search } = filter;
  const contains = search?.trim();
  return {
    ...(direction && { direction }),
    ...(statuses && { status: { in: statuses } }),
    ...(outcomes && { outcome: { in: outcomes } }),
    ...(assistantId && { assistantId: idOf('Assistant', assistantId) }),
    ...(campaignId && { attempt: { campaignId: idOf('Campaign', campaignId) } }),
    ...((from || to) && { createdAt: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
    ...(contains && { OR: [{ from: { contains } }, { to: { contains } }, { turns: { some: { text: { contains, mode: 'insensitive' } } } }] }),
  };
}

builder.prismaObjectFields(Workspace, (t) => ({
  calls: t.relatedConnection(
    'calls',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Its calls, the newest first.',
      args: { filter: t.arg({ type: CallFilter, description: 'Only these calls; all if left out.' }) },
      query: ({ filter }) => ({ where: callsWhere(filter), orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    },
    CallConnection,
  ),
}));

builder.prismaObjectFields(Assistant, (t) => ({
  calls: t.relatedConnection(
    'calls',
    { cursor: 'id', totalCount: true, description: 'Its calls, the newest first.', query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] } },
    CallConnection,
  ),
}));

const placeCallRules = z.looseObject({
  // Not taken apart yet when the rules are asked.
  assistantId: z.unknown().refine((id) => id !== null && id !== undefined, 'Say which assistant is to talk.'),
  idempotencyKey: z.string().min(1, 'A key cannot be empty.').max(200, 'A key has 200 characters at most.').nullish(),
});

const PlaceCallInput = builder.inputRef<{ to: string; assistantId?: NodeId | null; idempotencyKey?: string | null }>('PlaceCallInput').implement({
  description: 'Whom to call, and who talks.',
  validate: placeCallRules,
  fields: (t) => ({
    to: t.field({ type: 'PhoneNumber', required: true, description: 'The number to call.' }),
    assistantId: t.globalID({ description: 'The assistant that talks.' }),
    idempotencyKey: t.string({ description: 'Your own key for this call, at most 200 characters: asked for again with the same key, it is not placed again.' }),
  }),
});

const EndCallInput = builder.inputRef<{ callId: NodeId }>('EndCallInput').implement({
  description: 'Which call to end.',
  fields: (t) => ({ callId: t.globalID({ required: true, description: 'The call to end.' }) }),
});

const PlaceCallPayload = payload<{ call: CallRow }>('PlaceCallPayload', 'The call, or why none is placed.', (t) => ({
  call: t.expose('call', { type: Call, nullable: true, description: 'The call. Follow it with the subscriptions `call` and `transcript`.' }),
}));
const EndCallPayload = payload<{ call: CallRow }>('EndCallPayload', 'The call, or why it goes on.', (t) => ({
  call: t.expose('call', { type: Call, nullable: true, description: 'The call as it is now.' }),
}));
builder.mutationFields((t) => ({
  placeCall: t.field({
    type: PlaceCallPayload,
    description:
      'Calls somebody and lets an assistant talk. The answer comes as soon as the carrier has been asked. Errors: INVALID, NOT_FOUND, CONFLICT, ILLEGAL_STATE, SUPPRESSED, UPSTREAM_REJECTED; those of the rules come as `DialRefused`; LIMIT_REACHED, TRIAL_EXPIRED or PAYMENT_REQUIRED (a `LimitReached`).',
    args: { input: t.arg({ type: PlaceCallInput, required: true, description: 'Whom to call, and who talks.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await placeCall(scope, { ...input, assistantId: idOf('Assistant', input.assistantId) ?? '' }), (call) => ({ call })),
  }),
  endCall: t.field({
    type: EndCallPayload,
    description: 'Hangs up. Ending a call that is over changes nothing. Errors: NOT_FOUND, UPSTREAM_REJECTED.',
    args: { input: t.arg({ type: EndCallInput, required: true, description: 'Which call.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await endCall(scope, { callId: idOf('Call', input.callId) }), (call) => ({ call })),
  }),
}));
