import type WebSocket from 'ws';
import { FRAME_MS, MEASURED, nowUs, SPEECH, type Stamp, StampReader } from '../stamp.ts';
import { Answer, TRANSCRIPT } from './answer.ts';
import { HeardCall, type ModelOptions, type ModelRecord } from './model-record.ts';
import { readSettings } from './session-settings.ts';

/** The sessions of one model and what they share. */
export interface ModelStage {
  readonly options: ModelOptions;
  readonly record: ModelRecord;
  /** Sessions that make speech now. */
  readonly speaking: Set<ModelSession>;
}

let lastEvent = 0;
const eventId = () => `event_${String(++lastEvent).padStart(16, '0')}`;

/**
 * One session of a realtime model in GA shape. Its voice detection is a flag in the frame, so that it reacts at once
 * and every run takes the same turns.
 */
export class ModelSession {
  readonly stage: ModelStage;
  readonly #send: (text: string) => void;
  readonly #reader = new StampReader((stamp) => this.#hear(stamp));
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #answers = new Map<string, Answer>();
  readonly #items = new Map<string, object>();
  #lastItem: string | null = null;
  #heard: HeardCall | null = null;
  #call = -1;
  #nextSequence = 0;
  #configured = false;
  #createResponse = true;
  #interruptResponse = true;
  #callerSpeaks = false;
  #userItem = '';
  #itemCount = 0;
  #answer: Answer | null = null;
  #answerWanted = false;

  constructor(socket: WebSocket, stage: ModelStage) {
    this.stage = stage;
    this.#send = (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    };
    this.#emit('session.created', { session: { type: 'realtime', object: 'realtime.session', id: eventId(), model: 'gpt-realtime' } });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.stage.speaking.delete(this);
  }

  /** Audio is almost all that comes: its payload is found without parsing the message. */
  receive(message: Buffer): void {
    const type = message.indexOf('"input_audio_buffer.append"');
    const key = type >= 0 && type < 120 ? message.indexOf('"audio":"') : -1;
    if (key > 0) return this.#append(message, key + 9, message.indexOf(0x22, key + 9));
    try {
      const command: unknown = JSON.parse(message.toString());
      if (typeof command === 'object' && command !== null && 'type' in command && typeof command.type === 'string') this.#obey(command.type, command);
      else this.stage.record.violation('a command without a type');
    } catch {
      this.stage.record.violation('a message that is not JSON');
    }
  }

  /** Sends the deltas that are due. */
  speak(now: number): void {
    const answer = this.#answer;
    if (!answer) return void this.stage.speaking.delete(this);
    while (answer.takeTurn(now)) this.#sendDelta(answer);
    if (answer.complete) this.#finish('completed');
  }

  #append(message: Buffer, start: number, end: number): void {
    const { foreignBytes, damagedFrames } = this.#reader;
    this.#reader.readBase64(message, start, end);
    if (!this.#heard) return;
    this.#heard.foreignBytes += this.#reader.foreignBytes - foreignBytes;
    this.#heard.damaged += this.#reader.damagedFrames - damagedFrames;
  }

