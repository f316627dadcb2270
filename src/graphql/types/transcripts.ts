import { builder } from '../builder.ts';
import { insistOnReading } from '../reading.ts';

const Speaker = builder.enumType('Speaker', {
  description: 'Who speaks.',
  values: {
    CALLER: { description: 'The person on the telephone, whoever called whom.' },
    ASSISTANT: { description: 'The assistant.' },
    AGENT: { description: 'A person of the business who has taken over.' },
    SYSTEM: { description: 'A note about what happened, spoken by nobody.' },
  },
});

const ToolCallStatus = builder.enumType('ToolCallStatus', {
  description: 'What became of a tool call.',
  values: {
    RUNNING: { description: 'It is under way.' },
    SUCCEEDED: { description: 'It was done.' },
    FAILED: { description: 'It could not be done; the assistant was told why.' },
    TIMED_OUT: { description: 'It took too long; the assistant was told so.' },
  },
});

export const TranscriptTurn = builder.prismaNode('TranscriptTurn', {
  nullable: true,
  description: 'What one of them said before the other spoke. FORBIDDEN where the plan of the workspace does not include transcripts.',
  authScopes: ({ workspaceId }, context) => insistOnReading(context, workspaceId, 'TRANSCRIPTS'),
  // Words still being spoken have no row yet, and are the same object to a client once they have.
  id: { resolve: (turn) => `${turn.callId}-${turn.sequence}`, description: 'The global id of the turn, the same while its words are spoken and afterwards.' },
  findUnique: (id) => {
    const [callId = '', sequence = ''] = id.split('-');
    return { callId_sequence: { callId, sequence: /^\d{1,9}$/.test(sequence) ? Number(sequence) : 0 } };
  },
  fields: (t) => ({
    sequence: t.exposeInt('sequence', { description: '1, 2, 3, … without gaps within a call; the cursor of the transcript subscription.' }),
    speaker: t.expose('speaker', { type: Speaker, description: 'Who speaks.' }),
    text: t.exposeString('text', { description: 'Everything the speaker said or, for the assistant, generated.' }),
    heardText: t.exposeString('heardText', { description: 'What the caller had actually heard when an answer was interrupted; equals text when it was not.' }),
    interrupted: t.exposeBoolean('interrupted', { description: 'Whether the other side broke in before it was all heard.' }),
    complete: t.exposeBoolean('complete', { description: 'False while its words are still being spoken.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the first word was spoken.' }),
    audioMs: t.exposeInt('audioMs', { description: 'The length of the speech in milliseconds: all that was generated.' }),
    heardMs: t.exposeInt('heardMs', { description: 'How many milliseconds of it the other side heard.' }),
  }),
});

export const ToolCall = builder.prismaObject('ToolCall', {
  description: 'Something the assistant did during a call, e.g. looking for free times.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Which tool, e.g. `book_appointment`.' }),
    arguments: t.exposeString('arguments', { description: 'What it was asked, as JSON.' }),
    result: t.exposeString('result', { nullable: true, description: 'What it answered, as JSON; null while it runs.' }),
    status: t.expose('status', { type: ToolCallStatus, description: 'What became of it.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the assistant asked.' }),
    durationMs: t.exposeInt('durationMs', { nullable: true, description: 'How many milliseconds it took; null while it runs.' }),
  }),
});
