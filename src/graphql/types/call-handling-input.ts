import type { CALL_ENGINES, RECORDING_CONSENTS } from '../../domain/assistants/call-handling.ts';
import { builder } from '../builder.ts';

type SchemaTypes = typeof builder.$inferSchemaTypes;

export const CallEngine = builder.enumType('CallEngine', {
  description: 'How an assistant talks.',
  values: {
    REALTIME: { description: 'With a voice model that hears and speaks: quick, and can be interrupted.' },
    GATHER: { description: 'In turns: the carrier recognises the words, a text model answers, and the carrier reads the answer out.' },
  } satisfies Record<(typeof CALL_ENGINES)[number], { description: string }>,
});

export const RecordingConsent = builder.enumType('RecordingConsent', {
  description: 'When a recording may begin.',
  values: {
    SPOKEN: { description: 'When the other side has said yes to it.' },
    ANNOUNCED: { description: 'When the other side was told of it. In some places that is not enough.' },
  } satisfies Record<(typeof RECORDING_CONSENTS)[number], { description: string }>,
});

/** How calls are handled, as the inputs of an assistant have it. */
export const callHandlingInput = (t: PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>) => ({
  otherLanguages: t.stringList({
    description: 'All further languages in which it may go on when the caller speaks them: BCP 47 tags, ten at most. None: it stays in `language`.',
  }),
  engine: t.field({ type: CallEngine, description: 'How it talks; REALTIME unless said otherwise.' }),
  transferTo: t.field({
    type: 'PhoneNumber',
    description: 'The person that callers are put through to during opening hours; null: nobody. Not a number that an assistant answers.',
  }),
  recordCalls: t.boolean({ description: 'Whether calls are recorded; not unless said otherwise.' }),
  recordingConsent: t.field({ type: RecordingConsent, description: 'When a recording may begin; SPOKEN unless said otherwise.' }),
  voicemailMessage: t.string({
    description: 'What it says to an answering machine, word for word, at most 500 characters; null: it hangs up there without a word.',
  }),
});
