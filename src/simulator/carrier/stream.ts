import WebSocket from 'ws';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { FRAME_BYTES, SILENCE } from '../audio/mulaw.ts';
import type { StreamLog } from './log.ts';
import { Playout } from './playout.ts';
import { newSid } from './sid.ts';
import { sign } from './signature.ts';

/** How long the vendor waits for the socket to open. */
const CONNECT_MS = 5_000;
const MAXIMUM_MESSAGE_BYTES = 1_048_576;
const SILENT_FRAME = Buffer.alloc(FRAME_BYTES, SILENCE).toString('base64');
const FRAME_MS = 20;

/** What the program may send; anything else is error 31951. */
const programMessage = z.discriminatedUnion('event', [
  z.object({ event: z.literal('media'), streamSid: z.string(), media: z.object({ payload: z.base64() }) }),
  z.object({ event: z.literal('mark'), streamSid: z.string(), mark: z.object({ name: z.string() }) }),
  z.object({ event: z.literal('clear'), streamSid: z.string() }),
]);

export interface StreamOptions {
  readonly clock: Clock;
  readonly accountSid: string;
  readonly authToken: string;
  readonly callSid: string;
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly notify: (code: number, message: string) => void;
  /** Keeps the audio of both directions in the log. */
  readonly record: boolean;
}

/**
 * One bidirectional media stream: text frames of JSON over a WebSocket that the carrier opens. Every number inside is
 * a string, and members come in the vendor's order.
 */
export class MediaStream {
  readonly streamSid = newSid('MZ');
  readonly log: StreamLog;
  /** Resolves when the socket is gone, whoever ended it, or never came to be. */
  readonly closed: Promise<void>;
  readonly #options: StreamOptions;
  readonly #playout = new Playout();
  readonly #socket: WebSocket;
  #sequence = 0;
  #frames = 0;
  #stopped = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.log = {
      streamSid: this.streamSid,
      url: options.url,
      parameters: options.parameters,
      opened: false,
      closedBy: null,
      closeCode: null,
      framesSent: 0,
      mediaReceived: 0,
      bytesReceived: 0,
      playedMs: 0,
      droppedMs: 0,
      clears: 0,
      marks: [],
      sentAudio: [],
      receivedAudio: [],
      playedAudio: [],
    };
    this.#socket = new WebSocket(options.url, {
      perMessageDeflate: false,
      maxPayload: MAXIMUM_MESSAGE_BYTES,
      headers: { 'user-agent': 'Twilio.TmeWs/1.0', 'x-twilio-signature': sign(options.authToken, options.url) },
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#listen(resolve);
  }

  #listen(closed: () => void): void {
    const { clock, notify, url } = this.#options;
    const socket = this.#socket;
    const timer = clock.after(CONNECT_MS, () => {
      notify(31901, `${url} did not answer in time`);
      this.break();
    });
    socket.on('open', () => {
      timer.cancel();
      this.log.opened = true;
      this.#begin();
    });
    socket.on('unexpected-response', (_request, response) => {
      notify(31920, `${url} answered the handshake with ${response.statusCode}`);
      this.break();
    });
    socket.on('message', (data, isBinary) => this.#read(data, isBinary));
    socket.on('error', (error) => {
      if (this.log.closedBy) return;
      this.log.closedBy = 'failure';
      notify(this.log.opened ? 31921 : 31902, `${url}: ${error.message}`);
    });
    socket.on('close', (code) => {
      timer.cancel();
      this.#stopped = true;
      this.log.closedBy ??= this.log.opened ? 'server' : 'failure';
      this.log.closeCode ??= code;
      this.#playout.clear();
      this.#count();
      closed();
    });
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN && !this.#stopped;
  }

  /** Sends the person's next 20 ms, or silence, and plays the next 20 ms to them. */
  tick(voice: Buffer | null): Buffer | null {
    if (!this.open) return null;
    const chunk = ++this.#frames;
    const payload = voice ? voice.toString('base64') : SILENT_FRAME;
    this.#socket.send(
      `{"event":"media","sequenceNumber":"${++this.#sequence}","media":{"track":"inbound","chunk":"${chunk}",` +
        `"timestamp":"${(chunk - 1) * FRAME_MS}","payload":"${payload}"},"streamSid":"${this.streamSid}"}`,
    );
    this.log.framesSent += 1;
    if (this.#options.record) this.log.sentAudio.push(voice ?? Buffer.alloc(FRAME_BYTES, SILENCE));
    const playedBefore = this.#playout.playedBytes;
    const { frame, marks } = this.#playout.next();
    if (this.#options.record) this.log.playedAudio.push(frame.subarray(0, this.#playout.playedBytes - playedBefore));
    for (const name of marks) this.#echo(name, false);
    this.#count();
    return frame;
  }

  press(digit: string): void {
    if (this.open) this.#send({ event: 'dtmf', streamSid: this.streamSid, sequenceNumber: this.#next(), dtmf: { track: 'inbound_track', digit } });
  }

  /** Ends it from the carrier's side: the call is over or goes elsewhere. */
  stop(): void {
    this.log.closedBy ??= 'carrier';
    if (!this.open) return this.#socket.terminate();
    const { accountSid, callSid } = this.#options;
    this.#send({ event: 'stop', sequenceNumber: this.#next(), streamSid: this.streamSid, stop: { accountSid, callSid } });
    this.#stopped = true;
    this.#socket.close(1000);
    const timer = this.#options.clock.after(CONNECT_MS, () => this.#socket.terminate());
    this.#socket.once('close', () => timer.cancel());
  }

  /** The connection is cut without a word. */
  break(): void {
    this.log.closedBy ??= 'failure';
    this.#socket.terminate();
  }

  #begin(): void {
    const { accountSid, callSid, parameters } = this.#options;
    this.#send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    this.#send({
      event: 'start',
      sequenceNumber: this.#next(),
      start: {
        accountSid,
        streamSid: this.streamSid,
        callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: parameters,
      },
      streamSid: this.streamSid,
    });
  }

  #read(data: WebSocket.RawData, isBinary: boolean): void {
    const message = isBinary ? null : programMessage.safeParse(parseJson(String(data)));
    if (!message?.success) return this.#options.notify(31951, 'a message that is none of media, mark and clear');
    if (message.data.streamSid !== this.streamSid) return this.#options.notify(31951, `${message.data.event} for another stream`);
    if (this.#stopped) return;
    switch (message.data.event) {
      case 'media': {
        const audio = Buffer.from(message.data.media.payload, 'base64');
        this.log.mediaReceived += 1;
        this.log.bytesReceived += audio.length;
        if (this.#options.record) this.log.receivedAudio.push(audio);
        return this.#playout.addAudio(audio);
      }
      case 'mark':
        this.#playout.addMark(message.data.mark.name);
        if (this.#playout.queuedBytes === 0) for (const name of this.#playout.takeDueMarks()) this.#echo(name, false);
        return;
      case 'clear':
        this.log.clears += 1;
        for (const name of this.#playout.clear()) this.#echo(name, true);
        return this.#count();
    }
  }

  #echo(name: string, cleared: boolean): void {
    this.log.marks.push({ name, cleared, atMs: this.#playout.playedBytes / 8 });
    this.#send({ event: 'mark', sequenceNumber: this.#next(), streamSid: this.streamSid, mark: { name } });
  }

  #count(): void {
    this.log.playedMs = this.#playout.playedBytes / 8;
    this.log.droppedMs = this.#playout.droppedBytes / 8;
  }

  #next(): string {
    return String(++this.#sequence);
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
