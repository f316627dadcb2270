import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** Worker processes that share the work, and are killed. */
export interface Fleet extends AsyncDisposable {
  /** How many were killed. */
  readonly killed: number;
  /** SIGKILL to one of them, and another in its place. */
  killOne(): Promise<void>;
  skip(ms: number): void;
}

const WORKER = path.join(import.meta.dirname, 'campaign-worker.ts');

/** @param env as a worker process reads it. @param skippedMs how far its clock is put forward. */
export async function campaignFleet({ size, env, skippedMs }: { size: number; env: Record<string, string>; skippedMs: number }): Promise<Fleet> {
  const workers: ChildProcess[] = [];
  const crashes: string[] = [];
  let skipped = skippedMs;
  let killed = 0;
  let next = 0;

  async function start(): Promise<ChildProcess> {
    const child = fork(WORKER, { env: { PATH: process.env.PATH ?? '', ...env, SKIPPED_MS: String(skipped) }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const before = skipped;
    await Promise.race([once(child, 'message'), once(child, 'exit').then(([code]) => Promise.reject(new Error(`a worker did not start: ${code}`)))]);
    if (skipped > before) child.send({ skipMs: skipped - before });
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL' && workers.includes(child)) crashes.push(`${signal ?? code}`);
    });
    return child;
  }

  workers.push(...(await Promise.all(Array.from({ length: size }, start))));
  return {
    get killed() {
      return killed;
    },
    async killOne() {
      const at = next++ % workers.length;
      const doomed = workers[at];
      if (!doomed) return;
      const exited = once(doomed, 'exit');
      doomed.kill('SIGKILL');
      await exited;
      killed++;
      workers[at] = await start();
    },
    skip(ms) {
      skipped += ms;
      for (const worker of workers) if (worker.connected) worker.send({ skipMs: ms });
    },
    async [Symbol.asyncDispose]() {
      const running = workers.splice(0);
      await Promise.all(
        running.map(async (worker) => {
          const exited = once(worker, 'exit');
          worker.kill('SIGTERM');
          await exited;
        }),
      );
      if (crashes.length > 0) throw new Error(`workers ended by themselves: ${crashes.join(', ')}`);
    },
  };
}
