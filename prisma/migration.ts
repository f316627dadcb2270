// npm run migration -- NAME   writes the next migration: what leads from the recorded ones to the schema
// npm run migration -- --check   fails where they have drifted apart
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MIGRATIONS, readMigrations } from '../src/db/migrate.ts';
import { startEmbeddedPostgres } from '../src/vendors/embedded/postgres.ts';
import { difference } from './engine.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean', default: false } } });
const name = positionals[0];
if (!values.check && !/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
  console.error('Usage: npm run migration -- NAME, with NAME like add_campaigns; or npm run migration -- --check');
  process.exit(2);
}

const sql = await drift();
if (!sql) {
  console.log('The migrations match the schema.');
} else if (values.check) {
  console.error(`The migrations lack this; write one with npm run migration -- NAME:\n\n${sql}`);
  process.exitCode = 1;
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const file = path.join(MIGRATIONS, `${stamp}_${name}`, 'migration.sql');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, sql);
  fs.writeFileSync(path.join(MIGRATIONS, 'migration_lock.toml'), 'provider = "postgresql"\n');
  console.log(`Wrote ${path.relative(process.cwd(), file)}. Read it, then npm run migrate.`);
}

async function drift(): Promise<string | null> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgraph-drift-'));
  fs.chmodSync(folder, 0o711);
  try {
    await using server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), fast: true });
    const content = fs.readFileSync(new URL('schema.prisma', import.meta.url), 'utf8');
    return await difference(server.url, readMigrations(), { path: 'prisma/schema.prisma', content });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
