import { describe, expect, test } from 'vitest';
import type { ClaimedCall } from '../../src/domain/calls/records.ts';
import { claimedCall, speaks, type Talk, talking } from '../support/talk.ts';

const outbound: ClaimedCall = { ...claimedCall, plan: { ...claimedCall.plan, direction: 'OUTBOUND' } };
const asked: ClaimedCall = { ...claimedCall, plan: { ...claimedCall.plan, recording: { consent: 'SPOKEN' } } };
const announced: ClaimedCall = { ...claimedCall, plan: { ...claimedCall.plan, recording: { consent: 'ANNOUNCED' } } };

const notes = (talk: Talk) => talk.effects.flatMap((effect) => (effect.type === 'note' ? [effect.note] : []));
const last = (talk: Talk) => talk.commands.findLast(({ type }) => type === 'answer');

/** The model says the words that it was told last, and they are heard to their end. */
function sayAsTold(talk: Talk, responseId: string, ms = 1_000): void {
  const told = last(talk);
  const text = (told?.type === 'answer' && /"(.+)"/.exec(told.instructions ?? '')?.[1]) || 'Well.';
  talk.says(responseId, text, ms);
  talk.nowMs += ms;
  talk.played();
}

/** A greeting and the question, both heard. */
function askedForConsent(claimed = asked): Talk {
  const talk = talking(claimed);
  sayAsTold(talk, 'r1');
  sayAsTold(talk, 'r2');
  return talk;
}

describe('that an automated assistant calls', () => {
  test('is said behind the greeting of an outbound call, and counts when it was heard', () => {
    const talk = talking(outbound);
    expect(last(talk)).toMatchObject({ instructions: expect.stringContaining('good morning. I am an automated assistant calling for Harbour Hair."') });
    talk.says('r1', 'Harbour Hair, good morning. I am an automated assistant calling for Harbour Hair.', 3_000);
    talk.nowMs += 2_900;
    expect(notes(talk)).toEqual([]);
    talk.nowMs += 200;
    talk.played();
    expect(notes(talk)).toEqual([{ type: 'disclosed' }]);
  });

  test('is not said to those who call us', () => {
    const talk = talking();
    sayAsTold(talk, 'r1');
    expect(JSON.stringify(talk.commands)).not.toContain('automated');
    expect(notes(talk)).toEqual([]);
  });

  test('is not said twice where the greeting says it', () => {
    const greeting = 'Hello, this is the virtual assistant of Harbour Hair.';
    const talk = talking({ ...outbound, plan: { ...outbound.plan, greeting } });
    expect(last(talk)).toMatchObject({ instructions: `Say exactly this and nothing else: "${greeting}"` });
    sayAsTold(talk, 'r1');
    expect(notes(talk)).toEqual([{ type: 'disclosed' }]);
  });

  test('is said again after it was cut off, until it was heard', () => {
    const talk = talking(outbound);
    talk.says('r1', 'Harbour Hair, good morning. I am an automated assistant calling for Harbour Hair.', 3_000);
    talk.nowMs += 1_000;
    speaks(talk, 'u1', 'Hello, who is this?');
    talk.says('r2', 'This is Harbour Hair.', 500);
    expect(last(talk)).toMatchObject({ instructions: 'Say exactly this and nothing else: "I am an automated assistant calling for Harbour Hair."' });
    expect(notes(talk)).toEqual([]);
    sayAsTold(talk, 'r3');
    expect(notes(talk)).toEqual([{ type: 'disclosed' }]);
  });

  test('does not count where the model said something else', () => {
    const talk = talking(outbound);
    talk.says('r1', 'Good day to you!', 500);
    talk.nowMs += 500;
    talk.played();
    expect(notes(talk)).toEqual([]);
    sayAsTold(talk, 'r2');
    expect(notes(talk)).toEqual([{ type: 'disclosed' }]);
  });

  test('does not count where the carrier never sent the mark back', () => {
    const talk = talking(outbound);
    talk.says('r1', 'Harbour Hair, good morning. I am an automated assistant calling for Harbour Hair.', 3_000);
    talk.wait(30_000);
    expect(notes(talk)).toEqual([]);
  });

  test('is known to the next bridge, which says it only if it is still owed', () => {
    const turn = {
      sequence: 1,
      speaker: 'CALLER',
      text: 'Hello?',
      heardText: 'Hello?',
      interrupted: false,
      complete: true,
      startedAt: new Date(0),
      audioMs: 1,
      heardMs: 1,
    } as const;
    const taken = { ...outbound, bridgeCount: 2, turns: [turn] };
    const owing = talking(taken);
    sayAsTold(owing, 'r1');
    owing.says('r2', 'How can I help?', 500);
    expect(last(owing)).toMatchObject({ instructions: expect.stringContaining('automated assistant') });
    const done = talking({ ...taken, known: { ...taken.known, disclosed: true } });
    sayAsTold(done, 'r1');
    done.says('r2', 'How can I help?', 500);
    expect(JSON.stringify(done.commands)).not.toContain('automated');
  });
});

