import { describe, expect, test } from 'vitest';
import { type CallFacts, progress } from '../../src/domain/calls/progress.ts';
import { resumption } from '../../src/domain/calls/resume.ts';
import { reapDecision } from '../../src/domain/calls/watch/reap.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 2, 15) + seconds * 1_000);
const call = (more: Partial<CallFacts>): CallFacts => ({
  status: 'DIALING',
  carrierCallId: null,
  endReason: null,
  createdAt: at(0),
  dialedAt: at(0),
  ringingAt: null,
  answeredAt: null,
  bridgeCount: 0,
  ...more,
});

describe('what an event changes in a call', () => {
  test('an answer sets its time, once', () => {
    expect(progress(call({}), { event: 'carrier-answered' }, at(8))).toEqual({ ok: true, ended: false, change: { status: 'IN_PROGRESS', answeredAt: at(8) } });
    expect(progress(call({ status: 'IN_PROGRESS', answeredAt: at(8) }), { event: 'media-alive' }, at(9))).toEqual({ ok: true, ended: false, change: {} });
  });

  test('an end has a time, a reason, an outcome and the answered seconds', () => {
    const live = call({ status: 'IN_PROGRESS', answeredAt: at(8), bridgeCount: 1 });
    expect(progress(live, { event: 'carrier-completed' }, at(68))).toEqual({
      ok: true,
      ended: true,
      change: { status: 'ENDED', outcome: 'COMPLETED', endReason: 'hung-up', endedAt: at(68), durationSeconds: 60 },
    });
  });

  test('the carrier counts the seconds where it does', () => {
    const live = call({ status: 'IN_PROGRESS', answeredAt: at(8), bridgeCount: 1 });
    expect(progress(live, { event: 'carrier-completed', durationSeconds: 59 }, at(90))).toMatchObject({ change: { durationSeconds: 59 } });
  });

  test('a call that was answered without our hearing of it has its answer reckoned back from its end', () => {
    expect(progress(call({ status: 'RINGING', ringingAt: at(3) }), { event: 'carrier-completed', durationSeconds: 20 }, at(40))).toMatchObject({
      change: { status: 'ENDED', outcome: 'DROPPED', answeredAt: at(20), endedAt: at(40), durationSeconds: 20 },
    });
  });

  test('a call nobody answered has no duration', () => {
    const next = progress(call({ status: 'RINGING', ringingAt: at(3) }), { event: 'carrier-no-answer' }, at(33));
    expect(next.ok && 'durationSeconds' in next.change).toBe(false);
  });

  test("the carrier's clock is believed between what was seen before and now", () => {
    const told = (when: Date) => progress(call({ ringingAt: at(3), status: 'RINGING' }), { event: 'carrier-answered', at: when }, at(20));
    expect(told(at(10))).toMatchObject({ change: { answeredAt: at(10) } });
    expect(told(at(-100))).toMatchObject({ change: { answeredAt: at(3) } });
    expect(told(at(500))).toMatchObject({ change: { answeredAt: at(20) } });
  });

  test('why we ended a call outlives what the carrier says of its end', () => {
    const live = call({ status: 'IN_PROGRESS', answeredAt: at(1), endReason: 'assistant-ended', bridgeCount: 1 });
    const next = progress(live, { event: 'carrier-completed' }, at(9));
    expect(next.ok && next.change.endReason).toBeUndefined();
  });

  test("an event of another of the carrier's calls is not this call's", () => {
    expect(progress(call({ carrierCallId: 'CA1' }), { event: 'carrier-answered', carrierCallId: 'CA2' }, at(1))).toEqual({
      ok: false,
      rejection: 'other-call',
    });
  });
});

