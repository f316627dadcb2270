/**
 * Measures how soon a carrier is answered: by the api process as it is deployed, on a Postgres on disk, for a call that
 * comes in (signature, line, caller, row, token) and for one of its status callbacks; beside a bare server that answers
 * the same to everybody, in the same run. The goal is 100 ms at p99. README.md says more.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { freePort } from '../../src/kit/free-port.ts';
import { type Measured, measure, table } from '../bookings/report.ts';
import { buildTown } from '../chaos/town.ts';
import { scratchPostgres } from '../scratch-postgres.ts';
import { ACCOUNT, newCallSid, post } from './carrier.ts';

const GOAL_MS = 100;
const BUSINESSES = 20;
/** Callers who have called before, so that there is somebody to recognise. */
const CALLERS = 500;

const { values } = parseArgs({
  args: process.argv.slice(2),
  strict: false,
  options: { seconds: { type: 'string' }, clients: { type: 'string' }, rate: { type: 'string' } },
});
const seconds = Number(values.seconds ?? 6);
const clients = Number(values.clients ?? 8);
/** Calls that come in each second, whether or not those before have been answered. */
const rate = Number(values.rate ?? 20);

async function main(): Promise<boolean> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await scratchPostgres());
  await migrate(server.url);
  const database = opened.use(connectDatabase(server.url, 2));
  const town = await buildTown(database.root, BUSINESSES);

  const [port, barePort] = [await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${port}`;
  const env = { ...process.env, ...settings(port, publicUrl, server.url, server.folder) };
  opened.use(await serve(path.join(import.meta.dirname, '..', '..', 'src', 'api.ts'), env, `${publicUrl}/ready`));
  opened.use(await serve(path.join(import.meta.dirname, 'bare.ts'), { ...process.env, PORT: String(barePort) }, `http://127.0.0.1:${barePort}/`));
  console.log(`Node ${process.version}, Postgres on disk with fsync, ${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'an unknown CPU'}`);

  let number = 0;
  const ring = async (voice: number[], status: number[]) => {
    const CallSid = newCallSid();
    number += 1;
    const form = { CallSid, CallStatus: 'ringing', To: town[number % BUSINESSES]?.line ?? '', From: `+1202557${String(number % CALLERS).padStart(4, '0')}` };
    const beganMs = performance.now();
    const answer = await post(`${publicUrl}/webhooks/twilio/voice`, form);
    voice.push(performance.now() - beganMs);
    if (!answer.includes('<Stream')) throw new Error(`a call was not taken: ${answer}`);
    const toldMs = performance.now();
    await post(`${publicUrl}/webhooks/twilio/status`, { ...form, CallStatus: 'completed', CallDuration: '0', Timestamp: new Date().toUTCString() });
    status.push(performance.now() - toldMs);
  };
  for (let warm = 0; warm < 50; warm++) await ring([], []);

  const [voice, status]: [number[], number[]] = [[], []];
  const startedMs = performance.now();
  const calls: Promise<void>[] = [];
  for (let call = 0; call < seconds * rate; call++) {
    await sleep(Math.max(0, startedMs + (call * 1_000) / rate - performance.now()));
    calls.push(ring(voice, status));
  }
  await Promise.all(calls);
  const elapsedMs = performance.now() - startedMs;

  const [busyVoice, busyStatus]: [number[], number[]] = [[], []];
  const busy = await measure('as many as it can', { seconds: Math.min(seconds, 4), clients }, () => ring(busyVoice, busyStatus));
  const bare = await measure('limit: a bare server that answers the same to all', { seconds: 2, clients }, () =>
    post(`http://127.0.0.1:${barePort}/webhooks/twilio/voice`, { CallSid: newCallSid(), CallStatus: 'ringing', To: '+12025550200', From: '+12025570000' }),
  );
  const measured: Measured[] = [
    { what: `a call that comes in, ${rate} a second`, timesMs: voice, elapsedMs },
    { what: 'its status callback', timesMs: status, elapsedMs },
    { what: `a call that comes in, ${clients} at once without a pause`, timesMs: busyVoice, elapsedMs: busy.elapsedMs },
    { what: 'its status callback', timesMs: busyStatus, elapsedMs: busy.elapsedMs },
    bare,
  ];
  console.log(`\nWebhooks (ms), for ${seconds} s`);
  console.log(table(measured));
  const met = [voice, status].every((timesMs) => quantile(timesMs, 0.99) < GOAL_MS);
  console.log(`  ${met ? 'pass' : 'FAIL'}   ${rate} calls a second, answered in under ${GOAL_MS} ms at p99`);
  return met;
}

const quantile = (timesMs: readonly number[], share: number): number => timesMs.toSorted((a, b) => a - b)[Math.floor(timesMs.length * share)] ?? 0;

const settings = (port: number, publicUrl: string, databaseUrl: string, folder: string) => ({
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
  HOST: '127.0.0.1',
  PORT: String(port),
  PUBLIC_URL: publicUrl,
  MEDIA_PUBLIC_URL: 'wss://media.callgraph.example',
  SECRET_KEY: 'a secret key for the bench, 32 characters',
  DATA_DIR: path.join(folder, 'data'),
  DATABASE_URL: databaseUrl,
  TWILIO_ACCOUNT_SID: ACCOUNT.accountSid,
  TWILIO_AUTH_TOKEN: ACCOUNT.authToken,
  OPENAI_API_KEY: 'bench',
});

async function serve(script: string, env: NodeJS.ProcessEnv, readyUrl: string): Promise<AsyncDisposable> {
  const child: ChildProcess = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (let ready = false; !ready; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`${script} ended with ${child.exitCode}`);
    ready = await fetch(readyUrl).then(
      (response) => response.ok,
      () => false,
    );
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

if (!(await main())) process.exitCode = 1;
