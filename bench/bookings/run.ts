/**
 * Measures what it costs to tell what is free, and to book it, each beside the least that it can cost: the same rows
 * read, and the same rows inserted under the same constraint, by SQL alone in the same run. README.md says more.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { connectDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { scratchPostgres } from '../scratch-postgres.ts';
import { measureBooking } from './booking.ts';
import { table } from './report.ts';
import { measureSlots } from './slots.ts';

const { values } = parseArgs({ args: process.argv.slice(2), strict: false, options: { seconds: { type: 'string' }, clients: { type: 'string' } } });
const seconds = Number(values.seconds ?? 4);
const clients = Number(values.clients ?? 16);

async function main(): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await scratchPostgres());
  await migrate(server.url);
  const database = opened.use(connectDatabase(server.url, clients));
  console.log(`Node ${process.version}, Postgres on disk with fsync, ${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'an unknown CPU'}`);

  console.log(`\nSlots of 30 days of an assistant with 10,000 bookings (ms), for ${seconds} s each`);
  console.log(table(await measureSlots(database, seconds)));
  console.log(`\nBookings by ${clients} clients at once (ms), for ${seconds} s each`);
  console.log(table(await measureBooking(database, { clients, seconds })));
}

await main();
