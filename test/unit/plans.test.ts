import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, cheapestPaid, cheapestWith, FEATURES, nextAbove, PLAN_KEYS, plansOf } from '../../src/domain/plans/catalogue.ts';
import { changesOf, mayReplace, type SourcedFacts } from '../../src/domain/plans/changes.ts';
import { featureProblem, featuresAt } from '../../src/domain/plans/features.ts';
import { GRACE_MS, SUBSCRIPTION_STATUSES, standing } from '../../src/domain/plans/standing.ts';
import { emailClaim, phoneClaims, sameMailbox } from '../../src/domain/plans/trial-claim.ts';
import { DAY } from '../../src/kit/time.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const at = (days: number) => new Date(NOW.getTime() + days * DAY);
const facts = (more: Partial<SourcedFacts> = {}): SourcedFacts => ({
  planKey: 'BUSINESS_BASIC',
  status: 'ACTIVE',
  source: 'STRIPE',
  externalId: 'sub_1',
  trialEndsAt: at(-30),
  graceEndsAt: null,
  currentPeriodEndsAt: at(10),
  cancelsAtPeriodEnd: false,
  ...more,
});
const trial = (more: Partial<SourcedFacts> = {}) =>
  facts({ planKey: 'BUSINESS_TRIAL', status: 'TRIALING', source: 'NONE', externalId: null, trialEndsAt: at(3), currentPeriodEndsAt: null, ...more });

describe('the catalogue', () => {
  test.each([
    ['CONSUMER_TRIAL', 0, 3, null, null],
    ['CONSUMER_WEEKLY', 499, null, null, 600],
    ['BUSINESS_TRIAL', 0, 4, null, 60],
    ['BUSINESS_BASIC', 4_999, null, 20, 500],
    ['BUSINESS_PROFESSIONAL', 9_900, null, 50, 1_500],
    ['BUSINESS_ENTERPRISE', 29_900, null, null, null],
  ] as const)('%s costs %i cents and allows %s trial calls, %s a week, %s minutes', (key, priceCents, trialCalls, callsPerWeek, minutesPerMonth) => {
    expect(CATALOGUE[key]).toMatchObject({ key, priceCents, trialCalls, callsPerWeek, minutesPerMonth });
  });

  test('money is whole cents, and a dearer plan of a platform includes all that a cheaper one does', () => {
    for (const platform of ['CONSUMER', 'BUSINESS'] as const) {
      const plans = plansOf(platform);
      expect(plans.map(({ priceCents }) => priceCents)).toEqual(plans.map(({ priceCents }) => priceCents).toSorted((one, other) => one - other));
      plans.forEach((plan, index) => {
        expect(Number.isSafeInteger(plan.priceCents)).toBe(true);
        for (const cheaper of plans.slice(0, index)) expect(plan.features).toEqual(expect.arrayContaining([...cheaper.features]));
      });
    }
  });

  test('what to buy: the next plan, the cheapest paid one, the cheapest with a feature; nothing above the top', () => {
    expect(PLAN_KEYS.map((key) => nextAbove(key)?.key ?? null)).toEqual([
      'CONSUMER_WEEKLY',
      null,
      'BUSINESS_BASIC',
      'BUSINESS_PROFESSIONAL',
      'BUSINESS_ENTERPRISE',
      null,
    ]);
    expect(cheapestPaid('CONSUMER')?.key).toBe('CONSUMER_WEEKLY');
    expect(cheapestWith('BUSINESS', 'CAMPAIGNS')?.key).toBe('BUSINESS_PROFESSIONAL');
    expect(cheapestWith('BUSINESS', 'PRESET_SCENARIOS')?.key).toBe('BUSINESS_ENTERPRISE');
    expect(cheapestWith('CONSUMER', 'WEBHOOKS')).toBeNull();
  });
});

