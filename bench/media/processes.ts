import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process and all its descendants have used. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentKb: number;
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString());
const canPin = (() => {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export const pinning = (harnessCpu: string, bridgeCpu: string) =>
  canPin ? `harness on CPU ${harnessCpu}, bridge on CPU ${bridgeCpu}` : 'not pinned: no taskset here, so the figures are noisier';

/** Binds a running process and its threads to a CPU; what it starts later inherits it. */
export function pin(pid: number, cpu: string): void {
  if (canPin) execFileSync('taskset', ['-apc', cpu, String(pid)], { stdio: 'ignore' });
}

export function spawnPinned(cpu: string, command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return canPin ? spawn('taskset', ['-c', cpu, command, ...args], options) : spawn(command, args, options);
}

/** Asks a process of ours to end, and makes it after `ms`. */
export async function stop(child: ChildProcess, ms = 4_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const limit = new AbortController();
  await Promise.race([gone, sleep(ms, undefined, { signal: limit.signal }).then(() => child.kill('SIGKILL'))]);
  limit.abort();
  await gone;
}

function readStat(pid: number): { parent: number; cpuSeconds: number } | null {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // User and system time of its own, and of the children that it has seen end.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), cpuSeconds: ticks / TICKS_PER_SECOND };
  } catch {
    return null; // it ended meanwhile
  }
}

/** A process with its descendants. */
function tree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of fs.readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : null;
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

const { PRIORITY_LOW, PRIORITY_NORMAL } = os.constants.priority;

/**
 * Has a process and all its descendants run only when nobody else on their CPU wants to, until that is disposed of. Linux
 * shares out by session where it can, and each process of Postgres is a session of its own: there it has to be said, too.
 */
export function givingWay(root: number): Disposable {
  prioritize(root, PRIORITY_LOW);
  return { [Symbol.dispose]: () => prioritize(root, PRIORITY_NORMAL) };
}

function prioritize(root: number, priority: number): void {
  for (const pid of tree(root)) {
    try {
      os.setPriority(pid, priority);
      if (session(pid) !== session('self')) fs.writeFileSync(`/proc/${pid}/autogroup`, String(priority));
    } catch {
      // It ended meanwhile, or it is not ours to say.
    }
  }
}

const session = (pid: number | 'self') => fs.readFileSync(`/proc/${pid}/autogroup`, 'utf8').split(' ', 1)[0];

export function usage(root: number): Usage {
  let cpuSeconds = 0;
  let residentKb = 0;
  for (const pid of tree(root)) {
    const stat = readStat(pid);
    if (!stat) continue;
    cpuSeconds += stat.cpuSeconds;
    residentKb += resident(pid);
  }
  return { cpuSeconds, residentKb };
}

function resident(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Machine time since boot, in ticks: what the hypervisor took, and all of it. */
export function machineTime(): { stolen: number; total: number } {
  const fields = (fs.readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  return { stolen: fields[7] ?? 0, total: fields.reduce((sum, ticks) => sum + ticks, 0) };
}

/** Resolves once the port takes connections. @throws when the process ends first, or after 30 s. */
export async function listening(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the bridge ended with ${child.exitCode} before it listened on port ${port}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('close', () => socket.destroy());
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}
