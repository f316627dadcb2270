import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In the order in which they are applied. */
export function readMigrations(folder = MIGRATIONS): Migration[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({ name: entry.name, sql: fs.readFileSync(path.join(folder, entry.name, 'migration.sql'), 'utf8') }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

// As Prisma 7 keeps its books (schema-engine, `_prisma_migrations`), so that `prisma migrate` can take over at any time.
const PRISMA_LOCK = 72707369;
const BOOKS = `create table if not exists "_prisma_migrations" (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
  started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/**
 * Applies the migrations that the database does not have yet, each whole or not at all. Processes that start together
 * wait for one another.
 *
 * @returns the names of those that were applied now.
 * @throws Error where a migration fails, failed before, or was edited after it was applied.
 */
export async function migrate(url: string, migrations: readonly Migration[] = readMigrations()): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(BOOKS);
    const applied: string[] = [];
    for (const migration of migrations) if (await apply(client, migration)) applied.push(migration.name);
    return applied;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, { name, sql }: Migration): Promise<boolean> {
  const checksum = createHash('sha256').update(sql).digest('hex');
  const { rows } = await client.query<{ checksum: string; finished_at: Date | null }>(
    'select checksum, finished_at from "_prisma_migrations" where migration_name = $1 and rolled_back_at is null',
    [name],
  );
  const known = rows[0];
  if (known && !known.finished_at) throw new Error(`migration ${name} failed before: repair the database, then resolve it with Prisma`);
  if (known && known.checksum !== checksum) throw new Error(`migration ${name} was edited after it was applied: write a new one instead`);
  if (known) return false;

  await client.query('begin');
  try {
    // Without parameters the whole file goes as one simple query: semicolons in $$ bodies are safe.
    await client.query(sql);
    await client.query(
      `insert into "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
    return true;
  } catch (cause) {
    await client.query('rollback').catch(() => {});
    throw new Error(`migration ${name} failed and changed nothing: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
