// npm run migrate   brings the database up to date: DATABASE_URL, or the embedded one
import path from 'node:path';
import { resolveConfig } from '../src/config/config.ts';
import { readEnvironment } from '../src/config/env.ts';
import { migrate } from '../src/db/migrate.ts';
import { createLogger } from '../src/kit/logger.ts';
import { startEmbeddedPostgres } from '../src/vendors/embedded/postgres.ts';
import { connectPostgresJobs } from '../src/vendors/postgres/jobs.ts';

const { databaseUrl, dataDir, logLevel } = resolveConfig(readEnvironment());
await using embedded = databaseUrl ? null : await startEmbeddedPostgres({ dataDir: path.join(dataDir, 'postgres') });
const url = databaseUrl ?? embedded?.url ?? '';
const applied = await migrate(url);
// The job queue keeps its own schema, and brings it up to date whenever it connects.
await using _jobs = await connectPostgresJobs({ url, logger: createLogger(logLevel), worker: false });
console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Nothing to apply: the database is up to date.');
