import { describe, expect, test } from 'vitest';
import type { ClaimedCall } from '../../src/domain/calls/records.ts';
import { beginSession, type Effect, type Session, type SessionEvent } from '../../src/media/session.ts';
import { step } from '../../src/media/step.ts';
import type { VoiceEvent } from '../../src/ports/voice-model.ts';

const call: ClaimedCall = {
  callId: 'call',
  workspaceId: 'workspace',
  bridgeId: 'bridge',
  plan: {
    direction: 'INBOUND',
    assistantId: 'assistant',
    businessName: 'Harbour Hair',
    instructions: 'Be kind.',
    greeting: 'Harbour Hair, good morning.',
    voice: 'marin',
    language: 'en-US',
    timeZone: 'Europe/London',
    tools: [],
    limits: { maximumSeconds: 600, silenceSeconds: 10 },
  },
  bridgeCount: 1,
  answeredAt: new Date(0),
  turns: [],
  toolCalls: [],
};

/** A session that is told things, one after the other, and remembers what it wanted done. */
class Talk {
  session: Session;
  effects: Effect[];
  nowMs = 0;

  constructor(claimed: ClaimedCall = call) {
    const begun = beginSession(claimed, { ms: 0, at: new Date(0) });
    this.session = begun.session;
    this.effects = begun.effects;
  }

  tell(event: SessionEvent): readonly Effect[] {
    const { session, effects } = step(this.session, event, { ms: this.nowMs, at: new Date(this.nowMs) });
    this.session = session;
    this.effects.push(...effects);
    return effects;
  }

  model(event: VoiceEvent) {
    return this.tell({ type: 'model', event });
  }

  wait(ms: number) {
    for (const until = this.nowMs + ms; this.nowMs < until; ) {
      this.nowMs += Math.min(1_000, until - this.nowMs);
      this.tell({ type: 'tick' });
    }
    return this;
  }

  audio(responseId: string, ms: number, itemId = `item-${responseId}`) {
    return this.tell({ type: 'audio', responseId, itemId, base64: Buffer.from(Buffer.alloc(ms * 8).toString('base64')) });
  }

  /** The model says a whole answer. */
  says(responseId: string, text: string, ms: number, done: Partial<Extract<VoiceEvent, { type: 'answer-done' }>> = {}) {
    this.model({ type: 'answer-started', responseId });
    this.model({ type: 'answer-words', responseId, itemId: `item-${responseId}`, delta: text });
    this.audio(responseId, ms);
    return this.done(responseId, done);
  }

  done(responseId: string, done: Partial<Extract<VoiceEvent, { type: 'answer-done' }>> = {}) {
    return this.model({ type: 'answer-done', responseId, status: 'completed', toolCalls: [], usage: null, ...done });
  }

  /** The carrier has played all that it was sent. */
  played() {
    for (const { name } of this.session.playback.marks) this.tell({ type: 'mark', name });
  }

  get turns() {
    return this.effects.filter((effect) => effect.type === 'record').map(({ turn }) => turn);
  }

  get commands() {
    return this.effects.filter((effect) => effect.type === 'command').map(({ command }) => command);
  }

  count(type: Effect['type']) {
    return this.effects.filter((effect) => effect.type === type).length;
  }

  get closed() {
    return this.effects.find((effect) => effect.type === 'close')?.ending;
  }
}

const talking = (claimed?: ClaimedCall) => {
  const talk = new Talk(claimed);
  talk.model({ type: 'ready' });
  return talk;
};

const speaks = (talk: Talk, itemId: string, text: string, ms = 1_000) => {
  talk.model({ type: 'speech-started', itemId, atMs: talk.nowMs });
  talk.nowMs += ms;
  talk.model({ type: 'speech-stopped', itemId, atMs: talk.nowMs });
  talk.model({ type: 'caller-text', itemId, text });
};

