import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MediaTestApp, mediaApp } from '../support/media-app.ts';
import type { RawModelSession } from '../support/raw-model.ts';

const FRAME = 160;
/** Frames that the caller has sent before the model's session opens: 0.8 s of speech. */
const EARLY_FRAMES = 40;
/** No delta of a real model ends where a frame does; base64 pads each of these differently. */
const DELTA_BYTES = [1, 1601, 160, 4_800, 333, 7, 2_000];

const FIXTURES = path.join(import.meta.dirname, '..', 'fixtures', 'speech');
/** More of the same, where the checkout stands beside them. */
const MORE = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'speech');

const recordingsIn = (folder: string): Buffer[] =>
  fs.existsSync(folder)
    ? fs
        .readdirSync(folder)
        .filter((name) => name.endsWith('.ulaw'))
        .map((name) => fs.readFileSync(path.join(folder, name)))
    : [];

const fixtures = recordingsIn(FIXTURES);
const more = recordingsIn(MORE);

interface Talk {
  readonly callerSays: Buffer;
  readonly modelSays: Buffer;
}

const digest = (audio: Buffer) => `${audio.length} bytes, sha256 ${createHash('sha256').update(audio).digest('hex')}`;

let app: MediaTestApp;
let admit: () => Promise<void> = async () => {};
let talks: readonly Talk[] = [];
let heardFirst: PromiseWithResolvers<void>[] = [];
let heardWhole: PromiseWithResolvers<void>[] = [];
const sessions = new Map<number, RawModelSession>();

beforeAll(async () => {
  app = await mediaApp({ script: { admit: () => admit(), onSession: converse } });
});
afterAll(() => app[Symbol.asyncDispose]());

/** The model answers as soon as it is asked to and knows by the first frame whose call it is. */
function converse(session: RawModelSession): void {
  let call = -1;
  let asked = false;
  let answered = false;
  let bytes = 0;
  session.listen((command) => {
    if (Buffer.isBuffer(command)) {
      if (call === -1) {
        call = command.readUInt16BE(0);
        sessions.set(call, session);
        heardFirst[call]?.resolve();
      }
      bytes += command.length;
      if (bytes >= (talks[call]?.callerSays.length ?? 0)) heardWhole[call]?.resolve();
    } else if (command.type === 'response.create') {
      asked = true;
    }
    if (!asked || call === -1 || answered) return;
    answered = true;
    session.answer(`response_${call}`, talks[call]?.modelSays ?? Buffer.alloc(0), DELTA_BYTES);
  });
}

/** A recording that begins with a frame naming its call, so that audio which strays into another call is seen. */
const named = (call: number, recording: Buffer): Buffer => {
  const name = Buffer.alloc(FRAME, 0xff);
  name.writeUInt16BE(call, 0);
  return Buffer.concat([name, recording]);
};

async function talkAll(pairs: readonly { caller: Buffer; model: Buffer }[]) {
  talks = pairs.map(({ caller, model }, call) => ({ callerSays: named(call, caller), modelSays: named(call, model) }));
  heardFirst = talks.map(() => Promise.withResolvers<void>());
  heardWhole = talks.map(() => Promise.withResolvers<void>());
  sessions.clear();
  const gate = Promise.withResolvers<void>();
  admit = () => gate.promise;
  const opened = app.model.sessions.length;

  const carriers = await Promise.all(talks.map(async () => app.dial(await app.admit())));
  for (const [call, { callerSays }] of talks.entries()) {
    const carrier = carriers[call];
    carrier?.start();
    for (let frame = 0; frame < EARLY_FRAMES; frame++) await carrier?.speak(callerSays.subarray(frame * FRAME, (frame + 1) * FRAME));
  }
  expect(app.model.sessions).toHaveLength(opened);
  gate.resolve();

  await Promise.all(
    talks.map(async ({ callerSays, modelSays }, call) => {
      const carrier = carriers[call];
      // Nobody speaks faster than the clock: what takes seconds to say is not sent while the session opens.
      await heardFirst[call]?.promise;
      for (let offset = EARLY_FRAMES * FRAME; offset < callerSays.length; offset += FRAME) await carrier?.speak(callerSays.subarray(offset, offset + FRAME));
      await Promise.all([heardWhole[call]?.promise, carrier?.heard(modelSays.length)]);
      await carrier?.hangUp();
      await sessions.get(call)?.closed;
    }),
  );
  // Both sockets are closed: nothing can be added to what is compared.
  const atModel = talks.map((_, call) => digest(sessions.get(call)?.heard ?? Buffer.alloc(0)));
  const atCaller = await Promise.all(carriers.map(async (carrier) => digest(await carrier.heard(0))));
  expect(atModel).toEqual(talks.map(({ callerSays }) => digest(callerSays)));
  expect(atCaller).toEqual(talks.map(({ modelSays }) => digest(modelSays)));
}

const pairsOf = (calls: number, recordings: readonly Buffer[]) =>
  Array.from({ length: calls }, (_, call) => ({
    caller: recordings[call % recordings.length] ?? Buffer.alloc(0),
    model: recordings[(call + 1) % recordings.length] ?? Buffer.alloc(0),
  }));

describe('recorded speech passes the bridge both ways without one byte lost, added or reordered', () => {
  test('on one call, from the first frame before the model listens', () => talkAll(pairsOf(1, fixtures)));

  test('on 50 calls at once', () => talkAll(pairsOf(50, fixtures)), 60_000);

  test.skipIf(more.length === 0)(
    `on a call for each of the recordings in ${MORE}`,
    async () => {
      for (const pair of pairsOf(more.length, more)) await talkAll([pair]);
    },
    60_000,
  );

  test.skipIf(more.length === 0)(`on 50 calls at once with the recordings in ${MORE}`, () => talkAll(pairsOf(50, more)), 90_000);
});
