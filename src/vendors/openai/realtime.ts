import { HOUR } from '../../kit/time.ts';
import type { WebSocketConnection } from '../../kit/websocket-connection.ts';
import { connectWebSocket } from '../../kit/websocket-handshake.ts';
import type { VoiceCommand, VoiceConnection, VoiceHandlers, VoiceModel, VoiceSetup } from '../../ports/voice-model.ts';
import { clientEvent, historyItem, sessionUpdate, TURN_SILENCE_MS } from './realtime-commands.ts';
import { readServerEvent } from './realtime-events.ts';
import { DELTA, fieldOf, ITEM_ID, RESPONSE_ID } from './realtime-fields.ts';

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
 * It has no time limit of its own: whoever opens a connection abandons one that is not ready in time.
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

const LARGEST_EVENT = 16 * 1024 * 1024;
const APPEND = Buffer.from('{"type":"input_audio_buffer.append","audio":"');
const APPEND_END = Buffer.from('"}');
/** µ-law's zero, eight bytes a millisecond, for twice as long as a pause within a turn may be. */
const END_SILENCE = Buffer.from(Buffer.alloc(2 * TURN_SILENCE_MS * 8, 0xff).toString('base64'));
const AUDIO_DELTA = Buffer.from('"response.output_audio.delta"');
/** The event's name stands before this, whatever the order of the keys around it. */
const NAME_WITHIN = 96;

class RealtimeConnection implements VoiceConnection {
  readonly #socket: WebSocketConnection;
  readonly #handlers: VoiceHandlers;
  #ready = false;
  #abandoned = '';

  constructor(address: URL, apiKey: string, setup: VoiceSetup, handlers: VoiceHandlers) {
    this.#handlers = handlers;
    this.#socket = connectWebSocket(
      address,
      { headers: { authorization: `Bearer ${apiKey}` }, largestMessage: LARGEST_EVENT },
      {
        opened: () => {
          this.#sendJson(sessionUpdate(setup));
          for (const item of setup.history) this.#sendJson(historyItem(item));
        },
        message: (data) => this.#receive(data),
        closed: ({ code, reason, error }) => {
          handlers.event({ type: 'closed', reason: this.#abandoned || (error?.message ?? `${code} ${reason}`.trim()) });
        },
      },
    );
  }

  /** Fifty times a second. */
  sendAudio(base64: Buffer): void {
    this.#socket.sendParts(APPEND, base64, APPEND_END);
  }

  /** Silence, by which the model notices the end of a turn: with its voice detection on, a turn is not ours to commit. */
  endAudio(): void {
    this.sendAudio(END_SILENCE);
  }

  send(command: VoiceCommand): void {
    this.#sendJson(clientEvent(command));
  }

  #sendJson(event: unknown): void {
    this.#socket.send(JSON.stringify(event));
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  close(): void {
    this.#socket.close(1000);
  }

  abandon(reason: string): void {
    this.#abandoned = reason;
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
    if (!event) return;
    // Later changes of the session are answered alike.
    if (event.type === 'ready' && this.#ready) return;
    this.#ready ||= event.type === 'ready';
    this.#handlers.event(event);
  }

  /** Finds the ids and the audio by their keys: the payload is never parsed, decoded or copied here. */
  #receiveAudio(frame: Buffer, from: number): boolean {
    const audio = fieldOf(frame, DELTA, from);
    const responseId = fieldOf(frame, RESPONSE_ID)?.toString('latin1');
    const itemId = fieldOf(frame, ITEM_ID)?.toString('latin1');
    if (!audio || !responseId || !itemId) return false;
    this.#handlers.audio(responseId, itemId, audio);
    return true;
  }
}
