import { describe, expect, test } from 'vitest';
import type { ClaimedCall } from '../../src/domain/calls/records.ts';
import { claimedCall, speaks, Talk, talking } from '../support/talk.ts';

const MESSAGE = 'Hello, this is Harbour Hair. Please call us back about your appointment.';
const outbound: ClaimedCall = { ...claimedCall, plan: { ...claimedCall.plan, direction: 'OUTBOUND', voicemailMessage: MESSAGE } };
const silentOnMachines: ClaimedCall = { ...outbound, plan: { ...outbound.plan, voicemailMessage: null } };

const notes = (talk: Talk) => talk.effects.flatMap((effect) => (effect.type === 'note' ? [effect.note] : []));
const left = (talk: Talk) => notes(talk).filter(({ type }) => type === 'voicemail-left').length;
const verdict = (talk: Talk, answeredBy: string) => talk.tell({ type: 'answered-by', answeredBy });
const saysMessage = (talk: Talk, responseId: string, ms = 3_000) => talk.says(responseId, MESSAGE, ms);
const messages = (talk: Talk) => talk.commands.filter((command) => command.type === 'answer' && command.instructions?.includes(MESSAGE)).length;

/** A greeting is being said while the machine plays its own. */
function greeting(claimed = outbound): Talk {
  const talk = talking(claimed);
  talk.says('r1', 'Harbour Hair, good morning. I am an automated assistant calling for Harbour Hair.', 3_000);
  talk.nowMs += 1_000;
  return talk;
}

