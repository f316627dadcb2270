/** What a call cost of one item, all its rows added up. */
export interface CostLine {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly amountMicros: bigint;
}

/**
 * The rows of a call's ledger, a line an item: what was reported by parts is added up, and corrections are counted in.
 *
 * @param rows in any order. @returns the dearest first.
 */
export function costLines(rows: readonly CostLine[]): CostLine[] {
  const lines = new Map<string, CostLine>();
  for (const { item, quantity, unit, amountMicros } of rows) {
    const line = lines.get(item);
    lines.set(item, { item, unit: line?.unit ?? unit, quantity: (line?.quantity ?? 0) + quantity, amountMicros: (line?.amountMicros ?? 0n) + amountMicros });
  }
  return [...lines.values()].sort((a, b) => Number(b.amountMicros - a.amountMicros) || a.item.localeCompare(b.item));
}

/** All of it, in millionths of a dollar. */
export const totalMicros = (rows: readonly Pick<CostLine, 'amountMicros'>[]): bigint => rows.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
