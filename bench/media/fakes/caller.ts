import { createHash, createHmac } from 'node:crypto';
import WebSocket from 'ws';
import { FRAME_MS, MEASURED, nowUs, SPEECH, type Stamp, StampReader, stampedBase64 } from '../stamp.ts';
import type { FleetRecord } from './fleet-record.ts';
import { Playout } from './playout.ts';

/** One call as the carrier places it. */
export interface CallTicket {
  readonly call: number;
  readonly carrierCallId: string;
  /** `start.customParameters`. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface CallerOptions {
  readonly url: string;
  /** Signs the upgrade as the carrier does. */
  readonly authToken: string;
  readonly accountSid: string;
  /** How each turn goes, over and over: `b` interrupts the answer, `f` hears it in full. */
  readonly pattern: string;
}

const SPEAKING_FRAMES = 1_000 / FRAME_MS;
const FRAMES_UNTIL_INTERRUPTION = 3_000 / FRAME_MS;
const FRAMES_UNTIL_NEXT_QUESTION = 6_000 / FRAME_MS;
/** An interruption is expected to be heard where this much is still to be played. */
const WORTH_CLEARING_MS = 100;
const CLEAR_WITHIN_US = 1_000_000;
const FRAME_US = FRAME_MS * 1_000;

// A mask of the fleet's own choosing: random ones would cost the harness time that says nothing about the bridge.
const MASK = Buffer.from([0x3c, 0xa5, 0x69, 0xd2]);
// Of a bridge that is too busy to take a call within this long, the call has failed.
const handshakeTimeout = 20_000;
const socketOptions = { handshakeTimeout, perMessageDeflate: false, skipUTF8Validation: true, generateMask: (mask: Buffer) => void MASK.copy(mask) };

/** A caller on a bidirectional media stream: 50 frames a second up, a playout buffer down. */
export class Caller {
  readonly call: number;
  /** Of the carrier's clock: when the next frame is due. */
  nextFrameUs = Number.POSITIVE_INFINITY;
  framesSent = 0;
  /** Frames received of each answer. */
  readonly received = new Map<number, number>();
  /** Answers that a clear cut off. */
  readonly cleared = new Set<number>();
  readonly #ticket: CallTicket;
  readonly #options: CallerOptions;
  readonly #record: FleetRecord;
  readonly #streamSid: string;
  readonly #playout = new Playout();
  readonly #reader = new StampReader((stamp) => this.#hear(stamp));
  #socket: WebSocket | null = null;
  #envelopes = 0;
  #turn = 0;
  #speaking = false;
  #nextChange: number;
  #interruptedUs = 0;
  #answer = -1;
  #answerSequence = -1;
  #arrivedUs = 0;
  #hungUp = false;

  constructor(ticket: CallTicket, options: CallerOptions, record: FleetRecord) {
    this.call = ticket.call;
    this.#ticket = ticket;
    this.#options = options;
    this.#record = record;
    this.#streamSid = `MZ${createHash('md5').update(ticket.carrierCallId).digest('hex')}`;
    // The first words come after one to four seconds, spread by the golden ratio so that callers do not speak in step.
    this.#nextChange = SPEAKING_FRAMES + Math.floor(((ticket.call * 0.618034) % 1) * 150);
  }

