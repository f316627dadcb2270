const STEPS = 64;
const OCTAVES = 30;

export interface HistogramData {
  readonly counts: Uint32Array;
  readonly max: number;
}

/** Times in microseconds, in buckets of at most 1.6 % of their value: cheap to add to, to send and to merge. */
export class Histogram {
  readonly #counts = new Uint32Array(STEPS * OCTAVES);
  #max = 0;

  add(us: number): void {
    const bucket = bucketOf(us);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (us > this.#max) this.#max = us;
  }

  merge(data: HistogramData): this {
    for (const [bucket, count] of data.counts.entries()) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    this.#max = Math.max(this.#max, data.max);
    return this;
  }

  get data(): HistogramData {
    return { counts: this.#counts, max: this.#max };
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  get max(): number {
    return this.#max;
  }

  /** The upper edge of the bucket in which the quantile lies, never above the largest value; NaN where nothing was added. */
  quantile(share: number): number {
    const wanted = Math.ceil(share * this.count);
    if (wanted === 0) return Number.NaN;
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(upperEdge(bucket), this.#max);
    }
    return this.#max;
  }
}

export const merged = (parts: readonly HistogramData[]): Histogram => parts.reduce((all, part) => all.merge(part), new Histogram());

function bucketOf(us: number): number {
  const whole = Math.max(0, Math.trunc(us));
  if (whole < STEPS) return whole;
  const octave = Math.floor(Math.log2(whole / STEPS)) + 1;
  const step = Math.floor(whole / 2 ** (octave - 1)) - STEPS;
  return Math.min(octave * STEPS + step, STEPS * OCTAVES - 1);
}

function upperEdge(bucket: number): number {
  const octave = Math.floor(bucket / STEPS);
  const step = bucket % STEPS;
  return octave === 0 ? step + 1 : (STEPS + step + 1) * 2 ** (octave - 1);
}