describe('where a subscription stands', () => {
  test.each([
    ['a trial before its end', trial(), NOW, 'TRIALING', true],
    ['a trial at its end', trial(), at(3), 'EXPIRED', false],
    ['a paid period', facts(), NOW, 'ACTIVE', true],
    ['a period that is over, with no word of a renewal', facts(), at(10), 'GRACE', true],
    ['three days later', facts(), at(13), 'EXPIRED', false],
    ['one that was to end with its period', facts({ cancelsAtPeriodEnd: true }), at(10), 'CANCELED', false],
    ['one without periods', facts({ currentPeriodEndsAt: null }), at(10_000), 'ACTIVE', true],
    ['a failed renewal in its grace', facts({ status: 'PAST_DUE', graceEndsAt: at(1) }), NOW, 'GRACE', true],
    ['a failed renewal after it', facts({ status: 'GRACE', graceEndsAt: at(1) }), at(1), 'PAST_DUE', false],
    ['a failed renewal without one', facts({ status: 'PAST_DUE' }), NOW, 'PAST_DUE', false],
    ['what was ended', facts({ status: 'CANCELED' }), NOW, 'CANCELED', false],
    ['what is over', facts({ status: 'EXPIRED' }), NOW, 'EXPIRED', false],
    ['a paid plan on trial at the seller', facts({ status: 'TRIALING', trialEndsAt: at(3) }), NOW, 'TRIALING', true],
    ['the same once its trial is over', facts({ status: 'TRIALING', trialEndsAt: at(3) }), at(4), 'ACTIVE', true],
  ] as const)('%s', (_name, subscription, now, status, usable) => {
    expect(standing(subscription, now)).toMatchObject({ status, usable });
  });

  test('the grace of a silent renewal is three days from the end of the period, to the millisecond', () => {
    const last = new Date(at(10).getTime() + GRACE_MS - 1);
    expect(standing(facts(), last)).toMatchObject({ status: 'GRACE', graceEndsAt: at(13) });
  });

  test('time only ever takes away: what may not be used now may not be used later, unless somebody says so', () => {
    const day = fc.option(
      fc.integer({ min: -20, max: 20 }).map((days) => at(days)),
      { nil: null },
    );
    const anything = fc.record({
      planKey: fc.constantFrom(...PLAN_KEYS),
      status: fc.constantFrom(...SUBSCRIPTION_STATUSES),
      trialEndsAt: day,
      graceEndsAt: day,
      currentPeriodEndsAt: day,
      cancelsAtPeriodEnd: fc.boolean(),
    });
    fc.assert(
      fc.property(anything, fc.integer({ min: -30, max: 30 }), fc.integer({ min: 0, max: 30 }), (subscription, now, wait) => {
        if (!standing(subscription, at(now)).usable) expect(standing(subscription, at(now + wait)).usable).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('which state may take the place of another', () => {
  test.each([
    ['the same subscription says that it is over', facts(), facts({ status: 'CANCELED' }), true],
    ['another one that is over leaves a good one', facts(), facts({ externalId: 'sub_0', status: 'CANCELED' }), false],
    ['a new one that is good takes the place of a good one', facts(), facts({ externalId: 'sub_2' }), true],
    ['of two that are over the last word counts', facts({ status: 'EXPIRED' }), facts({ externalId: 'sub_0', status: 'CANCELED' }), true],
    ['a payment that never came leaves the trial', trial(), facts({ status: 'EXPIRED' }), false],
    ['a paid plan takes the place of the trial', trial(), facts(), true],
  ] as const)('%s', (_name, current, next, replaces) => {
    expect(mayReplace(current, next, NOW)).toBe(replaces);
  });
});

describe('what has happened between two states', () => {
  test.each([
    ['the first payment', trial(), facts(), ['CONVERTED']],
    ['the first payment, late', trial({ status: 'EXPIRED' }), facts(), ['CONVERTED']],
    ['the next period', facts(), facts({ currentPeriodEndsAt: at(40) }), ['RENEWED']],
    ['nothing but an id', facts(), facts({ externalId: 'sub_2' }), []],
    ['a failed renewal', facts(), facts({ status: 'PAST_DUE', currentPeriodEndsAt: at(40), graceEndsAt: at(13) }), ['FAILED']],
    [
      'paid after all',
      facts({ status: 'PAST_DUE', currentPeriodEndsAt: at(40), graceEndsAt: at(13) }),
      facts({ currentPeriodEndsAt: at(40) }),
      ['RECOVERED', 'RENEWED'],
    ],
    ['an upgrade', facts(), facts({ planKey: 'BUSINESS_PROFESSIONAL', currentPeriodEndsAt: at(30) }), ['PLAN_CHANGED']],
    ['wished to end', facts(), facts({ cancelsAtPeriodEnd: true }), ['CANCEL_SCHEDULED']],
    ['wished to stay', facts({ cancelsAtPeriodEnd: true }), facts(), ['CANCEL_WITHDRAWN']],
    ['the end', facts({ cancelsAtPeriodEnd: true }), facts({ status: 'CANCELED', cancelsAtPeriodEnd: true }), ['ENDED']],
    ['the end, told again in other words', facts({ status: 'CANCELED' }), facts({ status: 'EXPIRED' }), []],
    ['somebody comes back', facts({ status: 'CANCELED' }), facts({ externalId: 'sub_2' }), ['RETURNED']],
  ] as const)('%s', (_name, before, after, changes) => {
    expect(changesOf(before, after)).toEqual(changes);
  });
});

describe('features', () => {
  test('a plan that does not include it names the cheapest that does', () => {
    expect(featureProblem(facts(), 'CAMPAIGNS', NOW)).toMatchObject({
      code: 'PLAN_REQUIRED',
      suggestedPlan: { key: 'BUSINESS_PROFESSIONAL' },
      message: 'The plan Basic does not include this. The plan Professional does.',
    });
    expect(featureProblem(trial({ planKey: 'CONSUMER_TRIAL' }), 'CALENDAR', NOW)).toMatchObject({ code: 'PLAN_REQUIRED', suggestedPlan: null });
  });

  test('what is included is refused when the trial is over, and when nobody has paid', () => {
    expect(featureProblem(trial(), 'CALENDAR', NOW)).toBeNull();
    expect(featureProblem(trial(), 'CALENDAR', at(3))).toMatchObject({ code: 'TRIAL_EXPIRED', suggestedPlan: { key: 'BUSINESS_BASIC' } });
    expect(featureProblem(facts({ status: 'PAST_DUE' }), 'CALENDAR', NOW)).toMatchObject({
      code: 'PAYMENT_REQUIRED',
      suggestedPlan: { key: 'BUSINESS_BASIC' },
    });
  });

  test('the features of a moment are those without a problem', () => {
    for (const subscription of [facts(), trial(), facts({ status: 'EXPIRED' }), facts({ planKey: 'BUSINESS_ENTERPRISE' })]) {
      for (const now of [NOW, at(5), at(20)]) {
        const included = FEATURES.filter((feature) => featureProblem(subscription, feature, now) === null);
        expect([...featuresAt(subscription, now)].toSorted()).toEqual(included.toSorted());
      }
    }
  });
});

describe('claims on trials', () => {
  test.each([
    ['Ada.Byron+second@GMail.com', 'adabyron@gmail.com'],
    ['a.d.a.byron@googlemail.com', 'adabyron@gmail.com'],
    ['ada+2@example.com', 'ada@example.com'],
    ['ada.byron@example.com', 'ada.byron@example.com'],
  ])('%s is %s', (email, mailbox) => {
    expect(sameMailbox(email)).toBe(mailbox);
  });

  test('one mailbox is one claim, another is another, and neither says whose it is', () => {
    expect(emailClaim('ada+1@example.com')).toBe(emailClaim('Ada@example.com'));
    expect(emailClaim('ada@example.com')).not.toBe(emailClaim('ida@example.com'));
    expect(emailClaim('ada@example.com')).not.toContain('ada');
    expect(new Set(phoneClaims('+12025550142', 3)).size).toBe(3);
  });
});
