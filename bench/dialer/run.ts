/**
 * Measures how many people a second a campaign dials when the telephone takes no time, beside what the queue under it does
 * by itself. README.md says more.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { createApp } from '../../src/app.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { scratchPostgres } from '../scratch-postgres.ts';
import { measureJobs, oneRow, type Rate } from './bare.ts';
import { measureCampaign } from './campaign.ts';

const { values } = parseArgs({ args: process.argv.slice(2), strict: false, options: { contacts: { type: 'string' } } });
const count = Number(values.contacts ?? 1_000);

async function main(): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await scratchPostgres());
  const settings = {
    NODE_ENV: 'test',
    SIMULATOR: 'off',
    SECRET_KEY: 'a secret key for a bench, 32 characters',
    DATABASE_URL: server.url,
    DATA_DIR: server.folder,
    // Never asked: what answers in its place has no wire. If it were, nobody would be there.
    TWILIO_API_URL: 'http://127.0.0.1:9',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'none',
    CARRIER_CALLS_PER_SECOND: '0',
    CALLS_PER_NUMBER_A_DAY: '0',
  };
  const app = opened.use(await createApp(resolveConfig(readEnvironment(settings)), { worker: true, connections: 16, logger: createLogger('error') }));
  const { carrier, jobs } = app;
  if (!carrier) throw new Error('there is no carrier');
  console.log(`Node ${process.version}, Postgres on disk with fsync, ${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'an unknown CPU'}`);
  console.log(`\n${count.toLocaleString('en-US')} people, one worker process`);
  report(await measureJobs(jobs, { name: 'bench-nothing', what: 'limit: bare pg-boss, a job that does nothing', count }, async () => {}));
  report(await measureJobs(jobs, { name: 'bench-row', what: 'peer: bare pg-boss, a job that writes one row', count }, await oneRow(app)));
  report(await measureCampaign({ ...app, carrier }, count));
}

const report = ({ what, count: people, elapsedMs }: Rate) =>
  console.log(
    `  ${what.padEnd(48)} ${Math.round((people / elapsedMs) * 1_000)
      .toLocaleString('en-US')
      .padStart(7)} per second`,
  );

await main();
