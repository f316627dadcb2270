import type { Clock } from '../../kit/clock.ts';
import { Answer } from './answer.ts';
import { think } from './brain/brain.ts';
import { Conversation } from './conversation.ts';
import { Ear, type HeardEvent } from './ear.ts';
import type { ModelFaults, ModelTiming } from './faults.ts';
import { newModelId } from './ids.ts';
import type { ModelSessionLog } from './log.ts';
import { rateLimits } from './server-events.ts';
import { initialState, type SessionState, sessionObject, updateState } from './session-state.ts';
import { transcribe } from './transcriber.ts';
import { UsageMeter } from './usage.ts';
import { type ClientEvent, type NewItem, type ResponseCreate, readClientEvent, type WireError } from './wire.ts';

const MINIMUM_COMMIT_MS = 100;

export interface ModelWorld {
  readonly clock: Clock;
  readonly timing: ModelTiming;
  readonly faults: ModelFaults;
  /** Keeps the caller's audio in the log. */
  readonly record: boolean;
  /** µ-law that is spoken instead of words, one for each answer in turn. */
  readonly recordings: Buffer[];
}

export interface Connection {
  send(message: string): void;
  /** Cut without a word. */
  drop(): void;
  close(code: number, reason: string): void;
}

/** One realtime conversation, as a function of messages: no socket in here. */
export class ModelSession {
  readonly log: ModelSessionLog;
  readonly #world: ModelWorld;
  readonly #connection: Connection;
  readonly #conversation = new Conversation();
  readonly #ear: Ear;
  readonly #meter = new UsageMeter();
  readonly #gone = new AbortController();
  readonly #outside = new Set<Answer>();
  readonly #expiresAt: Date;
  #state: SessionState = initialState;
  #answer: Answer | null = null;
  #spoken = false;
  #turnItemId = '';
  /** Where the audio that is not committed yet begins. */
  #bufferStartMs = 0;

  constructor(world: ModelWorld, connection: Connection, model: string) {
    this.#world = world;
    this.#connection = connection;
    this.#ear = new Ear(initialState.input.turns?.silenceMs ?? 500);
    const now = world.clock.now();
    this.log = {
      id: newModelId('sess'),
      model,
      openedAt: now,
      closedAt: null,
      clientEvents: {},
      errors: [],
      receivedBytes: 0,
      receivedAudio: [],
      heard: [],
      answers: [],
      truncations: [],
      toolCalls: [],
    };
    this.#expiresAt = new Date(now.getTime() + world.timing.sessionMs);
    const expiry = world.clock.after(world.timing.sessionMs, () => {
      this.#refuse({ type: 'invalid_request_error', code: 'session_expired', message: 'Your session hit the maximum duration.', param: null }, null);
      connection.close(1001, 'session expired');
    });
    this.#gone.signal.addEventListener('abort', () => expiry.cancel());
    this.#send('session.created', { session: this.#session() });
  }

  receive(source: string): void {
    const read = readClientEvent(source);
    if (!read.ok) return this.#refuse(read.error, read.eventId);
    const { event } = read;
    this.log.clientEvents[event.type] = (this.log.clientEvents[event.type] ?? 0) + 1;
    const error = this.#act(event);
    if (error) this.#refuse(error, event.event_id ?? null);
    const fault = event.type === 'input_audio_buffer.append' ? undefined : this.#world.faults.errors.shift();
    if (fault) this.#refuse({ type: 'server_error', code: fault, message: 'The server had an error while processing your request.', param: null }, null);
  }

