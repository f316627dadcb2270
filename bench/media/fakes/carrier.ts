/** The carrier's end, in a process of its own: a fleet of callers that the runner dials, measures and hangs up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../channel.ts';
import { nowUs } from '../stamp.ts';
import { Caller, type CallerOptions, type CallTicket } from './caller.ts';
import { FleetRecord, type FleetReport } from './fleet-record.ts';

export interface DialPlan {
  readonly options: CallerOptions;
  readonly tickets: readonly CallTicket[];
  /** Time between two calls' beginnings. */
  readonly everyMs: number;
}

let record = new FleetRecord();
let callers: Caller[] = [];
let metronome: NodeJS.Timeout | undefined;

const api = {
  /** Places all calls; answers once each is connected or has failed. */
  async dial({ options, tickets, everyMs }: DialPlan): Promise<void> {
    record = new FleetRecord();
    callers = [];
    metronome = setInterval(tickAll, 1);
    const dialed: Promise<void>[] = [];
    for (const ticket of tickets) {
      const caller = new Caller(ticket, options, record);
      callers.push(caller);
      dialed.push(
        caller.dial().catch(() => {
          record.failed++;
        }),
      );
      await sleep(everyMs);
    }
    await Promise.all(dialed);
  },
  measure(): { cpuSeconds: number } {
    record.measuring = true;
    record.measuredFromUs = nowUs();
    return { cpuSeconds: ownCpuSeconds() };
  },
  rest(): { cpuSeconds: number; windowSeconds: number } {
    record.measuring = false;
    record.measuredToUs = nowUs();
    return { cpuSeconds: ownCpuSeconds(), windowSeconds: (record.measuredToUs - record.measuredFromUs) / 1e6 };
  },
  /** No call says another word. */
  hush(): void {
    clearInterval(metronome);
  },
  framesReceived(): number {
    return callers.reduce((sum, { received }) => [...received.values()].reduce((all, frames) => all + frames, sum), 0);
  },
  report(): FleetReport {
    const { latency, lateness, measuring: _measuring, measuredFromUs: _from, measuredToUs: _to, ...counts } = record;
    const calls = callers.map(({ call, framesSent, received, cleared }) => ({ call, framesSent, received, cleared }));
    return { ...counts, latency: latency.data, lateness: lateness.data, calls };
  },
  async hangUp(): Promise<void> {
    for (const caller of callers) caller.hangUp();
    await sleep(1_800);
  },
};

export type CarrierApi = typeof api;

function tickAll(): void {
  const now = nowUs();
  for (const caller of callers) if (caller.nextFrameUs <= now) caller.tick();
}

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

serve(api);
