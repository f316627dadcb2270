import type { BridgeEnding, ClaimedCall } from '../domain/calls/records.ts';
import { releaseCall } from '../domain/calls/release-call.ts';
import { runTool } from '../domain/calls/tools/run-tool.ts';
import { unreachable } from '../kit/errors.ts';
import { MINUTE, SECOND } from '../kit/time.ts';
import type { CarrierStream } from '../ports/carrier-protocol.ts';
import type { VoiceConnection, VoiceEvent, VoiceHistoryItem } from '../ports/voice-model.ts';
import { watchAnswerer } from './answerer-watch.ts';
import type { CloseReason } from './close-codes.ts';
import { KEYS_PAUSE_MS } from './keypad.ts';
import type { Steering } from './live-input.ts';
import type { MediaApp } from './media-app.ts';
import type { MediaMetrics } from './metrics.ts';
import { CallNotes } from './notes.ts';
import { beginSession, type Effect, type RunningTool, type Session, type SessionEvent } from './session.ts';
import { step } from './step.ts';
import type { TurnLog } from './turn-log.ts';
import type { UsageMeter } from './usage.ts';

/** The carrier's side of a bridge: a media socket, or what stands for one in a test. */
export interface CarrierLine {
  readonly stream: CarrierStream;
  /** Before the stream has begun nothing can be said. `base64` is copied. */
  sendAudio(base64: Buffer): void;
  send(message: string): void;
  /** What `act` sends goes out as one. */
  together(act: () => void): void;
  close(reason: CloseReason): void;
  readonly bufferedBytes: number;
}

/** What the caller says before the model listens is kept: at first up to ten seconds of it, then the newest two. */
const WAITING_FRAMES = 500;
const RECONNECTING_FRAMES = 100;
/** Before the longest session of the model ends, this is left to find a moment at which nobody speaks. */
const RENEWAL_MS = 5 * MINUTE;
/** Unsent bytes that mean that the other side no longer reads: minutes of audio. */
const STALLED_BYTES = 4 * 1024 * 1024;
/** Ticks without a frame of the carrier, which sends even silence, before the line counts as dead. */
const DEAD_LINE_TICKS = 30;
const FILLER_AFTER_MS = 1_200;
const RELEASE_ATTEMPTS_MS = [0, 250, 500, 1_000, 2 * SECOND] as const;

/** Joins one carrier stream to one voice model: feeds the session with events and does what it says. */
export class Bridge {
  readonly call: ClaimedCall;
  /** Resolves when the call is released and its turns are written. */
  readonly ended: Promise<void>;
  readonly #app: MediaApp;
  readonly #metrics: MediaMetrics;
  readonly #turnLog: TurnLog;
  readonly #usage: UsageMeter;
  readonly #notes: CallNotes;
  readonly #line: CarrierLine;
  readonly #abort = new AbortController();
  readonly #watch = new AbortController();
  #session: Session;
  #model: VoiceConnection | null = null;
  #listening = false;
  #readyMs = Number.POSITIVE_INFINITY;
  readonly #waiting: Buffer[];
  #frames = 0;
  #framesSeen = 0;
  #deadTicks = 0;
  #resolveEnded: () => void = () => {};

