import { describe, expect, test } from 'vitest';
import { interviewPlan } from '../../src/domain/calls/interview/survey-plan.ts';
import { noteCall } from '../../src/domain/calls/note-call.ts';
import type { ClaimedCall } from '../../src/domain/calls/records.ts';
import { releaseCall } from '../../src/domain/calls/release-call.ts';
import { interview } from '../../src/domain/surveys/interview-plan.ts';
import { interviewDesk } from '../support/interview-desk.ts';
import { quiet } from '../support/quiet.ts';
import { claimedCall, speaks, type Talk, talking } from '../support/talk.ts';

const survey = {
  surveyId: 's',
  title: 'Our service',
  description: null,
  tone: 'FRIENDLY',
  voice: 'marin',
  language: 'en-US',
  instructions: null,
  questions: [],
  sections: [],
};
const asks = interview.parse({ survey, campaignId: null, contactId: 'c', timeZone: 'America/New_York', test: false });
const plan = { ...claimedCall.plan, direction: 'OUTBOUND' as const, ...interviewPlan(asks, { business: 'Harbour Hair', resumed: false }) };
const outbound: ClaimedCall = { ...claimedCall, plan };

const notes = (talk: Talk) => talk.effects.flatMap((effect) => (effect.type === 'note' ? [effect.note] : []));
const last = (talk: Talk) => talk.commands.findLast(({ type }) => type === 'answer');
const FAREWELL = 'I have taken your number off our list. You will not be called again. Goodbye.';

/** The greeting was heard. */
function greeted(claimed = outbound): Talk {
  const talk = talking(claimed);
  talk.says('r1', claimed.plan.greeting, 5_000);
  talk.nowMs += 5_000;
  talk.played();
  return talk;
}

describe('whoever wants no more calls', () => {
  test('is told so and left, whatever the model was about to say', () => {
    const talk = greeted();
    speaks(talk, 'u1', 'Take me off your list, please.');
    expect(notes(talk).at(-1)).toEqual({ type: 'opted-out', by: 'speech', evidence: 'Take me off your list, please.' });
    expect(last(talk)).toMatchObject({ instructions: `Say exactly this and nothing else: "${FAREWELL}"` });
    talk.says('r2', FAREWELL, 2_000);
    talk.nowMs += 2_000;
    talk.played();
    talk.wait(1_000);
    expect(talk.closed).toEqual({ type: 'ended', reason: 'opted-out' });
  });

  test('is not talked into anything by an answer that has begun', () => {
    const talk = greeted();
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: talk.nowMs });
    talk.model({ type: 'speech-stopped', itemId: 'u1', atMs: talk.nowMs + 900 });
    talk.model({ type: 'answer-started', responseId: 'r2' });
    talk.audio('r2', 300);
    talk.model({ type: 'caller-text', itemId: 'u1', text: 'Stop calling me.' });
    expect(talk.commands.some(({ type }) => type === 'cancel')).toBe(true);
    talk.done('r2', { status: 'cancelled' });
    expect(last(talk)).toMatchObject({ instructions: expect.stringContaining(FAREWELL) });
  });

  test('hears it again where they speak over it, and no question in between', () => {
    const talk = greeted();
    speaks(talk, 'u1', 'Never call me again.');
    talk.model({ type: 'answer-started', responseId: 'r2' });
    talk.audio('r2', 2_000);
    talk.nowMs += 300;
    speaks(talk, 'u2', 'I mean it.');
    talk.done('r2', { status: 'cancelled' });
    talk.model({ type: 'answer-started', responseId: 'r3' });
    talk.done('r3', { status: 'cancelled' });
    expect(last(talk)).toMatchObject({ instructions: expect.stringContaining(FAREWELL) });
    expect(notes(talk).filter(({ type }) => type === 'opted-out')).toHaveLength(1);
    talk.wait(25_000);
    expect(talk.closed).toEqual({ type: 'ended', reason: 'opted-out' });
  });

  test('is heard also when they have hung up with the last word', () => {
    const talk = greeted();
    talk.model({ type: 'speech-started', itemId: 'u1', atMs: talk.nowMs });
    talk.tell({ type: 'carrier-stopped', hungUp: true });
    talk.model({ type: 'speech-stopped', itemId: 'u1', atMs: talk.nowMs + 900 });
    talk.model({ type: 'caller-text', itemId: 'u1', text: 'Never call me again.' });
    expect(notes(talk).at(-1)).toEqual({ type: 'opted-out', by: 'speech', evidence: 'Never call me again.' });
    expect(talk.closed).toEqual({ type: 'carrier-stopped' });
  });

  test('may press the key that was announced, until keys are answers', () => {
    const talk = greeted();
    talk.tell({ type: 'digit', digit: '9' });
    talk.wait(2_000);
    expect(notes(talk).at(-1)).toEqual({ type: 'opted-out', by: 'keypad', evidence: '9' });

    const asked = { modelCallId: 't', name: 'record_answer', arguments: '{}', result: JSON.stringify({ say: 'How was it?', question: '1' }), afterSequence: 2 };
    const later = greeted({ ...outbound, toolCalls: [asked] });
    later.tell({ type: 'digit', digit: '9' });
    later.wait(2_000);
    expect(notes(later).some(({ type }) => type === 'opted-out')).toBe(false);
    expect(later.turns.at(-1)?.text).toBe('[pressed 9]');
  });

  test('is somebody whom we have called: who calls us is helped', () => {
    const talk = talking();
    talk.says('r1', 'Harbour Hair, good morning.', 1_000);
    speaks(talk, 'u1', 'Please stop calling me.');
    expect(notes(talk)).toEqual([]);
  });

  test('is suppressed in the workspace with the call’s verdict at once, also when they have hung up', async () => {
    await using at = await interviewDesk([{ title: 'Well?', kind: 'TEXT' }]);
    const { root } = at.app.database;
    const { workspaceId, clock, events } = at.app;
    const scope = { root, clock, events, logger: quiet().logger, carrier: null, config: { publicUrl: 'http://127.0.0.1' } };
    await root.call.update({ where: { id: at.callId }, data: { status: 'ENDED', outcome: 'PARTIAL' } });
    const note = { type: 'opted-out', by: 'speech', evidence: 'Stop calling me.' } as const;
    for (let twice = 0; twice < 2; twice++) await noteCall(scope, { workspaceId, callId: at.callId, note });
    await releaseCall(scope, { workspaceId, callId: at.callId, bridgeId: 'none', ending: { type: 'carrier-stopped' } });
    expect(await root.suppression.findMany()).toMatchObject([{ phoneNumber: '+12125550142', reason: 'SPOKEN_OPT_OUT', source: `call:${at.callId}` }]);
    expect(await root.call.findUniqueOrThrow({ where: { id: at.callId } })).toMatchObject({ verdict: 'OPTED_OUT', outcome: 'OPTED_OUT' });
  });
});
