import { markMessageRead } from '../../domain/calls/messages/messages.ts';
import { recordingLink, SPOKEN_MESSAGE } from '../../domain/calls/recording/recording-link.ts';
import type { Message as MessageRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Workspace } from './workspaces.ts';

export const Message = builder.prismaNode('Message', {
  nullable: true,
  description: 'What a caller wants somebody to be told.',
  id: { field: 'id', description: 'The global id of the message.' },
  fields: (t) => ({
    call: t.relation('call', { description: 'The call it was taken in.' }),
    callerName: t.exposeString('callerName', { nullable: true, description: 'Who left it, if they said.' }),
    callbackNumber: t.expose('callbackNumber', {
      type: 'PhoneNumber',
      nullable: true,
      description: 'Where to call back; null where the number was withheld and none was given.',
    }),
    body: t.exposeString('body', { description: 'What they want to be told.' }),
    urgent: t.exposeBoolean('urgent', { description: 'Whether they said that it is urgent.' }),
    readAt: t.expose('readAt', { type: 'DateTime', nullable: true, description: 'When it was first marked as read; null until then.' }),
    audioUrl: t.field({
      type: 'URL',
      nullable: true,
      description: 'Where one that was spoken after a tone can be heard for the next 15 minutes, by whoever has this address; null where it was not spoken so.',
      select: { id: true, workspaceId: true, audioBlobKey: true },
      resolve: ({ id, workspaceId, audioBlobKey }, _args, { scope }) =>
        audioBlobKey === null ? null : recordingLink(scope, { recordingId: SPOKEN_MESSAGE + id, workspaceId }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was taken.' }),
  }),
});

builder.prismaObjectFields(Workspace, (t) => ({
  messages: t.relatedConnection(
    'messages',
    {
      cursor: 'id',
      totalCount: true,
      description: 'What callers want somebody to be told, the newest first.',
      args: { unreadOnly: t.arg.boolean({ defaultValue: false, description: 'Only those that nobody has marked as read.' }) },
      query: ({ unreadOnly }) => ({ where: unreadOnly ? { readAt: null } : {}, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    },
    { name: 'MessageConnection', description: 'One page of messages.' },
    { name: 'MessageEdge', description: 'One message of a page.' },
  ),
}));

const MarkMessageReadInput = builder.inputRef<{ id: NodeId }>('MarkMessageReadInput').implement({
  description: 'Which message was read.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The message that was read.' }) }),
});

const MarkMessageReadPayload = payload<{ message: MessageRow }>('MarkMessageReadPayload', 'The message, or why nothing was marked.', (t) => ({
  message: t.expose('message', { type: Message, nullable: true, description: 'The message as it is now.' }),
}));

builder.mutationFields((t) => ({
  markMessageRead: t.field({
    type: MarkMessageReadPayload,
    description: 'Notes that a message was read; the first time counts. Errors: NOT_FOUND.',
    args: { input: t.arg({ type: MarkMessageReadInput, required: true, description: 'Which message.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await markMessageRead(scope, { messageId: idOf('Message', input.id) }), (message) => ({ message })),
  }),
}));
