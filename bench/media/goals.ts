import type { Counts, Sample } from './account.ts';
import { merged } from './histogram.ts';

/** A promise of the bridge, held against what was measured beside it in the same run. */
export interface Goal {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  /** Null where there was nothing to compare with or nothing was measured. */
  readonly met: boolean | null;
}

const CPU_OF_RELAY = 1.2;
const CPU_OF_SDK = 0.5;
const LATENCY_OF_RELAY = 1.5;
const TRUNCATION_MS = 20;
const MEMORY_KB = 150;

export const cpuPerCallMinute = (sample: Sample) => (sample.cpuSeconds / sample.callMinutes) * 1_000;

/** How much of its core the bridge used; near 1 it did what the core allows, and what its calls need is more than was measured. */
export const coreShare = (sample: Sample) => (sample.cpuSeconds * sample.calls) / (sample.callMinutes * 60);

/** A core counts as full from here on. */
export const FULL_CORE = 0.95;

/** Frames and bytes that were not delivered as they were sent. */
export const astray = (counts: Counts) =>
  counts.lostUp + counts.reorderedUp + counts.alteredUp + counts.lostDown + counts.reorderedDown + counts.crossed + counts.failedCalls + counts.droppedCalls;

/** The goals for `ours`; the peers are null where they did not run. */
export function goals(ours: Sample, relay: Sample | null, sdk: Sample | null): Goal[] {
  const p99 = (sample: Sample, way: 'up' | 'down') => merged([sample[way]]).quantile(0.99) / 1_000;
  const compared = (what: string, measured: number, limit: number | null, factor: number, peer: string, unit: string, strict = false): Goal => ({
    what,
    measured: `${number(measured)} ${unit}`,
    limit: limit === null ? `${peer} was not run` : `${strict ? '<' : '≤'} ${number(limit * factor)} ${unit}  (${factor} × ${peer}'s ${number(limit)})`,
    met: limit === null || Number.isNaN(measured) ? null : strict ? measured < limit * factor : measured <= limit * factor,
  });
  const none = (what: string, count: number): Goal => ({ what, measured: String(count), limit: '0', met: count === 0 });
  const cpu = cpuPerCallMinute(ours);
  const cpuOfSdk = compared('CPU per call-minute', cpu, sdk && cpuPerCallMinute(sdk), CPU_OF_SDK, 'agents-sdk', 'ms', true);
  return [
    compared('CPU per call-minute', cpu, relay && cpuPerCallMinute(relay), CPU_OF_RELAY, 'relay', 'ms'),
    // Of a peer whose core is full the least that it needs is known: enough to meet the goal by, not to miss it by.
    !cpuOfSdk.met && sdk && coreShare(sdk) >= FULL_CORE
      ? { ...cpuOfSdk, limit: `${cpuOfSdk.limit}, whose core was full: it needs more; compare at fewer calls`, met: null }
      : cpuOfSdk,
    compared('latency caller → model, p99', p99(ours, 'up'), relay && p99(relay, 'up'), LATENCY_OF_RELAY, 'relay', 'ms'),
    compared('latency model → caller, p99', p99(ours, 'down'), relay && p99(relay, 'down'), LATENCY_OF_RELAY, 'relay', 'ms'),
    none('frames lost, reordered, altered or crossed; calls failed', astray(ours.counts)),
    none('bytes added to what the caller said', ours.counts.addedBytesUp),
    none("the caller's first frames lost while the session opens", ours.counts.headLost),
    none('stale frames after a clear', ours.counts.stale),
    truncation('truncation error, p95', ours, 'truncation'),
    truncation('truncation error with one more delta, p95', ours, 'truncationLate'),
    {
      what: 'memory a call, above warm',
      measured: `${number(ours.memoryKbPerFurtherCall)} KB`,
      limit: `≤ ${MEMORY_KB} KB`,
      met: Number.isNaN(ours.memoryKbPerFurtherCall) ? null : ours.memoryKbPerFurtherCall <= MEMORY_KB,
    },
  ];
}

function truncation(what: string, ours: Sample, kind: 'truncation' | 'truncationLate'): Goal {
  const histogram = merged([ours[kind]]);
  const p95 = histogram.quantile(0.95) / 1_000;
  const measured = histogram.count === 0 ? 'none' : `${number(p95)} ms (of ${histogram.count})`;
  return { what, measured, limit: `≤ ${TRUNCATION_MS} ms`, met: histogram.count === 0 ? null : p95 <= TRUNCATION_MS };
}

export const number = (value: number) => (Number.isNaN(value) ? '–' : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
