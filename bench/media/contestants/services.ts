import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { migrate } from '../../../src/db/migrate.ts';
import { scratchPostgres } from '../../scratch-postgres.ts';
import { listening, pin, spawnPinned, stop } from '../processes.ts';
import type { Neighbour } from './contestant.ts';

/** What the media process leans on, kept off the bridge's CPU. */
export interface Services extends AsyncDisposable {
  readonly databaseUrl: string;
  /** Null: no Redis here, so the bus is Postgres NOTIFY. */
  readonly redisUrl: string | null;
  readonly neighbours: readonly Neighbour[];
}

/** A Postgres of the bench's own, as production runs it, and a Redis: the one named by REDIS_URL, or a `redis-server` found here. */
export async function startServices(cpu: string, freePort: () => Promise<number>): Promise<Services> {
  await using started = new AsyncDisposableStack();
  const postgres = started.use(await scratchPostgres({ database: 'bench' }));
  const postmaster = Number(fs.readFileSync(path.join(postgres.dataDir, 'cluster', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
  pin(postmaster, cpu);
  await migrate(postgres.url);

  const neighbours: Neighbour[] = [{ name: 'postgres', pid: postmaster }];
  let redisUrl = process.env.REDIS_URL ?? null;
  if (!redisUrl && hasRedis()) {
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', postgres.folder];
    const redis = spawnPinned(cpu, 'redis-server', args, { stdio: 'ignore' });
    started.defer(() => stop(redis));
    await listening(port, redis);
    redisUrl = `redis://127.0.0.1:${port}`;
    neighbours.push({ name: 'redis', pid: redis.pid ?? 0 });
  }
  const running = started.move();
  return { databaseUrl: postgres.url, redisUrl, neighbours, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
