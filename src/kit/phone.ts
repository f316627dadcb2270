import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * Reads a telephone number as people write it.
 *
 * @param text e.g. `+1 202 555 0142`, or `(202) 555-0142` with a country.
 * @param country ISO 3166-1 alpha-2 of the person who wrote it; needed where the number has no `+`.
 * @returns the number in E.164, e.g. `+12025550142`, or null where it cannot be one.
 */
export function parsePhoneNumber(text: string, country?: string): string | null {
  const parsed = parsePhoneNumberFromString(text, country as CountryCode | undefined);
  return parsed?.isPossible() ? parsed.number : null;
}
