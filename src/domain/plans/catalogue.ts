/** What there is to buy, and what it includes: the one table; all else reads it. */

export const FEATURES = [
  'PRESET_SCENARIOS',
  'CUSTOM_SCENARIOS',
  'DEDICATED_NUMBER',
  'TRANSCRIPTS',
  'ANALYTICS',
  'CALENDAR',
  'KNOWLEDGE',
  'CAMPAIGNS',
  'WEBHOOKS',
  'RECORDINGS',
] as const;
export type Feature = (typeof FEATURES)[number];

export const PLAN_KEYS = ['CONSUMER_TRIAL', 'CONSUMER_WEEKLY', 'BUSINESS_TRIAL', 'BUSINESS_BASIC', 'BUSINESS_PROFESSIONAL', 'BUSINESS_ENTERPRISE'] as const;
export type PlanKey = (typeof PLAN_KEYS)[number];

export interface Plan {
  readonly key: PlanKey;
  readonly platform: 'CONSUMER' | 'BUSINESS';
  readonly name: string;
  /** Cents, US dollars, for each interval. */
  readonly priceCents: number;
  readonly interval: 'NONE' | 'WEEK' | 'MONTH';
  /** Calls in all, of a trial; null where it is none. */
  readonly trialCalls: number | null;
  /** Null: unlimited. */
  readonly callsPerWeek: number | null;
  /** Null: unlimited. */
  readonly minutesPerMonth: number | null;
  readonly concurrentCalls: number;
  readonly features: readonly Feature[];
}

const CONSUMER: readonly Feature[] = ['PRESET_SCENARIOS'];
const BASIC: readonly Feature[] = ['CUSTOM_SCENARIOS', 'DEDICATED_NUMBER', 'TRANSCRIPTS', 'CALENDAR', 'KNOWLEDGE'];
const PROFESSIONAL: readonly Feature[] = [...BASIC, 'ANALYTICS', 'CAMPAIGNS', 'WEBHOOKS', 'RECORDINGS'];

const plan = <const P extends Omit<Plan, 'platform' | 'trialCalls' | 'callsPerWeek'> & Partial<Plan>>(given: P) => ({
  platform: 'BUSINESS' as const,
  trialCalls: null,
  callsPerWeek: null,
  ...given,
});

export const CATALOGUE: Readonly<Record<PlanKey, Plan>> = {
  CONSUMER_TRIAL: plan({
    key: 'CONSUMER_TRIAL',
    platform: 'CONSUMER',
    name: 'Trial',
    priceCents: 0,
    interval: 'NONE',
    trialCalls: 3,
    minutesPerMonth: null,
    concurrentCalls: 1,
    features: CONSUMER,
  }),
  CONSUMER_WEEKLY: plan({
    key: 'CONSUMER_WEEKLY',
    platform: 'CONSUMER',
    name: 'Weekly',
    priceCents: 499,
    interval: 'WEEK',
    // Fair use.
    minutesPerMonth: 600,
    concurrentCalls: 1,
    features: CONSUMER,
  }),
  BUSINESS_TRIAL: plan({
    key: 'BUSINESS_TRIAL',
    name: 'Trial',
    priceCents: 0,
    interval: 'NONE',
    trialCalls: 4,
    minutesPerMonth: 60,
    concurrentCalls: 2,
    features: BASIC,
  }),
  BUSINESS_BASIC: plan({
    key: 'BUSINESS_BASIC',
    name: 'Basic',
    priceCents: 4_999,
    interval: 'MONTH',
    callsPerWeek: 20,
    minutesPerMonth: 500,
    concurrentCalls: 3,
    features: BASIC,
  }),
  BUSINESS_PROFESSIONAL: plan({
    key: 'BUSINESS_PROFESSIONAL',
    name: 'Professional',
    priceCents: 9_900,
    interval: 'MONTH',
    callsPerWeek: 50,
    minutesPerMonth: 1_500,
    concurrentCalls: 10,
    features: PROFESSIONAL,
  }),
  BUSINESS_ENTERPRISE: plan({
    key: 'BUSINESS_ENTERPRISE',
    name: 'Enterprise',
    priceCents: 29_900,
    interval: 'MONTH',
    minutesPerMonth: null,
    concurrentCalls: 200,
    features: FEATURES,
  }),
};

/** Of one platform or of all, as people compare them: the cheapest first. */
export const plansOf = (platform: Plan['platform'] | null): Plan[] =>
  PLAN_KEYS.map((key) => CATALOGUE[key]).filter((candidate) => platform === null || candidate.platform === platform);

export const trialOf = (platform: Plan['platform']): Plan => CATALOGUE[platform === 'CONSUMER' ? 'CONSUMER_TRIAL' : 'BUSINESS_TRIAL'];

export const isTrial = (key: PlanKey): boolean => CATALOGUE[key].trialCalls !== null;

/** The cheapest plan of the platform that is paid; null where there is none. */
export const cheapestPaid = (platform: Plan['platform']): Plan | null => plansOf(platform).find((candidate) => !isTrial(candidate.key)) ?? null;

/** The cheapest of them that includes a feature; null where none does. */
export const cheapestWith = (platform: Plan['platform'], feature: Feature): Plan | null =>
  plansOf(platform).find((candidate) => !isTrial(candidate.key) && candidate.features.includes(feature)) ?? null;

/** What to buy for more calls than a plan allows: the next one of the platform; null at the top. */
export const nextAbove = (key: PlanKey): Plan | null => {
  const { platform, priceCents } = CATALOGUE[key];
  return plansOf(platform).find((candidate) => candidate.priceCents > priceCents) ?? null;
};
