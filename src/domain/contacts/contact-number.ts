import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';

export type NumberProblem = 'MISSING_NUMBER' | 'NOT_A_NUMBER' | 'INVALID_NUMBER';

export type ContactNumber =
  | { readonly ok: true; readonly phoneNumber: string; readonly extension: string | null }
  | { readonly ok: false; readonly reason: NumberProblem; readonly value: string };

/** What may follow a number in a list: `x12`, `ext. 12`, `Durchwahl 12`. */
const EXTENSION = /[\s,;]*(?:\bextension|\bext|\bdurchwahl|\bposte|\binterno|\banexo|\bramal|x)\s*[.:#]?\s*(\d{1,7})$/i;
/** Marks that say in which direction text runs, joiners, and the byte order mark: seen by nobody, copied by everybody. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** What spreadsheets put before a number so that it stays text. */
const TEXT_MARKS = /^[\s'’‘"=]+|[\s'’"]+$/g;
/** `(+33) 9 12 34 56 78` */
const COUNTRY_IN_BRACKETS = /^\((\+\d{1,3})\)/;
const LETTER = /\p{L}/u;
const LETTER_OR_DIGIT = /[\p{L}\p{Nd}]/u;

/**
 * The telephone number of a line in a list, as programs and people write it.
 *
 * @param cells of the number columns, in order: the first that holds a letter or a digit counts, also where it is wrong.
 * @param country ISO 3166-1 alpha-2: in it numbers without a country are read, a leading zero that a spreadsheet has lost included.
 * @returns the number in E.164 and its extension; or why there is none, with the cell as it stands.
 */
export function readContactNumber(cells: readonly string[], country: string): ContactNumber {
  const cell = cells.find((text) => LETTER_OR_DIGIT.test(text.normalize('NFKC')));
  if (cell === undefined) return { ok: false, reason: 'MISSING_NUMBER', value: '' };
  // Full-width digits and no-break spaces become plain ones.
  const plain = cell.normalize('NFKC').replace(INVISIBLE, '').replace(TEXT_MARKS, '');
  const extension = EXTENSION.exec(plain)?.[1] ?? null;
  const digits = (extension === null ? plain : plain.replace(EXTENSION, '')).replace(COUNTRY_IN_BRACKETS, '$1 ');
  if (LETTER.test(digits)) return { ok: false, reason: 'NOT_A_NUMBER', value: cell.trim() };
  const phoneNumber = validNumber(digits, country) ?? (/^[\s(]*[+0]/.test(digits) ? null : validNumber(`0${digits.trim()}`, country));
  return phoneNumber ? { ok: true, phoneNumber, extension } : { ok: false, reason: 'INVALID_NUMBER', value: cell.trim() };
}

function validNumber(text: string, country: string): string | null {
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false });
  return parsed?.isValid() ? parsed.number : null;
}
