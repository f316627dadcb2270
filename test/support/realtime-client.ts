import { once } from 'node:events';
import WebSocket from 'ws';
import { z } from 'zod';
import { Demodulator, wordsToText } from '../../src/simulator/audio/demodulator.ts';
import type { Simulator } from '../../src/simulator/lab.ts';
import { TOOLS } from './simple-bridge.ts';

const serverEvent = z.looseObject({ type: z.string(), event_id: z.string() });
export type ServerEvent = z.infer<typeof serverEvent>;

/** A client that keeps what it was sent, and waits for more. */
export class RealtimeClient implements AsyncDisposable {
  readonly events: ServerEvent[] = [];
  closed: number | null = null;
  #read = 0;
  #wake = () => {};
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const event = serverEvent.parse(JSON.parse(String(data)));
      this.events.push(event);
      this.#wake();
    });
    socket.on('close', (code) => {
      this.closed = code;
      this.#wake();
    });
  }

  send(event: object | string): void {
    this.#socket.send(typeof event === 'string' ? event : JSON.stringify(event));
  }

  /** Caller audio, in frames of 20 ms. */
  hear(...audio: Buffer[]): void {
    const whole = Buffer.concat(audio);
    for (let at = 0; at < whole.length; at += 160) this.send({ type: 'input_audio_buffer.append', audio: whole.subarray(at, at + 160).toString('base64') });
  }

  /** The next event of a type; those before it are passed over. */
  async next(type: string): Promise<ServerEvent> {
    for (;;) {
      const found = this.events.findIndex((event, index) => index >= this.#read && event.type === type);
      if (found >= 0) {
        this.#read = found + 1;
        return this.events[found] ?? { type, event_id: '' };
      }
      if (this.closed !== null) throw new Error(`closed before ${type}; after ${this.events.map((event) => event.type).join(', ')}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  all(type: string): ServerEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  async gone(): Promise<number> {
    while (this.closed === null) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
  }
}

/** Connects to the simulated model. */
export async function connect(lab: Simulator, headers: Record<string, string> = {}, query = '?model=gpt-realtime'): Promise<RealtimeClient> {
  const socket = new WebSocket(`${lab.realtimeUrl}${query}`, { headers: { authorization: `Bearer ${lab.apiKey}`, ...headers } });
  const client = new RealtimeClient(socket);
  await once(socket, 'open');
  return client;
}

const session = (more: object = {}, input: object = {}) => ({
  type: 'session.update',
  session: {
    type: 'realtime',
    instructions: 'It is Thursday, November 20, 2025, 09:00 on the clock of America/New_York.',
    tools: TOOLS,
    audio: {
      input: {
        format: { type: 'audio/pcmu' },
        transcription: { model: 'gpt-4o-mini-transcribe', language: 'en' },
        turn_detection: { type: 'server_vad' },
        ...input,
      },
      output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
    },
    ...more,
  },
});

/** Connects and configures a telephone conversation. */
export async function talk(lab: Simulator, more: object = {}, input: object = {}): Promise<RealtimeClient> {
  const client = await connect(lab);
  client.send(session(more, input));
  await client.next('session.updated');
  return client;
}

export const greet = (words: string) => ({ type: 'response.create', response: { instructions: `Say exactly: "${words}"` } });
export const errorOf = (event: ServerEvent) =>
  z.object({ error: z.looseObject({ code: z.string(), param: z.string().nullable(), event_id: z.string().nullable() }) }).parse(event).error;
export const audioOf = (events: ServerEvent[]) =>
  Buffer.concat(events.map((event) => Buffer.from(z.object({ delta: z.string() }).parse(event).delta, 'base64')));
export const itemOf = (event: ServerEvent) => z.object({ item_id: z.string() }).parse(event).item_id;
export const textOf = (audio: Buffer) => wordsToText(new Demodulator().push(audio));
