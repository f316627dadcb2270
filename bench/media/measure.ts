import { setTimeout as sleep } from 'node:timers/promises';
import { account, type Sample } from './account.ts';
import type { Remote } from './channel.ts';
import type { Contestant, Ground, Neighbour, RunningBridge } from './contestants/contestant.ts';
import type { CallerOptions } from './fakes/caller.ts';
import type { CarrierApi } from './fakes/carrier.ts';
import type { ModelApi } from './fakes/model.ts';
import type { ModelOptions } from './fakes/model-record.ts';
import { givingWay, machineTime, usage } from './processes.ts';

export interface Harness {
  readonly carrier: Remote<CarrierApi>;
  readonly model: Remote<ModelApi>;
  readonly modelOptions: ModelOptions;
  readonly neighbours: readonly Neighbour[];
}

export interface Timing {
  readonly windowMs: number;
  /** From the last call's connection to the window. */
  readonly settleMs: number;
  readonly dialEveryMs: number;
}

const WARM_UP_CALLS = 50;
const WARM_UP: Timing = { windowMs: 20_000, settleMs: 500, dialEveryMs: 8 };

/** Starts a bridge fresh, lets its code be compiled by fifty calls, and measures it at one number of calls. */
export async function measure(harness: Harness, contestant: Contestant, ground: Ground, pattern: string, calls: number, timing: Timing): Promise<Sample> {
  await using bridge = await contestant.start(ground);
  const options: CallerOptions = { url: bridge.url, authToken: ground.authToken, accountSid: ground.accountSid, pattern };
  await sleep(1_000); // start-up work ends
  const idle = usage(bridge.pid);
  const warmCalls = Math.min(calls, WARM_UP_CALLS);
  const { peakKb: warmKb } = await run(harness, bridge, options, warmCalls, WARM_UP);
  const seen = await run(harness, bridge, options, calls, timing);
  return {
    bridge: contestant.name,
    calls,
    ...seen,
    memoryKbPerCall: (seen.peakKb - idle.residentKb) / calls,
    memoryKbPerFurtherCall: calls > warmCalls ? (seen.peakKb - warmKb) / (calls - warmCalls) : Number.NaN,
    residentMb: seen.peakKb / 1_024,
  };
}

async function run({ carrier, model, modelOptions, neighbours }: Harness, bridge: RunningBridge, options: CallerOptions, calls: number, timing: Timing) {
  const tickets = await bridge.admit(calls);
  await model.call('begin', modelOptions);
  await carrier.call('dial', { options, tickets, everyMs: timing.dialEveryMs });
  await sleep(timing.settleMs);

  using modest = new DisposableStack();
  for (const { pid } of neighbours) modest.use(givingWay(pid));
  const beside = () => neighbours.map(({ pid }) => usage(pid).cpuSeconds);
  const [machineBefore, besideBefore, modelBefore] = [machineTime(), beside(), await model.call('cpuSeconds', undefined)];
  const before = usage(bridge.pid);
  const fleetBefore = await carrier.call('measure', undefined);
  let peakKb = before.residentKb;
  const sampler = setInterval(() => {
    peakKb = Math.max(peakKb, usage(bridge.pid).residentKb);
  }, 1_000);
  await sleep(timing.windowMs);
  const fleetAfter = await carrier.call('rest', undefined);
  const after = usage(bridge.pid);
  clearInterval(sampler);
  const [machineAfter, besideAfter, modelAfter] = [machineTime(), beside(), await model.call('cpuSeconds', undefined)];
  modest.dispose();

  await quiet(carrier, model);
  const [fleet, heard] = [await carrier.call('report', undefined), await model.call('report', undefined)];
  await carrier.call('hangUp', undefined);
  const leaked = await sessionsLeft(model);
  const seconds = fleetAfter.windowSeconds;
  return {
    ...account(fleet, heard, leaked),
    callMinutes: (calls * seconds) / 60,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    peakKb: Math.max(peakKb, after.residentKb),
    neighbours: Object.fromEntries(neighbours.map(({ name }, index) => [name, (besideAfter[index] ?? 0) - (besideBefore[index] ?? 0)])),
    harnessCpu: (fleetAfter.cpuSeconds - fleetBefore.cpuSeconds + modelAfter - modelBefore) / seconds,
    stolen: (machineAfter.stolen - machineBefore.stolen) / Math.max(1, machineAfter.total - machineBefore.total),
  };
}

/** A bridge may hear the last words of a caller who has hung up, for some seconds. @returns the sessions that stay open. */
async function sessionsLeft(model: Remote<ModelApi>): Promise<number> {
  for (let attempts = 0; ; attempts++) {
    const open = await model.call('openSessions', undefined);
    if (open === 0 || attempts === 20) return open;
    await sleep(500);
  }
}

/** Both ends fall silent, and what is on its way arrives, however far behind the bridge is. */
async function quiet(carrier: Remote<CarrierApi>, model: Remote<ModelApi>): Promise<void> {
  await Promise.all([carrier.call('hush', undefined), model.call('hush', undefined)]);
  for (let before = -1, attempts = 0; attempts < 20; attempts++) {
    await sleep(500);
    const now = (await carrier.call('framesReceived', undefined)) + (await model.call('framesReceived', undefined));
    if (now === before) return;
    before = now;
  }
}
