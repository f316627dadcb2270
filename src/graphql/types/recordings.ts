import { deleteRecording } from '../../domain/calls/recording/delete-recording.ts';
import { recordingLink } from '../../domain/calls/recording/recording-link.ts';
import type { Call as CallRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Call } from './calls.ts';

builder.prismaObject('Recording', {
  description: 'The sound of a call: what we said in one channel, what the other side said in the other.',
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      description: 'Where it can be fetched for the next 15 minutes, by whoever has this address. Ask again for another.',
      select: { id: true, workspaceId: true },
      resolve: ({ id, workspaceId }, _args, { scope }) => recordingLink(scope, { recordingId: id, workspaceId }),
    }),
    durationSeconds: t.int({
      description: 'How long it is, in seconds.',
      select: { durationSeconds: true },
      resolve: ({ durationSeconds }) => durationSeconds ?? 0,
    }),
    consented: t.exposeBoolean('consented', {
      description: 'Whether the other side had agreed to it, or had heard that the call is recorded: whatever the assistant asks for.',
    }),
  }),
});

builder.prismaObjectFields(Call, (t) => ({
  recording: t.relation('recording', {
    nullable: true,
    description: 'Its recording; null where none was made, while it is being made, and when it was deleted.',
    query: { where: { status: 'STORED' } },
  }),
}));

const DeleteRecordingInput = builder.inputRef<{ callId: NodeId }>('DeleteRecordingInput').implement({
  description: 'Which recording to delete.',
  fields: (t) => ({ callId: t.globalID({ required: true, description: 'The call that was recorded.' }) }),
});
const DeleteRecordingPayload = payload<{ call: CallRow }>('DeleteRecordingPayload', 'The call without its recording, or why it keeps it.', (t) => ({
  call: t.expose('call', { type: Call, nullable: true, description: 'The call as it is now.' }),
}));
builder.mutationField('deleteRecording', (t) =>
  t.field({
    type: DeleteRecordingPayload,
    description:
      'Deletes the sound of a call for good, here and at the carrier; what was said stays written down. Deleting it twice changes nothing. Errors: NOT_FOUND where the call has none, ILLEGAL_STATE while the call is going on.',
    args: { input: t.arg({ type: DeleteRecordingInput, required: true, description: 'Which recording.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await deleteRecording(scope, { callId: idOf('Call', input.callId) }), (call) => ({ call })),
  }),
);
