import { describe, expect, test } from 'vitest';
import { claimedCall, speaks, Talk, talking } from '../support/talk.ts';

describe('the beginning', () => {
  test('a new call is greeted word for word', () => {
    const talk = talking();
    expect(talk.commands).toEqual([{ type: 'answer', instructions: 'Say exactly this and nothing else: "Harbour Hair, good morning."', withoutTools: true }]);
  });

  test('a call that another bridge held goes on where it was', () => {
    const turn = { speaker: 'CALLER', text: 'I need a haircut', heardText: 'I need a haircut', interrupted: false, complete: true } as const;
    const claimed = { ...claimedCall, bridgeCount: 2, turns: [{ ...turn, sequence: 1, startedAt: new Date(0), audioMs: 0, heardMs: 0 }] };
    const talk = talking(claimed);
    expect(talk.effects[0]).toEqual({ type: 'open-model', history: [{ type: 'caller', text: 'I need a haircut' }], afterMs: 0 });
    expect(talk.commands).toMatchObject([{ instructions: expect.stringContaining('Sorry about that.') }]);
    talk.says('r1', 'Sorry about that.', 800);
    // The caller was waiting for an answer when the first bridge died.
    expect(talk.commands.at(-1)).toEqual({ type: 'answer' });
    talk.nowMs = 900;
    talk.played();
    expect(talk.turns.at(-1)).toMatchObject({ sequence: 2, complete: true });
  });

  test('a caller who was not waiting for an answer is asked to go on', () => {
    const turn = { speaker: 'ASSISTANT', text: 'What is your name?', heardText: 'What is your name?', interrupted: false, complete: true } as const;
    const talk = talking({ ...claimedCall, bridgeCount: 2, turns: [{ ...turn, sequence: 1, startedAt: new Date(0), audioMs: 0, heardMs: 0 }] });
    expect(talk.commands).toMatchObject([{ instructions: expect.stringContaining('Sorry, go on.') }]);
    expect(talk.session.wanted).toBeNull();
  });

  test('a model that refuses is tried five times, and then the call goes on without it', () => {
    const talk = new Talk();
    for (let attempt = 0; attempt < 5; attempt++) {
      talk.wait(1_000);
      talk.model({ type: 'closed', reason: 'refused' });
    }
    expect(talk.count('open-model')).toBe(5);
    expect(talk.closed).toEqual({ type: 'handed-over', reason: 'the model is out of reach: refused', withoutModel: true });
  });

  test('a model that never gets ready is not waited for longer than anybody bears silence', () => {
    const talk = new Talk();
    while (!talk.closed && talk.nowMs < 60_000) {
      const before = talk.count('abandon-model');
      talk.wait(1_000);
      if (talk.count('abandon-model') > before) talk.model({ type: 'closed', reason: 'it did not get ready in time' });
    }
    expect(talk.count('open-model')).toBeGreaterThan(1);
    expect(talk.nowMs).toBeLessThan(15_000);
    expect(talk.closed).toMatchObject({ type: 'handed-over', withoutModel: true });
  });
});

describe('an interruption', () => {
  test('stops what is being said and tells the model exactly how much was heard', () => {
    const talk = talking();
    talk.says('r1', 'We are open from nine to five', 3_000);
    talk.nowMs += 1_240;
    const effects = talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    expect(effects.slice(0, 2)).toEqual([{ type: 'clear' }, { type: 'command', command: { type: 'truncate', itemId: 'item-r1', heardMs: 1_240 } }]);
    expect(talk.turns.at(-1)).toMatchObject({
      interrupted: true,
      heardMs: 1_240,
      audioMs: 3_000,
      text: 'We are open from nine to five',
      heardText: 'We are open',
    });
  });

  test('keeps audio that is still under way from the caller, and one truncation is enough', () => {
    const talk = talking();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.audio('r1', 400);
    talk.nowMs += 300;
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    talk.audio('r1', 200);
    talk.done('r1', { status: 'cancelled', reason: 'turn_detected' });
    expect(talk.count('play')).toBe(1);
    expect(talk.commands.filter(({ type }) => type === 'truncate')).toEqual([{ type: 'truncate', itemId: 'item-r1', heardMs: 300 }]);
  });

  test('of an answer whose audio was all played but that would have gone on is told too', () => {
    const talk = talking();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.audio('r1', 200);
    talk.nowMs += 2_000;
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    expect(talk.commands.at(-1)).toEqual({ type: 'truncate', itemId: 'item-r1', heardMs: 200 });
  });

  test('when nothing is being said clears nothing', () => {
    const talk = talking();
    talk.says('r1', 'Hello', 500);
    talk.nowMs += 600;
    talk.played();
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    expect(talk.count('clear')).toBe(0);
  });

  test('cancels an answer that begins while the caller already speaks', () => {
    const talk = talking();
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.audio('r1', 200);
    expect(talk.commands.at(-1)).toEqual({ type: 'cancel' });
    expect(talk.count('play')).toBe(0);
  });
});

