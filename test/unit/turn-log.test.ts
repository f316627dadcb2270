import { expect, test } from 'vitest';
import type { DomainEvent } from '../../src/events.ts';
import { mediaMetrics } from '../../src/media/metrics.ts';
import { TurnLog } from '../../src/media/turn-log.ts';
import { manualClock } from '../support/manual-clock.ts';
import { quiet } from '../support/quiet.ts';

const BEGINNING = new Date('2026-03-02T15:00:00Z');

/** A log over a database that keeps what each statement brought it, and is away for as many as it is told. */
function opened() {
  const { logger, metrics } = quiet();
  const clock = manualClock(BEGINNING);
  const statements: number[][] = [];
  const told: DomainEvent[] = [];
  let away = 0;
  const query = async ({ values }: { values: [string] }) => {
    if (away-- > 0) throw new Error('the database is away');
    const rows: { workspaceId: string; callId: string; sequence: number }[] = JSON.parse(values[0]);
    statements.push(rows.map(({ sequence }) => sequence));
    return { rows: rows.map(({ workspaceId, callId, sequence }) => ({ workspaceId, callId, sequence })) };
  };
  const pool = { query } as unknown as ConstructorParameters<typeof TurnLog>[0]['pool'];
  const events = { enqueue: async () => {}, announce: async (happened: readonly DomainEvent[]) => void told.push(...happened) };
  const log = new TurnLog({ pool, events, clock, logger }, mediaMetrics(metrics));
  const record = (...sequences: number[]) => {
    for (const sequence of sequences) {
      const turn = { sequence, speaker: 'CALLER', text: 'Hello', heardText: 'Hello', interrupted: false, complete: true } as const;
      log.record({ workspaceId: 'w', callId: 'c', bridgeId: 'b', turn: { ...turn, startedAt: BEGINNING, audioMs: 1, heardMs: 1 } });
    }
  };
  const fail = (times: number) => {
    away = times;
  };
  return { log, clock, statements, told, record, fail };
}

/** Lets all that needs no time happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a turn after a silence is written at once, and those of one moment together', async () => {
  const { clock, statements, record } = opened();
  record(1, 2);
  await settled();
  expect(statements).toEqual([[1, 2]]);
  clock.advance(1_000);
  record(3);
  await settled();
  expect(statements).toEqual([[1, 2], [3]]);
});

test('turns that follow closely are gathered', async () => {
  const { clock, statements, record } = opened();
  record(1);
  await settled();
  record(2);
  clock.advance(100);
  await settled();
  record(3);
  expect(statements).toEqual([[1]]);
  clock.advance(100);
  await settled();
  expect(statements).toEqual([[1], [2, 3]]);
});

test('whoever waits for the turns to be written does not wait for them to be gathered', async () => {
  const { log, statements, record } = opened();
  record(1);
  await settled();
  record(2);
  await log.flushed();
  expect(statements).toEqual([[1], [2]]);
  await log.flushed();
});

test('while the database is away turns are kept, and written in order when it is back', async () => {
  const { log, clock, statements, told, record, fail } = opened();
  fail(2);
  record(1);
  await settled();
  record(2);
  const flushed = log.flushed();
  for (const waitMs of [250, 500, 200]) {
    clock.advance(waitMs);
    await settled();
  }
  await flushed;
  expect(statements).toEqual([[1], [2]]);
  expect(told).toMatchObject([
    { type: 'TurnRecorded', sequence: 1 },
    { type: 'TurnRecorded', sequence: 2 },
  ]);
});