  /** The connection is gone. */
  end(): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort();
    this.log.closedAt = this.#world.clock.now();
    for (const answer of [this.#answer, ...this.#outside]) answer?.abandon();
  }

  #act(event: ClientEvent): WireError | null {
    switch (event.type) {
      case 'session.update': {
        const updated = updateState(this.#state, event.session, this.#spoken);
        if (!updated.ok) return updated.error;
        this.#state = updated.state;
        this.#ear.endsTurns = updated.state.input.turns !== null;
        this.#ear.silenceMs = updated.state.input.turns?.silenceMs ?? 500;
        this.#send('session.updated', { session: this.#session() });
        return null;
      }
      case 'input_audio_buffer.append':
        return this.#append(event.audio);
      case 'input_audio_buffer.commit':
        return this.#commit();
      case 'input_audio_buffer.clear':
        this.#ear.takeWords();
        this.#bufferStartMs = this.#ear.positionMs;
        this.#send('input_audio_buffer.cleared', {});
        return null;
      case 'conversation.item.create':
        return this.#create(event.item, event.previous_item_id ?? null);
      case 'conversation.item.retrieve': {
        const item = this.#conversation.find(event.item_id);
        if (!item) return notFound(event.item_id);
        this.#send('conversation.item.retrieved', { item });
        return null;
      }
      case 'conversation.item.delete':
        if (!this.#conversation.delete(event.item_id)) return notFound(event.item_id);
        this.#send('conversation.item.deleted', { item_id: event.item_id });
        return null;
      case 'conversation.item.truncate':
        return this.#truncate(event.item_id, event.content_index, event.audio_end_ms);
      case 'response.create':
        return this.#respond(event.response ?? {});
      case 'response.cancel':
        if (!this.#answer || (event.response_id !== undefined && event.response_id !== this.#answer.id)) {
          return invalid('response_cancel_not_active', 'Cancellation failed: no active response found');
        }
        this.#answer.cancel('client_cancelled');
        return null;
    }
  }

  #append(base64: string): WireError | null {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
      return invalid('invalid_value', "Invalid 'audio'. Expected base64-encoded audio bytes.", 'audio');
    }
    const { format } = this.#state.input;
    if (format.type !== 'audio/pcmu') return invalid('invalid_value', `This simulator hears audio/pcmu alone; the session is set to ${format.type}.`, 'audio');
    const audio = Buffer.from(base64, 'base64');
    this.log.receivedBytes += audio.length;
    if (this.#world.record) this.log.receivedAudio.push(audio);
    for (const heard of this.#ear.push(audio)) this.#hear(heard);
    return null;
  }

  #hear(heard: HeardEvent): void {
    const { turns } = this.#state.input;
    if (!turns) return;
    if (heard.type === 'started') {
      this.#turnItemId = newModelId('item');
      this.#send('input_audio_buffer.speech_started', { audio_start_ms: Math.max(0, Math.round(heard.atMs - turns.prefixMs)), item_id: this.#turnItemId });
      if (turns.interruptResponse) this.#answer?.cancel('turn_detected');
      return;
    }
    this.#send('input_audio_buffer.speech_stopped', { audio_end_ms: Math.round(heard.noticedMs), item_id: this.#turnItemId });
    this.#takeTurn(this.#turnItemId, heard.text, heard.speechMs);
    if (!turns.createResponse) return;
    const error = this.#respond({});
    if (error) this.#refuse(error, null);
  }

  #commit(): WireError | null {
    const bufferedMs = this.#ear.positionMs - this.#bufferStartMs;
    if (bufferedMs < MINIMUM_COMMIT_MS) {
      const message = `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`;
      return invalid('input_audio_buffer_commit_empty', message);
    }
    this.#takeTurn(newModelId('item'), this.#ear.takeWords(), bufferedMs);
    return null;
  }

  #takeTurn(itemId: string, text: string, speechMs: number): void {
    const { clock, timing, faults } = this.#world;
    this.#bufferStartMs = this.#ear.positionMs;
    this.log.heard.push(text);
    const { wire, previousId } = this.#conversation.addSpeech(itemId, text);
    this.#send('input_audio_buffer.committed', { previous_item_id: previousId, item_id: itemId });
    this.#send('conversation.item.added', { previous_item_id: previousId, item: wire });
    this.#send('conversation.item.done', { previous_item_id: previousId, item: wire });
    const model = this.#state.input.transcription?.model;
    const send = (type: string, fields: object) => this.#send(type, fields);
    if (model) void transcribe({ clock, timing, faults, send, signal: this.#gone.signal }, { itemId, text, speechMs, model });
  }

  #create(item: NewItem, after: string | null): WireError | null {
    if (item.type === 'function_call_output') {
      if (!this.#conversation.hasToolCall(item.call_id)) {
        return invalid('invalid_tool_call_id', `Tool call ID '${item.call_id}' not found in conversation.`, 'item.call_id');
      }
      const call = this.log.toolCalls.find(({ callId }) => callId === item.call_id);
      if (call) call.output = item.output;
    }
    const added = this.#conversation.addGiven(item, after);
    if (!added) return notFound(after ?? '');
    this.#send('conversation.item.added', { previous_item_id: added.previousId, item: added.wire });
    this.#send('conversation.item.done', { previous_item_id: added.previousId, item: added.wire });
    return null;
  }

