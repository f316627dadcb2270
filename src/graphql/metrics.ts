import { Histogram, type Registry } from 'prom-client';

const histograms = new WeakMap<Registry, Histogram<'field' | 'outcome'>>();

/** Notes how long a query, mutation or the start of a subscription took. */
export function observeRootField(registry: Registry, field: string, milliseconds: number, failed: boolean): void {
  let histogram = histograms.get(registry);
  if (!histogram) {
    histogram = new Histogram({
      name: 'graphql_root_field_seconds',
      help: 'How long root fields of the API take to resolve.',
      labelNames: ['field', 'outcome'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers: [registry],
    });
    histograms.set(registry, histogram);
  }
  histogram.observe({ field, outcome: failed ? 'error' : 'ok' }, milliseconds / 1_000);
}
