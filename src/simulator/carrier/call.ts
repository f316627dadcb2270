import { FRAME_BYTES, SILENCE } from '../audio/mulaw.ts';
import type { Caller } from '../callers/caller.ts';
import { Person } from '../callers/person.ts';
import { keep } from '../keep.ts';
import { type DetectionOptions, MachineDetection } from './answering-machine.ts';
import type { Exchange } from './exchange.ts';
import { loadVerbs } from './load.ts';
import type { CallLog, CallStatus } from './log.ts';
import { type RecordingCallback, SimulatedRecording } from './recording.ts';
import { Reports, type StatusEvent } from './reports.ts';
import { newSid } from './sid.ts';
import type { Attachment, Instruction, Leg, LegOptions, Line } from './verbs/line.ts';
import { perform, picksUp, type Verb } from './verbs/verbs.ts';

const FRAME_MS = 20;
/** Between the request and the first ring. */
const DIALING_MS = 150;
const BUSY_MS = 1_200;
const RING_MS = 2_000;
const SILENT_FRAME = Buffer.alloc(FRAME_BYTES, SILENCE);
/**
 * After a stand-still of the machine frames pass twice as fast, until they are on time again: all at once, what stood
 * still with them and is still to be played would come too late, and words would have gaps.
 */
const FRAMES_AT_ONCE = 2;
/** Further behind than this, it is not caught up with. */
const CATCH_UP_MS = 3_000;

export interface CallOptions {
  readonly direction: CallLog['direction'];
  readonly from: string;
  readonly to: string;
  readonly caller: Caller;
  /** Where the first instructions come from. */
  readonly instructions: Instruction;
  readonly status: { readonly url: string; readonly events: readonly StatusEvent[] } | null;
  /** Whether somebody wants to know what picks up. */
  readonly detection?: DetectionOptions | null;
  readonly ringSeconds: number;
  readonly maximumSeconds: number;
  /** The call that has placed this one, and what happens when its instructions were carried out. */
  readonly parent?: { readonly sid: string; readonly join: (leg: Line) => Promise<void> };
}

/**
 * One call on the carrier: it rings, is answered, does what its instructions say one after the other, and ends exactly
 * once, whoever ends it.
 */
export class SimulatedCall implements Line {
  readonly sid = newSid('CA');
  readonly log: CallLog;
  /** Resolves when the call is over and the program has been told. */
  readonly ended: Promise<CallLog>;
  /** Resolves when the program has been asked for the first instructions, or the call is over before that. */
  readonly instructed: Promise<void>;
  readonly options: CallOptions;
  #setInstructed: () => void = () => {};
  readonly exchange: Exchange;
  readonly #person: Person;
  readonly #over = new AbortController();
  #settle: (log: CallLog) => void = () => {};
  #attached: Attachment | null = null;
  #update: Instruction | null = null;
  readonly #recordings: SimulatedRecording[] = [];
  #nextFrameMs: number | null = null;
  #lastUrl: string | undefined;
  readonly #reports: Reports;
  readonly #detection: MachineDetection | null;

  readonly #place: (options: CallOptions) => SimulatedCall;

  constructor(exchange: Exchange, options: CallOptions, place: (options: CallOptions) => SimulatedCall) {
    this.exchange = exchange;
    this.#place = place;
    this.options = options;
    const { direction, from, to, caller } = options;
    this.log = {
      sid: this.sid,
      direction,
      parentSid: options.parent?.sid ?? null,
      from,
      to,
      callerKey: caller.key,
      status: direction === 'inbound' ? 'ringing' : 'queued',
      createdAt: exchange.clock.now(),
      answeredAt: null,
      endedAt: null,
      durationSeconds: null,
      endedBy: null,
      streams: [],
      answeredBy: null,
      heard: '',
      said: '',
      keysHeard: '',
    };
    keep(exchange.log.calls, this.log);
    this.#reports = new Reports(exchange, this.log, options.status);
    const { detection } = options;
    this.#detection = detection
      ? new MachineDetection(caller, detection.mode, (answeredBy, afterMs) => {
          this.log.answeredBy = answeredBy;
          this.#reports.answeredBy(detection.url, answeredBy, afterMs);
        })
      : null;
    this.#person = new Person(caller, { press: (digit) => this.#attached?.press?.(digit), hangUp: () => this.end('completed', 'person') });
    const instructed = Promise.withResolvers<void>();
    this.instructed = instructed.promise;
    this.#setInstructed = instructed.resolve;
    const { promise, resolve } = Promise.withResolvers<CallLog>();
    this.ended = promise;
    this.#settle = resolve;
  }

  get over(): boolean {
    return this.#over.signal.aborted;
  }

  async run(): Promise<void> {
    try {
      const answered = this.options.direction === 'inbound' || (await this.#ring());
      if (answered) await this.#follow(this.options.instructions);
    } catch (error) {
      if (!this.over) this.notify(31900, `the carrier failed: ${error instanceof Error ? error.message : error}`);
      this.end('failed', 'carrier');
    }
  }

  /** Ends it now. A call that is over stays as it ended. */
  end(status: Extract<CallStatus, 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled'>, by: CallLog['endedBy'], sipCode?: number): void {
    if (this.over) return;
    this.log.status = status;
    this.log.endedAt = this.exchange.clock.now();
    this.log.endedBy = by;
    this.log.durationSeconds = this.log.answeredAt ? Math.round((this.log.endedAt.getTime() - this.log.answeredAt.getTime()) / 1_000) : 0;
    this.#note();
    this.#over.abort();
    this.#attached?.stop();
    for (const recording of this.#recordings) this.stopRecording(recording);
    void this.#reports.last(sipCode ?? 200).then(() => {
      this.#setInstructed();
      this.#settle(this.log);
    });
  }

