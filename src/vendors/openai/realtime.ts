import type { Socket } from 'node:net';
import WebSocket from 'ws';
import { HOUR } from '../../kit/time.ts';
import { maskedTextFrame } from '../../kit/websocket-frame.ts';
import type { VoiceCommand, VoiceConnection, VoiceHandlers, VoiceModel, VoiceSetup } from '../../ports/voice-model.ts';
import { clientEvent, historyItem, sessionUpdate } from './realtime-commands.ts';
import { readServerEvent } from './realtime-events.ts';

export interface OpenAiRealtimeOptions {
  readonly apiKey: string;
  /** The whole WebSocket address without the query, e.g. `wss://api.openai.com/v1/realtime`. */
  readonly url: string;
  readonly model: string;
  /** The vendor's hour, unless told otherwise. */
  readonly longestSessionMs?: number;
}

/**
 * The OpenAI Realtime API (GA shape) over a WebSocket of our own: the SDK's socket forces `wss:` and parses every frame.
 *
 * @see https://platform.openai.com/docs/api-reference/realtime
 */
export function openAiRealtime({ apiKey, url, model, longestSessionMs = HOUR }: OpenAiRealtimeOptions): VoiceModel {
  const address = new URL(url);
  address.searchParams.set('model', model);
  return {
    name: model,
    longestSessionMs,
    open: (setup, handlers) => new RealtimeConnection(address, apiKey, setup, handlers),
  };
}

const SOCKET_OPTIONS = {
  perMessageDeflate: false,
  // JSON of a server that we chose and authenticated; validating each frame costs more than relaying it.
  skipUTF8Validation: true,
  // No handshakeTimeout: its timer stays with the socket and is refreshed by every frame. Whoever opens a connection abandons one that is not ready in time.
  maxPayload: 16 * 1024 * 1024,
} as const;

const APPEND = Buffer.from('{"type":"input_audio_buffer.append","audio":"');
const APPEND_END = Buffer.from('"}');
const AUDIO_DELTA = Buffer.from('"response.output_audio.delta"');
const RESPONSE_ID = Buffer.from('"response_id":"');
const ITEM_ID = Buffer.from('"item_id":"');
const DELTA = Buffer.from('"delta":"');
const QUOTE = 0x22;
/** The event's name stands before this, whatever the order of the keys around it. */
const NAME_WITHIN = 96;

class RealtimeConnection implements VoiceConnection {
  readonly #socket: WebSocket;
  readonly #handlers: VoiceHandlers;
  /** What the WebSocket runs over. */
  #wire: Socket | null = null;
  #closed = false;
  #closeReason = '';

  constructor(address: URL, apiKey: string, setup: VoiceSetup, handlers: VoiceHandlers) {
    this.#handlers = handlers;
    this.#socket = new WebSocket(address, { ...SOCKET_OPTIONS, headers: { authorization: `Bearer ${apiKey}` } });
    this.#socket.on('upgrade', (response) => {
      this.#wire = response.socket;
    });
    this.#socket.on('open', () => {
      this.#sendJson(sessionUpdate(setup));
      for (const item of setup.history) this.#sendJson(historyItem(item));
    });
    this.#socket.on('message', (data: Buffer) => this.#receive(data));
    this.#socket.on('error', (error) => {
      this.#closeReason ||= error.message;
    });
    this.#socket.on('close', (code, reason) => {
      if (this.#closed) return;
      this.#closed = true;
      handlers.event({ type: 'closed', reason: this.#closeReason || `${code} ${reason.toString()}`.trim() });
    });
  }

  /** Fifty times a second: past the WebSocket, which is told of nothing else than finished frames. */
  sendAudio(base64: Buffer): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#wire?.write(maskedTextFrame(APPEND, base64, APPEND_END));
  }

  send(command: VoiceCommand): void {
    this.#sendJson(clientEvent(command));
  }

  #sendJson(event: unknown): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(event));
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  close(): void {
    this.#socket.close(1000);
  }

  abandon(reason: string): void {
    this.#closeReason = reason;
    this.#socket.terminate();
  }

  #receive(frame: Buffer): void {
    const name = frame.subarray(0, NAME_WITHIN).indexOf(AUDIO_DELTA);
    if (name !== -1 && this.#receiveAudio(frame, name)) return;
    let event: ReturnType<typeof readServerEvent>;
    try {
      event = readServerEvent(frame);
    } catch (error) {
      this.#handlers.event({ type: 'error', code: 'unreadable_event', message: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (event) this.#handlers.event(event);
  }

  /** Finds the ids and the audio by their keys: the payload is never parsed, decoded or copied here. */
  #receiveAudio(frame: Buffer, from: number): boolean {
    const audio = frame.indexOf(DELTA, from) + DELTA.length;
    const audioEnd = frame.indexOf(QUOTE, audio);
    const responseId = valueOf(frame, RESPONSE_ID);
    const itemId = valueOf(frame, ITEM_ID);
    if (audio < DELTA.length || audioEnd === -1 || !responseId || !itemId) return false;
    this.#handlers.audio(responseId, itemId, frame.subarray(audio, audioEnd));
    return true;
  }
}

function valueOf(frame: Buffer, key: Buffer): string {
  const start = frame.indexOf(key) + key.length;
  return start < key.length ? '' : frame.toString('latin1', start, frame.indexOf(QUOTE, start));
}
