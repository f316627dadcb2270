import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';

export interface RawCall {
  /** Of the media socket, as the carrier was told it. */
  readonly url: string;
  readonly carrierCallId: string;
  readonly token: string;
  readonly accountSid: string;
  readonly authToken: string;
}

/** One call of a carrier's on a bare WebSocket: it says exactly what it is told and keeps all that it hears. */
export class RawCarrier implements AsyncDisposable {
  readonly streamSid = `MZ${randomBytes(16).toString('hex')}`;
  /** Everything else than audio, in order. */
  readonly messages: { readonly event: string; readonly mark?: { readonly name: string } }[] = [];
  /** The code with which the socket was closed. */
  readonly closed: Promise<number>;
  /** Whether what it hears is played at once; a carrier that plays nothing echoes no marks. */
  playsAtOnce = true;
  readonly #call: RawCall;
  readonly #socket: WebSocket;
  readonly #heard: Buffer[] = [];
  #heardBytes = 0;
  #wanted: { readonly bytes: number; readonly resolve: () => void } | null = null;
  #sequence = 0;
  #chunk = 0;

  private constructor(call: RawCall, socket: WebSocket) {
    this.#call = call;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', resolve);
    });
  }

  /** Opens the socket with the carrier's signature. @throws where the upgrade is refused. */
  static async dial(call: RawCall): Promise<RawCarrier> {
    const signature = createHmac('sha1', call.authToken).update(call.url).digest('base64');
    const socket = new WebSocket(call.url, { perMessageDeflate: false, headers: { 'x-twilio-signature': signature } });
    const carrier = new RawCarrier(call, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve).once('error', reject);
    });
    return carrier;
  }

  start(): void {
    const { accountSid, carrierCallId, token } = this.#call;
    this.send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    this.send({
      event: 'start',
      sequenceNumber: String(++this.#sequence),
      start: {
        streamSid: this.streamSid,
        accountSid,
        callSid: carrierCallId,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token },
      },
      streamSid: this.streamSid,
    });
  }

  /** One frame of 8 kHz µ-law. Resolves when the socket is ready for more. */
  async speak(audio: Buffer): Promise<void> {
    const chunk = ++this.#chunk;
    const media = { track: 'inbound', chunk: String(chunk), timestamp: String((chunk - 1) * 20), payload: audio.toString('base64') };
    this.send({ event: 'media', sequenceNumber: String(++this.#sequence), media, streamSid: this.streamSid });
    if (this.#socket.bufferedAmount > 64 * 1024) await new Promise((resolve) => setImmediate(resolve));
  }

  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Resolves with all the audio that came, once there are as many bytes of it. */
  async heard(bytes: number): Promise<Buffer> {
    if (this.#heardBytes < bytes) {
      await new Promise<void>((resolve) => {
        this.#wanted = { bytes, resolve };
      });
    }
    return Buffer.concat(this.#heard);
  }

  /** Resolves when the other side has read all that was sent. */
  async synced(): Promise<void> {
    this.#socket.ping();
    await once(this.#socket, 'pong');
  }

  async hangUp(): Promise<void> {
    const { accountSid, carrierCallId } = this.#call;
    this.send({ event: 'stop', sequenceNumber: String(++this.#sequence), stop: { accountSid, callSid: carrierCallId }, streamSid: this.streamSid });
    this.#socket.close(1000);
    await this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
    await this.closed;
  }

  #receive(data: Buffer): void {
    const message = JSON.parse(data.toString());
    if (message.event !== 'media') {
      this.messages.push(message);
      if (message.event === 'mark' && this.playsAtOnce)
        this.send({ event: 'mark', sequenceNumber: String(++this.#sequence), mark: message.mark, streamSid: this.streamSid });
      return;
    }
    const audio = Buffer.from(message.media.payload, 'base64');
    this.#heard.push(audio);
    this.#heardBytes += audio.length;
    if (this.#wanted && this.#heardBytes >= this.#wanted.bytes) this.#wanted.resolve();
  }
}
