import { describe, expect, test } from 'vitest';
import { claimedCall, speaks, Talk, talking } from '../support/talk.ts';

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

  test('comes when nothing is left of what the plan allows, and says so kindly', () => {
    const limits = { ...claimedCall.plan.limits, maximumSeconds: 30, limitedByPlan: true };
    const talk = new Talk({ ...claimedCall, plan: { ...claimedCall.plan, limits } });
    talk.model({ type: 'ready' });
    talk.says('r1', 'Hello', 500);
    talk.session = { ...talk.session, answeredMs: -25_000 };
    talk.wait(5_000);
    expect(talk.session.ending).toMatchObject({ reason: 'plan-limit' });
    expect(talk.closed).toBeUndefined();
    const goodbyes = talk.commands.filter((sent) => sent.type === 'answer' && sent.instructions?.includes('used up'));
    expect(goodbyes).toHaveLength(1);
    talk.says('r2', 'I am sorry, I have to end our call here.', 1_000);
    talk.wait(2_000).played();
    expect(talk.closed).toEqual({ type: 'ended', reason: 'plan-limit' });
  });

  describe('by a caller whose last words are not recognised yet', () => {
    /** They have begun to speak, and hang up. */
    const left = () => {
      const talk = talking();
      talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
      talk.tell({ type: 'carrier-stopped', hungUp: true });
      return talk;
    };

    test('waits for them, and for nothing else', () => {
      const talk = left();
      expect(talk.effects.at(-1)).toEqual({ type: 'end-audio' });
      expect(talk.tell({ type: 'carrier-stopped', hungUp: false })).toEqual([]);
      talk.model({ type: 'speech-stopped', itemId: 'u1', atMs: 900 });
      talk.model({ type: 'answer-started', responseId: 'r9' });
      expect(talk.commands.at(-1)).toEqual({ type: 'cancel' });
      talk.audio('r9', 500);
      talk.done('r9', { toolCalls: [endCall] });
      expect(talk.closed).toBeUndefined();
      talk.model({ type: 'caller-text', itemId: 'u1', text: 'At noon, then.' });
      expect(talk.turns.at(-1)).toMatchObject({ speaker: 'CALLER', text: 'At noon, then.', complete: true });
      expect(talk.closed).toEqual({ type: 'carrier-stopped' });
      expect(talk.effects.some(({ type }) => type === 'play' || type === 'run-tool')).toBe(false);
    });

    test('waits no longer than some seconds', () => {
      const talk = left().wait(5_000);
      expect(talk.closed).toBeUndefined();
      expect(talk.wait(1_000).closed).toEqual({ type: 'carrier-stopped' });
    });

    test('does not outlive the model or the process', () => {
      const [one, other] = [left(), left()];
      one.model({ type: 'closed', reason: 'gone' });
      expect(one.closed).toEqual({ type: 'carrier-stopped' });
      other.tell({ type: 'hand-over', reason: 'the process stops' });
      expect(other.closed).toEqual({ type: 'carrier-stopped' });
      for (const talk of [one, other]) expect(talk.effects.filter(({ type }) => type === 'close')).toHaveLength(1);
    });

    test('lets go at once where the line was cut: another bridge is to take the call', () => {
      const talk = talking();
      talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
      talk.tell({ type: 'carrier-stopped', hungUp: false });
      expect(talk.closed).toEqual({ type: 'carrier-stopped' });
    });
  });

  test('by the caller completes what was being said as far as it was heard', () => {
    const talk = talking();
    talk.says('r1', 'one two three four', 2_000);
    talk.nowMs += 1_000;
    talk.tell({ type: 'carrier-stopped', hungUp: true });
    expect(talk.turns.at(-1)).toMatchObject({ interrupted: true, heardText: 'one two', heardMs: 1_000, complete: true });
    expect(talk.closed).toEqual({ type: 'carrier-stopped' });
    expect(talk.tell({ type: 'carrier-stopped', hungUp: true })).toEqual([]);
  });
});
