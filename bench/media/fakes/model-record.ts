import { Histogram, type HistogramData } from '../histogram.ts';

/** How the model behaves; set once for a run. */
export interface ModelOptions {
  /** From the upgrade request to its answer: what opening a session costs over the internet. */
  readonly openMs: number;
  /** From `session.update` to `session.updated`. */
  readonly configureMs: number;
  /** From the end of the caller's turn to the first delta. */
  readonly thinkMs: number;
  readonly answerMs: number;
  readonly deltaMs: number;
  /** Answer n is made at the nth of these times the speed of speech, over and over. */
  readonly speeds: readonly number[];
  /** Deltas of an answer that still leave after `speech_started` has cut it. */
  readonly lateDeltas: number;
  /** They follow 0, 1 or 2 times this later, in turn. */
  readonly lateEveryMs: number;
}

/** What the model heard from one call. */
export class HeardCall {
  /** Frames from the call's beginning that never came. */
  headLost = 0;
  received = 0;
  lost = 0;
  reordered = 0;
  damaged = 0;
  foreignBytes = 0;
  /** Frames that came before the session's format was set: the real model would hear noise. */
  unconfigured = 0;
  readonly answers: { readonly answer: number; readonly frames: number; readonly completed: boolean; readonly late: number }[] = [];
}

/** What the model has seen in one run. */
export class ModelRecord {
  /** Caller to model, for each frame sent in the window. */
  readonly latency = new Histogram();
  /** The age of each call's first frame when it came. */
  readonly firstFrame = new Histogram();
  readonly calls = new Map<number, HeardCall>();
  readonly speechStarts: { readonly call: number; readonly turn: number; readonly atUs: number }[] = [];
  readonly truncates: { readonly call: number; readonly answer: number; readonly audioEndMs: number; readonly late: boolean }[] = [];
  readonly commands: Record<string, number> = {};
  readonly violations: Record<string, number> = {};

  violation(what: string): void {
    this.violations[what] = (this.violations[what] ?? 0) + 1;
  }
}

export interface ModelReport {
  readonly latency: HistogramData;
  readonly firstFrame: HistogramData;
  readonly calls: ReadonlyMap<number, HeardCall>;
  readonly speechStarts: ModelRecord['speechStarts'];
  readonly truncates: ModelRecord['truncates'];
  readonly commands: ModelRecord['commands'];
  readonly violations: ModelRecord['violations'];
}
