import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.ts';
import { MINUTE } from '../kit/time.ts';

/**
 * The unscoped client: every row of every workspace. Only the places listed in test/architecture may hold it; all
 * else is given a `TenantDb`.
 */
export type RootDb = PrismaClient;

export interface Database extends AsyncDisposable {
  readonly root: RootDb;
  /** The connections beneath it, for the few statements that are written in SQL. */
  readonly pool: pg.Pool;
}

/**
 * @param connections how many this process may hold open. They outlast the heartbeats: to open one costs the database more
 *   than most statements, and what was prepared on it is gone with it.
 */
export function connectDatabase(url: string, connections: number): Database {
  const pool = new pg.Pool({ connectionString: url, max: connections, idleTimeoutMillis: 5 * MINUTE });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => {});
  const root = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  return {
    root,
    pool,
    async [Symbol.asyncDispose]() {
      await root.$disconnect();
      await pool.end();
    },
  };
}
