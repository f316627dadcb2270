import fs from 'node:fs';
import { expect, test } from 'vitest';
import { difference } from '../../prisma/engine.ts';
import { readMigrations } from '../../src/db/migrate.ts';
import { testDatabase } from '../support/database.ts';

const schema = fs.readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');

test('the migrations make what the schema says; what was added by hand is not seen as a difference', async () => {
  await using database = await testDatabase();
  expect(await difference(database.url, readMigrations(), { path: 'schema.prisma', content: schema })).toBe(null);
});

test('a change of the schema without its migration is found, as the SQL that is missing', async () => {
  await using database = await testDatabase();
  const changed = schema.replace('model Message {', 'model Message {\n  archivedAt DateTime? @db.Timestamptz(3)');
  expect(await difference(database.url, readMigrations(), { path: 'schema.prisma', content: changed })).toContain(
    'ALTER TABLE "Message" ADD COLUMN     "archivedAt" TIMESTAMPTZ(3)',
  );
  const { rows } = await database.pool.query(`select count(*)::int as databases from pg_database where datname like 'shadow%'`);
  expect(rows).toEqual([{ databases: 0 }]);
});
