import type { Clock, Timer } from '../../kit/clock.ts';
import { speak, type Utterance } from '../audio/modem.ts';
import { SAMPLES_PER_MS } from '../audio/mulaw.ts';
import type { Thought } from './brain/brain.ts';
import { type Conversation, wordsBegun } from './conversation.ts';
import type { ModelFaults, ModelTiming } from './faults.ts';
import { newModelId } from './ids.ts';
import type { AnswerLog } from './log.ts';
import { type ResponseState, responseObject } from './server-events.ts';
import type { UtteranceUsage } from './usage.ts';

export interface AnswerOptions {
  readonly clock: Clock;
  readonly timing: ModelTiming;
  readonly faults: ModelFaults;
  readonly send: (type: string, fields: object) => void;
  /** Null for an answer outside the conversation. */
  readonly conversation: Conversation | null;
  readonly shape: Pick<ResponseState, 'modality' | 'audio' | 'metadata'>;
  /** Asked when the model has thought for its time. */
  readonly think: () => Thought;
  readonly usage: (output: { text: string; spokenMs: number }) => UtteranceUsage;
  /** µ-law to speak instead of the thought's words. */
  readonly recording: Buffer | null;
  readonly drop: () => void;
  readonly done: (answer: Answer) => void;
}

interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

/**
 * One response: events in the vendor's order, and audio in pieces faster than it is played.
 *
 *   response.created → (thinking) → output_item.added → content_part.added → audio and transcript deltas → … .done
 */
export class Answer {
  readonly id = newModelId('resp');
  readonly log: AnswerLog = { responseId: this.id, status: 'in_progress', reason: null, text: '', producedMs: 0, lateMs: 0 };
  readonly #options: AnswerOptions;
  #timer: Timer | null = null;
  #state: 'thinking' | 'speaking' | 'done' = 'thinking';
  #thought: Thought = { say: '', call: null };
  #itemId = '';
  #utterance: Utterance = { audio: Buffer.alloc(0), words: [], durationMs: 0 };
  #sentBytes = 0;
  #sentWords = 0;
  readonly #output: object[] = [];
  readonly #toolCalls: ToolCall[] = [];
  #tokens = 0;
  #failAfterMs = Number.POSITIVE_INFINITY;
  #dropAfterMs = Number.POSITIVE_INFINITY;

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  begin(): void {
    const { clock, timing, faults } = this.#options;
    this.#options.send('response.created', { response: this.#response('in_progress') });
    if (faults.silentAnswers > 0) {
      faults.silentAnswers -= 1;
      return;
    }
    this.#failAfterMs = faults.failAnswersAfterMs.shift() ?? this.#failAfterMs;
    this.#dropAfterMs = faults.dropAfterMs.shift() ?? this.#dropAfterMs;
    this.#timer = clock.after(timing.thinkMs, () => this.#speak());
  }

  /** Stops it. What was under way still comes, late. */
  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    if (this.#state === 'done') return;
    this.#timer?.cancel();
    if (this.#state === 'speaking' && reason === 'turn_detected') {
      const before = this.#producedMs;
      for (let late = 0; late < this.#options.timing.lateDeltas && this.#sentBytes < this.#utterance.audio.length; late += 1) this.#delta();
      this.log.lateMs = this.#producedMs - before;
    }
    this.#finish('cancelled', reason);
  }

  /** The connection is gone. */
  abandon(): void {
    this.#state = 'done';
    this.#timer?.cancel();
  }

  get #producedMs(): number {
    return this.#sentBytes / SAMPLES_PER_MS;
  }