describe('the beginning', () => {
  test('a new call is greeted word for word', () => {
    const talk = talking();
    expect(talk.commands).toEqual([{ type: 'answer', instructions: 'Say exactly this and nothing else: "Harbour Hair, good morning."', withoutTools: true }]);
  });

  test('a call that another bridge held goes on where it was', () => {
    const turn = { speaker: 'CALLER', text: 'I need a haircut', heardText: 'I need a haircut', interrupted: false, complete: true } as const;
    const claimed = { ...call, bridgeCount: 2, turns: [{ ...turn, sequence: 1, startedAt: new Date(0), audioMs: 0, heardMs: 0 }] };
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
    const talk = talking({ ...call, bridgeCount: 2, turns: [{ ...turn, sequence: 1, startedAt: new Date(0), audioMs: 0, heardMs: 0 }] });
    expect(talk.commands).toMatchObject([{ instructions: expect.stringContaining('Sorry, go on.') }]);
    expect(talk.session.wanted).toBeNull();
  });

  test('a model that does not get ready is tried again, and then the call is handed over', () => {
    const talk = new Talk();
    for (let attempt = 0; attempt < 5; attempt++) {
      talk.wait(15_000);
      talk.model({ type: 'closed', reason: 'refused' });
    }
    expect(talk.count('open-model')).toBe(5);
    expect(talk.count('abandon-model')).toBeGreaterThan(0);
    expect(talk.closed).toEqual({ type: 'handed-over', reason: 'the model is out of reach: refused' });
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

describe('the end', () => {
  const endCall = { callId: 't1', name: 'end_call', arguments: '{}' };

  test('comes when a goodbye that was already said has been heard, not before', () => {
    const talk = talking();
    talk.says('r1', 'Goodbye!', 800, { toolCalls: [endCall] });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'end-call' });
    talk.wait(5_000);
    expect(talk.closed).toBeUndefined();
    talk.played();
    expect(talk.closed).toEqual({ type: 'ended', reason: 'assistant-ended' });
    expect(talk.turns.at(-1)).toMatchObject({ text: 'Goodbye!', heardText: 'Goodbye!', complete: true });
  });

  test('is said first where the model said nothing', () => {
    const talk = talking();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.done('r1', { toolCalls: [endCall] });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'end-call' });
    expect(talk.commands.at(-1)).toMatchObject({ type: 'answer', withoutTools: true, instructions: expect.stringContaining('Goodbye') });
    talk.says('r2', 'Goodbye.', 500);
    talk.nowMs += 600;
    talk.played();
    expect(talk.closed).toEqual({ type: 'ended', reason: 'assistant-ended' });
  });

  test('is put off by a caller who still talks', () => {
    const talk = talking();
    talk.says('r1', 'Goodbye!', 800, { toolCalls: [endCall] });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'end-call' });
    speaks(talk, 'u1', 'Wait, one more thing');
    talk.wait(30_000);
    expect(talk.closed).not.toEqual({ type: 'ended', reason: 'assistant-ended' });
  });

  test('does not wait for ever for a goodbye that nobody can hear', () => {
    const talk = talking();
    talk.says('r1', 'Goodbye!', 800, { toolCalls: [endCall] });
    talk.tell({ type: 'tool-done', callId: 't1', output: '{}', then: 'end-call' });
    talk.wait(25_000);
    expect(talk.closed).toEqual({ type: 'ended', reason: 'assistant-ended' });
  });

  test('comes after silence, when asking has not helped', () => {
    const talk = talking();
    talk.says('r1', 'Hello', 500);
    talk.wait(1_000).played();
    talk.wait(11_000);
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('still there') });
    talk.says('r2', 'Are you still there?', 1_000);
    talk.wait(2_000).played();
    talk.wait(11_000);
    talk.says('r3', 'Goodbye', 500);
    talk.nowMs += 600;
    talk.played();
    expect(talk.closed).toEqual({ type: 'ended', reason: 'silence' });
  });

  test('comes at the longest time of a call, counted over all its bridges', () => {
    const talk = new Talk();
    talk.session = { ...talk.session, answeredMs: -590_000 };
    talk.model({ type: 'ready' });
    talk.says('r1', 'Hello', 500);
    talk.wait(11_000);
    expect(talk.session.ending).toMatchObject({ reason: 'maximum-duration' });
    speaks(talk, 'u1', 'But I');
    expect(talk.session.ending).not.toBeNull();
  });

  test('by the caller completes what was being said as far as it was heard', () => {
    const talk = talking();
    talk.says('r1', 'one two three four', 2_000);
    talk.nowMs += 1_000;
    talk.tell({ type: 'carrier-stopped' });
    expect(talk.turns.at(-1)).toMatchObject({ interrupted: true, heardText: 'one two', heardMs: 1_000, complete: true });
    expect(talk.closed).toEqual({ type: 'carrier-stopped' });
    expect(talk.tell({ type: 'carrier-stopped' })).toEqual([]);
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
  expect(talk.closed).toEqual({ type: 'handed-over', reason: 'the answers of the model fail' });
});

test('marks are set behind each second of speech and behind each answer', () => {
  const talk = talking();
  talk.model({ type: 'answer-started', responseId: 'r1' });
  for (let piece = 0; piece < 12; piece++) talk.audio('r1', 200);
  talk.done('r1');
  expect(talk.effects.filter((effect) => effect.type === 'mark').map(({ name }) => name)).toEqual(['0:1000', '0:2000', '0:2400']);
});
