import { type SteerCall, steerCall } from '../../domain/calls/steer-call.ts';
import { type TransferCall, transferCall } from '../../domain/calls/transfer/transfer-call.ts';
import type { Call as CallRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Call } from './calls.ts';

builder.prismaObjectFields(Call, (t) => ({
  transferredTo: t.expose('transferredTo', {
    type: 'PhoneNumber',
    nullable: true,
    description: 'The person who has taken the call; null where nobody has.',
  }),
}));

const SteerCallInput = builder.inputRef<Omit<SteerCall, 'callId'> & { callId: NodeId }>('SteerCallInput').implement({
  description: 'What the assistant of a live call is to say or to know: one of the two.',
  fields: (t) => ({
    callId: t.globalID({ required: true, description: 'The call.' }),
    say: t.string({
      description: 'What the assistant says, word for word, as soon as nobody else speaks; at most 1,000 characters. It stands in the transcript as its own.',
    }),
    whisper: t.string({
      description:
        'What the assistant is told and acts on, e.g. `Offer them ten percent`; at most 1,000 characters. The other side does not hear it; in the transcript it is a SYSTEM turn.',
    }),
  }),
});

const SteerCallPayload = payload<{ call: CallRow }>('SteerCallPayload', 'The call, or why nothing is asked of it.', (t) => ({
  call: t.expose('call', { type: Call, nullable: true, description: 'The call. What is said comes by the subscription `transcript`.' }),
}));

const TransferCallInput = builder.inputRef<Omit<TransferCall, 'callId'> & { callId: NodeId }>('TransferCallInput').implement({
  description: 'Which call to put through, and to whom.',
  fields: (t) => ({
    callId: t.globalID({ required: true, description: 'The call.' }),
    to: t.field({ type: 'PhoneNumber', description: "The person; the assistant's `transferTo` if left out." }),
    announce: t.boolean({
      description: 'Whether the person hears first who calls, and takes the call by pressing 1; true if left out. Else they are joined as soon as they answer.',
    }),
  }),
});

const TransferCallPayload = payload<{ call: CallRow }>('TransferCallPayload', 'The call, or why it is not put through.', (t) => ({
  call: t.expose('call', { type: Call, nullable: true, description: 'The call. `transferredTo` is set when the person has taken it.' }),
}));

builder.mutationFields((t) => ({
  steerCall: t.field({
    type: SteerCallPayload,
    description: 'Has the assistant say something, or whispers an instruction to it, while the call is live. Errors: NOT_FOUND, INVALID, ILLEGAL_STATE.',
    args: { input: t.arg({ type: SteerCallInput, required: true, description: 'Which call, and what.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await steerCall(scope, { ...input, callId: idOf('Call', input.callId) }), (call) => ({ call })),
  }),
  transferCall: t.field({
    type: TransferCallPayload,
    description:
      'Puts a live call through to a person, also outside opening hours. Where nobody takes it, it comes back to the assistant. Errors: NOT_FOUND, INVALID, ILLEGAL_STATE, UPSTREAM_REJECTED.',
    args: { input: t.arg({ type: TransferCallInput, required: true, description: 'Which call, and to whom.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await transferCall(scope, { ...input, callId: idOf('Call', input.callId) }), (call) => ({ call })),
  }),
}));
