import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/kit/free-port.ts';
import type { TestDatabase } from './database.ts';

const API = path.join(import.meta.dirname, '..', '..', 'src', 'api.ts');

/** An API process of a deployment, on a database that others use too. @param more settings besides those of a test. */
export async function startApi(database: TestDatabase, more: Readonly<Record<string, string>> = {}) {
  const port = await freePort();
  const settings = {
    NODE_ENV: 'test',
    SIMULATOR: 'off',
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    SECRET_KEY: 'a secret key for tests, 32 characters',
  };
  const env = { PATH: process.env.PATH, ...settings, PORT: String(port), DATABASE_URL: database.url, ...more };
  const child = spawn(process.execPath, [API], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  const ready = () =>
    fetch(`${url}/ready`)
      .then((response) => response.ok)
      .catch(() => false);
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error('the api process did not start');
    await sleep(50);
  }
  return {
    async ask(query: string, variables: object, token?: string) {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      const { data, errors } = await response.json();
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
