import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createClock } from '../../src/kit/clock.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/lab.ts';
import { schemaProblems } from '../support/realtime-schemas.ts';
import { startSimpleBridge } from '../support/simple-bridge.ts';

const start = (options: Partial<SimulatorOptions> = {}) => startSimulator({ clock: createClock(6), logger: createLogger('silent'), ...options });
const LINE = '+12025550150';

const day = z.object({ date: z.string(), time: z.string().nullish() });

/** A calendar in which everything is free at half past two and at the wished time, unless that is three on Tuesday. */
const calendar =
  ({ taken }: { taken?: string } = {}) =>
  (name: string, given: unknown) => {
    if (name === 'take_message') return { taken: true, say: 'Your message has been taken.' };
    if (name !== 'check_availability') return { booked: true, say: 'That is booked.' };
    const { date, time } = day.parse(given);
    const at = `${date}T${time}`;
    if (time && at !== taken) return { date, available: true, startsAt: at, free: [at], say: 'That is free.' };
    return { date, available: false, free: [`${date}T14:30`], alternatives: [`${date}T14:30`], say: 'Three is not free. Free: half past two.' };
  };

describe.concurrent('a whole call', () => {
  test('a caller books a haircut with words that went through the audio in both directions', async () => {
    // Speech is made at once: on a busy machine a faster clock would leave gaps in words, as a slow network does.
    await using lab = await start({ timing: { speed: 50 } });
    await using bridge = await startSimpleBridge(lab);
    bridge.tools = calendar();
    const call = await lab.dial({ to: LINE, caller: 'books-a-haircut', voiceUrl: bridge.voiceUrl, statusUrl: bridge.statusUrl }).ended;
    expect(call.heard).toBe(
      'Hello, this is Bright Cuts. How can I help you? Tuesday, November 25 at 3 PM is free. May I have your name, please? ' +
        'That is booked. Is there anything else I can help you with? Thank you for calling. Goodbye.',
    );
    expect(lab.log.model[0]?.heard).toEqual([
      'Hello, I would like to book a haircut for next Tuesday at three, please.',
      'Sam Porter.',
      "No, that's all. Thank you.",
    ]);
    expect(bridge.outputs.get('book_appointment')).toEqual({ startsAt: '2025-11-25T15:00', customerName: 'Sam Porter', details: 'haircut' });
    expect(call).toMatchObject({ status: 'completed', endedBy: 'program', direction: 'inbound', from: '+12025550101', to: LINE });
    expect(lab.log.carrier.notifications).toEqual([]);
    expect(lab.log.model[0]?.errors).toEqual([]);
  });

  test('every event of the model is one of its published specification, and so is what the bridge sent', async () => {
    await using lab = await start();
    await using bridge = await startSimpleBridge(lab);
    bridge.tools = calendar();
    await lab.dial({ to: LINE, caller: 'interrupts-the-greeting', voiceUrl: bridge.voiceUrl }).ended;
    const sent = new Set(bridge.modelEvents.map((event) => event.type));
    expect([...sent].sort()).toEqual([
      'conversation.item.added',
      'conversation.item.done',
      'conversation.item.input_audio_transcription.completed',
      'conversation.item.input_audio_transcription.delta',
      'conversation.item.truncated',
      'input_audio_buffer.committed',
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'rate_limits.updated',
      'response.content_part.added',
      'response.content_part.done',
      'response.created',
      'response.done',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_audio.delta',
      'response.output_audio.done',
      'response.output_audio_transcript.delta',
      'response.output_audio_transcript.done',
      'response.output_item.added',
      'response.output_item.done',
      'session.created',
      'session.updated',
    ]);
    expect(bridge.modelEvents.flatMap((event) => schemaProblems('server', event))).toEqual([]);
    expect(bridge.clientEvents.flatMap((event) => schemaProblems('client', z.looseObject({ type: z.string() }).parse(event)))).toEqual([]);
  });

  test('an interruption cuts what the caller hears, and the model remembers what was heard', async () => {
    await using lab = await start();
    await using bridge = await startSimpleBridge(lab);
    bridge.tools = calendar();
    bridge.greeting = 'Hello, this is Bright Cuts, the friendliest place for your hair in the whole wide town. How can I help you today?';
    const call = await lab.dial({ to: LINE, caller: 'interrupts-the-greeting', voiceUrl: bridge.voiceUrl }).ended;
    const [stream] = call.streams;
    const [model] = lab.log.model;
    const [truncation] = model?.truncations ?? [];
    expect(stream?.clears).toBe(1);
    expect(stream?.droppedMs).toBeGreaterThan(0);
    expect(model?.answers[0]).toMatchObject({ status: 'cancelled', reason: 'turn_detected' });
    // At speech speed the carrier may have played the rest of a mark's piece: never less than was acknowledged.
    expect(call.heard.startsWith(truncation?.remembered ?? 'nothing')).toBe(true);
    expect(truncation?.remembered).toMatch(/^Hello, this is/);
    expect(call.heard).not.toContain('wide town');
    expect(bridge.outputs.get('book_appointment')).toMatchObject({ customerName: 'Nadia Flores' });
  });

  test('pauses in the middle of a sentence do not cost the booking', async () => {
    await using lab = await start();
    await using bridge = await startSimpleBridge(lab);
    bridge.tools = calendar();
    await lab.dial({ to: LINE, caller: 'hesitates', voiceUrl: bridge.voiceUrl }).ended;
    expect(lab.log.model[0]?.heard.slice(0, 2)).toEqual(['Hello, um, I would like to book an appointment for', 'for Thursday, at eleven.']);
    expect(bridge.outputs.get('book_appointment')).toEqual({ startsAt: '2025-11-27T11:00', customerName: 'Walter Ames' });
  });

  test('a caller whose time is taken accepts another', async () => {
    await using lab = await start();
    await using bridge = await startSimpleBridge(lab);
    bridge.tools = calendar({ taken: '2025-11-25T15:00' });
    await lab.dial({ to: LINE, caller: 'wants-a-taken-time', voiceUrl: bridge.voiceUrl }).ended;
    expect(bridge.outputs.get('book_appointment')).toEqual({ startsAt: '2025-11-25T14:30', customerName: 'Priya Nair' });
  });

  test('a message arrives with its words and its sender', async () => {
    await using lab = await start();
    await using bridge = await startSimpleBridge(lab);
    bridge.tools = calendar();
    await lab.dial({ to: LINE, caller: 'leaves-a-message', voiceUrl: bridge.voiceUrl }).ended;
    expect(bridge.outputs.get('take_message')).toMatchObject({
      body: 'The invoice from last month is wrong. Please call me back before Friday.',
      callerName: 'Dana Reed',
    });
  });

  test('a key that is pressed arrives as the digit, beside the words', async () => {
    await using lab = await start();
    await using bridge = await startSimpleBridge(lab);
    await lab.dial({ to: LINE, caller: 'presses-keys', voiceUrl: bridge.voiceUrl }).ended;
    const digits = bridge.carrierFrames.filter((frame) => frame.includes('"dtmf"'));
    expect(digits).toEqual([
      expect.stringMatching(/^\{"event":"dtmf","streamSid":"MZ[0-9a-f]{32}","sequenceNumber":"\d+","dtmf":\{"track":"inbound_track","digit":"9"\}\}$/),
    ]);
    expect(lab.log.model[0]?.heard[0]).toBe('When are you open?');
  });

  test('a caller who talks without end is heard over the answers and can be hung up on', async () => {
    await using lab = await start();
    await using bridge = await startSimpleBridge(lab);
    const call = lab.dial({ to: LINE, caller: 'talks-without-end', voiceUrl: bridge.voiceUrl });
    await expect.poll(() => lab.log.model[0]?.truncations.length ?? 0, { timeout: 20_000 }).toBeGreaterThan(1);
    bridge.closeCarrier();
    expect((await call.ended).endedBy).toBe('program');
  });
});