describe('an answering machine', () => {
  test('is told the message word for word and left; it counts as left when it was heard', () => {
    const talk = greeting();
    verdict(talk, 'machine');
    expect(talk.effects.findLast(({ type }) => type === 'clear')).toBeDefined();
    expect(talk.commands.at(-1)).toEqual({ type: 'answer', instructions: `Say exactly this and nothing else: "${MESSAGE}"`, withoutTools: true });
    saysMessage(talk, 'r2');
    expect([left(talk), talk.closed]).toEqual([0, undefined]);
    talk.nowMs += 3_000;
    talk.played();
    expect([left(talk), talk.closed]).toEqual([1, { type: 'ended', reason: 'voicemail' }]);
  });

  test('is hung up on at once where there is no message for it', () => {
    const talk = greeting(silentOnMachines);
    verdict(talk, 'machine');
    expect(talk.closed).toEqual({ type: 'ended', reason: 'voicemail' });
    expect(left(talk)).toBe(0);
  });

  test('is told the message once, however often the verdict comes', () => {
    const talk = greeting();
    for (let again = 0; again < 3; again++) verdict(talk, 'machine');
    saysMessage(talk, 'r2');
    verdict(talk, 'machine');
    talk.nowMs += 3_000;
    talk.played();
    expect([messages(talk), left(talk)]).toEqual([1, 1]);
  });

  test('that was told the message before another bridge took the call is hung up on', () => {
    const talk = new Talk({ ...outbound, bridgeCount: 2, known: { ...outbound.known, answeredBy: 'machine', voicemailLeft: true } });
    talk.model({ type: 'ready' });
    expect([messages(talk), talk.closed]).toEqual([0, { type: 'ended', reason: 'voicemail' }]);
  });

  test('that had heard only a part when the bridge died is told it by the next one', () => {
    const talk = new Talk({ ...outbound, bridgeCount: 2, known: { ...outbound.known, answeredBy: 'machine' } });
    talk.model({ type: 'ready' });
    expect(messages(talk)).toBe(1);
    saysMessage(talk, 'r1');
    talk.nowMs += 3_000;
    talk.played();
    expect(left(talk)).toBe(1);
  });

  test('that goes on talking does not interrupt', () => {
    const talk = greeting();
    verdict(talk, 'machine');
    talk.model({ type: 'answer-started', responseId: 'r2' });
    talk.model({ type: 'answer-words', responseId: 'r2', itemId: 'item-r2', delta: MESSAGE });
    talk.audio('r2', 3_000);
    const clears = talk.count('clear');
    talk.model({ type: 'speech-started', itemId: 'u9', atMs: 0 });
    expect(talk.count('clear')).toBe(clears);
    talk.done('r2');
    talk.nowMs += 3_000;
    talk.played();
    expect(left(talk)).toBe(1);
  });

  test('is told the message again where the model broke off, a few times, and then left', () => {
    const talk = greeting();
    verdict(talk, 'machine');
    for (const responseId of ['r2', 'r3', 'r4']) {
      talk.model({ type: 'answer-started', responseId });
      talk.audio(responseId, 500);
      talk.done(responseId, { status: 'cancelled' });
    }
    expect([messages(talk), left(talk)]).toEqual([3, 0]);
    talk.wait(5_000);
    talk.played();
    talk.wait(30_000);
    expect(talk.closed).toEqual({ type: 'ended', reason: 'voicemail' });
  });

  test('that picks up while an answer is on its way is not taken to have heard that one', () => {
    const talk = talking(outbound);
    verdict(talk, 'machine');
    talk.model({ type: 'answer-started', responseId: 'greeting' });
    expect(talk.commands.at(-1)).toEqual({ type: 'cancel' });
    talk.done('greeting', { status: 'cancelled' });
    expect(messages(talk)).toBe(1);
    saysMessage(talk, 'r2');
    talk.nowMs += 3_000;
    talk.played();
    expect(left(talk)).toBe(1);
  });

  test('does not get tools run for it, nor words of the model’s own', () => {
    const talk = talking(outbound);
    talk.says('r1', 'Let me look.', 300, { toolCalls: [{ callId: 'c1', name: 'check_availability', arguments: '{}' }] });
    verdict(talk, 'machine');
    talk.tell({ type: 'tool-done', callId: 'c1', output: '{}', then: 'answer' });
    saysMessage(talk, 'r2');
    talk.model({ type: 'answer-started', responseId: 'own' });
    expect(talk.commands.at(-1)).toEqual({ type: 'cancel' });
  });

  test('a verdict that contradicts a conversation counts for nothing', () => {
    const talk = greeting();
    talk.tell({ type: 'tool-done', callId: 'nothing', output: '{}', then: 'answer' });
    talk.wait(61_000);
    talk.played();
    verdict(talk, 'machine');
    expect(messages(talk)).toBe(0);
  });

  test('a person, and whoever could not be told, are talked with', () => {
    for (const who of ['human', 'unknown']) {
      const talk = greeting();
      verdict(talk, who);
      expect([talk.closed, messages(talk), talk.session.machine]).toEqual([undefined, 0, null]);
    }
  });

  test('a caller of ours is never one', () => {
    const talk = talking();
    verdict(talk, 'machine');
    expect(talk.session.machine).toBeNull();
  });

  test('a fax is hung up on', () => {
    const talk = greeting();
    verdict(talk, 'fax');
    expect([talk.closed, messages(talk)]).toEqual([{ type: 'ended', reason: 'fax' }, 0]);
  });
});

