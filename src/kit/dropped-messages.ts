import { Counter, type Registry } from 'prom-client';
import type { Logger } from './logger.ts';

const SECOND_BETWEEN_LINES = 10_000;

/** Counts the live messages that were lost, and says so in the log, at most once in ten seconds. */
export function countDroppedMessages(logger: Logger, metrics: Registry): (count: number, error: unknown) => void {
  const counter = new Counter({ name: 'bus_messages_dropped_total', help: 'Live messages that could not be sent', registers: [metrics] });
  let lastLine = Number.NEGATIVE_INFINITY;
  let sinceThen = 0;
  return (count, error) => {
    counter.inc(count);
    sinceThen += count;
    if (performance.now() - lastLine < SECOND_BETWEEN_LINES) return;
    logger.warn({ err: error, messages: sinceThen }, 'live messages were dropped; readers catch up from the rows');
    lastLine = performance.now();
    sinceThen = 0;
  };
}