describe('a call whose media socket is gone', () => {
  const live = { attempt: 1, held: 1, bridges: 1, engine: 'REALTIME', canGather: false } as const;

  test('goes on by speech gather after three tries, where it can', () => {
    const types = [1, 2, 3, 4, 5, 6].map((attempt) => resumption({ ...live, attempt, canGather: true }).type);
    expect(types).toEqual(['connect', 'wait', 'connect', 'wait', 'connect', 'gather']);
  });

  test('goes on by speech gather at once where a bridge found the model out of reach, and else is connected', () => {
    expect(resumption({ ...live, bridges: 2, engine: 'GATHER', canGather: true })).toMatchObject({ type: 'gather' });
    expect(resumption({ ...live, bridges: 2, engine: 'GATHER', canGather: false })).toEqual({ type: 'connect', attempt: 2 });
  });

  test('is connected again at once, then with growing waits, and given up after six tries', () => {
    const steps: string[] = [];
    for (let attempt = 1; ; ) {
      const next = resumption({ ...live, attempt });
      steps.push(next.type === 'wait' ? `wait ${next.seconds}` : next.type);
      if (next.type === 'give-up' || next.type === 'gather') break;
      attempt = next.attempt;
    }
    expect(steps).toEqual(['connect', 'wait 1', 'connect', 'wait 2', 'connect', 'wait 3', 'connect', 'wait 4', 'connect', 'wait 5', 'connect', 'give-up']);
  });

  test('starts counting again once a bridge was had', () => {
    expect(resumption({ ...live, attempt: 11, bridges: 2 })).toEqual({ type: 'connect', attempt: 2 });
  });

  test('is given up when bridge after bridge loses it', () => {
    expect(resumption({ ...live, held: 19, bridges: 20 })).toEqual({ type: 'give-up' });
    expect(resumption({ ...live, held: 19, bridges: 20, canGather: true })).toMatchObject({ type: 'gather' });
  });
});

describe('the reaper', () => {
  const facts = { createdAt: at(0), dialedAt: null, ringingAt: null, answeredAt: null, bridgeId: null, bridgeAliveUntil: null };
  const live = { ...facts, status: 'IN_PROGRESS', answeredAt: at(5) } as const;
  test.each([
    ['a call that was queued a moment ago', { ...facts, status: 'QUEUED' }, at(10), 'leave'],
    ['a call that was queued by a process that died', { ...facts, status: 'QUEUED' }, at(61), 'abandon'],
    ['a call that is being dialed', { ...facts, status: 'DIALING', dialedAt: at(0) }, at(30), 'leave'],
    ['a call that was dialed and never heard of', { ...facts, status: 'DIALING', dialedAt: at(0) }, at(46), 'ask-carrier'],
    ['a phone that rings', { ...facts, status: 'RINGING', ringingAt: at(0) }, at(60), 'leave'],
    ['a phone that rings for too long', { ...facts, status: 'RINGING', ringingAt: at(0) }, at(91), 'ask-carrier'],
    ['a call nobody knows of', { ...facts, status: 'UNKNOWN', dialedAt: at(0) }, at(1), 'ask-carrier'],
    ['a call whose bridge is alive', { ...live, bridgeId: 'b', bridgeAliveUntil: at(4_000) }, at(3_999), 'leave'],
    ['a call whose bridge died a moment ago', { ...live, bridgeId: 'b', bridgeAliveUntil: at(100) }, at(120), 'leave'],
    ['a call whose bridge died and that nobody took over', { ...live, bridgeId: 'b', bridgeAliveUntil: at(100) }, at(130), 'ask-carrier'],
    ['a call that was let go and whose end was never told', { ...live, bridgeAliveUntil: at(100) }, at(130), 'ask-carrier'],
    ['a call that was answered and never connected', live, at(36), 'ask-carrier'],
    ['a call that is over', { ...facts, status: 'ENDED' }, at(9_999), 'leave'],
    [
      'a call that is over and whose bridge still writes its last turns',
      { ...facts, status: 'ENDED', bridgeId: 'b', bridgeAliveUntil: at(100) },
      at(90),
      'leave',
    ],
    ['a call that is over and whose bridge died', { ...facts, status: 'ENDED', bridgeId: 'b', bridgeAliveUntil: at(100) }, at(101), 'release'],
  ] as const)('%s: %#', (_name, row, now, decision) => {
    expect(reapDecision(row, now)).toBe(decision);
  });
});
