import { recordingLink } from '../../domain/calls/recording/recording-link.ts';
import { builder } from '../builder.ts';
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
