import type { FleetReport } from './fakes/fleet-record.ts';
import type { ModelReport } from './fakes/model-record.ts';
import { Histogram, type HistogramData, merged } from './histogram.ts';

/** One run of one bridge with one number of calls: what was counted at both ends, and what the processes used. */
export interface Sample {
  readonly bridge: string;
  readonly calls: number;
  readonly callMinutes: number;
  readonly cpuSeconds: number;
  /** Growth of the bridge's memory from its start, before any call, to its peak in the window. */
  readonly memoryKbPerCall: number;
  /** Growth from the warm-up round's peak, when its code is compiled and its pools stand, for each call more; NaN where there were none. */
  readonly memoryKbPerFurtherCall: number;
  readonly residentMb: number;
  readonly up: HistogramData;
  readonly down: HistogramData;
  readonly reaction: HistogramData;
  readonly firstFrame: HistogramData;
  readonly truncation: HistogramData;
  readonly truncationLate: HistogramData;
  readonly lateness: HistogramData;
  readonly counts: Counts;
  readonly violations: Readonly<Record<string, number>>;
  readonly commands: Readonly<Record<string, number>>;
  /** CPU seconds of what the bridge leans on, by name. */
  readonly neighbours: Readonly<Record<string, number>>;
  readonly harnessCpu: number;
  readonly stolen: number;
}

export interface Counts {
  readonly calls: number;
  readonly framesUp: number;
  readonly headLost: number;
  readonly lostUp: number;
  readonly reorderedUp: number;
  readonly alteredUp: number;
  /** Bytes that the caller never said: silence put in between, say. */
  readonly addedBytesUp: number;
  readonly unconfigured: number;
  readonly framesDown: number;
  /** Dropped by the bridge because their answer was cut: as it should be. */
  readonly cutDown: number;
  readonly lostDown: number;
  readonly reorderedDown: number;
  readonly stale: number;
  readonly crossed: number;
  readonly clearsExpected: number;
  readonly clearsMissed: number;
  readonly truncatesMissing: number;
  readonly failedCalls: number;
  readonly droppedCalls: number;
  readonly leakedSessions: number;
}

/** Brings what both ends saw together, so that each frame of each call is received, cut or lost. */
export function account(fleet: FleetReport, model: ModelReport, leakedSessions: number) {
  const up = accountUp(fleet, model);
  const down = accountDown(fleet, model);
  const { truncation, truncationLate, truncatesMissing } = accountTruncation(fleet, model);
  const counts: Counts = {
    ...up,
    ...down,
    calls: fleet.calls.length,
    stale: fleet.stale,
    crossed: fleet.crossed,
    clearsExpected: fleet.clearsExpected,
    clearsMissed: fleet.clearsMissed,
    truncatesMissing,
    failedCalls: fleet.failed,
    droppedCalls: fleet.dropped,
    leakedSessions,
  };
  return {
    up: model.latency,
    down: fleet.latency,
    firstFrame: model.firstFrame,
    lateness: fleet.lateness,
    reaction: reactions(fleet, model),
    truncation,
    truncationLate,
    counts,
    violations: { ...prefixed('carrier', fleet.violations), ...prefixed('model', model.violations) },
    commands: model.commands,
  };
}

function accountUp(fleet: FleetReport, model: ModelReport) {
  const sums = { framesUp: 0, headLost: 0, lostUp: 0, reorderedUp: 0, alteredUp: 0, addedBytesUp: 0, unconfigured: 0 };
  for (const { call, framesSent } of fleet.calls) {
    sums.framesUp += framesSent;
    const heard = model.calls.get(call);
    if (!heard) {
      sums.lostUp += framesSent;
      continue;
    }
    sums.headLost += heard.headLost;
    // Whatever did not come, wherever it was lost: a frame that came late was first counted as lost.
    sums.lostUp += Math.max(0, framesSent - heard.headLost - heard.received);
    sums.reorderedUp += heard.reordered;
    sums.alteredUp += heard.damaged;
    sums.addedBytesUp += heard.foreignBytes;
    sums.unconfigured += heard.unconfigured;
  }
  return sums;
}

