/** An amount in the smallest unit of its currency, e.g. cents. */
export interface Money {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

const MICROS_PER_CENT = 10_000;

/** US dollars from millionths of one, rounded to the nearest cent. Sums are made before they are rounded. */
export const dollars = (micros: number | bigint): Money => ({ amount: Math.round(Number(micros) / MICROS_PER_CENT), currency: 'USD' });

/** As people write it, e.g. `$1.15`. */
export function formatMoney({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