  async dial(): Promise<void> {
    const signature = createHmac('sha1', this.#options.authToken).update(this.#options.url).digest('base64');
    const headers = { 'user-agent': 'Twilio.TmeWs/1.0', 'x-twilio-signature': signature };
    const socket = new WebSocket(this.#options.url, { ...socketOptions, headers });
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve).once('error', reject);
    });
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('error', () => this.#record.socketErrors++);
    socket.on('close', () => {
      this.nextFrameUs = Number.POSITIVE_INFINITY;
      if (!this.#hungUp) this.#record.dropped++;
    });
    socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    const { accountSid } = this.#options;
    this.#say('start', {
      start: {
        accountSid,
        streamSid: this.#streamSid,
        callSid: this.#ticket.carrierCallId,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
        customParameters: this.#ticket.parameters,
      },
    });
    this.nextFrameUs = nowUs() + ((this.call * 7_919) % FRAME_MS) * 1_000;
  }

  /** Sends the frame that is due, and echoes the marks whose audio has been played. */
  tick(): void {
    const now = nowUs();
    const record = this.#record;
    if (record.measuring) record.lateness.add(now - this.nextFrameUs);
    this.nextFrameUs += FRAME_US;
    if (this.framesSent === this.#nextChange) this.#changeTurn(now);
    const sequence = this.framesSent++;
    const flags = (this.#speaking ? SPEECH : 0) | (record.measuring ? MEASURED : 0);
    const payload = stampedBase64({ flags, call: this.call, sequence, turn: this.#turn, sentAtUs: nowUs() });
    const place = `"chunk":"${sequence + 1}","timestamp":"${sequence * FRAME_MS}"`;
    this.#socket?.send(
      `{"event":"media","sequenceNumber":"${++this.#envelopes}","media":{"track":"inbound",${place},"payload":"${payload}"},"streamSid":"${this.#streamSid}"}`,
    );
    for (const name of this.#playout.dueMarks(now)) this.#echo(name);
    if (this.#interruptedUs > 0 && now - this.#interruptedUs > CLEAR_WITHIN_US) {
      this.#interruptedUs = 0;
      record.clearsMissed++;
    }
  }

  hangUp(): void {
    const socket = this.#socket;
    this.#hungUp = true;
    this.nextFrameUs = Number.POSITIVE_INFINITY;
    if (socket?.readyState !== WebSocket.OPEN) return;
    this.#say('stop', { stop: { accountSid: this.#options.accountSid, callSid: this.#ticket.carrierCallId } });
    setTimeout(() => socket.close(1000), 20);
    setTimeout(() => socket.terminate(), 1_500).unref();
  }

  #changeTurn(now: number): void {
    this.#speaking = !this.#speaking;
    if (!this.#speaking) {
      const interrupts = this.#options.pattern[(this.#turn - 1) % this.#options.pattern.length] === 'b';
      this.#nextChange = this.framesSent + (interrupts ? FRAMES_UNTIL_INTERRUPTION : FRAMES_UNTIL_NEXT_QUESTION);
      return;
    }
    this.#turn++;
    this.#nextChange = this.framesSent + SPEAKING_FRAMES;
    if (this.#playout.remainingMs(now) > WORTH_CLEARING_MS) {
      this.#interruptedUs = now;
      this.#record.clearsExpected++;
    }
  }

  #receive(data: Buffer): void {
    const now = nowUs();
    this.#arrivedUs = now;
    const message = readMessage(data);
    if (!message) return this.#violation('not a JSON object');
    if (message.streamSid !== this.#streamSid) this.#violation('wrong or missing streamSid');
    if (message.event === 'media') {
      if (typeof message.media?.payload !== 'string') return this.#violation('media without a payload');
      const audio = Buffer.from(message.media.payload, 'base64');
      const before = this.#reader.foreignBytes + this.#reader.damagedFrames;
      this.#reader.read(audio);
      if (this.#reader.foreignBytes + this.#reader.damagedFrames > before) this.#violation('audio that the model never sent');
      this.#playout.add(this.#answer, audio.length, now);
    } else if (message.event === 'mark') {
      if (typeof message.mark?.name !== 'string') return this.#violation('mark without a name');
      this.#playout.mark(message.mark.name, now);
    } else if (message.event === 'clear') {
      this.#clear(now);
    } else {
      this.#violation(`unknown event ${String(message.event)}`);
    }
  }

  #clear(now: number): void {
    this.#record.clears.push({ call: this.call, turn: this.#turn, atUs: now });
    this.#interruptedUs = 0;
    const { marks, cut } = this.#playout.clear(now);
    for (const { answer, heardMs } of cut) this.#record.heard.push({ call: this.call, answer, heardMs });
    if (this.#answer >= 0) this.cleared.add(this.#answer);
    this.#reader.forget();
    for (const name of marks) this.#echo(name);
  }

  #hear(stamp: Stamp): void {
    const record = this.#record;
    if (stamp.call !== this.call) record.crossed++;
    if (this.cleared.has(stamp.turn)) {
      record.stale++;
      return;
    }
    if (stamp.turn !== this.#answer) {
      if (stamp.turn < this.#answer) record.reordered++;
      this.#answer = stamp.turn;
      this.#answerSequence = -1;
    }
    if (stamp.sequence <= this.#answerSequence) record.reordered++;
    else record.gaps += stamp.sequence - this.#answerSequence - 1;
    this.#answerSequence = stamp.sequence;
    this.received.set(stamp.turn, (this.received.get(stamp.turn) ?? 0) + 1);
    if (stamp.sentAtUs >= record.measuredFromUs && stamp.sentAtUs < record.measuredToUs) record.latency.add(this.#arrivedUs - stamp.sentAtUs);
  }

  #echo(name: string): void {
    this.#record.marks++;
    this.#say('mark', { mark: { name } });
  }

  #say(event: string, body: object): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ event, sequenceNumber: String(++this.#envelopes), streamSid: this.#streamSid, ...body }));
  }

  #violation(what: string): void {
    this.#record.violations[what] = (this.#record.violations[what] ?? 0) + 1;
  }
}

interface BridgeMessage {
  readonly event?: unknown;
  readonly streamSid?: unknown;
  readonly media?: { readonly payload?: unknown };
  readonly mark?: { readonly name?: unknown };
}

function readMessage(data: Buffer): BridgeMessage | null {
  try {
    const value: unknown = JSON.parse(data.toString());
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