describe('a screener', () => {
  const PROMPT = "Go ahead and say your name and why you're calling, and I'll see if this person is available.";
  const identity = (talk: Talk) =>
    talk.commands.filter((command) => command.type === 'answer' && command.instructions?.includes('Please put me through.')).length;

  function screened(claimed = outbound): Talk {
    const talk = greeting(claimed);
    speaks(talk, 'u1', PROMPT);
    return talk;
  }

  test('is told in a sentence who calls, that it is a machine, and what about', () => {
    const talk = screened({ ...outbound, plan: { ...outbound.plan, purpose: 'your appointment on Friday' } });
    expect(talk.commands.at(-1)).toMatchObject({
      instructions: expect.stringContaining(
        'This is an automated assistant calling for Harbour Hair, about your appointment on Friday. Please put me through.',
      ),
    });
    expect(notes(talk)).toContainEqual({ type: 'answered-by', answeredBy: 'screener' });
  });

  test('is waited for, and the person who then picks up is greeted as if they had just picked up', () => {
    const talk = screened();
    talk.says('r2', 'This is an automated assistant calling for Harbour Hair. Please put me through.', 2_000);
    talk.nowMs += 2_000;
    talk.played();
    speaks(talk, 'u2', 'Thank you. Please stay on the line.');
    talk.model({ type: 'answer-started', responseId: 'own' });
    expect(talk.commands.at(-1)).toEqual({ type: 'cancel' });
    talk.done('own', { status: 'cancelled' });
    talk.wait(40_000);
    expect([talk.closed, JSON.stringify(talk.commands).includes('still there')]).toEqual([undefined, false]);
    speaks(talk, 'u3', 'Hello, this is Kim.');
    expect(notes(talk).at(-1)).toEqual({ type: 'answered-by', answeredBy: 'human' });
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('good morning. I am an automated assistant') });
    talk.says('r3', 'Harbour Hair, good morning. I am an automated assistant calling for Harbour Hair.', 2_000);
    talk.nowMs += 2_000;
    talk.played();
    expect(notes(talk).at(-1)).toEqual({ type: 'disclosed' });
    speaks(talk, 'u4', 'What is it about?');
    talk.says('r4', 'Your appointment.', 300);
    expect(talk.count('play')).toBeGreaterThan(3);
  });

  test('that wants a key pressed hears its tones', () => {
    const talk = greeting();
    const played = talk.count('play');
    speaks(talk, 'u1', 'To be connected to the person you are calling, please press 1.');
    expect(talk.count('play')).toBe(played + 1);
    expect(identity(talk)).toBe(0);
  });

  test('that sounds like a machine to the carrier gets no message', () => {
    const talk = screened();
    verdict(talk, 'machine');
    expect([messages(talk), talk.session.machine]).toEqual([0, null]);
  });

  test('is told who calls three times at most', () => {
    const talk = screened();
    for (let again = 2; again < 7; again++) {
      talk.says(`r${again}`, 'This is an automated assistant calling for Harbour Hair. Please put me through.', 1_000);
      talk.nowMs += 1_000;
      talk.played();
      speaks(talk, `u${again}`, PROMPT);
    }
    expect(identity(talk)).toBe(3);
  });

  test('is not looked for where somebody calls us, nor late in a conversation', () => {
    const inbound = talking();
    speaks(inbound, 'u1', PROMPT);
    expect(identity(inbound)).toBe(0);
    const talk = greeting();
    for (const item of ['u1', 'u2', 'u3', 'u4']) {
      speaks(talk, item, 'Well, let me think.');
      talk.says(`r-${item}`, 'Take your time.', 200);
    }
    speaks(talk, 'u5', PROMPT);
    expect(identity(talk)).toBe(0);
  });

  test('is not asked whether the call may be recorded', () => {
    const talk = talking({ ...outbound, plan: { ...outbound.plan, recording: { consent: 'SPOKEN' } } });
    talk.says('r1', 'Harbour Hair, good morning. I am an automated assistant calling for Harbour Hair.', 500);
    talk.nowMs += 500;
    talk.played();
    talk.says('r2', 'May this call be recorded?', 500);
    talk.nowMs += 500;
    talk.played();
    speaks(talk, 'u1', PROMPT);
    talk.says('r3', 'This is an automated assistant calling for Harbour Hair. Please put me through.', 500);
    talk.nowMs += 500;
    talk.played();
    speaks(talk, 'u2', 'Yes, hello?');
    expect(notes(talk).filter(({ type }) => type === 'recording')).toEqual([]);
    talk.says('r4', 'Harbour Hair, good morning. I am an automated assistant calling for Harbour Hair.', 500);
    talk.nowMs += 500;
    talk.played();
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('record') });
  });
});
