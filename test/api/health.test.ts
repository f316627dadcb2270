import http from 'node:http';
import { expect, test } from 'vitest';
import { healthRequests } from '../../src/http/health.ts';
import { connectPostgresBus } from '../../src/vendors/postgres/bus.ts';
import { connectPostgresJobs } from '../../src/vendors/postgres/jobs.ts';
import { testDatabase } from '../support/database.ts';
import { quiet } from '../support/quiet.ts';

async function healthServer(patienceMs?: number) {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const reports = quiet();
  const bus = stack.use(await connectPostgresBus({ url: database.url, ...reports }));
  const jobs = stack.use(await connectPostgresJobs({ url: database.url, logger: reports.logger, worker: false }));
  const stopping = new AbortController();
  const handle = healthRequests({ pool: database.pool, bus, jobs, ...reports }, stopping.signal, patienceMs);
  const server = http.createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()));
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  return {
    database,
    bus,
    stopping,
    get: async (path: string, method = 'GET') => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return { status: response.status, body: await response.text() };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test('a process whose database, bus and queue answer is alive and ready', async () => {
  await using server = await healthServer();
  expect(await server.get('/health')).toEqual({ status: 200, body: '{"status":"alive"}' });
  expect(await server.get('/ready?from=balancer')).toEqual({ status: 200, body: '{"status":"ready","database":"ok","bus":"ok","queue":"ok"}' });
  expect((await server.get('/ready', 'POST')).status).toBe(405);
  expect((await server.get('/elsewhere')).status).toBe(404);
  const metrics = await server.get('/metrics');
  expect(metrics.status).toBe(200);
  expect(metrics.body).toContain('# TYPE bus_messages_dropped_total counter');
});

test('a process that lost one of them is alive, not ready, and says which without giving addresses away', async () => {
  await using server = await healthServer();
  await server.bus[Symbol.asyncDispose]();
  expect(await server.get('/ready')).toEqual({ status: 503, body: '{"status":"not ready","database":"ok","bus":"no answer","queue":"ok"}' });
  expect((await server.get('/health')).status).toBe(200);
});

test('a part that does not answer in time counts as away', async () => {
  await using server = await healthServer(200);
  const held = await Promise.all(Array.from({ length: 5 }, () => server.database.pool.connect()));
  expect(await server.get('/ready')).toEqual({ status: 503, body: '{"status":"not ready","database":"no answer","bus":"ok","queue":"ok"}' });
  for (const connection of held) connection.release();
  expect((await server.get('/ready')).status).toBe(200);
});

test('a process that is stopping takes nothing new', async () => {
  await using server = await healthServer();
  server.stopping.abort();
  expect(await server.get('/ready')).toEqual({ status: 503, body: '{"status":"stopping"}' });
});
