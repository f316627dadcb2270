import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * What kind of number it is, as far as that decides whether a machine may call it.
 *
 * - `short`    emergency and service numbers, such as 112, with a country code in front or without.
 * - `premium`  whoever calls it pays extra.
 * - `ordinary` the rest.
 */
export type NumberKind = 'short' | 'premium' | 'ordinary';

const LONGEST_SHORT = 3;
/** Exchange 976 is charged extra in every area code of North America. */
const NORTH_AMERICAN_PREMIUM = /^\+1\d{3}976\d{4}$/;
const EXTRA_CHARGED = ['PREMIUM_RATE', 'SHARED_COST'];

/** @param phoneNumber E.164, or what a person wrote where it is none. */
export function numberKind(phoneNumber: string): NumberKind {
  if (/^\D*\d{1,3}\D*$/.test(phoneNumber)) return 'short';
  const parsed = parsePhoneNumberFromString(phoneNumber);
  if (!parsed) return 'ordinary';
  if (parsed.nationalNumber.length <= LONGEST_SHORT) return 'short';
  if (NORTH_AMERICAN_PREMIUM.test(parsed.number)) return 'premium';
  return EXTRA_CHARGED.includes(parsed.getType() ?? '') ? 'premium' : 'ordinary';
}
