import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { closeCodes } from '../../src/media/close-codes.ts';
import { mediaApp } from '../support/media-app.ts';
import type { RawModelSession } from '../support/raw-model.ts';

/** A call whose conversation has begun. */
async function talking(app: Awaited<ReturnType<typeof mediaApp>>, session: Promise<RawModelSession>) {
  const call = await app.admit();
  const carrier = await app.dial(call);
  carrier.start();
  await session;
  return { ...call, carrier };
}

async function appWithSession() {
  const { promise, resolve } = Promise.withResolvers<RawModelSession>();
  const onSession = (session: RawModelSession) =>
    session.listen((command) => !Buffer.isBuffer(command) && command.type === 'response.create' && resolve(session));
  return { app: await mediaApp({ script: { onSession } }), session: promise };
}

test('a process that is told to stop lets its calls end, takes no new ones, and is then done', async () => {
  const { app, session } = await appWithSession();
  await using _app = app;
  const { carrier } = await talking(app, session);
  const drained = app.server.drain(300);
  const refused = new WebSocket(app.url);
  expect((await new Promise<Error>((resolve) => refused.once('error', resolve))).message).toContain('503');
  expect(app.server.calls).toBe(1);
  await carrier.hangUp();
  await drained;
  expect(app.server.calls).toBe(0);
});

test('a call that lasts longer than that is handed over: stored, let go, and closed so that the carrier asks for another bridge', async () => {
  const { app, session } = await appWithSession();
  await using _app = app;
  const { callId, carrier } = await talking(app, session);
  await app.server.drain(0);
  expect(await carrier.closed).toBe(closeCodes.handedOver);
  expect(await app.call(callId)).toMatchObject({ status: 'IN_PROGRESS', bridgeId: null, endReason: null });
});
