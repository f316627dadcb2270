import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chargeCall, PRICE_ASKED_AFTER_MS } from '../../src/domain/calls/costs/charge-call.ts';
import { costLines, totalMicros } from '../../src/domain/calls/costs/cost-lines.ts';
import type { ClaimedCall } from '../../src/domain/calls/records.ts';
import type { Call } from '../../src/generated/prisma/client.ts';
import { chargeCallJob } from '../../src/jobs/after-call.ts';
import { reactionsTo } from '../../src/jobs/reactions.ts';
import { jobs } from '../../src/jobs/registry.ts';
import { UsageMeter } from '../../src/media/usage.ts';
import { type CallApp, callApp } from '../support/call-app.ts';
import { ENDED_SID, endedCall } from '../support/ended-call.ts';
import { workerParts } from '../support/worker-parts.ts';

let app: CallApp;
beforeEach(async () => {
  app = await callApp();
});
afterEach(async () => {
  const { violations } = app.twin;
  await app[Symbol.asyncDispose]();
  expect(violations).toEqual([]);
});

const atCarrier = (price?: string, priceUnit = 'USD') =>
  app.twin.calls.push({
    sid: ENDED_SID,
    to: '+12025550100',
    from: '+12025550142',
    url: '',
    statusCallback: undefined,
    dateCreated: new Date(),
    status: 'completed',
    duration: 90,
    ...(price && { price, priceUnit }),
  });
const rows = (call: Call) => app.root.callCost.findMany({ where: { callId: call.id }, orderBy: { key: 'asc' } });
const charged = (call: Call) => chargeCall(app, { callId: call.id });