describe('audio that is passed through', () => {
  test('every byte arrives in order at both ends, in fifty calls at once', { timeout: 90_000 }, async () => {
    const recording = Buffer.from(Array.from({ length: 8_000 }, (_, index) => (index * 31 + (index >> 5)) & 0xff));
    await using lab = await startSimulator({
      // In real time: a machine that is busy with other tests has to keep up with all fifty.
      clock: createClock(),
      logger: createLogger('silent'),
      record: true,
      timing: { speed: 4, lateDeltas: 0 },
      recordings: Array.from({ length: 50 }, () => recording),
    });
    await using bridge = await startSimpleBridge(lab);
    const speech = Buffer.from(Array.from({ length: 16_000 }, (_, index) => (index * 17 + (index >> 4)) & 0xff));
    const caller = {
      key: 'recording',
      name: 'Recording',
      number: '+12025550160',
      description: '',
      answers: 'yes' as const,
      // Longer than a busy machine ever stands still: who speaks in the middle of the answer cuts it off.
      reactions: [{ afterSilenceMs: 5_000, says: [speech] }],
    };
    for (let count = 0; count < 50; count++) lab.dial({ to: LINE, caller, voiceUrl: bridge.voiceUrl });
    const isThrough = ({ streams: [stream] }: (typeof lab.log.carrier.calls)[number]) =>
      stream && stream.playedMs >= 1_000 && bytesOf(stream.receivedAudio) >= recording.length && Buffer.concat(stream.sentAudio).includes(speech);
    const isHeard = ({ receivedAudio }: (typeof lab.log.model)[number]) => Buffer.concat(receivedAudio).includes(speech);
    await expect
      .poll(() => [lab.log.carrier.calls.filter(isThrough).length, lab.log.model.filter(isHeard).length], { timeout: 75_000, interval: 250 })
      .toEqual([50, 50]);
    const { calls } = lab.log.carrier;
    expect(lab.log.model).toHaveLength(50);
    for (const call of calls) {
      const [stream] = call.streams;
      const sent = Buffer.concat(stream?.sentAudio ?? []);
      expect(sent.includes(speech)).toBe(true);
      // The last frames may be under way when the caller hangs up: the model has all but those.
      expect(lab.log.model.some((session) => isStart(Buffer.concat(session.receivedAudio), sent))).toBe(true);
      expect(
        Buffer.concat(stream?.receivedAudio ?? [])
          .subarray(0, recording.length)
          .equals(recording),
      ).toBe(true);
      expect(stream?.playedMs).toBeGreaterThanOrEqual(1_000);
    }
  });
});

const bytesOf = (pieces: readonly Buffer[]) => pieces.reduce((sum, piece) => sum + piece.length, 0);
const isStart = (part: Buffer, whole: Buffer) => part.length > 16_000 && whole.subarray(0, part.length).equals(part);