  #truncate(itemId: string, contentIndex: number, audioEndMs: number): WireError | null {
    if (contentIndex !== 0) return invalid('invalid_value', "Invalid 'content_index': only 0 can be truncated.", 'content_index');
    const done = this.#conversation.truncate(itemId, audioEndMs);
    if (!done.ok) return invalid('invalid_value', done.message, 'audio_end_ms');
    this.log.truncations.push({ itemId, audioEndMs, producedMs: done.producedMs, remembered: done.remembered });
    this.#send('conversation.item.truncated', { item_id: itemId, content_index: 0, audio_end_ms: audioEndMs });
    return null;
  }

  #respond(request: ResponseCreate): WireError | null {
    const outside = request.conversation === 'none';
    if (this.#answer && !outside) {
      const message = `Conversation already has an active response in progress: ${this.#answer.id}. Wait until the response is finished before creating a new one.`;
      return invalid('conversation_already_has_active_response', message);
    }
    const { clock, timing, faults, recordings } = this.#world;
    const state = this.#state;
    const choice = request.tool_choice ?? state.toolChoice;
    const mayCall = (name: string) => (typeof choice === 'string' ? choice !== 'none' : choice.name === name);
    const tools = (request.tools ?? state.tools).map(({ name, parameters }) => ({ name, parameters: parameters ?? {} }));
    const modality = request.output_modalities?.[0] ?? state.modality;
    const answer = new Answer({
      clock,
      timing,
      faults,
      send: (type, fields) => this.#send(type, fields),
      conversation: outside ? null : this.#conversation,
      shape: { modality, audio: { format: state.output.format, voice: state.output.voice }, metadata: request.metadata ?? null },
      think: () =>
        think({ memory: this.#conversation.memory, instructions: state.instructions, ask: request.instructions ?? null, tools, mayCall, now: clock.now() }),
      usage: (output) => this.#meter.answer(state.instructions, this.#conversation.memory, this.#ear.totalSpeechMs, output),
      recording: recordings.shift() ?? null,
      drop: () => this.#connection.drop(),
      done: (ended) => this.#answered(ended),
    });
    if (outside) this.#outside.add(answer);
    else this.#answer = answer;
    this.log.answers.push(answer.log);
    answer.begin();
    return null;
  }

  #answered(answer: Answer): void {
    if (this.#answer === answer) this.#answer = null;
    this.#outside.delete(answer);
    if (answer.log.producedMs > 0) this.#spoken = true;
    this.log.toolCalls.push(...answer.toolCalls.map((call) => ({ ...call, output: null })));
    this.#send('rate_limits.updated', { rate_limits: rateLimits(answer.tokens) });
  }

  #session(): object {
    return sessionObject(this.#state, { id: this.log.id, model: this.log.model, expiresAt: this.#expiresAt });
  }

  #refuse(error: WireError, eventId: string | null): void {
    this.log.errors.push({ code: error.code, message: error.message, param: error.param });
    this.#send('error', { error: { ...error, event_id: eventId } });
  }

  #send(type: string, fields: object): void {
    if (!this.#gone.signal.aborted) this.#connection.send(JSON.stringify({ type, event_id: newModelId('event'), ...fields }));
  }
}

const invalid = (code: string, message: string, param: string | null = null): WireError => ({ type: 'invalid_request_error', code, message, param });

const notFound = (itemId: string): WireError => invalid('item_not_found', `Item with item_id '${itemId}' not found.`, 'item_id');