describe('tools', () => {
  const availability = { callId: 't1', name: 'check_availability', arguments: '{"date":"2026-03-03"}' };

  test('are run when the answer is done, and their result brings the next answer', () => {
    const talk = talking();
    speaks(talk, 'u1', 'Tuesday?');
    talk.model({ type: 'answer-started', responseId: 'r1' });
    const effects = talk.done('r1', { toolCalls: [availability] });
    expect(effects.find((effect) => effect.type === 'run-tool')).toMatchObject({ tool: { name: 'check_availability', afterSequence: 1 } });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{"free":[]}', then: 'answer' });
    expect(talk.commands.slice(-2)).toEqual([{ type: 'tool-result', callId: 't1', output: '{"free":[]}' }, { type: 'answer' }]);
  });

  test('that take long are bridged by one spoken filler, and the answer waits for its end', () => {
    const talk = talking();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.done('r1', { toolCalls: [availability] });
    talk.nowMs += 1_200;
    talk.tell({ type: 'tool-slow', callId: 't1' });
    expect(talk.commands.at(-1)).toMatchObject({ type: 'answer', withoutTools: true, instructions: expect.stringContaining('One moment') });
    talk.model({ type: 'answer-started', responseId: 'r2' });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'answer' });
    expect(talk.commands.at(-1)).toEqual({ type: 'tool-result', callId: 't1', output: '{}' });
    talk.done('r2');
    expect(talk.commands.at(-1)).toEqual({ type: 'answer' });
  });

  test('that finish while the caller speaks leave the answer to the model', () => {
    const talk = talking();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.done('r1', { toolCalls: [availability] });
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'answer' });
    talk.model({ type: 'speech-stopped', itemId: 'u1', atMs: 500 });
    talk.model({ type: 'answer-started', responseId: 'r2' });
    talk.done('r2');
    expect(talk.commands.filter(({ type }) => type === 'answer')).toHaveLength(1);
  });

  test('that the model refuses to answer at once are answered when it is free', () => {
    const talk = talking();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.done('r1', { toolCalls: [availability] });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'answer' });
    talk.model({ type: 'error', code: 'conversation_already_has_active_response', message: '' });
    talk.model({ type: 'answer-started', responseId: 'r2' });
    talk.done('r2');
    expect(talk.session.requested).toBeNull();
  });

  test('that run while the model connection breaks are told to the next one, call and result', () => {
    const talk = talking();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.done('r1', { toolCalls: [availability] });
    talk.model({ type: 'closed', reason: 'gone' });
    talk.model({ type: 'ready' });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'answer' });
    expect(talk.commands.slice(-3)).toEqual([
      { type: 'tool-call', callId: 't1', name: 'check_availability', arguments: availability.arguments },
      { type: 'tool-result', callId: 't1', output: '{}' },
      { type: 'answer' },
    ]);
  });

  test('that finish while the model is away are told when it is back', () => {
    const talk = talking();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.done('r1', { toolCalls: [availability] });
    talk.model({ type: 'closed', reason: 'gone' });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'answer' });
    talk.model({ type: 'ready' });
    expect(talk.commands.slice(-3).map(({ type }) => type)).toEqual(['tool-call', 'tool-result', 'answer']);
  });
});

test('an answer that fails is asked for again, and after three the call is handed over', () => {
  const talk = talking();
  for (const responseId of ['r1', 'r2']) {
    talk.model({ type: 'answer-started', responseId });
    talk.done(responseId, { status: 'failed', reason: 'server_error' });
    expect(talk.commands.at(-1)).toEqual({ type: 'answer' });
  }
  talk.model({ type: 'answer-started', responseId: 'r3' });
  talk.done('r3', { status: 'failed' });
  expect(talk.closed).toEqual({ type: 'handed-over', reason: 'the answers of the model fail', withoutModel: true });
});

test('marks are set behind each second of speech and behind each answer', () => {
  const talk = talking();
  talk.model({ type: 'answer-started', responseId: 'r1' });
  for (let piece = 0; piece < 12; piece++) talk.audio('r1', 200);
  talk.done('r1');
  expect(talk.effects.filter((effect) => effect.type === 'mark').map(({ name }) => name)).toEqual(['0:1000', '0:2000', '0:2400']);
});
