import { encodeSample, FRAME_BYTES, SAMPLES_PER_MS, SILENCE } from '../../audio/mulaw.ts';
import { VoiceActivity } from '../../audio/voice-activity.ts';
import { Playout } from '../playout.ts';
import type { XmlElement } from '../xml.ts';
import { checkAttributes, methodOf, type Warn, wholeNumber } from './attributes.ts';
import type { Attachment, Line, Next } from './line.ts';

export interface RecordVerb {
  readonly type: 'record';
  /** Where it is told; null: where the document came from. */
  readonly action: string | null;
  readonly method: 'GET' | 'POST';
  /** So long a silence ends it. */
  readonly silenceSeconds: number;
  readonly maximumSeconds: number;
  readonly finishOnKey: string;
  readonly beep: boolean;
  readonly statusUrl: string | null;
  readonly statusEvents: readonly string[];
}

const ATTRIBUTES = (
  'action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent ' +
  'transcribe transcribeCallback'
).split(' ');
const FRAME_MS = FRAME_BYTES / SAMPLES_PER_MS;
const BEEP_MS = 300;
const BEEP_HZ = 1_000;
const AMPLITUDE = 8_000;
const NO_VOICE = Buffer.alloc(FRAME_BYTES, SILENCE);

export function readRecord(element: XmlElement, warn: Warn): RecordVerb {
  checkAttributes(element, ATTRIBUTES, warn);
  const { action, method, finishOnKey = '1234567890*#', playBeep, recordingStatusCallback, recordingStatusCallbackEvent } = element.attributes;
  return {
    type: 'record',
    action: action ?? null,
    method: methodOf(method),
    silenceSeconds: wholeNumber(element, 'timeout', 5, 'seconds', warn),
    maximumSeconds: wholeNumber(element, 'maxLength', 3_600, 'seconds', warn),
    finishOnKey,
    beep: playBeep !== 'false',
    statusUrl: recordingStatusCallback ?? null,
    statusEvents: recordingStatusCallbackEvent?.split(' ') ?? ['completed'],
  };
}

/** Records the person alone, after a tone. Where they said nothing, nothing is told, and the next verb follows. */
export async function record(verb: RecordVerb, line: Line): Promise<Next> {
  const beep = new Beep(verb.beep);
  await line.attach(beep);
  const callback = verb.statusUrl ? { url: line.resolve(verb.statusUrl), events: verb.statusEvents } : null;
  const recording = line.record(callback, 1);
  const listener = new Listener(verb);
  await line.attach(listener);
  line.stopRecording(recording);
  if (!listener.spoke) return 'go-on';
  const url = `https://api.twilio.com/2010-04-01/Accounts/${line.exchange.accountSid}/Recordings/${recording.sid}`;
  const form = { RecordingSid: recording.sid, RecordingUrl: url, RecordingDuration: String(recording.durationSeconds), Digits: listener.digits };
  return { url: line.resolve(verb.action ?? ''), method: verb.method, form };
}

class Beep implements Attachment {
  readonly done: Promise<void>;
  readonly #playout = new Playout();
  #finish: () => void = () => {};

  constructor(sounds: boolean) {
    const samples = sounds ? BEEP_MS * SAMPLES_PER_MS : 0;
    const tone = Array.from({ length: samples }, (_, sample) =>
      encodeSample(Math.round(AMPLITUDE * Math.sin((2 * Math.PI * BEEP_HZ * sample) / (1_000 * SAMPLES_PER_MS)))),
    );
    this.#playout.addAudio(Buffer.from(tone));
    this.#playout.addMark('end');
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  tick(): Buffer {
    const { frame, marks } = this.#playout.next();
    if (marks.length > 0) this.#finish();
    return frame;
  }

  stop(): void {
    this.#finish();
  }
}

class Listener implements Attachment {
  readonly done: Promise<void>;
  spoke = false;
  digits = '';
  readonly #verb: RecordVerb;
  readonly #vad = new VoiceActivity({ silenceMs: 500 });
  #elapsedMs = 0;
  #quietMs = 0;
  #finish: () => void = () => {};

  constructor(verb: RecordVerb) {
    this.#verb = verb;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  tick(voice: Buffer | null): null {
    for (const change of this.#vad.push(voice ?? NO_VOICE)) if (change.type === 'started') this.spoke = true;
    this.#elapsedMs += FRAME_MS;
    this.#quietMs = this.#vad.speaking ? 0 : this.#quietMs + FRAME_MS;
    if (this.#quietMs >= this.#verb.silenceSeconds * 1_000 || this.#elapsedMs >= this.#verb.maximumSeconds * 1_000) this.#finish();
    return null;
  }

  press(digit: string): void {
    if (!this.#verb.finishOnKey.includes(digit)) return;
    this.digits = digit;
    this.#finish();
  }

  stop(): void {
    this.#finish();
  }
}
