import { bookingCallers } from './booking-callers.ts';
import type { Caller } from './caller.ts';
import { campaignCallers } from './campaign-people.ts';
import { machines } from './machines.ts';
import { anybody, otherCallers } from './other-callers.ts';
import { surveyPeople } from './survey-people.ts';
import { transferCallers } from './transfer-callers.ts';

/** Everybody who can call or be called. */
export const callers: readonly Caller[] = [
  ...bookingCallers,
  ...otherCallers,
  ...machines,
  ...transferCallers,
  ...surveyPeople.map(({ caller }) => caller),
  ...campaignCallers,
];

export const findCaller = (key: string): Caller | null => callers.find((caller) => caller.key === key) ?? null;

/** Who answers at a number. */
export const calleeAt = (number: string): Caller => callers.find((caller) => caller.number === number) ?? { ...anybody, number };
