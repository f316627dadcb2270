import { describe, expect, test } from 'vitest';
import { speaks, type Talk, talking } from '../support/talk.ts';

const renew = (talk: Talk) => talk.tell({ type: 'renew' }).some(({ type }) => type === 'open-model');

/** Greeted, heard, and silent. */
function quiet(): Talk {
  const talk = talking();
  talk.says('r1', 'Harbour Hair, good morning.', 1_000);
  talk.nowMs += 1_100;
  talk.played();
  return talk;
}

describe('a connection to the model that nears its longest time', () => {
  test('is renewed while nobody speaks, and the new one knows what was said and greets nobody', () => {
    const talk = quiet();
    const opened = talk.tell({ type: 'renew' }).find(({ type }) => type === 'open-model');
    expect(opened).toMatchObject({ afterMs: 0, history: [{ type: 'assistant', text: 'Harbour Hair, good morning.' }] });
    const before = talk.commands.length;
    talk.model({ type: 'ready' });
    expect(talk.commands).toHaveLength(before);
    expect(talk.session.phase).toBe('talking');
  });

  test.each<[string, (talk: Talk) => void]>([
    ['while the caller speaks', (talk) => void talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 })],
    [
      'while the words of the caller are not known yet',
      (talk) => {
        talk.model({ type: 'speech-started', itemId: 'u1', atMs: 0 });
        talk.model({ type: 'speech-stopped', itemId: 'u1', atMs: 500 });
      },
    ],
    ['while an answer is made', (talk) => void talk.model({ type: 'answer-started', responseId: 'r2' })],
    ['while an answer is played', (talk) => void talk.says('r2', 'We are open from nine to five.', 3_000)],
    [
      'while a tool runs',
      (talk) => {
        talk.model({ type: 'answer-started', responseId: 'r2' });
        talk.done('r2', { toolCalls: [{ callId: 't1', name: 'check_availability', arguments: '{}' }] });
      },
    ],
    ['while it is renewed already', (talk) => void talk.tell({ type: 'renew' })],
  ])('is left alone %s', (_when, happens) => {
    const talk = quiet();
    happens(talk);
    expect(renew(talk)).toBe(false);
  });

  test('is renewed as soon as that is over', () => {
    const talk = quiet();
    speaks(talk, 'u1', 'When are you open?');
    expect(renew(talk)).toBe(true);
  });

  test('what the caller says meanwhile is answered by the new one', () => {
    const talk = quiet();
    talk.tell({ type: 'renew' });
    talk.model({ type: 'ready' });
    speaks(talk, 'u1', 'When are you open?');
    talk.says('r2', 'From nine to five.', 1_000);
    talk.nowMs += 1_100;
    talk.played();
    expect(talk.turns.filter(({ complete }) => complete).map(({ sequence, text }) => [sequence, text])).toEqual([
      [1, 'Harbour Hair, good morning.'],
      [2, 'When are you open?'],
      [3, 'From nine to five.'],
    ]);
  });
});