describe('what the carrier takes', () => {
  test('is told by the list at once, and corrected by another row when the carrier tells its own price', async () => {
    const call = await endedCall(app, { said: ['Hello?', 'Hello.', 'A haircut.'] });
    atCarrier();
    expect(await charged(call)).toBe('later');
    const listed = await rows(call);
    expect(listed).toMatchObject([
      { item: 'carrier-minutes-inbound', key: 'carrier:leg', quantity: 2, unit: 'minute', amountMicros: 17_000n, source: 'price-list' },
      { item: 'carrier-stream', key: 'carrier:stream', quantity: 2, amountMicros: 8_000n },
      { item: 'transcription', key: 'transcription', quantity: 5, unit: 'second', amountMicros: 250n },
    ]);
    Object.assign(app.twin.calls[0] ?? {}, { price: '-0.02100' });
    expect(await charged(call)).toBe('done');
    expect(await charged(call)).toBe('done');
    const all = await rows(call);
    expect(all).toHaveLength(4);
    // What stood there stands.
    expect(all.filter(({ source }) => source === 'price-list')).toEqual(listed);
    expect(all.find(({ key }) => key === 'carrier:correction')).toMatchObject({
      item: 'carrier-minutes-inbound',
      quantity: 0,
      amountMicros: 4_000n,
      source: 'carrier',
    });
    expect(costLines(all)[0]).toEqual({ item: 'carrier-minutes-inbound', quantity: 2, unit: 'minute', amountMicros: 21_000n });
    expect(totalMicros(all)).toBe(21_000n + 8_000n + 250n);
  });

  test('stays as the list says where the carrier takes another currency, or knows no such call', async () => {
    const call = await endedCall(app);
    expect(await charged(call)).toBe('done');
    atCarrier('-0.01900', 'EUR');
    expect(await charged(call)).toBe('done');
    expect((await rows(call)).map(({ key }) => key)).toEqual(['carrier:leg', 'carrier:stream']);
  });

  test('is nothing for a call that nobody answered, and is not asked for while one goes on', async () => {
    const missed = await endedCall(app, { answeredAt: null, durationSeconds: null });
    expect(await charged(missed)).toBe('done');
    const live = await endedCall(app, { status: 'IN_PROGRESS', carrierCallId: null });
    expect(await charged(live)).toBe('done');
    expect(await app.root.callCost.count()).toBe(0);
    expect(app.twin.requests).toEqual([]);
  });

  test('has no stream in it where the call went by the carrier’s own speech from the beginning', async () => {
    const call = await endedCall(app, { engine: 'GATHER', direction: 'OUTBOUND' });
    await charged(call);
    expect(await rows(call)).toMatchObject([{ item: 'carrier-minutes-outbound', amountMicros: 26_000n }]);
  });

  test('two that ask at once write it once', async () => {
    const call = await endedCall(app);
    atCarrier('-0.01700');
    await Promise.all(Array.from({ length: 8 }, () => charged(call)));
    expect((await rows(call)).map(({ key }) => key)).toEqual(['carrier:correction', 'carrier:leg', 'carrier:stream']);
  });

  test('is asked for by a job, with growing pauses, for a day', async () => {
    const call = await endedCall(app);
    atCarrier();
    const enqueued: { attempt: unknown; afterMs: number }[] = [];
    const recording = {
      enqueue: async (_name: string, data: object, options?: { startAfter?: Date }) =>
        void enqueued.push({ attempt: Reflect.get(data, 'attempt'), afterMs: (options?.startAfter?.getTime() ?? 0) - app.clock.now().getTime() }),
    };
    const worker = { ...workerParts(), ...app, config: workerParts().config, jobs: recording as never };
    const [first] = reactionsTo({ type: 'CallEnded', workspaceId: app.workspace.id, callId: call.id });
    expect(jobs.map(({ name }) => name)).toContain(first?.job);
    for (let attempt = 1; attempt <= 7; attempt++) {
      await chargeCallJob.run(worker, { workspaceId: app.workspace.id, callId: call.id, attempt }, AbortSignal.timeout(5_000));
    }
    expect(enqueued.map(({ afterMs }) => afterMs)).toEqual(PRICE_ASKED_AFTER_MS);
    expect(enqueued.map(({ attempt }) => attempt)).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe('what the voice model used', () => {
  const usage = { inputTextTokens: 100, inputAudioTokens: 50, cachedTokens: 80, cachedAudioTokens: 20, outputTextTokens: 10, outputAudioTokens: 40 };
  const claimed = (call: Call, bridgeId: string) => ({ workspaceId: call.workspaceId, callId: call.id, bridgeId }) as ClaimedCall;
  const quantity = async (call: Call, item: string) => (await rows(call)).filter((row) => row.item === item).reduce((sum, row) => sum + row.quantity, 0);

  test('is added up for each connection, and stored again and again as one row an item', async () => {
    const call = await endedCall(app);
    const meter = new UsageMeter(app);
    for (let answer = 0; answer < 3; answer++) {
      meter.add(claimed(call, 'bridge-1'), 1, usage);
      await meter.flush();
    }
    expect(await rows(call)).toHaveLength(6);
    expect(await quantity(call, 'voice-model-audio-in')).toBe(90);
    expect(await quantity(call, 'voice-model-audio-in-cached')).toBe(60);
    meter.add(claimed(call, 'bridge-1'), 2, usage);
    meter.add(claimed(call, 'bridge-2'), 1, usage);
    await meter.finish('bridge-1');
    expect(await rows(call)).toHaveLength(18);
    expect(await quantity(call, 'voice-model-audio-out')).toBe(5 * 40);
    const total = totalMicros(await rows(call));
    const expected = 5n * 40n * 64n + 5n * 30n * 32n + 5n * 10n * 16n + 5n * 40n * 4n;
    // The cached tokens cost so little that they are rounded, row by row.
    expect(Number(total - expected)).toBeGreaterThan(0);
    expect(Number(total - expected)).toBeLessThan(5 * 80 + 10);
  });

  test('is neither lost nor doubled by a database that goes away', async () => {
    const call = await endedCall(app);
    const meter = new UsageMeter(app);
    meter.add(claimed(call, 'bridge-1'), 1, usage);
    await app.root.$executeRawUnsafe('ALTER TABLE "CallCost" RENAME TO "Gone"');
    await meter.flush();
    meter.add(claimed(call, 'bridge-1'), 1, usage);
    await app.root.$executeRawUnsafe('ALTER TABLE "Gone" RENAME TO "CallCost"');
    await Promise.all([meter.flush(), meter.flush(), meter.finish('bridge-1')]);
    expect(await quantity(call, 'voice-model-text-out')).toBe(20);
    await meter.flush();
    expect(await quantity(call, 'voice-model-text-out')).toBe(20);
  });

  test('of a call that is gone keeps no other from being told', async () => {
    const call = await endedCall(app);
    const meter = new UsageMeter(app);
    meter.add({ ...claimed(call, 'bridge-1'), callId: 'gone' }, 1, usage);
    meter.add(claimed(call, 'bridge-2'), 1, usage);
    await meter.flush();
    expect(await rows(call)).toHaveLength(6);
  });
});

test('the lines of a ledger are an item each, the dearest first', () => {
  const row = (item: string, quantity: number, amountMicros: bigint) => ({ item, quantity, unit: 'token', amountMicros });
  expect(costLines([row('b', 1, 5n), row('a', 2, 5n), row('c', 3, 9n), row('b', 4, -1n)])).toEqual([row('c', 3, 9n), row('a', 2, 5n), row('b', 5, 4n)]);
  expect(costLines([])).toEqual([]);
});