  #hear(stamp: Stamp): void {
    const now = nowUs();
    const { record } = this.stage;
    if (!this.#heard) {
      this.#heard = new HeardCall();
      this.#call = stamp.call;
      this.#nextSequence = stamp.sequence;
      this.#heard.headLost = stamp.sequence;
      record.calls.set(stamp.call, this.#heard);
      record.firstFrame.add(now - stamp.sentAtUs);
      if (this.#answerWanted) this.#begin();
    }
    const heard = this.#heard;
    if (stamp.call !== this.#call) record.violation('a frame of another call');
    if (!this.#configured) heard.unconfigured++;
    heard.received++;
    if (stamp.sequence < this.#nextSequence) {
      heard.reordered++;
    } else {
      heard.lost += stamp.sequence - this.#nextSequence;
      this.#nextSequence = stamp.sequence + 1;
    }
    if (stamp.flags & MEASURED) record.latency.add(now - stamp.sentAtUs);
    const speaks = (stamp.flags & SPEECH) !== 0;
    if (speaks && !this.#callerSpeaks) this.#startTurn(stamp.turn);
    else if (!speaks && this.#callerSpeaks) this.#endTurn();
  }

  #startTurn(turn: number): void {
    const { options, record } = this.stage;
    this.#callerSpeaks = true;
    this.#userItem = `item_user_${this.#call}_${++this.#itemCount}`;
    record.speechStarts.push({ call: this.#call, turn, atUs: nowUs() });
    this.#emit('input_audio_buffer.speech_started', { audio_start_ms: this.#audioMs(), item_id: this.#userItem });
    const answer = this.#answer;
    if (!answer || !this.#interruptResponse) return;
    // The answer is cut, and yet a delta that was under way still leaves: the race that a bridge has to survive.
    this.stage.speaking.delete(this);
    const cut = () => {
      if (this.#answer !== answer) return; // cancelled meanwhile
      for (let late = 0; late < options.lateDeltas && !answer.complete; late++) this.#sendDelta(answer, true);
      this.#finish('cancelled', 'turn_detected');
    };
    const delayMs = (this.#call % 3) * options.lateEveryMs;
    if (delayMs === 0) cut();
    else this.#after(delayMs, cut);
  }

  #endTurn(): void {
    this.#callerSpeaks = false;
    const item_id = this.#userItem;
    this.#emit('input_audio_buffer.speech_stopped', { audio_end_ms: this.#audioMs(), item_id });
    this.#emit('input_audio_buffer.committed', { previous_item_id: this.#lastItem, item_id });
    const content = [{ type: 'input_audio', transcript: null }];
    this.#addItem({ id: item_id, object: 'realtime.item', type: 'message', status: 'completed', role: 'user', content });
    this.#after(this.stage.options.thinkMs / 2, () => {
      const transcript = 'Hello, I would like to come in this week, on Thursday if you can.';
      const usage = { type: 'duration', seconds: 1 };
      this.#emit('conversation.item.input_audio_transcription.completed', { item_id, content_index: 0, transcript, usage });
    });
    if (this.#createResponse) this.#after(this.stage.options.thinkMs, () => this.#begin());
  }

  #begin(): void {
    // Whose call this is, the first frame tells; an answer that was asked for before waits for it.
    if (!this.#heard) {
      this.#answerWanted = true;
      return;
    }
    if (this.#answer) return this.#refuse('conversation_already_has_active_response', 'Conversation already has an active response in progress');
    const answer = new Answer(this.#call, this.#answers.size, this.stage.options);
    this.#answer = answer;
    this.#answers.set(answer.itemId, answer);
    this.#emit('response.created', { response: answer.response('in_progress') });
    this.#emit('response.output_item.added', { response_id: answer.responseId, output_index: 0, item: answer.item('in_progress') });
    this.#addItem(answer.item('in_progress'), answer.itemId);
    this.#emit('response.content_part.added', { ...place(answer), part: { type: 'audio', transcript: '' } });
    this.stage.speaking.add(this);
  }

  #sendDelta(answer: Answer, late = false): void {
    const where = `"response_id":"${answer.responseId}","item_id":"${answer.itemId}","output_index":0,"content_index":0`;
    this.#send(`{"type":"response.output_audio.delta","event_id":"${eventId()}",${where},"delta":"${answer.nextDelta(late)}"}`);
    this.#send(`{"type":"response.output_audio_transcript.delta","event_id":"${eventId()}",${where},"delta":" at ten"}`);
  }

  #finish(status: 'completed' | 'cancelled', reason?: string): void {
    const answer = this.#answer;
    if (!answer) return;
    this.#answer = null;
    this.stage.speaking.delete(this);
    const frames = answer.sentFrames;
    this.#heard?.answers.push({ answer: answer.number, frames, completed: status === 'completed', late: answer.lateFrames });
    this.#emit('response.output_audio.done', place(answer));
    this.#emit('response.output_audio_transcript.done', { ...place(answer), transcript: TRANSCRIPT });
    this.#emit('response.content_part.done', { ...place(answer), part: { type: 'audio', transcript: TRANSCRIPT } });
    const item = answer.item(status === 'completed' ? 'completed' : 'incomplete');
    this.#items.set(answer.itemId, item);
    this.#emit('response.output_item.done', { response_id: answer.responseId, output_index: 0, item });
    this.#emit('conversation.item.done', { previous_item_id: null, item });
    this.#emit('response.done', { response: answer.response(status, reason) });
    this.#emit('rate_limits.updated', { rate_limits: [{ name: 'tokens', limit: 800_000, remaining: 790_000, reset_seconds: 0.75 }] });
  }

  #obey(type: string, command: object): void {
    const { record, options } = this.stage;
    record.commands[type] = (record.commands[type] ?? 0) + 1;
    switch (type) {
      case 'session.update':
        this.#configure('session' in command ? command.session : null);
        this.#after(options.configureMs, () => this.#emit('session.updated', { session: { type: 'realtime', object: 'realtime.session' } }));
        break;
      case 'response.create':
        this.#begin();
        break;
      case 'response.cancel':
        if (this.#answer) this.#finish('cancelled', 'client_cancelled');
        else this.#refuse('response_cancel_not_active', 'Cancellation failed: no active response found');
        break;
      case 'conversation.item.truncate':
        this.#truncate('item_id' in command ? command.item_id : null, 'audio_end_ms' in command ? command.audio_end_ms : null);
        break;
      case 'conversation.item.create':
        this.#addItem({ id: `item_given_${this.#call}_${++this.#itemCount}`, ...('item' in command && typeof command.item === 'object' ? command.item : {}) });
        break;
      case 'conversation.item.retrieve':
        this.#retrieve('item_id' in command ? command.item_id : null);
        break;
      case 'conversation.item.delete':
      case 'input_audio_buffer.clear':
        break;
      default:
        record.violation(`unknown command ${type}`);
    }
  }

  #configure(session: unknown): void {
    const settings = readSettings(session);
    if (settings.type !== 'realtime') this.stage.record.violation('session.update without type "realtime"');
    if (settings.input === 'audio/pcmu' && settings.output === 'audio/pcmu') this.#configured = true;
    else if (!this.#configured && (settings.input || settings.output)) this.stage.record.violation('session.update without audio/pcmu both ways');
    this.#createResponse = settings.createResponse ?? this.#createResponse;
    this.#interruptResponse = settings.interruptResponse ?? this.#interruptResponse;
  }

  #truncate(itemId: unknown, audioEndMs: unknown): void {
    const { record } = this.stage;
    const answer = typeof itemId === 'string' ? this.#answers.get(itemId) : undefined;
    if (!answer) return record.violation('truncate of an unknown item');
    if (typeof audioEndMs !== 'number' || !Number.isInteger(audioEndMs) || audioEndMs < 0) return record.violation('truncate without a whole audio_end_ms');
    if (audioEndMs > answer.sentMs) {
      record.violation('truncate beyond the audio sent');
      this.#refuse('invalid_value', `Audio content of ${answer.sentMs}ms is already shorter than ${audioEndMs}ms`);
    }
    const streaming = this.#answer === answer || answer.late;
    record.truncates.push({ call: this.#call, answer: answer.number, audioEndMs, late: streaming });
    this.#emit('conversation.item.truncated', { item_id: itemId, content_index: 0, audio_end_ms: audioEndMs });
  }

  #addItem(item: object, id = 'id' in item ? String(item.id) : ''): void {
    const previous_item_id = this.#lastItem;
    this.#lastItem = id;
    this.#items.set(id, item);
    this.#emit('conversation.item.added', { previous_item_id, item });
    if (!this.#answers.has(id)) this.#emit('conversation.item.done', { previous_item_id, item });
  }

  #retrieve(itemId: unknown): void {
    const item = typeof itemId === 'string' ? this.#items.get(itemId) : undefined;
    if (item) this.#emit('conversation.item.retrieved', { item });
    else this.stage.record.violation('retrieve of an unknown item');
  }

  #refuse(code: string, message: string): void {
    this.stage.record.violation(`refused: ${code}`);
    this.#emit('error', { error: { type: 'invalid_request_error', code, message, param: null, event_id: null } });
  }

  #emit(type: string, body: object): void {
    this.#send(JSON.stringify({ type, event_id: eventId(), ...body }));
  }

  #after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #audioMs(): number {
    return (this.#heard?.received ?? 0) * FRAME_MS;
  }
}

const place = (answer: Answer) => ({ response_id: answer.responseId, item_id: answer.itemId, output_index: 0, content_index: 0 });