describe('that a call is recorded', () => {
  test('is announced behind the greeting, and begins when that was heard', () => {
    const talk = talking(announced);
    talk.says('r1', 'Harbour Hair, good morning. This call is being recorded.', 2_000);
    expect(notes(talk)).toEqual([]);
    talk.nowMs += 2_000;
    talk.played();
    expect(notes(talk)).toEqual([{ type: 'recording', decision: 'announced', evidence: 'This call is being recorded.' }]);
  });

  test('is asked behind the greeting, and nothing is recorded before the other side has agreed aloud', () => {
    const talk = askedForConsent();
    expect(talk.commands.filter(({ type }) => type === 'answer')).toMatchObject([
      { instructions: expect.stringContaining('good morning.') },
      { instructions: 'Say exactly this and nothing else: "May this call be recorded?"' },
    ]);
    expect(notes(talk)).toEqual([]);
    speaks(talk, 'u1', 'Yes, sure.');
    expect(notes(talk)).toEqual([{ type: 'recording', decision: 'agreed', evidence: 'Yes, sure.' }]);
    expect(talk.commands.at(-1)).toEqual({ type: 'answer' });
  });

  test('a no is a no, and the talk goes on', () => {
    const talk = askedForConsent();
    speaks(talk, 'u1', "No, I'd rather not.");
    expect(notes(talk)).toEqual([{ type: 'recording', decision: 'refused', evidence: "No, I'd rather not." }]);
    expect(talk.commands.at(-1)).toEqual({ type: 'answer' });
  });

  test('while it is asked the model does not answer of itself; what was neither yes nor no is asked once more', () => {
    const talk = askedForConsent();
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: talk.nowMs });
    talk.nowMs += 800;
    talk.model({ type: 'speech-stopped', itemId: 'u1', atMs: talk.nowMs });
    talk.model({ type: 'answer-started', responseId: 'own' });
    expect(talk.commands.at(-1)).toEqual({ type: 'cancel' });
    talk.audio('own', 200);
    talk.done('own', { status: 'cancelled', reason: 'client_cancelled' });
    const played = talk.count('play');
    talk.model({ type: 'caller-text', itemId: 'u1', text: 'I would like a haircut.' });
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('Please say yes or no.') });
    expect(talk.count('play')).toBe(played);
    sayAsTold(talk, 'r3');
    speaks(talk, 'u2', 'Well, hm.');
    expect(notes(talk)).toEqual([{ type: 'recording', decision: 'unclear', evidence: 'Well, hm.' }]);
    expect(talk.commands.at(-1)).toEqual({ type: 'answer' });
    speaks(talk, 'u3', 'Yes.');
    expect(notes(talk)).toHaveLength(1);
  });

  test('words that were begun before the question was heard do not answer it', () => {
    const talk = talking(asked);
    sayAsTold(talk, 'r1');
    talk.says('r2', 'May this call be recorded?', 2_000);
    talk.nowMs += 500;
    speaks(talk, 'u1', 'Yes, hello?');
    expect(notes(talk)).toEqual([]);
    talk.says('r3', 'Hello!', 300);
    expect(last(talk)).toMatchObject({ instructions: expect.stringContaining('Before we go on: may I record this call?') });
  });

  test('an answer over the last syllable of the question counts', () => {
    const talk = talking(asked);
    sayAsTold(talk, 'r1');
    talk.says('r2', 'May this call be recorded?', 2_000);
    talk.nowMs += 1_600;
    speaks(talk, 'u1', 'Yes.');
    expect(notes(talk)).toEqual([{ type: 'recording', decision: 'agreed', evidence: 'Yes.' }]);
  });

  test('an answer of which the words never come is asked once more, and then nothing is recorded', () => {
    const talk = askedForConsent();
    for (const [item, own] of [
      ['u1', 'own1'],
      ['u2', 'own2'],
    ] as const) {
      talk.model({ type: 'speech-started', itemId: item, atMs: talk.nowMs });
      talk.nowMs += 500;
      talk.model({ type: 'speech-stopped', itemId: item, atMs: talk.nowMs });
      talk.model({ type: 'answer-started', responseId: own });
      talk.done(own, { status: 'cancelled' });
      talk.wait(7_000);
      sayAsTold(talk, `after-${own}`);
    }
    expect(notes(talk)).toEqual([{ type: 'recording', decision: 'unclear', evidence: '' }]);
  });

  test('whoever says nothing is asked once more before anything else', () => {
    const talk = askedForConsent();
    talk.wait(12_000);
    expect(last(talk)).toMatchObject({ instructions: expect.stringContaining('Please say yes or no.') });
    expect(JSON.stringify(talk.commands)).not.toContain('still there');
  });

  test('is neither asked nor done in a language whose answers nobody here can read', () => {
    const talk = talking({ ...asked, plan: { ...asked.plan, language: 'pl-PL' } });
    sayAsTold(talk, 'r1');
    expect(talk.commands.filter(({ type }) => type === 'answer')).toHaveLength(1);
    speaks(talk, 'u1', 'Yes.');
    expect(notes(talk)).toEqual([]);
  });

  test('stops at any time when the other side says so, and they are told', () => {
    const talk = askedForConsent();
    speaks(talk, 'u1', 'Yes.');
    talk.says('r3', 'How can I help?', 500);
    talk.nowMs += 500;
    talk.played();
    speaks(talk, 'u2', 'Please stop recording.');
    talk.says('r4', 'Of course.', 300);
    expect(last(talk)).toMatchObject({ instructions: expect.stringContaining('I have stopped the recording.') });
    expect(notes(talk).at(-1)).toEqual({ type: 'recording', decision: 'stopped', evidence: 'Please stop recording.' });
    speaks(talk, 'u3', 'Stop recording, I said.');
    expect(notes(talk)).toHaveLength(2);
  });

  test('a refusal before the question is one', () => {
    const talk = talking(asked);
    talk.says('r1', 'Harbour Hair, good morning.', 2_000);
    talk.nowMs += 500;
    speaks(talk, 'u1', "Hi, I don't want this to be recorded.");
    expect(notes(talk)).toEqual([{ type: 'recording', decision: 'refused', evidence: "Hi, I don't want this to be recorded." }]);
    // It was on its way to the model: what comes of it is not heard.
    talk.model({ type: 'answer-started', responseId: 'question' });
    expect(talk.commands.at(-1)).toEqual({ type: 'cancel' });
    talk.done('question', { status: 'cancelled' });
    talk.says('r2', 'Of course.', 300);
    expect(talk.commands.filter(({ type }) => type === 'answer')).toHaveLength(2);
  });

  test.each(['agreed', 'refused', 'unclear', 'announced', 'stopped'] as const)(
    'a bridge that takes the call over knows that it was %s, and does not ask',
    (recordingDecision) => {
      const talk = talking({ ...asked, bridgeCount: 2, known: { ...asked.known, recordingDecision } });
      sayAsTold(talk, 'r1');
      talk.says('r2', 'Well then.', 300);
      expect(JSON.stringify(talk.commands)).not.toContain('record');
    },
  );
});
