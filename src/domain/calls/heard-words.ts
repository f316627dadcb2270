/**
 * What was heard, for patterns to look at: in small letters without accents (`ß` is `ss`), with straight apostrophes and
 * single spaces.
 *
 * @param parting what parts words besides spaces; global.
 */
export const heardWords = (text: string, parting: RegExp): string =>
  text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").replaceAll('ß', 'ss').replace(parting, ' ').replace(/\s+/g, ' ').trim();
