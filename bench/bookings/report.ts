/** How long each of many runs of one thing took. */
export interface Measured {
  readonly what: string;
  readonly timesMs: readonly number[];
  /** From the first start to the last end. */
  readonly elapsedMs: number;
  readonly remark?: string;
}

/** Runs something again and again, so many at once, until the time is over. */
export async function measure(what: string, { seconds, clients }: { seconds: number; clients: number }, run: () => Promise<unknown>): Promise<Measured> {
  // What is compiled and cached on the way belongs to no measurement.
  for (let warm = 0; warm < 20; warm++) await run();
  const timesMs: number[] = [];
  const startedMs = performance.now();
  const client = async () => {
    while (performance.now() - startedMs < seconds * 1_000) {
      const beganMs = performance.now();
      await run();
      timesMs.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { what, timesMs, elapsedMs: performance.now() - startedMs };
}

/** One line for each thing that was measured. */
export function table(measured: readonly Measured[]): string {
  const lines = measured.map(({ what, timesMs, elapsedMs, remark = '' }) => {
    const sorted = timesMs.toSorted((a, b) => a - b);
    const share = (of: number) => (sorted[Math.min(sorted.length - 1, Math.floor(of * sorted.length))] ?? Number.NaN).toFixed(2);
    return [what, share(0.5), share(0.99), Math.round((timesMs.length / elapsedMs) * 1_000).toLocaleString('en-US'), remark];
  });
  const rows = [['', 'p50', 'p99', 'per second', ''], ...lines];
  const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      `  ${row.map((cell, column) => (column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`.trimEnd(),
    )
    .join('\n');
}
