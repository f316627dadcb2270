import { describe, expect, test } from 'vitest';
import type { ClaimedCall } from '../../src/domain/calls/records.ts';
import { asksToHold } from '../../src/media/hold.ts';
import { claimedCall, speaks, talking } from '../support/talk.ts';

/** In the middle of a conversation: the greeting was heard. */
const conversing = (claimed?: ClaimedCall) => {
  const talk = talking(claimed);
  talk.says('r0', 'Harbour Hair, good morning.', 1_000);
  talk.nowMs = 1_000;
  talk.played();
  talk.tell({ type: 'tick' });
  talk.effects.length = 0;
  return talk;
};
type Conversing = ReturnType<typeof conversing>;
const press = (talk: Conversing, keys: string, everyMs = 300) => {
  for (const digit of keys) {
    talk.tell({ type: 'digit', digit });
    talk.nowMs += everyMs;
  }
};
const tools = (talk: Conversing, name: string, given: object, done: object, spoke = false) => {
  talk.model({ type: 'answer-started', responseId: 'rt' });
  if (spoke) talk.audio('rt', 400);
  talk.done('rt', { toolCalls: [{ callId: 'tool', name, arguments: JSON.stringify(given) }] });
  talk.tell({ type: 'tool-done', callId: 'tool', output: JSON.stringify(done), then: 'answer', ...done });
};

describe('keys that the caller presses', () => {
  test('are one turn of theirs once # is pressed, and the model answers it', () => {
    const talk = conversing();
    press(talk, '123#');
    expect(talk.turns).toMatchObject([{ speaker: 'CALLER', text: '[pressed 1 2 3 #]', heardText: '[pressed 1 2 3 #]', complete: true }]);
    expect(talk.commands).toEqual([{ type: 'tell', from: 'caller', text: 'The caller pressed 1 2 3 # on the keypad.' }, { type: 'answer' }]);
  });

  test('are one turn after a second and a half without another', () => {
    const talk = conversing();
    press(talk, '42');
    talk.nowMs += 1_100;
    talk.tell({ type: 'keys-paused' });
    expect(talk.turns).toEqual([]);
    talk.nowMs += 200;
    talk.tell({ type: 'keys-paused' });
    expect(talk.turns).toMatchObject([{ text: '[pressed 4 2]' }]);
    talk.tell({ type: 'keys-paused' });
    expect(talk.turns).toHaveLength(1);
  });

  test('interrupt what is being said', () => {
    const talk = conversing();
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.model({ type: 'answer-words', responseId: 'r1', itemId: 'item-r1', delta: 'We are open from nine to five' });
    talk.audio('r1', 3_000);
    talk.nowMs += 1_240;
    talk.tell({ type: 'digit', digit: '1' });
    expect(talk.commands).toEqual([{ type: 'cancel' }, { type: 'truncate', itemId: 'item-r1', heardMs: 1_240 }]);
    expect(talk.count('clear')).toBe(1);
    talk.audio('r1', 200);
    expect(talk.count('play')).toBe(1);
  });

  test('wait for a model that is being connected again, and end a silence', () => {
    const talk = conversing();
    talk.model({ type: 'closed', reason: 'gone' });
    press(talk, '7#');
    expect(talk.turns).toEqual([]);
    talk.model({ type: 'ready' });
    talk.nowMs += 2_000;
    talk.tell({ type: 'tick' });
    expect(talk.turns).toMatchObject([{ text: '[pressed 7 #]' }]);
  });

  test('are cut into turns of 64', () => {
    const talk = conversing();
    press(talk, '1'.repeat(130), 1);
    expect(talk.turns).toHaveLength(2);
  });
});

describe('keys that the assistant presses', () => {
  test('sound behind what is being said, count as played, and are waited behind', () => {
    const talk = conversing();
    tools(talk, 'send_dtmf', { digits: '12' }, { press: '12' });
    expect(talk.effects.filter(({ type }) => type === 'play')).toHaveLength(1);
    expect(talk.session.playback.sentMs).toBe(1_400);
    expect(talk.commands.map(({ type }) => type)).toEqual(['tool-result']);
    // An interruption cuts them off, and the model is told nothing of what it did not say.
    talk.nowMs += 100;
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    expect(talk.count('clear')).toBe(1);
    expect(talk.commands.some(({ type }) => type === 'truncate')).toBe(false);
  });
});

describe('what a person of the business asks', () => {
  test('to say is said at once where nobody speaks, else behind the present sentence, each in turn', () => {
    const talk = conversing();
    talk.tell({ type: 'steer', kind: 'say', text: 'Mara comes at "noon".' });
    expect(talk.commands).toEqual([{ type: 'answer', instructions: 'Say exactly this and nothing else: "Mara comes at \'noon\'."', withoutTools: true }]);
    talk.tell({ type: 'steer', kind: 'say', text: 'And there is cake.' });
    talk.model({ type: 'answer-started', responseId: 'r1' });
    talk.audio('r1', 500);
    expect(talk.commands).toHaveLength(1);
    talk.done('r1');
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('cake') });
  });

  test('to say waits while the caller speaks and while a model is connected', () => {
    const talk = conversing();
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    talk.tell({ type: 'steer', kind: 'say', text: 'Hello.' });
    expect(talk.commands).toEqual([]);
    talk.model({ type: 'closed', reason: 'gone' });
    talk.tell({ type: 'tick' });
    expect(talk.commands).toEqual([]);
    talk.model({ type: 'ready' });
    expect(talk.session.says).toEqual(['Hello.']);
  });

  test('to know is told to the model alone, acted on, and noted as said by nobody', () => {
    const talk = conversing();
    talk.tell({ type: 'steer', kind: 'whisper', text: 'Offer ten percent.' });
    expect(talk.commands).toEqual([{ type: 'tell', from: 'business', text: 'Offer ten percent.' }, { type: 'answer' }]);
    expect(talk.turns).toMatchObject([{ speaker: 'SYSTEM', text: 'Offer ten percent.', heardText: '', audioMs: 0, complete: true }]);
    expect(talk.count('spoken')).toBe(0);
  });

  test('to know while the model is away is in what the next connection is told', () => {
    const talk = conversing();
    talk.model({ type: 'closed', reason: 'gone' });
    talk.tell({ type: 'steer', kind: 'whisper', text: 'Offer ten percent.' });
    talk.model({ type: 'closed', reason: 'gone' });
    const opened = talk.effects.filter((effect) => effect.type === 'open-model').at(-1);
    expect(opened?.history.at(-1)).toEqual({ type: 'note', text: 'Offer ten percent.' });
  });
});

