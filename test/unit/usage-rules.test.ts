import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLAN_KEYS } from '../../src/domain/plans/catalogue.ts';
import { SUBSCRIPTION_STATUSES, type SubscriptionFacts, standing } from '../../src/domain/plans/standing.ts';
import { type AdmissionFacts, admit, SHORTEST_CALL_SECONDS, TRIAL_EXTRA_MS, type UsageFacts } from '../../src/domain/usage/admit.ts';
import { monthsUpTo, periodsAt } from '../../src/domain/usage/periods.ts';
import { limitReached, permissionOf } from '../../src/domain/usage/permission.ts';
import { upgradePrompt } from '../../src/domain/usage/upgrade-prompt.ts';
import { DAY, HOUR } from '../../src/kit/time.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const at = (days: number) => new Date(NOW.getTime() + days * DAY);
const NOTHING: UsageFacts = { callsThisWeek: 0, secondsThisMonth: 0, trialCalls: 0, trialExtraUsed: false, open: { calls: 0, trialCalls: 0, seconds: 0 } };
const basic: SubscriptionFacts = {
  planKey: 'BUSINESS_BASIC',
  status: 'ACTIVE',
  trialEndsAt: at(-30),
  graceEndsAt: null,
  currentPeriodEndsAt: at(10),
  cancelsAtPeriodEnd: false,
};
const trial: SubscriptionFacts = { ...basic, planKey: 'BUSINESS_TRIAL', status: 'TRIALING', trialEndsAt: at(3), currentPeriodEndsAt: null };
const consumer: SubscriptionFacts = { ...trial, planKey: 'CONSUMER_TRIAL' };
const facts = (subscription: SubscriptionFacts, usage: Partial<UsageFacts> = {}): AdmissionFacts => ({
  subscription,
  suspended: false,
  usage: { ...NOTHING, ...usage },
  periods: periodsAt(NOW, 'America/New_York'),
});
const open = (calls: number, seconds = 0) => ({ calls, trialCalls: calls, seconds });
/** Tuesday; the week ends on Sunday at midnight in New York, after its clocks went forward. */
const NEXT_MONDAY = new Date('2026-03-16T04:00:00Z');

