import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CallFacts, type CallStep, progress } from '../../src/domain/calls/progress.ts';
import { type CallEvent, type CallStatus, isOver } from '../../src/domain/calls/state.ts';

/** What the carrier says of a call, in its order, by how the call goes; the last is what it answers whoever asks it then. */
const STORIES: Readonly<Record<string, readonly CallEvent[]>> = {
  answered: ['dial-accepted', 'carrier-ringing', 'carrier-answered', 'carrier-completed'],
  'answered at once': ['dial-accepted', 'carrier-answered', 'carrier-completed'],
  'cut off while talking': ['dial-accepted', 'carrier-ringing', 'carrier-answered', 'carrier-failed'],
  busy: ['dial-accepted', 'carrier-ringing', 'carrier-busy'],
  'not answered': ['dial-accepted', 'carrier-ringing', 'carrier-no-answer'],
  'called off': ['dial-accepted', 'carrier-ringing', 'carrier-canceled'],
  'out of service': ['dial-accepted', 'carrier-failed'],
  'coming in': ['carrier-ringing', 'carrier-completed'],
};
/** What we do meanwhile. */
const OURS: readonly CallEvent[] = ['media-alive', 'media-alive', 'end-requested', 'given-up', 'dial-uncertain', 'dial-requested', 'turned-away'];

interface Tale {
  readonly story: string;
  /** For each callback: lost, told once, twice, or three times. */
  readonly copies: readonly number[];
  readonly ours: readonly CallEvent[];
  /** Where in the crowd each event stands. */
  readonly order: readonly number[];
  readonly forgotten: boolean;
}

const tale: fc.Arbitrary<Tale> = fc.record({
  story: fc.constantFrom(...Object.keys(STORIES)),
  copies: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
  ours: fc.array(fc.constantFrom(...OURS), { maxLength: 5 }),
  order: fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 20, maxLength: 20 }),
  forgotten: fc.boolean(),
});

const AT = new Date('2026-03-02T15:00:00Z');
const RANK: Record<CallStatus, number> = { QUEUED: 0, DIALING: 1, UNKNOWN: 1, RINGING: 2, IN_PROGRESS: 3, ENDED: 4, FAILED: 4 };

test('10,000 interleavings of what carriers tell, lost, doubled and in disorder, end each call in one state and once', () => {
  const ends = new Map<string, number>();
  fc.assert(
    fc.property(tale, ({ story, copies, ours, order, forgotten }) => {
      const told = STORIES[story] ?? [];
      const final = told.at(-1) ?? 'not-found';
      const crowd = [...told.flatMap((event, index) => Array<CallEvent>(copies[index] ?? 1).fill(event)), ...ours]
        .map((event, index) => ({ event, place: order[index % order.length] ?? 0 }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ event }) => event);
      // Whatever was lost, the reaper asks the carrier at last, which has forgotten old calls or knows how they ended; twice, as reapers do.
      const asked: CallEvent = forgotten ? 'not-found' : final;

      let call: CallFacts = {
        status: story === 'coming in' ? 'RINGING' : 'DIALING',
        carrierCallId: null,
        endReason: null,
        createdAt: AT,
        dialedAt: null,
        ringingAt: null,
        answeredAt: null,
        bridgeCount: 0,
      };
      let endings = 0;
      let endedAs = '';
      let minute = 0;
      for (const event of [...crowd, asked, asked, ...crowd]) {
        const step: CallStep = { event, carrierCallId: 'CA1', at: new Date(AT.getTime() + (order[minute % order.length] ?? 0)) };
        const next = progress(call, step, new Date(AT.getTime() + ++minute * 1_000));
        if (!next.ok) continue;
        const before = call;
        call = { ...call, ...next.change, bridgeCount: call.bridgeCount + (event === 'media-alive' ? 1 : 0) };
        expect(RANK[call.status]).toBeGreaterThanOrEqual(RANK[before.status]);
        if (isOver(before.status)) expect(call.status).toBe(before.status);
        if (!next.ended) continue;
        endings += 1;
        endedAs = `${call.status} ${next.change.outcome}`;
        expect(next.change.outcome).toBeDefined();
        expect(next.change.endedAt?.getTime()).toBeGreaterThanOrEqual(call.createdAt.getTime());
        if (call.answeredAt) expect(next.change.durationSeconds).toBeGreaterThanOrEqual(0);
      }
      expect(endings).toBe(1);
      expect(isOver(call.status)).toBe(true);
      ends.set(endedAs, (ends.get(endedAs) ?? 0) + 1);
    }),
    { numRuns: 10_000 },
  );
  // The draw reaches every way in which a call that was dialed can end.
  expect([...ends.keys()].toSorted()).toEqual(
    expect.arrayContaining(['ENDED BUSY', 'ENDED COMPLETED', 'ENDED DROPPED', 'ENDED LIMIT_REACHED', 'ENDED NO_ANSWER', 'FAILED FAILED']),
  );
});
