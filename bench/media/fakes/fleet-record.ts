import { Histogram, type HistogramData } from '../histogram.ts';

/** What a fleet of callers has seen in one run. */
export class FleetRecord {
  /** Model to caller, for each frame sent in the window. */
  readonly latency = new Histogram();
  /** How late the fleet's own frames left: noise of the harness or of the machine. */
  readonly lateness = new Histogram();
  readonly clears: { readonly call: number; readonly turn: number; readonly atUs: number }[] = [];
  /** For each answer that was cut while it played: how much of it had been heard. */
  readonly heard: { readonly call: number; readonly answer: number; readonly heardMs: number }[] = [];
  readonly violations: Record<string, number> = {};
  measuring = false;
  measuredFromUs = Number.POSITIVE_INFINITY;
  measuredToUs = Number.POSITIVE_INFINITY;
  clearsExpected = 0;
  clearsMissed = 0;
  /** Frames of an answer after its clear: heard as a blip. */
  stale = 0;
  gaps = 0;
  reordered = 0;
  /** Frames of another call. */
  crossed = 0;
  marks = 0;
  failed = 0;
  dropped = 0;
  socketErrors = 0;
}

export interface FleetReport {
  readonly latency: HistogramData;
  readonly lateness: HistogramData;
  readonly clears: FleetRecord['clears'];
  readonly heard: FleetRecord['heard'];
  readonly violations: FleetRecord['violations'];
  readonly clearsExpected: number;
  readonly clearsMissed: number;
  readonly stale: number;
  readonly gaps: number;
  readonly reordered: number;
  readonly crossed: number;
  readonly marks: number;
  readonly failed: number;
  readonly dropped: number;
  readonly socketErrors: number;
  readonly calls: readonly {
    readonly call: number;
    readonly framesSent: number;
    readonly received: ReadonlyMap<number, number>;
    readonly cleared: ReadonlySet<number>;
  }[];
}
