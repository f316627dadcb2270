import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { connectPostgresJobs } from '../../src/vendors/postgres/jobs.ts';
import { testDatabase } from '../support/database.ts';
import { quiet } from '../support/quiet.ts';

const JOBS = new URL('../../src/vendors/postgres/jobs.ts', import.meta.url).href;
const LOGGER = new URL('../../src/kit/logger.ts', import.meta.url).href;

test('a job whose worker is killed is done by another one within half a minute', { timeout: 45_000 }, async () => {
  await using database = await testDatabase();
  await using jobs = await connectPostgresJobs({ url: database.url, logger: quiet().logger, worker: true });
  const program = `
    const { connectPostgresJobs } = await import('${JOBS}');
    const { createLogger } = await import('${LOGGER}');
    const jobs = await connectPostgresJobs({ url: ${JSON.stringify(database.url)}, logger: createLogger('silent'), worker: true });
    await jobs.work('dial', () => new Promise(() => console.log('begun')));`;
  const doomed = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const begun = once(doomed.stdout, 'data');
  await jobs.enqueue('dial', { to: '+12025550142' });
  await begun;
  doomed.kill('SIGKILL');

  const done = Promise.withResolvers<unknown>();
  await jobs.work('dial', async (data) => done.resolve(data));
  const killedAt = performance.now();
  expect(await done.promise).toEqual({ to: '+12025550142' });
  expect(performance.now() - killedAt).toBeLessThan(30_000);
});
