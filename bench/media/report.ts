import type { Sample } from './account.ts';
import { astray, coreShare, cpuPerCallMinute, FULL_CORE, goals, number } from './goals.ts';
import { type HistogramData, merged } from './histogram.ts';

const HARNESS_BUSY = 0.9;
const TICKS_LATE_MS = 5;
const STOLEN = 0.02;

const rows: readonly [string, (sample: Sample) => string][] = [
  ['CPU per call-minute (ms)', (sample) => number(cpuPerCallMinute(sample))],
  ['caller → model p50/p95/p99/max (ms)', (sample) => spread(sample.up)],
  ['model → caller p50/p95/p99/max (ms)', (sample) => spread(sample.down)],
  ['speech_started → clear p50/p99 (ms)', (sample) => reaction(sample)],
  ['truncation error p50/p95/max (ms)', (sample) => error(sample.truncation)],
  ['… with one more delta', (sample) => error(sample.truncationLate)],
  ['truncations missing', (sample) => String(sample.counts.truncatesMissing)],
  ['first frame at the model p50/max (ms)', (sample) => firstFrame(sample.firstFrame)],
  ['first frames lost, a call', (sample) => number(sample.counts.headLost / sample.counts.calls)],
  ['frames up: sent', (sample) => String(sample.counts.framesUp)],
  ['frames down: sent / cut by the bridge', (sample) => `${sample.counts.framesDown} / ${sample.counts.cutDown}`],
  ['lost, reordered, altered, crossed', (sample) => String(astray(sample.counts))],
  ['bytes added to what the caller said', (sample) => String(sample.counts.addedBytesUp)],
  ['stale after a clear', (sample) => String(sample.counts.stale)],
  ['clears missed / expected', (sample) => `${sample.counts.clearsMissed} / ${sample.counts.clearsExpected}`],
  ['memory a call, above warm / above idle (KB)', (sample) => `${number(sample.memoryKbPerFurtherCall)} / ${number(sample.memoryKbPerCall)}`],
  ['memory at its peak (MB)', (sample) => number(sample.residentMb)],
  ['model sessions left open', (sample) => String(sample.counts.leakedSessions)],
  ['beside it, per call-minute (ms)', (sample) => neighbours(sample)],
];

/** One level as a table with a column for each bridge, the goals of ours beneath it, and what casts doubt on either. */
export function levelReport(samples: readonly Sample[], ours: string): string {
  const names = samples.map((sample) => sample.bridge);
  const table = [['', ...names], ...rows.map(([name, value]) => [name, ...samples.map(value)])];
  const lines = [`\n${samples[0]?.calls} calls`, ...aligned(table)];
  const find = (name: string) => samples.find((sample) => sample.bridge === name) ?? null;
  const own = find(ours);
  if (own) {
    lines.push('', `  goals of ${ours}`);
    const verdict = (met: boolean | null) => (met === null ? 'n/a ' : met ? 'pass' : 'FAIL');
    const listed = goals(own, find('relay'), find('agents-sdk')).map((goal) => [verdict(goal.met), goal.what, goal.measured, goal.limit]);
    lines.push(...aligned(listed));
  }
  lines.push(...samples.flatMap(remarks));
  return lines.join('\n');
}

function remarks(sample: Sample): string[] {
  const late = merged([sample.lateness]).quantile(0.99) / 1_000;
  const said: string[] = [];
  if (coreShare(sample) >= FULL_CORE)
    said.push(`saturated: it used ${number(coreShare(sample) * 100)} % of its core, so its CPU is what the core gave, not what its calls need`);
  if (sample.harnessCpu > HARNESS_BUSY) said.push(`harness-bound: both fakes used ${number(sample.harnessCpu * 100)} % of their CPU`);
  if (late > TICKS_LATE_MS) said.push(`noisy: the callers' own frames left ${number(late)} ms late (p99), which is part of every latency here`);
  if (sample.stolen > STOLEN) said.push(`noisy: ${number(sample.stolen * 100)} % of the machine's time was taken by its host`);
  const { unconfigured, failedCalls, droppedCalls } = sample.counts;
  if (unconfigured > 0) said.push(`${unconfigured} frames reached the model before its format was set`);
  if (failedCalls + droppedCalls > 0) said.push(`${failedCalls} calls failed and ${droppedCalls} were dropped`);
  for (const [what, count] of Object.entries(sample.violations)) said.push(`${what} (${count})`);
  return said.map((line) => `  ! ${sample.bridge}: ${line}`);
}

function spread(data: HistogramData): string {
  const histogram = merged([data]);
  return `${[0.5, 0.95, 0.99].map((share) => number(histogram.quantile(share) / 1_000)).join('/')}/${number(histogram.max / 1_000)}`;
}

function reaction({ reaction: data }: Sample): string {
  const histogram = merged([data]);
  return histogram.count === 0 ? 'never' : `${number(histogram.quantile(0.5) / 1_000)}/${number(histogram.quantile(0.99) / 1_000)} (${histogram.count})`;
}

function error(data: HistogramData): string {
  const histogram = merged([data]);
  if (histogram.count === 0) return 'none sent';
  return `${number(histogram.quantile(0.5) / 1_000)}/${number(histogram.quantile(0.95) / 1_000)}/${number(histogram.max / 1_000)} (${histogram.count})`;
}

function firstFrame(data: HistogramData): string {
  const histogram = merged([data]);
  return `${number(histogram.quantile(0.5) / 1_000)}/${number(histogram.max / 1_000)}`;
}

function neighbours(sample: Sample): string {
  const parts = Object.entries(sample.neighbours).map(([name, seconds]) => `${name} ${number((seconds / sample.callMinutes) * 1_000)}`);
  return parts.length === 0 ? '–' : parts.join(', ');
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table.reduce<number[]>((found, row) => row.map((cell, column) => Math.max(found[column] ?? 0, cell.length)), []);
  return table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd());
}
