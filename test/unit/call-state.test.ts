import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL_EVENTS, CALL_STATUSES, type CallEvent, type CallStatus, isOver, transition } from '../../src/domain/calls/state.ts';

/** Written as a person would say it, apart from the table it checks: `-` late, `x` illegal, `=` stays. */
const EXPECTED: Readonly<Record<CallEvent, string>> = {
  //                   QUEUED | DIALING | UNKNOWN | RINGING | IN_PROGRESS | ENDED | FAILED
  'dial-requested': 'DIALING | x | x | x | x | - | -',
  'dial-accepted': 'x | = | DIALING | - | - | - | -',
  'dial-refused': 'x | FAILED FAILED | FAILED FAILED | - | - | - | -',
  'number-refused': 'x | FAILED INVALID_NUMBER | FAILED INVALID_NUMBER | - | - | - | -',
  'dial-uncertain': 'x | UNKNOWN | = | - | - | - | -',
  'carrier-ringing': 'x | RINGING | RINGING | = | - | - | -',
  'carrier-answered': 'x | IN_PROGRESS | IN_PROGRESS | IN_PROGRESS | = | - | -',
  'media-alive': 'x | IN_PROGRESS | IN_PROGRESS | IN_PROGRESS | = | - | -',
  'carrier-completed': 'x | ENDED talked | ENDED talked | ENDED talked | ENDED talked | - | -',
  'carrier-busy': 'x | ENDED BUSY | ENDED BUSY | ENDED BUSY | ENDED talked | - | -',
  'carrier-no-answer': 'x | ENDED NO_ANSWER | ENDED NO_ANSWER | ENDED NO_ANSWER | ENDED talked | - | -',
  'carrier-canceled': 'x | ENDED NO_ANSWER | ENDED NO_ANSWER | ENDED NO_ANSWER | ENDED talked | - | -',
  'carrier-failed': 'x | FAILED FAILED | FAILED FAILED | FAILED FAILED | ENDED DROPPED | - | -',
  'end-requested': 'ENDED NO_ANSWER | = | = | = | = | - | -',
  'given-up': 'x | ENDED DROPPED | ENDED DROPPED | ENDED DROPPED | ENDED DROPPED | - | -',
  'turned-away': 'x | x | x | ENDED LIMIT_REACHED | x | - | -',
  'not-found': 'FAILED FAILED | FAILED FAILED | FAILED FAILED | FAILED FAILED | ENDED talked | - | -',
};
const COLUMNS: readonly CallStatus[] = ['QUEUED', 'DIALING', 'UNKNOWN', 'RINGING', 'IN_PROGRESS', 'ENDED', 'FAILED'];
const PAIRS = CALL_EVENTS.flatMap((event) => {
  const cells = EXPECTED[event].split(' | ');
  return COLUMNS.map((status, column) => [status, event, cells[column] ?? 'not said'] as const);
});

const told = (status: CallStatus, event: CallEvent, talked: boolean): string => {
  const next = transition(status, event, talked);
  if (!next.ok) return next.rejection === 'late' ? '-' : 'x';
  if (next.status === status) return '=';
  return [next.status, next.outcome].filter(Boolean).join(' ');
};

describe('the state of a call', () => {
  test('every state has a column', () => {
    expect(COLUMNS.toSorted()).toEqual(CALL_STATUSES.toSorted());
  });

  test.each(PAIRS)('%s meets %s: %s', (status, event, expected) => {
    expect(told(status, event, true)).toBe(expected.replace('talked', 'COMPLETED'));
    expect(told(status, event, false)).toBe(expected.replace('talked', 'DROPPED'));
  });

  test('only a move into an end has an outcome, and each such move has one', () => {
    for (const [status, event] of PAIRS) {
      const next = transition(status, event, true);
      if (next.ok) expect(next.outcome !== null, `${status} ${event}`).toBe(isOver(next.status));
    }
  });

  test('whatever arrives in whatever order, a call never moves backwards and never leaves its end', () => {
    const rank: Record<CallStatus, number> = { QUEUED: 0, DIALING: 1, UNKNOWN: 1, RINGING: 2, IN_PROGRESS: 3, ENDED: 4, FAILED: 4 };
    fc.assert(
      fc.property(fc.constantFrom(...CALL_STATUSES), fc.array(fc.constantFrom(...CALL_EVENTS), { maxLength: 30 }), fc.boolean(), (start, events, talked) => {
        let status: CallStatus = start;
        for (const event of events) {
          const next = transition(status, event, talked);
          if (!next.ok) continue;
          expect(rank[next.status]).toBeGreaterThanOrEqual(rank[status]);
          if (isOver(status)) expect(next.status).toBe(status);
          status = next.status;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a number is dialed at most once, whatever else happens', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CALL_EVENTS), { maxLength: 40 }), (events) => {
        let status: CallStatus = 'QUEUED';
        let dialed = 0;
        for (const event of events) {
          const next = transition(status, event, false);
          if (!next.ok) continue;
          if (event === 'dial-requested') dialed++;
          status = next.status;
        }
        expect(dialed).toBeLessThanOrEqual(1);
      }),
    );
  });
});
