import { ringAssistant } from '../../domain/calls/ring-assistant.ts';
import type { Call as CallRow } from '../../generated/prisma/client.ts';
import type { SimulatedCaller as Caller } from '../../ports/call-lab.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Call } from './calls.ts';

const SimulatedCaller = builder.objectRef<Caller>('SimulatedCaller').implement({
  description: 'A made-up person on the telephone. They hear and speak real audio over the same wires as everybody else, and cost nothing.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The name to ask for, e.g. `books-a-haircut`.' }),
    name: t.exposeString('name', { description: 'What they say they are called.' }),
    phoneNumber: t.expose('number', { type: 'PhoneNumber', description: 'Their number. Give it to `placeCall`, and they are the one who picks up.' }),
    description: t.exposeString('description', { description: 'Who they are and what they do.' }),
  }),
});

builder.queryField('simulatedCallers', (t) =>
  t.field({
    type: [SimulatedCaller],
    description: 'Whom the call lab can have call an assistant. Empty where no simulator runs.',
    resolve: (_root, _args, { app }) => [...(app.callLab?.callers() ?? [])],
  }),
);

const RingAssistantInput = builder.inputRef<{ assistantId: NodeId; caller: string }>('RingAssistantInput').implement({
  description: 'Who is to call which assistant.',
  fields: (t) => ({
    assistantId: t.globalID({ required: true, description: 'The assistant to call. It must answer a line.' }),
    caller: t.string({ required: true, description: 'The `key` of a simulated caller, e.g. `books-a-haircut`.' }),
  }),
});

const RingAssistantPayload = payload<{ call: CallRow }>('RingAssistantPayload', 'The call, or why it does not ring.', (t) => ({
  call: t.expose('call', { type: Call, nullable: true, description: 'The call that is ringing. Follow it with the subscriptions `call` and `transcript`.' }),
}));

builder.mutationField('ringAssistant', (t) =>
  t.field({
    type: RingAssistantPayload,
    description:
      'Has a simulated person call an assistant, and answers as soon as it rings. Errors: NOT_FOUND, ILLEGAL_STATE (no simulator runs, or the assistant has no line).',
    args: { input: t.arg({ type: RingAssistantInput, required: true, description: 'Who is to call whom.' }) },
    resolve: async (_root, { input }, { app, scope }) =>
      answer(
        await ringAssistant({ db: scope.db, callLab: app.callLab }, { assistantId: idOf('Assistant', input.assistantId), callerKey: input.caller }),
        (call) => ({ call }),
      ),
  }),
);
