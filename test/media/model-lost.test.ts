import { describe, expect, test } from 'vitest';
import { mediaApp } from '../support/media-app.ts';
import type { ModelCommand, RawModelSession } from '../support/raw-model.ts';

const SPEECH = Buffer.alloc(160, 0x10);

/** Answers every request with a second of audio; each session is kept in order. */
async function conversation(options: { longestSessionMs?: number; script?: (session: RawModelSession, number: number) => void } = {}) {
  const sessions: RawModelSession[] = [];
  const app = await mediaApp({
    ...(options.longestSessionMs && { longestSessionMs: options.longestSessionMs }),
    script: {
      onSession: (session) => {
        sessions.push(session);
        const number = sessions.length;
        session.listen((command) => {
          if (Buffer.isBuffer(command) || command.type !== 'response.create') return;
          if (options.script) options.script(session, number);
          else session.answer(`r${number}_${session.commands.length}`, Buffer.alloc(1_600), [800]);
        });
      },
    },
  });
  return { app, sessions };
}

const items = (session: RawModelSession | undefined): ModelCommand[] => session?.commands.filter(({ type }) => type === 'conversation.item.create') ?? [];

describe('a connection to the model that is cut', () => {
  test('in the middle of an answer is opened again with what was said, and what the caller says meanwhile is not lost', async () => {
    const { app, sessions } = await conversation({
      script: (session, number) => {
        if (number > 1) return session.answer(`r${number}`, Buffer.alloc(1_600), [800]);
        const place = { response_id: 'r1', item_id: 'i1', output_index: 0, content_index: 0 };
        session.emit('response.created', { response: { id: 'r1', status: 'in_progress' } });
        session.emit('response.output_audio_transcript.delta', { ...place, delta: 'Harbour Hair, good' });
        session.emit('response.output_audio.delta', { ...place, delta: Buffer.alloc(4_000).toString('base64') });
        void session.synced().then(() => session.drop());
      },
    });
    await using _app = app;
    const call = await app.admit();
    await using carrier = await app.dial(call);
    carrier.start();
    await expect.poll(() => sessions.length).toBe(2);
    for (let frame = 0; frame < 50; frame++) await carrier.speak(SPEECH);
    await expect.poll(() => sessions[1]?.heard.length ?? 0).toBe(50 * 160);
    expect(items(sessions[1])).toMatchObject([{ item: { role: 'assistant', content: [{ type: 'output_text', text: 'Harbour Hair, good' }] } }]);
    await carrier.hangUp();
    await app.announced((event) => event.type === 'CallChanged' && event.callId === call.callId && event.version >= 3);
    const turns = await app.database.root.transcriptTurn.findMany({ where: { callId: call.callId }, orderBy: { sequence: 'asc' } });
    expect(turns.map(({ sequence }) => sequence)).toEqual(turns.map((_turn, index) => index + 1));
    expect(turns.every(({ complete }) => complete)).toBe(true);
  });

  test('keeps of what the caller says the newest two seconds, while it is opened again', async () => {
    const gate = Promise.withResolvers<void>();
    let opened = 0;
    const sessions: RawModelSession[] = [];
    await using app = await mediaApp({
      script: {
        admit: async () => void (++opened > 1 && (await gate.promise)),
        onSession: (session) => {
          sessions.push(session);
          session.listen((command) => !Buffer.isBuffer(command) && command.type === 'response.create' && session.answer('r1', Buffer.alloc(800), [800]));
        },
      },
    });
    const call = await app.admit();
    await using carrier = await app.dial(call);
    carrier.start();
    await carrier.heard(800);
    sessions[0]?.drop();
    await expect.poll(() => opened).toBe(2);
    for (let frame = 0; frame < 300; frame++) await carrier.speak(Buffer.alloc(160, frame % 256));
    // Read in order: what comes after has been kept before.
    await carrier.synced();
    gate.resolve();
    await expect.poll(() => sessions[1]?.heard.length ?? 0).toBe(100 * 160);
    expect(sessions[1]?.heard.at(0)).toBe(200);
  });

  test('is renewed before its longest time while nobody speaks: the caller is greeted once and nothing is said again', async () => {
    const { app, sessions } = await conversation({ longestSessionMs: 2_000 });
    await using _app = app;
    const call = await app.admit();
    await using carrier = await app.dial(call);
    carrier.start();
    await carrier.heard(1_600);
    await expect.poll(() => sessions.length, { timeout: 10_000 }).toBe(2);
    await sessions[0]?.closed;
    for (let frame = 0; frame < 10; frame++) await carrier.speak(SPEECH);
    await expect.poll(() => sessions[1]?.heard.length ?? 0).toBe(1_600);
    expect(items(sessions[1])).toMatchObject([{ item: { role: 'assistant', content: [{ text: 'words' }] } }]);
    expect(sessions[1]?.commands.some(({ type }) => type === 'response.create')).toBe(false);
    expect(await app.call(call.callId)).toMatchObject({ bridgeCount: 1, status: 'IN_PROGRESS' });
  });

  test('and cannot be had again lets go of the call, which goes on by speech gather', { timeout: 30_000 }, async () => {
    let refused = false;
    await using app = await mediaApp({
      script: {
        admit: async () => {
          if (refused) throw new Error('refused');
        },
        onSession: (session) => {
          refused = true;
          session.listen((command) => !Buffer.isBuffer(command) && command.type === 'response.create' && session.drop());
        },
      },
    });
    const call = await app.admit();
    await using carrier = await app.dial(call);
    carrier.start();
    expect(await carrier.closed).toBe(1012);
    expect(await app.call(call.callId)).toMatchObject({ engine: 'GATHER', bridgeId: null, status: 'IN_PROGRESS', endReason: null });
  });
});