describe('a call that is put through', () => {
  test('is let go of once the caller has heard it said', () => {
    const talk = conversing();
    tools(talk, 'transfer_to_human', { about: 'x' }, { then: 'transfer' });
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('I am putting you through'), withoutTools: true });
    talk.says('r2', 'One moment, I am putting you through.', 1_500);
    expect(talk.closed).toBeUndefined();
    talk.nowMs += 1_600;
    talk.played();
    expect(talk.closed).toEqual({ type: 'transfer' });
  });

  test('is not announced twice, and a word of the caller does not call it off', () => {
    const talk = conversing();
    talk.tell({ type: 'steer', kind: 'transfer' });
    talk.says('r2', 'One moment, I am putting you through.', 1_500);
    talk.nowMs += 300;
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
    expect(talk.closed).toEqual({ type: 'transfer' });
  });

  test('and that nobody took is taken up with a word about it', () => {
    const note = { sequence: 1, speaker: 'SYSTEM', text: 'Nobody could take the call: the line was busy.', heardText: '' } as const;
    const turn = { ...note, interrupted: false, complete: true, startedAt: new Date(0), audioMs: 0, heardMs: 0 };
    const talk = talking({ ...claimedCall, bridgeCount: 2, turns: [turn], known: { ...claimedCall.known, failedTransfer: 'busy' } });
    expect(talk.effects[0]).toMatchObject({ history: [{ type: 'note', text: note.text }] });
    expect(talk.commands).toMatchObject([{ instructions: expect.stringContaining('nobody can take the call right now'), withoutTools: true }]);
    talk.says('r1', 'I am sorry, nobody can take the call right now. May I take a message?', 2_000);
    expect(talk.commands).toHaveLength(1);
  });
});

describe('languages', () => {
  test('a switch is told to the transcription, and our own sentences follow it', () => {
    const talk = conversing();
    tools(talk, 'switch_language', { language: 'es' }, { language: 'es' });
    expect(talk.commands.map(({ type }) => type)).toEqual(['tool-result', 'language', 'answer']);
    talk.says('r1', 'Hola.', 500);
    talk.played();
    talk.wait(12_000);
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('¿Sigue ahí?') });
  });

  test('is remembered by the next bridge', () => {
    const toolCall = { modelCallId: 't', name: 'switch_language', arguments: '{}', afterSequence: 0 };
    const talk = talking({ ...claimedCall, bridgeCount: 2, toolCalls: [{ ...toolCall, result: '{"switched":true,"language":"de"}' }] });
    expect(talk.session.language).toBe('de');
  });

  test('a language without words of ours is put into by the model', () => {
    const talk = conversing({ ...claimedCall, plan: { ...claimedCall.plan, language: 'ja' } });
    talk.wait(12_000);
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringMatching(/put into the language ja: "Are you still there\?"/) });
  });
});

describe('a caller who asks to be waited for', () => {
  test('is waited for two minutes without a word, and then asked', () => {
    const talk = conversing();
    speaks(talk, 'u1', 'Hold on a moment, please.');
    talk.says('r1', 'Of course.', 500);
    talk.played();
    talk.wait(115_000);
    expect(talk.closed).toBeUndefined();
    expect(talk.commands).toEqual([]);
    talk.wait(20_000);
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('Are you still there?') });
  });

  test('who is back is treated as everybody else', () => {
    const talk = conversing();
    speaks(talk, 'u1', 'One moment.');
    talk.wait(30_000);
    speaks(talk, 'u2', 'Here I am, Tuesday would be fine.');
    talk.wait(12_000);
    expect(talk.commands.at(-1)).toMatchObject({ instructions: expect.stringContaining('Are you still there?') });
  });

  test.each([
    ['Hold on a second.', true],
    ['Can you hold on a moment, please?', true],
    ['Let me check my calendar.', true],
    ['Just a minute', true],
    ['Do you have a minute?', false],
    ['Let me ask you something.', false],
    ['How long do I have to wait?', false],
    ['On Tuesday, please.', false],
    ['I waited for a moment in your shop last week and then went home because nobody seemed to be there at all, sadly.', false],
  ])('%s: %s', (text, holds) => {
    expect(asksToHold(text, ['en-US'])).toBe(holds);
  });

  test.each([
    ['de', 'Einen Moment bitte.'],
    ['es', 'Un momento, por favor.'],
    ['fr', 'Ne quittez pas.'],
    ['it', 'Aspetti un attimo.'],
    ['pt', 'Só um momento.'],
    ['nl', 'Momentje, alstublieft.'],
  ])('in %s too: %s', (language, text) => {
    expect(asksToHold(text, [language])).toBe(true);
    expect(asksToHold(text, ['en'])).toBe(false);
  });
});