  constructor(app: MediaApp, metrics: MediaMetrics, turnLog: TurnLog, usage: UsageMeter, line: CarrierLine, call: ClaimedCall, early: Buffer[]) {
    this.#app = app;
    this.#metrics = metrics;
    this.#turnLog = turnLog;
    this.#usage = usage;
    this.#line = line;
    this.call = call;
    this.#waiting = early;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#notes = new CallNotes(app, call);
    void watchAnswerer(app, call, this.#watch.signal, (answeredBy) => this.#dispatch({ type: 'answered-by', answeredBy }));
    const { session, effects } = beginSession(call, this.#now());
    this.#session = session;
    this.#run(effects);
  }

  /** Fifty times a second: straight to the model. */
  callerAudio(base64: Buffer): void {
    this.#frames++;
    if (this.#session.machine) return;
    if (this.#listening) this.#model?.sendAudio(base64);
    else keepFrame(this.#waiting, base64, this.#session.greeted ? RECONNECTING_FRAMES : WAITING_FRAMES);
  }

  mark(name: string): void {
    this.#dispatch({ type: 'mark', name });
  }

  /** The caller pressed a key. */
  digit(digit: string): void {
    this.#dispatch({ type: 'digit', digit });
    this.#app.clock.after(KEYS_PAUSE_MS, () => this.#dispatch({ type: 'keys-paused' }));
  }

  steer(steering: Steering): void {
    this.#dispatch({ type: 'steer', ...steering });
  }

  /** @param hungUp the carrier says that the stream is over; else its socket was cut. */
  carrierStopped(hungUp: boolean): void {
    this.#dispatch({ type: 'carrier-stopped', hungUp });
  }

  handOver(reason: string): void {
    this.#dispatch({ type: 'hand-over', reason });
  }

  /** Once a second. */
  tick(): void {
    this.#deadTicks = this.#frames === this.#framesSeen ? this.#deadTicks + 1 : 0;
    this.#framesSeen = this.#frames;
    if (this.#deadTicks >= DEAD_LINE_TICKS) return this.handOver('the carrier sends nothing');
    if (this.#line.bufferedBytes > STALLED_BYTES) return this.handOver('the carrier does not read');
    if ((this.#model?.bufferedBytes ?? 0) > STALLED_BYTES) this.#model?.abandon('it does not read');
    const { longestSessionMs } = this.#app.voiceModel;
    const age = this.#app.clock.monotonicMs() - this.#readyMs;
    if (age >= Math.max(longestSessionMs - RENEWAL_MS, longestSessionMs / 2)) this.#dispatch({ type: 'renew' });
    this.#dispatch({ type: 'tick' });
  }

  #now() {
    return { ms: this.#app.clock.monotonicMs(), at: this.#app.clock.now() };
  }

  #dispatch(event: SessionEvent): void {
    const { session, effects } = step(this.#session, event, this.#now());
    this.#session = session;
    this.#run(effects);
  }

  #run(effects: readonly Effect[]): void {
    const [first] = effects;
    if (!first) return;
    if (effects.length === 1) return this.#perform(first);
    this.#line.together(() => {
      for (const effect of effects) this.#perform(effect);
    });
  }

  #perform(effect: Effect): void {
    const { callId, workspaceId, bridgeId } = this.call;
    switch (effect.type) {
      case 'play':
        return this.#line.sendAudio(effect.base64);
      case 'mark':
        return this.#line.send(this.#line.stream.mark(effect.name));
      case 'clear':
        return this.#line.send(this.#line.stream.clear());
      case 'command':
        return this.#model?.send(effect.command);
      case 'end-audio':
        return this.#model?.endAudio();
      case 'record':
        return this.#turnLog.record({ workspaceId, callId, bridgeId, turn: effect.turn });
      case 'spoken': {
        const { sequence, speaker, text, startedAt, audioMs, heardMs } = effect.turn;
        if (speaker === 'SYSTEM') return;
        return this.#turnLog.speak({ type: 'TurnSpoken', workspaceId, callId, sequence, speaker, text, startedAt, audioMs, heardMs });
      }
      case 'note':
        return this.#notes.keep(effect.note);
      case 'run-tool':
        void this.#runTool(effect.tool);
        return;
      case 'open-model':
        return this.#openModel(effect.history, effect.afterMs);
      case 'abandon-model':
        return this.#model?.abandon(effect.reason);
      case 'close':
        void this.#close(effect.ending);
        return;
      default:
        return unreachable(effect);
    }
  }

  #openModel(history: readonly VoiceHistoryItem[], afterMs: number): void {
    this.#listening = false;
    this.#readyMs = Number.POSITIVE_INFINITY;
    this.#model?.close();
    this.#model = null;
    if (afterMs > 0) {
      this.#app.clock.after(afterMs, () => this.#session.phase === 'opening' && this.#openModel(history, 0));
      return;
    }
    const { instructions, voice, tools, otherLanguages } = this.call.plan;
    // Of several languages the transcription finds out which it is, until the caller has settled on one.
    const { language: spoken } = this.#session;
    const language = otherLanguages.length > 0 && spoken === this.call.plan.language ? null : spoken;
    const connection = this.#app.voiceModel.open(
      { instructions, voice, language, tools, history },
      {
        audio: (responseId, itemId, base64) => this.#model === connection && this.#dispatch({ type: 'audio', responseId, itemId, base64 }),
        event: (event) => this.#model === connection && this.#modelEvent(event),
      },
    );
    this.#model = connection;
  }

  #modelEvent(event: VoiceEvent): void {
    if (event.type === 'error') {
      this.#metrics.modelErrors.inc({ code: event.code });
      this.#app.logger.warn({ callId: this.call.callId, code: event.code, reason: event.message }, 'the voice model reports an error');
    }
    if (event.type === 'closed' && this.#session.phase !== 'over') {
      this.#listening = false;
      this.#app.logger.warn({ callId: this.call.callId, reason: event.reason }, 'the voice model closed the connection');
    }
    if (event.type === 'answer-done' && event.usage && this.#session.phase !== 'over') this.#usage.add(this.call, this.#session.connection.number, event.usage);
    this.#dispatch({ type: 'model', event });
    if (event.type === 'ready') this.#readyMs = this.#app.clock.monotonicMs();
    if (event.type === 'ready') this.#listen();
  }

  #listen(): void {
    this.#listening = true;
    // Emptied in place: whoever gathered the first frames still holds the array.
    for (const frame of this.#waiting.splice(0)) this.#model?.sendAudio(frame);
  }

  async #runTool(tool: RunningTool): Promise<void> {
    const { workspaceId, callId, plan } = this.call;
    const { callId: modelCallId, name, arguments: given, afterSequence } = tool;
    using _slow = this.#app.clock.after(FILLER_AFTER_MS, () => this.#dispatch({ type: 'tool-slow', callId: modelCallId }));
    const answer = await runTool(
      this.#app,
      { workspaceId, callId, assistantId: plan.assistantId, timeZone: plan.timeZone, modelCallId, name, arguments: given, afterSequence },
      this.#abort.signal,
    );
    this.#dispatch({ type: 'tool-done', callId: modelCallId, ...answer });
  }

  /** Our reason is stored before the socket closes: the carrier asks what comes next as soon as it does. */
  async #close(ending: BridgeEnding): Promise<void> {
    this.#listening = false;
    this.#waiting.length = 0;
    this.#model?.close();
    this.#watch.abort();
    if (ending.type === 'handed-over') this.#abort.abort(new Error('the bridge let go of the call'));
    await this.#release(ending);
    this.#line.close(ending.type === 'handed-over' ? 'handedOver' : 'done');
    this.#resolveEnded();
  }

  async #release(ending: BridgeEnding): Promise<void> {
    const { callId, workspaceId, bridgeId } = this.call;
    for (const waitMs of RELEASE_ATTEMPTS_MS) {
      try {
        await this.#app.clock.sleep(waitMs);
        await this.#turnLog.flushed();
        await this.#usage.finish(bridgeId);
        await this.#notes.kept;
        await releaseCall(this.#app, { callId, workspaceId, bridgeId, ending });
        return;
      } catch (error) {
        this.#app.logger.error({ error, callId }, 'a call could not be released; trying again');
      }
    }
  }
}

/** Keeps a copy of the frame, in memory of its own so that it holds up no pool, and of too many the newest. */
export function keepFrame(waiting: Buffer[], base64: Buffer, most = WAITING_FRAMES): void {
  if (waiting.length >= most) waiting.shift();
  const kept = Buffer.allocUnsafeSlow(base64.length);
  kept.set(base64);
  waiting.push(kept);
}
