import type { Problem } from '../../kit/errors.ts';
import type { CarrierNumbers } from '../../ports/carrier-numbers.ts';
import { searchStages } from './search-stages.ts';

/** Numbers to try one after the other, E.164; at the end, why there are no more. */
export type Candidates = AsyncGenerator<string, Problem, void>;

/** One number and no other. */
export async function* only(phoneNumber: string): Candidates {
  yield phoneNumber;
  return { code: 'CONFLICT', message: 'Somebody else has taken this number meanwhile. Choose another one.', path: ['input', 'phoneNumber'] };
}

const OFFERS_A_STAGE = 5;
/** So many that were gone when they were ordered mean that something else is wrong. */
const MOST_CANDIDATES = 12;

/** Numbers near to the wish first; searched for only as far as they are asked for. Those that need no address on file come first. */
export async function* likely(numbers: CarrierNumbers, wish: { country: string; areaCode: string | null }): Candidates {
  const seen = new Set<string>();
  let addressed = false;
  for (const stage of searchStages(wish)) {
    const offers = await numbers.search({ ...stage, limit: OFFERS_A_STAGE });
    for (const { phoneNumber, voice, needsAddress } of offers) {
      if (!voice || seen.has(phoneNumber)) continue;
      addressed ||= needsAddress;
      if (needsAddress) continue;
      if (seen.size >= MOST_CANDIDATES) return SOLD_OUT;
      seen.add(phoneNumber);
      yield phoneNumber;
    }
  }
  return addressed && seen.size === 0 ? ADDRESS_NEEDED : SOLD_OUT;
}

const SOLD_OUT: Problem = { code: 'CONFLICT', message: 'The carrier has no number to sell there at the moment. Try another area or country.' };
const ADDRESS_NEEDED: Problem = {
  code: 'UPSTREAM_REJECTED',
  message:
    'Numbers of this country are sold only to accounts with an address on file. Add one in the console of the carrier and order a number by name, or choose another country.',
};
