import { z } from 'zod';
import { type CarrierProtocol, CarrierProtocolError, type CarrierStream, type CarrierStreamHandlers } from '../../ports/carrier-protocol.ts';

/**
 * Twilio Media Streams, bidirectional: JSON text frames, audio as base64 of 8 kHz µ-law, 20 ms a frame.
 *
 * Fifty frames a second and call are audio, so those are recognised by their first bytes and their payload is
 * handed on as the slice of the frame that it is: not parsed, not decoded, not copied. Everything else, and audio
 * in an unusual key order, goes the long way through JSON.
 *
 * @see https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */
export const twilioMediaStreams: CarrierProtocol = {
  name: 'twilio',
  open: (handlers) => new TwilioStream(handlers),
};

const MEDIA = Buffer.from('{"event":"media"');
const PAYLOAD = Buffer.from('"payload":"');
const MARK = Buffer.from('{"event":"mark"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Once a second and call. The names that we give need no escapes. */
const OUR_MARK = /"mark":\{"name":"([\w:.-]+)"\}/;
const MEDIA_END = Buffer.from('"}}');

const message = z.discriminatedUnion('event', [
  z.object({ event: z.literal('connected') }),
  z.object({
    event: z.literal('start'),
    streamSid: z.string(),
    start: z.object({
      callSid: z.string(),
      mediaFormat: z.object({ encoding: z.literal('audio/x-mulaw'), sampleRate: z.literal(8000), channels: z.literal(1) }),
      customParameters: z.record(z.string(), z.string()).optional(),
    }),
  }),
  z.object({ event: z.literal('media'), media: z.object({ payload: z.base64() }) }),
  z.object({ event: z.literal('mark'), mark: z.object({ name: z.string() }) }),
  z.object({ event: z.literal('dtmf'), dtmf: z.object({ digit: z.string().max(1) }) }),
  z.object({ event: z.literal('stop') }),
]);

/** Frames of a kind that Twilio adds later are no error of the peer. */
const known = new Set<string>(message.options.map((option) => option.shape.event.value));

class TwilioStream implements CarrierStream {
  audioStart: Buffer = Buffer.alloc(0);
  readonly audioEnd = MEDIA_END;
  readonly #handlers: CarrierStreamHandlers;
  #streamSid = '';
  #payloadKeyAt = 0;

  constructor(handlers: CarrierStreamHandlers) {
    this.#handlers = handlers;
  }

  read(frame: Buffer, isBinary: boolean): void {
    if (isBinary) throw new CarrierProtocolError('a binary frame');
    if (stands(frame, 0, MEDIA)) {
      const start = this.#payloadOf(frame);
      const end = frame.indexOf(QUOTE, start);
      if (start > PAYLOAD.length && end > start && frame.indexOf(BACKSLASH, start) === -1) {
        this.#requireStart();
        this.#handlers.audio(frame.subarray(start, end));
        return;
      }
    }
    const name = stands(frame, 0, MARK) && OUR_MARK.exec(frame.toString('latin1'))?.[1];
    if (name) {
      this.#requireStart();
      this.#handlers.mark(name);
    } else this.#readJson(frame);
  }

  /** Where the payload begins. Its place hardly ever changes: only when the numbers before it get another digit. */
  #payloadOf(frame: Buffer): number {
    if (!stands(frame, this.#payloadKeyAt, PAYLOAD)) this.#payloadKeyAt = frame.indexOf(PAYLOAD, MEDIA.length);
    return this.#payloadKeyAt + PAYLOAD.length;
  }

  #readJson(frame: Buffer): void {
    let json: unknown;
    try {
      json = JSON.parse(frame.toString());
    } catch (error) {
      throw new CarrierProtocolError('a frame that is not JSON', { cause: error });
    }
    const parsed = message.safeParse(json);
    if (!parsed.success) {
      if (hasEvent(json) && !known.has(json.event)) return;
      throw new CarrierProtocolError(`a malformed message: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`);
    }
    const { data } = parsed;
    switch (data.event) {
      case 'connected':
        return;
      case 'start':
        if (this.#streamSid) throw new CarrierProtocolError('a second start');
        this.#streamSid = data.streamSid;
        this.audioStart = lasting(`{"event":"media","streamSid":${JSON.stringify(data.streamSid)},"media":{"payload":"`);
        this.#handlers.started({
          streamId: data.streamSid,
          carrierCallId: data.start.callSid,
          token: data.start.customParameters?.token ?? '',
        });
        return;
      case 'media':
        this.#requireStart();
        this.#handlers.audio(Buffer.from(data.media.payload, 'latin1'));
        return;
      case 'mark':
        this.#requireStart();
        this.#handlers.mark(data.mark.name);
        return;
      case 'dtmf':
        this.#requireStart();
        this.#handlers.digit(data.dtmf.digit);
        return;
      case 'stop':
        this.#handlers.stopped();
    }
  }

  #requireStart(): void {
    if (!this.#streamSid) throw new CarrierProtocolError('media before start');
  }

  mark(name: string): string {
    return `{"event":"mark","streamSid":${JSON.stringify(this.#streamSid)},"mark":{"name":${JSON.stringify(name)}}}`;
  }

  clear(): string {
    return `{"event":"clear","streamSid":${JSON.stringify(this.#streamSid)}}`;
  }
}

/** Whether the text stands at this place. For a few bytes this is faster than a call to `compare`. */
function stands(frame: Buffer, at: number, text: Buffer): boolean {
  if (at + text.length > frame.length) return false;
  for (let index = 0; index < text.length; index++) if (frame[at + index] !== text[index]) return false;
  return true;
}
const hasEvent = (json: unknown): json is { event: string } => typeof json === 'object' && json !== null && 'event' in json && typeof json.event === 'string';

/** Memory of its own: a slice of the common pool would keep all of the pool for as long as the call lasts. */
function lasting(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
