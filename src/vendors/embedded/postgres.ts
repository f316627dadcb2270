import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../../kit/free-port.ts';
import { postgresPrograms, postgresUser, reachableFolder } from './postgres-files.ts';
import { processLock, tryProcessLock } from './process-lock.ts';

export interface EmbeddedPostgres extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

export interface EmbeddedPostgresOptions {
  /** Made when missing. Processes that name the same folder share one server. */
  readonly dataDir: string;
  /** Made when missing. */
  readonly database?: string;
  /** A free one by default. */
  readonly port?: number;
  /** For tests: does not survive a power cut. */
  readonly fast?: boolean;
}

const START_TIMEOUT_MS = 60_000;
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

let users = 0;

/**
 * Starts a Postgres from the programs that npm brought, or joins the one that another of our processes started on
 * the same folder. The last process to leave stops it; one that was killed is not counted.
 *
 * In the folder: `cluster` (Postgres' own), `password`, `log` of the latest server, `users` (a file for each process).
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const programs = postgresPrograms();
  const folder = reachableFolder(path.resolve(options.dataDir));
  fs.mkdirSync(path.join(folder, 'users'), { recursive: true });
  // Postgres' user passes through; each file inside says for itself who may read it.
  fs.chmodSync(folder, 0o711);
  const lockFile = path.join(folder, 'lock');
  const user = path.join(folder, 'users', `${process.pid}.${++users}`);

  using _lock = await processLock(lockFile, START_TIMEOUT_MS);
  const password = await initialize(programs, folder, options.fast ?? false);
  const address = (port: number, database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  const port = (await joinServer(folder, address)) ?? (await startServer(programs, folder, options, address));
  await createDatabase(address(port, 'postgres'), options.database ?? 'callgraph');
  fs.writeFileSync(user, '');

  const leaveAtExit = () => {
    using lock = tryProcessLock(lockFile);
    if (lock) leave(folder, user);
  };
  process.once('exit', leaveAtExit);
  return {
    url: address(port, options.database ?? 'callgraph'),
    port,
    async [Symbol.asyncDispose]() {
      process.off('exit', leaveAtExit);
      using _lock = await processLock(lockFile, START_TIMEOUT_MS);
      const stopping = leave(folder, user);
      while (stopping !== null && isAlive(stopping)) await sleep(10);
    },
  };
}

/** Makes the cluster on first use. @returns the superuser's password. */
async function initialize(programs: string, folder: string, fast: boolean): Promise<string> {
  const cluster = path.join(folder, 'cluster');
  const passwordFile = path.join(folder, 'password');
  if (!fs.existsSync(path.join(cluster, 'PG_VERSION')) || !fs.existsSync(passwordFile)) {
    // What is there is the rest of an attempt that was cut off.
    fs.rmSync(cluster, { recursive: true, force: true });
    fs.mkdirSync(cluster, { mode: 0o700 });
    fs.writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
    if (postgresUser.uid !== undefined && postgresUser.gid !== undefined) {
      fs.chownSync(cluster, postgresUser.uid, postgresUser.gid);
      fs.chownSync(passwordFile, postgresUser.uid, postgresUser.gid);
    }
    // To hash it over and over slows down who guesses and who connects; of 192 random bits nothing is guessed.
    const access = ['-U', 'postgres', '-A', 'scram-sha-256', '--set', 'scram_iterations=1', `--pwfile=${passwordFile}`];
    const flags = ['-D', cluster, ...access, '-E', 'UTF8', '--locale=C'];
    try {
      await promisify(execFile)(path.join(programs, 'initdb'), [...flags, ...(fast ? ['--no-sync'] : [])], { ...postgresUser, cwd: cluster });
    } catch (error) {
      fs.rmSync(cluster, { recursive: true, force: true });
      throw error;
    }
  }
  return fs.readFileSync(passwordFile, 'utf8');
}

type Address = (port: number, database: string) => string;

/** The port of the server that runs on this cluster, or null. */
async function joinServer(folder: string, address: Address): Promise<number | null> {
  const server = runningServer(folder);
  if (!server) return null;
  for (let patience = 200; isAlive(server.pid) && patience > 0; patience--) {
    try {
      // The pid file may be old and its port another server's by now: only ours takes the password.
      await query(address(server.port, 'postgres'), 'select 1');
      return server.port;
    } catch (error) {
      if (!isStarting(error)) return null;
      await sleep(50);
    }
  }
  return null;
}

async function startServer(programs: string, folder: string, options: EmbeddedPostgresOptions, address: Address): Promise<number> {
  const cluster = path.join(folder, 'cluster');
  const logFile = path.join(folder, 'log');
  const port = options.port ?? (await freePort());
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', max_connections: 200, ...(options.fast && FAST) };
  const log = fs.openSync(logFile, 'w', 0o600);
  const server = spawn(
    path.join(programs, 'postgres'),
    ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A process group of its own: Ctrl-C reaches us first, and we stop it when we are done with it.
    { ...postgresUser, cwd: cluster, stdio: ['ignore', log, log], detached: true },
  );
  fs.closeSync(log);
  server.unref();
  let failure: Error | null = null;
  server.once('error', (error) => {
    failure = error;
  });
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(20)) {
    try {
      await query(address(port, 'postgres'), 'select 1');
      return port;
    } catch (error) {
      const ended = failure !== null || server.exitCode !== null || server.signalCode !== null;
      if (!ended && Date.now() < deadline) continue;
      server.kill('SIGKILL');
      throw new Error(`embedded Postgres did not start:\n${fs.readFileSync(logFile, 'utf8').slice(-4000)}`, { cause: failure ?? error });
    }
  }
}

/** Takes this process off the list; asks the server to stop when it was the last. @returns the pid of the server that stops. */
function leave(folder: string, user: string): number | null {
  fs.rmSync(user, { force: true });
  for (const name of fs.readdirSync(path.join(folder, 'users'))) {
    const pid = Number.parseInt(name, 10);
    if (isAlive(pid)) return null;
    fs.rmSync(path.join(folder, 'users', name), { force: true });
  }
  const server = runningServer(folder);
  if (!server || !isAlive(server.pid)) return null;
  // SIGINT is Postgres' "fast" shutdown: transactions roll back, the cluster is left clean.
  process.kill(server.pid, 'SIGINT');
  return server.pid;
}

/** What `postmaster.pid` says: the process on its first line, the port on its fourth. */
function runningServer(folder: string): { pid: number; port: number } | null {
  try {
    const [pid, , , port] = fs.readFileSync(path.join(folder, 'cluster/postmaster.pid'), 'utf8').split('\n').map(Number);
    return pid && port ? { pid, port } : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function createDatabase(url: string, name: string): Promise<void> {
  const { rowCount } = await query(url, 'select 1 from pg_database where datname = $1', [name]);
  if (!rowCount) await query(url, `create database "${name}"`);
}

async function query(url: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.query(sql, values);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Not listening yet, or listening and not ready yet (57P03, cannot_connect_now). */
const isStarting = (error: unknown) => error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === '57P03');
