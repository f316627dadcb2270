import type { IncomingMessage, ServerResponse } from 'node:http';
import type pg from 'pg';
import type { Registry } from 'prom-client';
import type { Logger } from '../kit/logger.ts';
import { SECOND } from '../kit/time.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { JobQueue } from '../ports/job-queue.ts';

export interface HealthOptions {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly jobs: JobQueue;
  readonly metrics: Registry;
  readonly logger: Logger;
}

/**
 * Answers `GET /health` (the process is alive), `/ready` (database, bus and queue answer; 503 says which does not) and
 * `/metrics` (Prometheus). Each process puts it before its own requests.
 *
 * @param stopping once aborted the process is not ready: balancers send nothing new.
 * @param patienceMs how long each part may take to answer.
 * @returns a handler that is false where the request is not for it, and has then done nothing.
 */
export function healthRequests({ pool, bus, jobs, metrics, logger }: HealthOptions, stopping?: AbortSignal, patienceMs = 2 * SECOND) {
  const parts = {
    database: () => pool.query('select 1'),
    bus: () => bus.ping(),
    queue: () => jobs.ping(),
  };
  let checking: Promise<Record<string, string>> | null = null;

  /** One check at a time, however many ask. */
  function check(): Promise<Record<string, string>> {
    checking ??= Promise.all(
      Object.entries(parts).map(async ([name, ask]) => {
        const failure = await within(patienceMs, ask);
        if (failure) logger.warn({ err: failure, part: name }, 'not ready');
        return [name, failure ? 'no answer' : 'ok'] as const;
      }),
    )
      .then((states) => Object.fromEntries(states))
      .finally(() => {
        checking = null;
      });
    return checking;
  }

  async function answer(path: string, response: ServerResponse): Promise<void> {
    if (path === '/health') return reply(response, 200, { status: 'alive' });
    if (path === '/metrics') {
      const text = await metrics.metrics();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
      return;
    }
    if (stopping?.aborted) return reply(response, 503, { status: 'stopping' });
    const states = await check();
    const isReady = Object.values(states).every((state) => state === 'ok');
    reply(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', ...states });
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path !== '/health' && path !== '/ready' && path !== '/metrics') return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      reply(response, 405, { error: 'Method not allowed' });
      return true;
    }
    answer(path, response).catch((error: unknown) => {
      logger.error({ err: error }, 'a health request failed');
      if (response.headersSent) response.destroy();
      else reply(response, 500, { error: 'Internal error' });
    });
    return true;
  };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

/** @returns what went wrong, or null. */
async function within(patienceMs: number, ask: () => Promise<unknown>): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
  try {
    await Promise.race([ask(), late.promise]);
    return null;
  } catch (error) {
    return error ?? new Error('unknown');
  } finally {
    clearTimeout(timer);
  }
}
