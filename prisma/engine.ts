import fs from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, type SqlQuery, type SqlResultSet } from '@prisma/driver-adapter-utils';
import type * as Background from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import type { Migration } from '../src/db/migrate.ts';

const CHAR_OID = 18;
const TEXT_OID = 25;

// Its types live in lib.dom, which a server has no use for.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

/** What the adapter does beneath `queryRaw`; not in its public types. */
interface RawQueries {
  performIO(query: SqlQuery): Promise<{ fields?: { dataTypeID: number }[] }>;
}

/** Prisma's adapter for Postgres with what its schema engine needs and version 7.10 lacks. */
class EngineAdapter extends PrismaPg {
  readonly #url: string;

  constructor(url: string) {
    super({ connectionString: url });
    this.#url = url;
  }

  override async connect() {
    const connection = await super.connect();
    readCharColumns(connection as unknown as RawQueries & Pick<typeof connection, 'queryRaw'>);
    // The adapter's own splits scripts at every semicolon, which breaks $$ bodies.
    connection.executeScript = async (sql) => {
      await connection.underlyingDriver().query(sql);
    };
    return connection;
  }

  /** A scratch database in which the engine replays the migrations; the adapter's own is never dropped. */
  override async connectToShadowDb() {
    const name = `shadow_${process.pid}_${Date.now()}`;
    const admin = new pg.Client({ connectionString: this.#url });
    await admin.connect();
    await admin.query(`create database "${name}"`);
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    const connection = await new EngineAdapter(url.href).connect();
    const dispose = connection.dispose.bind(connection);
    connection.dispose = async () => {
      await dispose();
      await admin.query(`drop database "${name}" with (force)`);
      await admin.end();
    };
    return connection;
  }
}

/** The engine reads columns of the catalog's type "char", which the adapter refuses to map. */
function readCharColumns(connection: RawQueries & { queryRaw(query: SqlQuery): Promise<SqlResultSet> }): void {
  const performIO = connection.performIO.bind(connection);
  const queryRaw = connection.queryRaw.bind(connection);
  let charColumns: number[] = [];
  connection.performIO = async (query) => {
    const answer = await performIO(query);
    charColumns = [];
    for (const [index, field] of (answer.fields ?? []).entries()) {
      if (field.dataTypeID !== CHAR_OID) continue;
      charColumns.push(index);
      field.dataTypeID = TEXT_OID;
    }
    return answer;
  };
  connection.queryRaw = async (query) => {
    const answer = await queryRaw(query);
    for (const index of charColumns) answer.columnTypes[index] = ColumnTypeEnum.Character;
    return answer;
  };
}

let loaded: Promise<typeof Background> | undefined;

/** Prisma's schema engine, as WebAssembly so that nothing is downloaded. For development alone. Its state is global: one a process. */
async function load(): Promise<typeof Background> {
  // The engine reports a panic to this global.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error('schema engine:', message) } });
  const address = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const background: typeof Background = await import(address);
  const bytes = fs.readFileSync(new URL('schema_engine_bg.wasm', address));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': background });
  background.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return background;
}

/**
 * The SQL that leads from what the migrations make to what the schema says, or null where they agree. What Prisma has
 * no word for (exclusion constraints, checks, partial indexes, extensions, triggers) it does not see.
 *
 * @param url a server to replay the migrations on, in a scratch database.
 */
export async function difference(url: string, migrations: readonly Migration[], schema: { path: string; content: string }): Promise<string | null> {
  loaded ??= load();
  const { SchemaEngine } = await loaded;
  const engine = await SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, bindMigrationAwareSqlAdapterFactory(new EngineAdapter(url)));
  const { stdout } = await engine.diff({
    from: {
      tag: 'migrations',
      baseDir: 'prisma/migrations',
      shadowDbInitScript: '',
      lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
      migrationDirectories: migrations.map(({ name, sql }) => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
      })),
    },
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return !stdout || stdout.includes('This is an empty migration') ? null : stdout;
}