  #speak(): void {
    const { conversation, send, shape, recording } = this.#options;
    this.#thought = this.#options.think();
    Object.assign(this.log, { text: this.#thought.say });
    this.#state = 'speaking';
    if (this.#thought.say === '' && !recording) return this.#finish('completed');
    this.#itemId = newModelId('item');
    if (shape.modality === 'text') return this.#write();
    this.#utterance = recording ? { audio: recording, words: [], durationMs: recording.length / SAMPLES_PER_MS } : speak(this.#thought.say);
    const added = conversation?.addAnswer(this.#itemId, this.#utterance.words);
    const wire = added?.wire ?? { id: this.#itemId, object: 'realtime.item', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    send('response.output_item.added', { response_id: this.id, output_index: 0, item: wire });
    if (added) send('conversation.item.added', { previous_item_id: added.previousId, item: added.wire });
    send('response.content_part.added', { ...this.#place, part: { type: 'audio', transcript: '' } });
    this.#next();
  }

  #next(): void {
    const { clock, timing, send, drop } = this.#options;
    if (this.#producedMs >= this.#dropAfterMs) return drop();
    if (this.#producedMs >= this.#failAfterMs) {
      send('error', {
        error: { type: 'server_error', code: 'server_error', message: 'The server had an error while processing your request.', param: null, event_id: null },
      });
      return this.#finish('failed');
    }
    this.#delta();
    if (this.#sentBytes >= this.#utterance.audio.length && this.#producedMs < Math.min(this.#failAfterMs, this.#dropAfterMs)) return this.#finish('completed');
    this.#timer = clock.after(timing.deltaMs / timing.speed, () => this.#next());
  }

  #delta(): void {
    const { send, timing, conversation } = this.#options;
    const { audio, words } = this.#utterance;
    const piece = audio.subarray(this.#sentBytes, this.#sentBytes + timing.deltaMs * SAMPLES_PER_MS);
    if (piece.length === 0) return;
    this.#sentBytes += piece.length;
    const begun = words.filter((word) => word.startMs < this.#producedMs).length;
    const text = words.slice(this.#sentWords, begun).map((word) => word.text);
    if (text.length > 0) send('response.output_audio_transcript.delta', { ...this.#place, delta: (this.#sentWords > 0 ? ' ' : '') + text.join(' ') });
    this.#sentWords = begun;
    send('response.output_audio.delta', { ...this.#place, delta: piece.toString('base64') });
    this.log.producedMs = this.#producedMs;
    conversation?.progress(this.#itemId, this.#producedMs, 'in_progress', []);
  }

  #finish(status: 'completed' | 'cancelled' | 'failed', reason?: 'turn_detected' | 'client_cancelled'): void {
    const { conversation, send } = this.#options;
    this.#state = 'done';
    this.#timer?.cancel();
    if (this.#utterance.audio.length > 0) {
      const transcript = wordsBegun(this.#utterance.words, this.#producedMs);
      send('response.output_audio.done', this.#place);
      send('response.output_audio_transcript.done', { ...this.#place, transcript });
      send('response.content_part.done', { ...this.#place, part: { type: 'audio', transcript } });
      const content = [{ type: 'output_audio', transcript }];
      const itemStatus = status === 'completed' ? 'completed' : 'incomplete';
      conversation?.progress(this.#itemId, this.#producedMs, itemStatus, content);
      this.#itemDone({ id: this.#itemId, object: 'realtime.item', type: 'message', status: itemStatus, role: 'assistant', content });
    }
    if (status === 'completed' && this.#thought.call) this.#callTool(this.#thought.call);
    this.log.status = status;
    this.log.reason = reason ?? null;
    const usage = this.#options.usage({ text: this.log.text, spokenMs: this.#producedMs });
    this.#tokens = usage.total_tokens;
    send('response.done', { response: this.#response(status, reason, usage) });
    this.#options.done(this);
  }

  #write(): void {
    const { conversation, send } = this.#options;
    const { say: text } = this.#thought;
    const added = conversation?.addText(this.#itemId, text);
    const item = {
      id: this.#itemId,
      object: 'realtime.item',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text }],
    };
    send('response.output_item.added', { response_id: this.id, output_index: 0, item: { ...item, status: 'in_progress', content: [] } });
    if (added) send('conversation.item.added', { previous_item_id: added.previousId, item: { ...item, status: 'in_progress', content: [] } });
    send('response.content_part.added', { ...this.#place, part: { type: 'text', text: '' } });
    send('response.output_text.delta', { ...this.#place, delta: text });
    send('response.output_text.done', { ...this.#place, text });
    send('response.content_part.done', { ...this.#place, part: { type: 'text', text } });
    this.#itemDone(item);
    this.#finish('completed');
  }

  #callTool(call: NonNullable<Thought['call']>): void {
    const { conversation, send, faults } = this.#options;
    const fault = faults.toolCalls.shift();
    const name = fault?.name ?? call.name;
    const given = fault?.arguments ?? JSON.stringify(call.arguments);
    const id = newModelId('item');
    const callId = newModelId('call');
    const place = { response_id: this.id, item_id: id, output_index: this.#output.length, call_id: callId };
    const item = { id, object: 'realtime.item', type: 'function_call', status: 'completed', call_id: callId, name, arguments: given };
    const begun = { ...item, status: 'in_progress', arguments: '' };
    send('response.output_item.added', { response_id: this.id, output_index: place.output_index, item: begun });
    const added = conversation?.addToolCall(id, { callId, name, arguments: given });
    if (added) send('conversation.item.added', { previous_item_id: added.previousId, item: begun });
    for (const delta of given.match(/.{1,12}/gs) ?? []) send('response.function_call_arguments.delta', { ...place, delta });
    send('response.function_call_arguments.done', { ...place, name, arguments: given });
    this.#itemDone(item);
    this.#toolCalls.push({ callId, name, arguments: given });
  }

  #itemDone(item: { readonly id: string } & Record<string, unknown>): void {
    const { conversation, send } = this.#options;
    send('response.output_item.done', { response_id: this.id, output_index: this.#output.length, item });
    if (conversation) send('conversation.item.done', { previous_item_id: conversation.before(item.id), item });
    this.#output.push(item);
  }

  get #place() {
    return { response_id: this.id, item_id: this.#itemId, output_index: 0, content_index: 0 };
  }

  get toolCalls(): readonly ToolCall[] {
    return this.#toolCalls;
  }

  get tokens(): number {
    return this.#tokens;
  }

  #response(status: ResponseState['status'], reason?: 'turn_detected' | 'client_cancelled', usage?: UtteranceUsage): object {
    const { conversation, shape } = this.#options;
    return responseObject({ id: this.id, status, reason, usage, output: this.#output, conversationId: conversation?.id ?? null, ...shape });
  }
}