describe('whether one more call may be begun', () => {
  test.each([
    ['the first of a trial', facts(trial), { allowed: true, remainingCalls: 4, secondsLeft: 3_600, trialExtra: false }],
    ['the last of a trial', facts(trial, { trialCalls: 3 }), { allowed: true, remainingCalls: 1 }],
    ['one more than the trial has', facts(trial, { trialCalls: 4 }), { allowed: false, reason: 'TRIAL_CALLS_USED', suggestedPlan: { key: 'BUSINESS_BASIC' } }],
    ['while the last is under way', facts(consumer, { trialCalls: 2, open: open(1) }), { allowed: false, reason: 'TRIAL_CALLS_USED' }],
    ['a consumer has three, without a limit of minutes', facts(consumer), { allowed: true, remainingCalls: 3, secondsLeft: null }],
    ['a week with room', facts(basic, { callsThisWeek: 19 }), { allowed: true, remainingCalls: 1, resetsAt: NEXT_MONDAY }],
    [
      'a week without',
      facts(basic, { callsThisWeek: 19, open: open(1) }),
      { allowed: false, reason: 'WEEKLY_CALLS_USED', resetsAt: NEXT_MONDAY, suggestedPlan: { key: 'BUSINESS_PROFESSIONAL' } },
    ],
    ['a month with minutes', facts(basic, { secondsThisMonth: 29_000 }), { allowed: true, secondsLeft: 1_000 }],
    [
      'a month without',
      facts(basic, { secondsThisMonth: 29_995 }),
      { allowed: false, reason: 'MINUTES_USED', resetsAt: new Date('2026-04-01T04:00:00Z'), suggestedPlan: { key: 'BUSINESS_PROFESSIONAL' } },
    ],
    ['as many at a time as there may be', facts(basic, { open: open(3) }), { allowed: false, reason: 'CONCURRENCY' }],
    [
      'calls under way that may need all the minutes',
      facts(basic, { secondsThisMonth: 29_000, open: open(1, 1_000) }),
      { allowed: false, reason: 'CONCURRENCY' },
    ],
    ['a trial that is over', facts({ ...trial, trialEndsAt: NOW }), { allowed: false, reason: 'TRIAL_EXPIRED', suggestedPlan: { key: 'BUSINESS_BASIC' } }],
    [
      'one that nobody has paid',
      facts({ ...basic, status: 'PAST_DUE' }),
      { allowed: false, reason: 'SUBSCRIPTION_INACTIVE', suggestedPlan: { key: 'BUSINESS_BASIC' } },
    ],
    ['one in its grace', facts({ ...basic, status: 'PAST_DUE', graceEndsAt: at(1) }), { allowed: true }],
    ['a workspace that is suspended', { ...facts(basic), suspended: true }, { allowed: false, reason: 'WORKSPACE_SUSPENDED', suggestedPlan: null }],
  ])('%s', (_name, given, expected) => {
    expect(admit(given, NOW)).toMatchObject(expected);
  });

  test('the extra call: once, within 48 hours after the trial, for somebody who used all calls within it', () => {
    const usedAll = facts({ ...consumer, trialEndsAt: at(-1) }, { trialCalls: 3 });
    expect(admit(usedAll, NOW)).toMatchObject({ allowed: true, trialExtra: true, remainingCalls: 1 });
    expect(admit({ ...usedAll, usage: { ...usedAll.usage, trialExtraUsed: true } }, NOW)).toMatchObject({ allowed: false, reason: 'TRIAL_EXPIRED' });
    expect(admit({ ...usedAll, usage: { ...usedAll.usage, trialCalls: 2 } }, NOW)).toMatchObject({ allowed: false, reason: 'TRIAL_EXPIRED' });
    const ends = at(-1).getTime() + TRIAL_EXTRA_MS;
    expect(admit(usedAll, new Date(ends - 1))).toMatchObject({ allowed: true });
    expect(admit(usedAll, new Date(ends))).toMatchObject({ allowed: false });
    // Not while the trial runs.
    expect(admit(facts(consumer, { trialCalls: 3 }), NOW)).toMatchObject({ allowed: false, reason: 'TRIAL_CALLS_USED' });
  });

  const day = fc.option(
    fc.integer({ min: -20, max: 20 }).map((days) => at(days)),
    { nil: null },
  );
  const subscription = fc.record({
    planKey: fc.constantFrom(...PLAN_KEYS),
    status: fc.constantFrom(...SUBSCRIPTION_STATUSES),
    trialEndsAt: day,
    graceEndsAt: day,
    currentPeriodEndsAt: day,
    cancelsAtPeriodEnd: fc.boolean(),
  });
  const count = fc.nat({ max: 60 });
  const usage = fc.record({
    callsThisWeek: count,
    secondsThisMonth: fc.nat({ max: 100_000 }),
    trialCalls: fc.nat({ max: 5 }),
    trialExtraUsed: fc.boolean(),
    open: fc.record({ calls: count, trialCalls: fc.nat({ max: 5 }), seconds: fc.nat({ max: 100_000 }) }),
  });

  test('whatever is used, no call is admitted that would go beyond a limit of the plan', () => {
    fc.assert(
      fc.property(subscription, usage, (subscribed, used) => {
        const admission = admit(facts(subscribed, used), NOW);
        if (!admission.allowed) return;
        const { plan, usable } = standing(subscribed, NOW);
        expect(used.open.calls).toBeLessThan(plan.concurrentCalls);
        if (plan.callsPerWeek !== null) expect(used.callsThisWeek + used.open.calls).toBeLessThan(plan.callsPerWeek);
        if (plan.trialCalls !== null && !admission.trialExtra) expect(used.trialCalls + used.open.trialCalls).toBeLessThan(plan.trialCalls);
        if (plan.minutesPerMonth !== null) {
          const seconds = admission.secondsLeft ?? Number.POSITIVE_INFINITY;
          expect(seconds).toBeGreaterThanOrEqual(SHORTEST_CALL_SECONDS);
          expect(used.secondsThisMonth + used.open.seconds + seconds).toBeLessThanOrEqual(plan.minutesPerMonth * 60);
        }
        expect(usable || admission.trialExtra).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('using more never lets more in', () => {
    fc.assert(
      fc.property(subscription, usage, count, count, (subscribed, used, calls, seconds) => {
        const more = {
          ...used,
          callsThisWeek: used.callsThisWeek + calls,
          secondsThisMonth: used.secondsThisMonth + seconds,
          open: { ...used.open, calls: used.open.calls + calls, seconds: used.open.seconds + seconds },
        };
        if (!admit(facts(subscribed, used), NOW).allowed) expect(admit(facts(subscribed, more), NOW).allowed).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  test('every refusal is a sentence, with a code, and a plan to buy that is dearer or the same', () => {
    fc.assert(
      fc.property(subscription, usage, fc.boolean(), (subscribed, used, suspended) => {
        const { plan } = standing(subscribed, NOW);
        const permission = permissionOf(admit({ ...facts(subscribed, used), suspended }, NOW), plan);
        expect(permission.message).toMatch(/^[A-Z].*\.$/);
        expect(permission.message).not.toMatch(/null|undefined/);
        if (permission.allowed) return;
        expect(limitReached(permission)).toMatchObject({ permission, message: permission.message });
        if (permission.suggestedPlan) expect(permission.suggestedPlan.priceCents).toBeGreaterThanOrEqual(plan.priceCents);
      }),
    );
  });
});

describe('what to buy', () => {
  const prompt = (subscription: SubscriptionFacts, usage: Partial<UsageFacts> = {}, now = NOW) => {
    const given = facts(subscription, usage);
    return upgradePrompt(subscription, given.usage, permissionOf(admit(given, now), standing(subscription, now).plan), now);
  };

  test.each([
    ['plenty left', prompt(basic, { callsThisWeek: 15, secondsThisMonth: 23_999 }), null],
    ['four fifths of the week', prompt(basic, { callsThisWeek: 16 }), 'You have used 16 of the 20 calls of this week. Get more with the plan Professional.'],
    [
      'four fifths of the minutes',
      prompt(basic, { secondsThisMonth: 24_000 }),
      'You have used 400 of the 500 minutes of this month. Get more with the plan Professional.',
    ],
    ['early in a trial', prompt(trial, { trialCalls: 3 }), null],
    ['the last two days of a trial', prompt(trial, {}, at(1)), 'Your trial ends soon. Get more with the plan Basic.'],
    ['a trial that is over', prompt(trial, {}, at(4)), 'Your trial is over. Go on with the plan Basic.'],
    ['all calls of a trial', prompt(consumer, { trialCalls: 3 }), 'All 3 calls of the trial are used or under way. Go on with the plan Weekly.'],
    ['the top plan', prompt({ ...basic, planKey: 'BUSINESS_ENTERPRISE' }, { callsThisWeek: 1_000 }), null],
  ])('%s', (_name, found, message) => {
    expect(found?.message ?? null).toBe(message);
  });
});

describe('days, weeks and months', () => {
  test.each([
    ['a day of 23 hours', '2026-03-08T12:00:00Z', 'America/New_York', ['2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z']],
    ['a day of 25 hours', '2026-11-01T12:00:00Z', 'America/New_York', ['2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z']],
    ['a day that begins at one', '2026-03-29T12:00:00Z', 'Asia/Beirut', ['2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z']],
    ['a zone of half hours', '2026-03-10T12:00:00Z', 'Asia/Kolkata', ['2026-03-09T18:30:00Z', '2026-03-10T18:30:00Z']],
  ])('%s', (_name, now, zone, [from, to]) => {
    expect(periodsAt(new Date(now), zone).day).toEqual({ from: new Date(from ?? ''), to: new Date(to ?? '') });
  });

  test('a week begins on Monday, a month on its first day, and both by the clock of the zone', () => {
    const { week, month } = periodsAt(new Date('2026-03-01T02:00:00Z'), 'America/New_York');
    expect(week).toEqual({ from: new Date('2026-02-23T05:00:00Z'), to: new Date('2026-03-02T05:00:00Z') });
    expect(month).toEqual({ from: new Date('2026-02-01T05:00:00Z'), to: new Date('2026-03-01T05:00:00Z') });
  });

  const zone = fc.constantFrom(
    'America/New_York',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'America/St_Johns',
    'Asia/Beirut',
    'UTC',
  );
  const moment = fc.date({ min: new Date('2010-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });

  test('every moment is in its own day, week and month, and their ends are the next ones’ beginnings', () => {
    fc.assert(
      fc.property(moment, zone, (now, timeZone) => {
        const periods = periodsAt(now, timeZone);
        for (const key of ['day', 'week', 'month'] as const) {
          const { from, to } = periods[key];
          expect(from <= now && now < to).toBe(true);
          expect(periodsAt(to, timeZone)[key].from).toEqual(to);
          expect(periodsAt(from, timeZone)[key]).toEqual(periods[key]);
        }
        expect(periods.day.from >= periods.week.from && periods.day.from >= periods.month.from).toBe(true);
        expect(periods.day.to.getTime() - periods.day.from.getTime()).toBeGreaterThanOrEqual(22 * HOUR);
      }),
      { numRuns: 1_000 },
    );
  });

  test('months follow one another without gaps, up to the present one', () => {
    fc.assert(
      fc.property(moment, zone, fc.integer({ min: 1, max: 24 }), (now, timeZone, count) => {
        const months = monthsUpTo(now, timeZone, count);
        expect(months).toHaveLength(count);
        months.slice(1).forEach((month, index) => expect(month.from).toEqual(months[index]?.to));
        expect(months.at(-1)).toMatchObject(periodsAt(now, timeZone).month);
      }),
      { numRuns: 300 },
    );
  });
});