function accountDown(fleet: FleetReport, model: ModelReport) {
  const sums = { framesDown: 0, cutDown: 0, lostDown: fleet.gaps, reorderedDown: fleet.reordered };
  const callers = new Map(fleet.calls.map((caller) => [caller.call, caller]));
  for (const [call, heard] of model.calls) {
    const caller = callers.get(call);
    for (const { answer, frames, completed } of heard.answers) {
      sums.framesDown += frames;
      const missing = frames - (caller?.received.get(answer) ?? 0);
      if (missing <= 0) continue;
      if (!completed || caller?.cleared.has(answer)) sums.cutDown += missing;
      else sums.lostDown += missing;
    }
  }
  return sums;
}

function reactions(fleet: FleetReport, model: ModelReport): HistogramData {
  const started = new Map(model.speechStarts.map(({ call, turn, atUs }) => [`${call}:${turn}`, atUs]));
  const histogram = new Histogram();
  for (const { call, turn, atUs } of fleet.clears) {
    const key = `${call}:${turn}`;
    const since = started.get(key);
    if (since === undefined) continue;
    started.delete(key);
    histogram.add(atUs - since);
  }
  return histogram.data;
}

/** How far each truncation was from what was really heard, apart for answers that still sent a delta after the interruption. */
function accountTruncation(fleet: FleetReport, model: ModelReport) {
  const told = new Map(model.truncates.map((truncate) => [`${truncate.call}:${truncate.answer}`, truncate]));
  const truncation = new Histogram();
  const truncationLate = new Histogram();
  let truncatesMissing = 0;
  for (const { call, answer, heardMs } of fleet.heard) {
    const truncate = told.get(`${call}:${answer}`);
    if (!truncate) truncatesMissing++;
    else (truncate.late ? truncationLate : truncation).add(Math.abs(truncate.audioEndMs - heardMs) * 1_000);
  }
  return { truncation: truncation.data, truncationLate: truncationLate.data, truncatesMissing };
}

/** The rounds of one bridge at one level, put together: times merged, counts summed, memory at its worst. */
export function combine(samples: readonly Sample[]): Sample {
  const [first] = samples;
  if (!first) throw new Error('nothing was measured');
  const sum = (pick: (sample: Sample) => number) => samples.reduce((total, sample) => total + pick(sample), 0);
  const worst = (pick: (sample: Sample) => number) => Math.max(...samples.map(pick));
  const all = (pick: (sample: Sample) => HistogramData) => merged(samples.map(pick)).data;
  const tally = (pick: (sample: Sample) => Readonly<Record<string, number>>) => {
    const names = new Set(samples.flatMap((sample) => Object.keys(pick(sample))));
    return Object.fromEntries([...names].map((name) => [name, sum((sample) => pick(sample)[name] ?? 0)]));
  };
  return {
    bridge: first.bridge,
    calls: first.calls,
    callMinutes: sum((sample) => sample.callMinutes),
    cpuSeconds: sum((sample) => sample.cpuSeconds),
    memoryKbPerCall: worst((sample) => sample.memoryKbPerCall),
    memoryKbPerFurtherCall: worst((sample) => sample.memoryKbPerFurtherCall),
    residentMb: worst((sample) => sample.residentMb),
    up: all((sample) => sample.up),
    down: all((sample) => sample.down),
    reaction: all((sample) => sample.reaction),
    firstFrame: all((sample) => sample.firstFrame),
    truncation: all((sample) => sample.truncation),
    truncationLate: all((sample) => sample.truncationLate),
    lateness: all((sample) => sample.lateness),
    // Every member of Counts is a sum over calls.
    counts: tally((sample) => ({ ...sample.counts })) as unknown as Counts,
    violations: tally((sample) => sample.violations),
    commands: tally((sample) => sample.commands),
    neighbours: tally((sample) => sample.neighbours),
    harnessCpu: worst((sample) => sample.harnessCpu),
    stolen: worst((sample) => sample.stolen),
  };
}

const prefixed = (where: string, tally: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(tally).map(([what, count]) => [`${where}: ${what}`, count]));
