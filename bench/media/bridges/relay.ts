/**
 * The limit: the least that a bridge over the `ws` package can do and still speak both protocols. It finds the payload
 * by its key and copies it between constant text. No state, no marks, no truncation, no token: not a product.
 */
import http from 'node:http';
import WebSocket, { WebSocketServer } from 'ws';

const modelUrl = process.env.OPENAI_REALTIME_URL ?? '';
const socketOptions = { perMessageDeflate: false, skipUTF8Validation: true };
const asText = { binary: false };

const QUOTE = 0x22;
const APPEND = Buffer.from('{"type":"input_audio_buffer.append","audio":"');
const APPEND_END = Buffer.from('"}');
const MEDIA_END = Buffer.from('"}}');
const MEDIA_EVENT = Buffer.from('"event":"media"');
const PAYLOAD = Buffer.from('"payload":"');
const DELTA = Buffer.from('"delta":"');
const AUDIO_DELTA = Buffer.from('{"type":"response.output_audio.delta"');
const SPEECH_STARTED = Buffer.from('{"type":"input_audio_buffer.speech_started"');
const SETUP = JSON.stringify({
  type: 'session.update',
  session: {
    type: 'realtime',
    instructions: 'You answer the telephone of a small business and book appointments.',
    audio: { input: { format: { type: 'audio/pcmu' }, turn_detection: { type: 'server_vad' } }, output: { format: { type: 'audio/pcmu' } } },
  },
});

/** The bytes between a key and the next quote. */
function valueAfter(message: Buffer, key: Buffer): Buffer {
  const start = message.indexOf(key) + key.length;
  return message.subarray(start, message.indexOf(QUOTE, start));
}

const begins = (message: Buffer, text: Buffer) => message.length > text.length && message.compare(text, 0, text.length, 0, text.length) === 0;

const server = http.createServer();
new WebSocketServer({ server, ...socketOptions }).on('connection', (caller) => {
  let streamSid = '';
  let mediaStart = Buffer.alloc(0);
  let waiting: Buffer[] | null = [];
  const model = new WebSocket(modelUrl, { ...socketOptions, headers: { authorization: 'Bearer bench' } });
  model.on('open', () => {
    model.send(SETUP);
    for (const frame of waiting ?? []) model.send(frame, asText);
    waiting = null;
  });
  caller.on('message', (message: Buffer) => {
    if (message.indexOf(MEDIA_EVENT) === 1) {
      const frame = Buffer.concat([APPEND, valueAfter(message, PAYLOAD), APPEND_END]);
      if (waiting) waiting.push(frame);
      else model.send(frame, asText);
    } else if (message.includes('"event":"start"')) {
      streamSid = valueAfter(message, Buffer.from('"streamSid":"')).toString();
      mediaStart = Buffer.from(`{"event":"media","streamSid":"${streamSid}","media":{"payload":"`);
    }
  });
  model.on('message', (message: Buffer) => {
    if (begins(message, AUDIO_DELTA)) caller.send(Buffer.concat([mediaStart, valueAfter(message, DELTA), MEDIA_END]), asText);
    else if (begins(message, SPEECH_STARTED)) caller.send(`{"event":"clear","streamSid":"${streamSid}"}`);
  });
  caller.on('close', () => model.close());
  model.on('close', () => caller.close());
  caller.on('error', () => caller.terminate());
  model.on('error', () => caller.close());
});
server.listen(Number(process.env.PORT), '127.0.0.1');
