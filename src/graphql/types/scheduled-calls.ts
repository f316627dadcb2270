import { z } from 'zod';
import { cancelScheduledCall, scheduleCall } from '../../domain/calls/dialing/schedule-call.ts';
import type { ScheduledCall as ScheduledCallRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Workspace } from './workspaces.ts';

const ScheduledCallStatus = builder.enumType('ScheduledCallStatus', {
  description: 'What has become of a scheduled call.',
  values: {
    PENDING: { description: 'Its time is to come.' },
    PLACED: { description: 'It was placed; see `call`.' },
    CANCELED: { description: 'It was taken back.' },
    FAILED: { description: 'It was not placed; see `error`.' },
  },
});

const ScheduledCall = builder.prismaNode('ScheduledCall', {
  nullable: true,
  description: 'A call that is placed at a time.',
  id: { field: 'id', description: 'The global id of the scheduled call.' },
  fields: (t) => ({
    to: t.expose('to', { type: 'PhoneNumber', description: 'The number to call.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it is placed.' }),
    status: t.expose('status', { type: ScheduledCallStatus, description: 'What has become of it.' }),
    assistant: t.relation('assistant', { nullable: true, description: 'Who talks for us.' }),
    call: t.relation('call', { nullable: true, description: 'The call; null until it is placed.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it was not placed, as a sentence; null unless it has failed.' }),
  }),
});

builder.prismaObjectFields(Workspace, (t) => ({
  scheduledCalls: t.relation('scheduledCalls', {
    description: 'Its scheduled calls, by their time.',
    args: { status: t.arg({ type: ScheduledCallStatus, description: 'Only those in this status.' }) },
    query: ({ status }) => ({ where: status ? { status } : {}, orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
  }),
}));

const ScheduleCallInput = builder
  .inputRef<{ to: string; assistantId?: NodeId | null; at: Date; idempotencyKey?: string | null }>('ScheduleCallInput')
  .implement({
    description: 'Whom to call when, and who talks.',
    validate: z.looseObject({
      assistantId: z.unknown().refine((id) => id !== null && id !== undefined, 'Say which assistant is to talk.'),
      idempotencyKey: z.string().min(1, 'A key cannot be empty.').max(200, 'A key has 200 characters at most.').nullish(),
    }),
    fields: (t) => ({
      to: t.field({ type: 'PhoneNumber', required: true, description: 'The number to call.' }),
      assistantId: t.globalID({ description: 'The assistant that talks.' }),
      at: t.field({ type: 'DateTime', required: true, description: 'When to call: to come, and a year ahead at most.' }),
      idempotencyKey: t.string({ description: 'Your own key, at most 200 characters: asked for again with the same key, no second call is scheduled.' }),
    }),
  });

const CancelScheduledCallInput = builder.inputRef<{ id: NodeId }>('CancelScheduledCallInput').implement({
  description: 'Which scheduled call to take back.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The scheduled call.' }) }),
});

const ScheduleCallPayload = payload<{ scheduledCall: ScheduledCallRow }>('ScheduleCallPayload', 'The scheduled call, or why there is none.', (t) => ({
  scheduledCall: t.expose('scheduledCall', { type: ScheduledCall, nullable: true, description: 'The scheduled call.' }),
}));
const CancelScheduledCallPayload = payload<{ scheduledCall: ScheduledCallRow }>(
  'CancelScheduledCallPayload',
  'The scheduled call, or why it was not taken back.',
  (t) => ({ scheduledCall: t.expose('scheduledCall', { type: ScheduledCall, nullable: true, description: 'The scheduled call as it is now.' }) }),
);

builder.mutationFields((t) => ({
  scheduleCall: t.field({
    type: ScheduleCallPayload,
    description:
      'Has a call placed at a time. Whether it is permitted is asked then: besides the rules of every call, it must be between 8:00 and 21:00 where the person is, by the time zone of the contact or else in every zone in which the number may be. Errors: INVALID, NOT_FOUND, CONFLICT.',
    args: { input: t.arg({ type: ScheduleCallInput, required: true, description: 'Whom, when, and who talks.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await scheduleCall(scope, { ...input, assistantId: idOf('Assistant', input.assistantId) ?? '' }), (scheduledCall) => ({ scheduledCall })),
  }),
  cancelScheduledCall: t.field({
    type: CancelScheduledCallPayload,
    description: 'Takes a scheduled call back. Errors: NOT_FOUND, ILLEGAL_STATE where it was placed or has failed.',
    args: { input: t.arg({ type: CancelScheduledCallInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await cancelScheduledCall(scope, { id: idOf('ScheduledCall', input.id) }), (scheduledCall) => ({ scheduledCall })),
  }),
}));
