import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import type { Clock } from '../../src/kit/clock.ts';
import type { RawCall } from './raw-carrier.ts';

const BYTES_A_MS = 8;

/**
 * One call of a carrier's that plays what it is sent at the speed of speech, by a clock of the test's own: with one that
 * stands still, what was played is known to the byte.
 */
export class PlayingCarrier implements AsyncDisposable {
  /** Milliseconds that were played before each `clear`, since the one before. */
  readonly playedAtClear: number[] = [];
  /** All that was played since the last `clear`, and before it. */
  readonly played: Buffer[] = [];
  readonly #streamSid = `MZ${randomBytes(16).toString('hex')}`;
  readonly #clock: Clock;
  readonly #call: RawCall;
  readonly #socket: WebSocket;
  #queue: (Buffer | string)[] = [];
  #sinceClearMs = 0;
  /** Until when the queue has been played. */
  #playedUntilMs: number;
  #sequence = 0;

  private constructor(clock: Clock, call: RawCall, socket: WebSocket) {
    this.#clock = clock;
    this.#call = call;
    this.#socket = socket;
    this.#playedUntilMs = clock.monotonicMs();
    socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString())));
    socket.on('error', () => {});
  }

  static async dial(clock: Clock, call: RawCall): Promise<PlayingCarrier> {
    const signature = createHmac('sha1', call.authToken).update(call.url).digest('base64');
    const socket = new WebSocket(call.url, { perMessageDeflate: false, headers: { 'x-twilio-signature': signature } });
    const carrier = new PlayingCarrier(clock, call, socket);
    await once(socket, 'open');
    const { accountSid, carrierCallId, token } = call;
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
    carrier.#send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    carrier.#send({
      event: 'start',
      start: { streamSid: carrier.#streamSid, accountSid, callSid: carrierCallId, tracks: ['inbound'], mediaFormat, customParameters: { token } },
    });
    return carrier;
  }

  /** Plays up to now and echoes the marks that were passed; resolves when the bridge has read them. */
  async play(): Promise<void> {
    this.#playUntilNow();
    await this.synced();
  }

  /** Resolves when the other side has read all that was sent, and what it wrote before has come. */
  async synced(): Promise<void> {
    this.#socket.ping();
    await once(this.#socket, 'pong');
  }

  async hangUp(): Promise<void> {
    this.#send({ event: 'stop', stop: { accountSid: this.#call.accountSid, callSid: this.#call.carrierCallId } });
    this.#socket.close(1000);
    await once(this.#socket, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.terminate();
    await once(this.#socket, 'close');
  }

  #receive(message: { event: string; media: { payload: string }; mark: { name: string } }): void {
    this.#playUntilNow();
    if (message.event === 'media') this.#queue.push(Buffer.from(message.media.payload, 'base64'));
    if (message.event === 'mark') this.#queue.push(message.mark.name);
    this.#passMarks();
    if (message.event !== 'clear') return;
    this.playedAtClear.push(this.#sinceClearMs);
    this.#sinceClearMs = 0;
    const marks = this.#queue.filter((item) => typeof item === 'string');
    this.#queue = [];
    for (const name of marks) this.#echo(name);
  }

  #playUntilNow(): void {
    const now = this.#clock.monotonicMs();
    let bytes = Math.floor((now - this.#playedUntilMs) * BYTES_A_MS);
    this.#playedUntilMs = now;
    for (this.#passMarks(); bytes > 0; this.#passMarks()) {
      const head = this.#queue[0];
      if (!Buffer.isBuffer(head)) return;
      const taken = head.subarray(0, bytes);
      bytes -= taken.length;
      this.played.push(taken);
      this.#sinceClearMs += taken.length / BYTES_A_MS;
      if (taken.length === head.length) this.#queue.shift();
      else this.#queue[0] = head.subarray(taken.length);
    }
  }

  #passMarks(): void {
    for (let head = this.#queue[0]; typeof head === 'string'; head = this.#queue[0]) {
      this.#queue.shift();
      this.#echo(head);
    }
  }

  #echo(name: string): void {
    this.#send({ event: 'mark', mark: { name } });
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify({ sequenceNumber: String(++this.#sequence), streamSid: this.#streamSid, ...message }));
  }
}
