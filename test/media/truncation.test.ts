import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT } from '../support/call-app.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { type MediaTestApp, mediaApp } from '../support/media-app.ts';
import { PlayingCarrier } from '../support/playing-carrier.ts';
import type { RawModelSession } from '../support/raw-model.ts';

const TEXT = 'We are open from Monday to Friday, nine in the morning to five in the afternoon, and on Saturdays until noon.';
const ANSWER_MS = 2_600;
/** The ms of audio in each delta, over and over; the API's pieces have no even length. */
const PIECES = [200, 60, 340, 20, 480];

let clock: ManualClock;
let app: MediaTestApp;
let opened: (session: RawModelSession) => void = () => {};
beforeAll(async () => {
  clock = manualClock(new Date());
  app = await mediaApp({ clock, script: { onSession: (session) => opened(session) } });
});
afterAll(() => app[Symbol.asyncDispose]());

interface Interruption {
  readonly playedMs: number;
  readonly producedMs: number;
  readonly truncated: { readonly audio_end_ms: number } | undefined;
  readonly turn: { readonly text: string; readonly heardText: string; readonly heardMs: number; readonly audioMs: number; readonly interrupted: boolean };
}

/**
 * One call whose first answer is interrupted.
 *
 * @param atMs after the first sound of it.
 * @param speed how many times as fast as it is played the answer is made; all at once by default.
 */
async function interrupted(atMs: number, speed = Number.POSITIVE_INFINITY): Promise<Interruption> {
  const session = Promise.withResolvers<RawModelSession>();
  opened = session.resolve;
  const call = await app.admit();
  await using carrier = await PlayingCarrier.dial(clock, { ...call, ...ACCOUNT, url: app.url });
  const model = await session.promise;
  await new Promise<void>((resolve) => {
    const asked = () => model.commands.some(({ type }) => type === 'response.create') && resolve();
    model.listen(asked);
    asked();
  });

  const place = { response_id: 'r1', item_id: 'i1', output_index: 0, content_index: 0 };
  model.emit('response.created', { response: { id: 'r1', status: 'in_progress' } });
  model.emit('response.output_audio_transcript.delta', { ...place, delta: TEXT });
  let producedMs = 0;
  let piece = 0;
  const produce = () => {
    const ms = Math.min(PIECES[piece++ % PIECES.length] ?? 0, ANSWER_MS - producedMs);
    producedMs += ms;
    model.emit('response.output_audio.delta', { ...place, delta: Buffer.alloc(ms * 8, piece).toString('base64') });
    if (producedMs < ANSWER_MS) return;
    model.emit('response.output_audio_transcript.done', { ...place, transcript: TEXT });
    model.emit('response.done', { response: { id: 'r1', status: 'completed', output: [], usage: null } });
  };
  for (let elapsed = 0; ; elapsed += 20) {
    while (producedMs < ANSWER_MS && (producedMs === 0 || speed === Number.POSITIVE_INFINITY || producedMs < elapsed * speed)) produce();
    await model.synced();
    await carrier.play();
    if (elapsed >= atMs) break;
    clock.advance(20);
  }

  model.emit('input_audio_buffer.speech_started', { audio_start_ms: 0, item_id: 'u1' });
  await model.synced();
  await carrier.synced();
  const command = model.commands.find(({ type }) => type === 'conversation.item.truncate');
  if (producedMs < ANSWER_MS)
    model.emit('response.done', { response: { id: 'r1', status: 'cancelled', status_details: { reason: 'turn_detected' }, output: [] } });
  await model.synced();
  await carrier.hangUp();
  // The bridge writes and lets go by the same clock.
  for (let over = false; !over; clock.advance(20)) {
    await new Promise((resolve) => setImmediate(resolve));
    over = app.told.some((event) => event.type === 'CallChanged' && event.callId === call.callId && event.version >= 3);
  }
  const turn = await app.database.root.transcriptTurn.findFirstOrThrow({ where: { callId: call.callId, sequence: 1 } });
  const playedMs = carrier.playedAtClear[0] ?? carrier.played.reduce((bytes, part) => bytes + part.length, 0) / 8;
  return { playedMs, producedMs, turn, truncated: command && { audio_end_ms: Number(command.audio_end_ms) } };
}

/** As a listener would cut it: whole words, by the share of the audio that was played. */
function wordsWithin(text: string, share: number): string {
  const limit = Math.floor(text.length * share + 1e-9);
  let heard = '';
  for (const { 0: word, index } of text.matchAll(/\S+/g)) if (index + word.length <= limit) heard = text.slice(0, index + word.length);
  return heard;
}

const EVERY_20_MS = Array.from({ length: ANSWER_MS / 20 + 1 }, (_, index) => index * 20);

describe('an answer that is interrupted', () => {
  test('at every 20 ms: what was heard is what the carrier played, in milliseconds and in words', { timeout: 60_000 }, async () => {
    for (const atMs of EVERY_20_MS) {
      const { playedMs, turn, truncated } = await interrupted(atMs);
      expect(playedMs, `at ${atMs}`).toBe(atMs);
      if (atMs < ANSWER_MS) expect(truncated, `at ${atMs}`).toEqual({ audio_end_ms: atMs });
      expect(turn, `at ${atMs}`).toMatchObject({ text: TEXT, heardMs: atMs, audioMs: ANSWER_MS, interrupted: atMs < ANSWER_MS });
      expect(turn.heardText, `at ${atMs}`).toBe(wordsWithin(TEXT, atMs / ANSWER_MS));
    }
  });

  test('while it is still being made, at every 60 ms: never more than was produced', { timeout: 60_000 }, async () => {
    for (const atMs of EVERY_20_MS.filter((ms) => ms % 60 === 0 && ms < ANSWER_MS)) {
      const { playedMs, producedMs, turn, truncated } = await interrupted(atMs, 1.2);
      expect(playedMs, `at ${atMs}`).toBeLessThanOrEqual(producedMs);
      expect(truncated?.audio_end_ms, `at ${atMs}`).toBe(Math.floor(playedMs));
      expect(turn, `at ${atMs}`).toMatchObject({ heardMs: playedMs, interrupted: true });
      expect(turn.heardMs).toBeLessThanOrEqual(turn.audioMs);
      expect(TEXT.startsWith(turn.heardText)).toBe(true);
    }
  });
});
