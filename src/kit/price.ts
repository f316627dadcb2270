/** What something costs: so many millionths of a US dollar for so many units. Whole numbers both. */
export interface Price {
  readonly micros: number;
  readonly per: number;
}

const MICROS = 1_000_000;

/** Millionths of a decimal amount: `0.0085` is 8500, `-0.00850` is -8500. Null where it is no amount. */
export function microsOf(decimal: string): number | null {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,9})(?:\.(\d{1,12}))?$/.exec(decimal.trim()) ?? [];
  if (!whole) return null;
  const roundsUp = Number(fraction[6] ?? 0) >= 5;
  const micros = Number(whole) * MICROS + Number(fraction.slice(0, 6).padEnd(6, '0')) + (roundsUp ? 1 : 0);
  return sign && micros > 0 ? -micros : micros;
}

/**
 * What a quantity costs, in millionths of a dollar, rounded to the nearest.
 *
 * @param quantity not negative; a unit that was begun counts whole.
 */
export function costOf(quantity: number, { micros, per }: Price): bigint {
  const units = BigInt(Math.ceil(Math.max(0, quantity)));
  return (units * BigInt(micros) * 2n + BigInt(per)) / (BigInt(per) * 2n);
}
