import { otherLanguagesOf } from '../../domain/assistants/call-handling.ts';
import { builder } from '../builder.ts';
import { Assistant } from './assistants.ts';
import { CallEngine, RecordingConsent } from './call-handling-input.ts';

builder.prismaObjectFields(Assistant, (t) => ({
  otherLanguages: t.stringList({
    select: { otherLanguages: true },
    description: 'Further languages in which it may go on when the caller speaks them: BCP 47 tags.',
    resolve: (assistant) => otherLanguagesOf(assistant),
  }),
  engine: t.expose('engine', { type: CallEngine, description: 'How it talks.' }),
  transferTo: t.expose('transferTo', {
    type: 'PhoneNumber',
    nullable: true,
    description: 'The person that callers are put through to during opening hours; null: nobody.',
  }),
  recordCalls: t.exposeBoolean('recordCalls', { description: 'Whether calls are recorded, once the other side agrees.' }),
  recordingConsent: t.expose('recordingConsent', { type: RecordingConsent, description: 'When a recording may begin.' }),
  voicemailMessage: t.exposeString('voicemailMessage', {
    nullable: true,
    description: 'What it says to an answering machine, word for word; null: it hangs up there without a word.',
  }),
}));
