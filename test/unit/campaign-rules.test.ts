import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakerTrips } from '../../src/domain/campaigns/breaker.ts';
import { nextWindow } from '../../src/domain/campaigns/calling-window.ts';
import { CONTACT_STATES, countsOf, percentOf } from '../../src/domain/campaigns/contact-states.ts';
import { type AttemptOutcome, nextStep } from '../../src/domain/campaigns/retries.ts';
import { callingAllowed, LAWFUL_HOURS } from '../../src/domain/contacts/quiet-hours.ts';
import { HOUR, MINUTE } from '../../src/kit/time.ts';

describe('what follows an attempt', () => {
  it.each<[AttemptOutcome, Record<string, number>, number, string, number | null]>([
    ['BUSY', { BUSY: 1 }, 1, 'RETRY_WAIT', 15 * MINUTE],
    ['BUSY', { BUSY: 2 }, 2, 'RETRY_WAIT', 15 * MINUTE],
    ['BUSY', { BUSY: 3 }, 3, 'EXHAUSTED', null],
    ['NO_ANSWER', { NO_ANSWER: 1 }, 1, 'RETRY_WAIT', 2 * HOUR],
    ['NO_ANSWER', { NO_ANSWER: 2, BUSY: 1 }, 3, 'RETRY_WAIT', 2 * HOUR],
    ['VOICEMAIL', { VOICEMAIL: 1 }, 1, 'RETRY_WAIT', 24 * HOUR],
    ['VOICEMAIL', { VOICEMAIL: 2 }, 2, 'EXHAUSTED', null],
    ['VOICEMAIL', { SCREENED: 1, VOICEMAIL: 1 }, 2, 'EXHAUSTED', null],
    ['FAILED', { FAILED: 1 }, 1, 'RETRY_WAIT', 2 * MINUTE],
    ['FAILED', { FAILED: 2 }, 2, 'EXHAUSTED', null],
    ['DROPPED', { DROPPED: 1 }, 1, 'RETRY_WAIT', 10 * MINUTE],
    ['PARTIAL', { DROPPED: 1, PARTIAL: 1 }, 2, 'EXHAUSTED', null],
    ['COMPLETED', { COMPLETED: 1 }, 1, 'DONE', null],
    ['REFUSED', { REFUSED: 1 }, 1, 'DONE', null],
    ['OPTED_OUT', { OPTED_OUT: 1 }, 1, 'SUPPRESSED', null],
    ['INVALID_NUMBER', { INVALID_NUMBER: 1 }, 1, 'INVALID', null],
  ])('%s after %j', (outcome, outcomes, attempts, state, afterMs) => {
    const step = nextStep(outcome, { attempts, outcomes }, 9);
    expect(step.state).toBe(state);
    expect(step.state === 'RETRY_WAIT' ? step.afterMs : null).toBe(afterMs);
  });

  it('nobody is called more often than the campaign says', () => {
    expect(nextStep('BUSY', { attempts: 3, outcomes: { BUSY: 1 } }, 3).state).toBe('EXHAUSTED');
  });

  it('a call that broke off goes on from the question that was reached', () => {
    expect(nextStep('DROPPED', { attempts: 1, outcomes: { DROPPED: 1 } }, 3)).toMatchObject({ resumes: true });
    expect(nextStep('BUSY', { attempts: 1, outcomes: { BUSY: 1 } }, 3)).toMatchObject({ resumes: false });
  });
});

describe('the next window', () => {
  const at = (text: string) => new Date(text);
  const weekdays = { from: '09:00', to: '17:00', days: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] as const };

  it('is now, where now is allowed', () => {
    expect(nextWindow(['Europe/Berlin'], LAWFUL_HOURS, at('2026-07-01T10:00:00Z'))).toEqual(at('2026-07-01T10:00:00Z'));
  });
  it('is the next morning, and over a weekend the next Monday', () => {
    expect(nextWindow(['Europe/Berlin'], weekdays, at('2026-07-01T16:00:00Z'))).toEqual(at('2026-07-02T07:00:00Z'));
    expect(nextWindow(['Europe/Berlin'], weekdays, at('2026-07-03T16:00:00Z'))).toEqual(at('2026-07-06T07:00:00Z'));
  });
  it('keeps the local hour where the clocks change in between', () => {
    expect(nextWindow(['America/New_York'], weekdays, at('2026-10-30T22:00:00Z'))).toEqual(at('2026-11-02T14:00:00Z'));
  });
  it('is in the hours of every zone that the person may be in', () => {
    expect(nextWindow(['America/New_York', 'Pacific/Honolulu'], LAWFUL_HOURS, at('2026-07-01T13:00:00Z'))).toEqual(at('2026-07-01T18:00:00Z'));
  });
  it('is at another part of the day, if there is one', () => {
    const tried = at('2026-07-01T08:00:00Z');
    expect(nextWindow(['Europe/Berlin'], LAWFUL_HOURS, at('2026-07-01T09:30:00Z'), tried)).toEqual(at('2026-07-01T10:00:00Z'));
    const evening = at('2026-07-01T17:00:00Z');
    expect(nextWindow(['Europe/Berlin'], LAWFUL_HOURS, at('2026-07-01T19:30:00Z'), evening)).toEqual(at('2026-07-02T06:00:00Z'));
    const mornings = { ...LAWFUL_HOURS, to: '11:00' };
    expect(nextWindow(['Europe/Berlin'], mornings, at('2026-07-01T10:00:00Z'), tried)).toEqual(at('2026-07-02T06:00:00Z'));
  });
  it('is nowhere for zones that share no hour, and for none at all', () => {
    expect(nextWindow(['America/New_York', 'Asia/Tokyo'], { ...LAWFUL_HOURS, from: '10:00', to: '12:00' }, at('2026-07-01T10:00:00Z'))).toBeNull();
    expect(nextWindow([], LAWFUL_HOURS, at('2026-07-01T10:00:00Z'))).toBeNull();
  });

  it('is always allowed, and nothing before it is', () => {
    const zones = fc.subarray(['America/New_York', 'America/Denver', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Honolulu'], {
      minLength: 1,
      maxLength: 2,
    });
    const hours = fc.record({
      from: fc.constantFrom('00:00', '08:00', '09:30', '12:00'),
      to: fc.constantFrom('13:00', '17:45', '21:00', '24:00'),
      days: fc.subarray(['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const, { minLength: 1 }),
    });
    const instants = fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, hours, instants, (in_, allowed, from) => {
        const found = nextWindow(in_, allowed, from);
        const end = found?.getTime() ?? from.getTime() + 14 * 24 * HOUR;
        // Slowly: quarter by quarter.
        for (let time = from.getTime(); time < end; time += 15 * MINUTE) expect(callingAllowed(in_, new Date(time), allowed).allowed).toBe(false);
        if (found) expect(callingAllowed(in_, found, allowed).allowed).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the breaker', () => {
  it.each([
    [4, 4, false],
    [5, 2, false],
    [6, 3, false],
    [5, 3, true],
    [20, 11, true],
  ])('%i ended, %i failed', (ended, technical, trips) => expect(breakerTrips({ ended, technical }) !== null).toBe(trips));
});

describe('progress', () => {
  it('is always the sum of the states', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...CONTACT_STATES), fc.nat(1_000)), (states) => {
        const { total, ...parts } = countsOf(states);
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
        const percent = percentOf({ total, ...parts });
        expect(percent === 100).toBe(parts.pending + parts.retrying + parts.inProgress === 0);
      }),
    );
  });
});
