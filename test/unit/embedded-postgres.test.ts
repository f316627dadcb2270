import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/vendors/embedded/postgres.ts';
import { ownFolder } from '../../src/vendors/embedded/postgres-files.ts';

const MODULE = new URL('../../src/vendors/embedded/postgres.ts', import.meta.url).href;

function temporaryFolder(): { folder: string } & Disposable {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgraph-embedded-'));
  fs.chmodSync(folder, 0o711);
  return { folder, [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** Another process of ours: prints its database's address, stays until its input ends or it is killed. */
async function otherProcess(dataDir: string) {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(MODULE)});
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, fast: true });
    console.log(server.url);
    process.stdin.on('end', () => server[Symbol.asyncDispose]()).resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [url] = await Promise.race([
    readline
      .createInterface(child.stdout)
      [Symbol.asyncIterator]()
      .next()
      .then(({ value }) => [value]),
    gone.then(() => [null]),
  ]);
  if (typeof url !== 'string') throw new Error('the other process did not start');
  const end = (how: 'politely' | 'SIGKILL') => {
    if (how === 'politely') child.stdin.end();
    else child.kill(how);
    return gone;
  };
  return { url, end };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query('select 1 as one')).rows[0].one === 1;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

test('processes that start at once on a new folder share one server, and the last to leave stops it', async () => {
  using temporary = temporaryFolder();
  const dataDir = path.join(temporary.folder, 'postgres');
  const [one, other, ours] = await Promise.all([otherProcess(dataDir), otherProcess(dataDir), startEmbeddedPostgres({ dataDir, fast: true })]);
  expect([one.url, other.url]).toEqual([ours.url, ours.url]);
  expect(await one.end('politely')).toBe(0);
  expect(await answers(ours.url)).toBe(true);
  await ours[Symbol.asyncDispose]();
  expect(await answers(ours.url)).toBe(true);
  expect(await other.end('politely')).toBe(0);
  expect(await answers(ours.url)).toBe(false);
});

test('what a killed process leaves behind is joined, with its data, and does not keep the server alive', async () => {
  using temporary = temporaryFolder();
  const dataDir = path.join(temporary.folder, 'postgres');
  const killed = await otherProcess(dataDir);
  const client = new pg.Client({ connectionString: killed.url });
  await client.connect();
  await client.query('create table kept (id int)');
  await client.end();
  await killed.end('SIGKILL');

  const server = await startEmbeddedPostgres({ dataDir, fast: true });
  expect(server.url).toBe(killed.url);
  await server[Symbol.asyncDispose]();
  expect(await answers(server.url)).toBe(false);

  await using again = await startEmbeddedPostgres({ dataDir, fast: true });
  const reader = new pg.Client({ connectionString: again.url });
  await reader.connect();
  expect((await reader.query('select count(*)::int as rows from kept')).rows).toEqual([{ rows: 0 }]);
  await reader.end();
});

test('a database made for one project cannot be read without its password', async () => {
  using temporary = temporaryFolder();
  await using server = await startEmbeddedPostgres({ dataDir: path.join(temporary.folder, 'postgres'), fast: true });
  const withoutPassword = new URL(server.url);
  withoutPassword.password = 'guess';
  expect(await answers(withoutPassword.href)).toBe(false);
});

test.runIf(process.getuid?.() === 0)('as root, a folder that nobody else may enter is kept where Postgres can reach it', async () => {
  using temporary = temporaryFolder();
  using reachable = temporaryFolder();
  vi.stubEnv('TMPDIR', reachable.folder);
  fs.chmodSync(temporary.folder, 0o700);
  await using server = await startEmbeddedPostgres({ dataDir: path.join(temporary.folder, 'data', 'postgres'), fast: true });
  vi.unstubAllEnvs();
  expect(await answers(server.url)).toBe(true);
});

test('programs are never run from a folder that somebody else prepared', () => {
  using temporary = temporaryFolder();
  const owner = process.getuid?.() ?? 0;
  const folder = ownFolder(temporary.folder);
  expect(fs.statSync(folder).mode & 0o777).toBe(0o711);
  fs.chmodSync(folder, 0o777);
  expect(() => ownFolder(temporary.folder)).toThrow('belongs to somebody else or can be written by others');
  fs.rmdirSync(folder);
  fs.symlinkSync(os.tmpdir(), folder);
  expect(() => ownFolder(temporary.folder)).toThrow('belongs to somebody else');
  fs.unlinkSync(folder);
  fs.mkdirSync(folder.replace(new RegExp(`${owner}$`), String(owner + 1)), { mode: 0o711 });
  expect(() => ownFolder(temporary.folder, owner + 1)).toThrow('belongs to somebody else');
});