  /** Records both sides from now on. */
  record(callback: RecordingCallback | null, channels: 1 | 2 = 2): SimulatedRecording {
    const recording = new SimulatedRecording(this.sid, this.exchange.clock.now(), callback, channels);
    this.exchange.recordings.set(recording.sid, recording);
    this.#recordings.push(recording);
    return recording;
  }

  stopRecording(recording: SimulatedRecording): void {
    if (recording.state !== 'in-progress') return;
    recording.finish();
    this.#reports.recording(recording);
  }

  /** Leaves what it is doing and follows other instructions. */
  redirect(next: Instruction): void {
    this.#update = next;
    this.#attached?.stop();
  }

  /** Lets the frames that are due pass in both directions. */
  tick(nowMs: number): void {
    if (this.#nextFrameMs === null || this.over) return;
    if (nowMs - this.#nextFrameMs > CATCH_UP_MS) this.#nextFrameMs = nowMs;
    for (let passed = 0; passed < FRAMES_AT_ONCE && this.#nextFrameMs <= nowMs && !this.over; passed++) {
      this.#nextFrameMs += FRAME_MS;
      const voice = this.#person.speak();
      const played = this.#attached?.tick(voice) ?? SILENT_FRAME;
      this.#detection?.hear(voice);
      for (const recording of this.#recordings) recording.hear(voice ?? SILENT_FRAME, played);
      this.#person.hear(played);
    }
    this.#note();
  }

  #note(): void {
    this.log.heard = this.#person.heard;
    this.log.said = this.#person.said;
    this.log.keysHeard = this.#person.keysHeard;
  }

  async #ring(): Promise<boolean> {
    const { caller, ringSeconds } = this.options;
    const wait = (ms: number) => this.exchange.clock.sleep(ms, this.#over.signal).catch(() => {});
    await wait(DIALING_MS);
    if (this.over) return false;
    this.#reports.callback('initiated');
    if (caller.answers === 'failed') this.end('failed', 'carrier', 404);
    if (this.over) return false;
    this.log.status = 'ringing';
    this.#reports.callback('ringing');
    const ringMs = caller.answers === 'busy' ? BUSY_MS : (caller.ringMs ?? RING_MS);
    await wait(caller.answers === 'no-answer' ? ringSeconds * 1_000 : Math.min(ringMs, ringSeconds * 1_000));
    if (this.over) return false;
    if (caller.answers === 'busy') this.end('busy', 'person', 486);
    else if (caller.answers === 'no-answer' || ringMs > ringSeconds * 1_000) this.end('no-answer', 'carrier', 480);
    if (this.over) return false;
    this.#answer();
    return true;
  }

  #answer(): void {
    if (this.log.answeredAt || this.over) return;
    const { clock } = this.exchange;
    this.log.status = 'in-progress';
    this.log.answeredAt = clock.now();
    this.#nextFrameMs = clock.monotonicMs();
    this.#reports.callback('answered');
    const limit = clock.after(this.options.maximumSeconds * 1_000, () => this.end('completed', 'carrier'));
    this.#over.signal.addEventListener('abort', () => limit.cancel());
  }

  /** Asks for instructions and does them, until they end or the call is over. */
  async #follow(first: Instruction): Promise<void> {
    const { hangsUpRingingMs } = this.options.caller;
    if (this.options.direction === 'inbound' && hangsUpRingingMs !== undefined) {
      const timer = this.exchange.clock.after(hangsUpRingingMs, () => this.log.answeredAt === null && this.end('no-answer', 'person'));
      this.#over.signal.addEventListener('abort', () => timer.cancel());
    }
    for (let next: Instruction | null = first; next && !this.over; ) {
      if ('url' in next) this.#lastUrl = next.url;
      const verbs: readonly Verb[] | null = await loadVerbs(next, this.#reports, (code, message) => this.notify(code, message));
      this.#setInstructed();
      if (this.over) return;
      const update: Instruction | null = this.#takeUpdate();
      if (update) next = update;
      else if (verbs) next = await this.#perform(verbs);
      else return this.end(this.log.answeredAt ? 'completed' : 'failed', 'carrier');
    }
    this.#answer();
    this.end('completed', 'program');
  }

  #takeUpdate(): Instruction | null {
    const update = this.#update;
    this.#update = null;
    return update;
  }

  /** @returns what to ask for next; null where the instructions end here. */
  async #perform(verbs: readonly Verb[]): Promise<Instruction | null> {
    for (const verb of verbs) {
      if (this.over) return null;
      if (picksUp(verb)) this.#answer();
      const next = await perform(verb, this);
      const update = this.#takeUpdate();
      if (update) return update;
      if (next === 'hang-up') return null;
      if (next !== 'go-on') return next;
    }
    this.#answer();
    await this.options.parent?.join(this);
    return this.#takeUpdate();
  }

  ring({ join, ...options }: LegOptions): Leg {
    const caller = this.exchange.callee(options.to);
    return this.#place({ ...options, direction: 'outbound-dial', caller, parent: { sid: this.sid, join } });
  }

  async attach(attachment: Attachment): Promise<void> {
    if (this.over || this.#update) attachment.stop();
    this.#attached = attachment;
    await attachment.done;
    this.#attached = null;
  }

  resolve(url: string): string {
    return new URL(url, this.#lastUrl).href;
  }

  notify(code: number, message: string): void {
    keep(this.exchange.log.notifications, { code, message, callSid: this.sid, at: this.exchange.clock.now() });
  }
}
