import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/db/migrate.ts';
import { startEmbeddedPostgres } from '../../src/vendors/embedded/postgres.ts';
import { connectPostgresJobs } from '../../src/vendors/postgres/jobs.ts';
import { quiet } from './quiet.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Migrated, with the queue's schema, and empty; cloned for each test, never written to. */
    templateUrl: string;
  }
}

const GIGABYTE = 1024 ** 3;

/**
 * Where the databases lie: in memory where there is room. They are made and dropped by the thousand, and ext4 takes
 * the longer to make a file the more of them have just been deleted.
 */
function databaseFolder(): string {
  const memory = '/dev/shm';
  if (!fs.existsSync(memory)) return os.tmpdir();
  const { bavail, bsize } = fs.statfsSync(memory);
  return bavail * bsize > 4 * GIGABYTE ? memory : os.tmpdir();
}

/** One Postgres for the whole run, with a migrated template that `testDatabase` clones. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = fs.mkdtempSync(path.join(databaseFolder(), 'callgraph-test-'));
  fs.chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), fast: true, database: 'template' });
  await migrate(server.url);
  // The queue makes its own schema; cloned with the rest, each test starts faster.
  const jobs = await connectPostgresJobs({ url: server.url, logger: quiet().logger, worker: false });
  await jobs[Symbol.asyncDispose]();
  project.provide('templateUrl', server.url);
  return async () => {
    await server[Symbol.asyncDispose]();
    fs.rmSync(folder, { recursive: true, force: true });
  };
}
