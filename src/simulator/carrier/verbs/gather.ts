import { Demodulator, type HeardWord, wordsToText } from '../../audio/demodulator.ts';
import { silence, speak } from '../../audio/modem.ts';
import { FRAME_BYTES, SAMPLES_PER_MS, SILENCE } from '../../audio/mulaw.ts';
import { VoiceActivity } from '../../audio/voice-activity.ts';
import { Playout } from '../playout.ts';
import type { XmlElement } from '../xml.ts';
import { checkAttributes, methodOf, type Warn, wholeNumber } from './attributes.ts';
import type { Attachment, Line, Next } from './line.ts';
import { readPause } from './pause.ts';
import { readSay } from './say.ts';

export interface GatherVerb {
  readonly type: 'gather';
  readonly speech: boolean;
  readonly keys: boolean;
  /** Where what was gathered is posted; null: where the document came from. */
  readonly action: string | null;
  readonly method: 'GET' | 'POST';
  readonly seconds: number;
  readonly mostKeys: number | null;
  readonly finishOnKey: string;
  readonly asksWithoutResult: boolean;
  /** What is said meanwhile: sentences, and pauses in milliseconds. */
  readonly prompts: readonly (string | number)[];
}

/** Attributes that the vendor knows and that change nothing here are known too. */
const ATTRIBUTES = (
  'input action method timeout speechTimeout maxSpeechTime finishOnKey numDigits language hints actionOnEmptyResult bargeIn ' +
  'profanityFilter enhanced speechModel partialResultCallback partialResultCallbackMethod'
).split(' ');
const FRAME_MS = FRAME_BYTES / SAMPLES_PER_MS;
/** So long a pause ends what is being said. */
const SPEECH_END_MS = 900;

export function readGather(element: XmlElement, warn: Warn): GatherVerb {
  checkAttributes(element, ATTRIBUTES, warn);
  const { input = 'dtmf', action, method, numDigits, finishOnKey = '#', actionOnEmptyResult } = element.attributes;
  const prompts = element.children.flatMap((child): (string | number)[] => {
    if (child.name === 'Say') return [readSay(child, warn).text];
    if (child.name === 'Pause') return [readPause(child, warn).seconds * 1_000];
    warn('<Gather> holds <Say> and <Pause>');
    return [];
  });
  return {
    type: 'gather',
    speech: /\bspeech\b/.test(input),
    keys: /\bdtmf\b/.test(input),
    action: action ?? null,
    method: methodOf(method),
    seconds: wholeNumber(element, 'timeout', 5, 'seconds', warn),
    mostKeys: numDigits === undefined ? null : wholeNumber(element, 'numDigits', 1, '', warn),
    finishOnKey,
    asksWithoutResult: actionOnEmptyResult === 'true',
    prompts,
  };
}

/** Says its prompts and listens meanwhile; what was said or pressed is posted, silence falls through to the next verb. */
export async function gather(verb: GatherVerb, line: Line): Promise<Next> {
  const listener = new Listener(verb);
  await line.attach(listener);
  const { digits, words } = listener;
  if (digits === '' && words === '' && !verb.asksWithoutResult) return 'go-on';
  const spoken: Readonly<Record<string, string>> = words === '' ? { SpeechResult: '' } : { SpeechResult: words, Confidence: '0.9' };
  return { url: line.resolve(verb.action ?? ''), method: verb.method, form: digits === '' ? spoken : { Digits: digits } };
}

class Listener implements Attachment {
  readonly done: Promise<void>;
  digits = '';
  readonly #verb: GatherVerb;
  readonly #playout = new Playout();
  readonly #demodulator = new Demodulator();
  readonly #vad = new VoiceActivity({ silenceMs: SPEECH_END_MS });
  readonly #heard: HeardWord[] = [];
  #prompting = true;
  #quietMs = 0;
  #finish: () => void = () => {};

  constructor(verb: GatherVerb) {
    this.#verb = verb;
    for (const prompt of verb.prompts) this.#playout.addAudio(typeof prompt === 'string' ? speak(prompt).audio : silence(prompt));
    this.#playout.addMark('end');
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get words(): string {
    return wordsToText(this.#heard);
  }

  tick(voice: Buffer | null): Buffer | null {
    const { frame, marks } = this.#playout.next();
    if (marks.length > 0) this.#prompting = false;
    if (this.#verb.speech) this.#listen(voice ?? Buffer.alloc(FRAME_BYTES, SILENCE));
    this.#quietMs = this.#prompting || this.#vad.speaking ? 0 : this.#quietMs + FRAME_MS;
    if (this.#quietMs >= this.#verb.seconds * 1_000) this.#finish();
    return frame;
  }

  #listen(voice: Buffer): void {
    this.#heard.push(...this.#demodulator.push(voice));
    for (const change of this.#vad.push(voice)) {
      if (change.type === 'started') this.#hush();
      else if (this.words !== '') this.#finish();
    }
  }

  press(digit: string): void {
    const { keys, finishOnKey, mostKeys } = this.#verb;
    if (!keys) return;
    this.#hush();
    this.#quietMs = 0;
    if (digit === finishOnKey) return this.#finish();
    this.digits += digit;
    if (this.digits.length === mostKeys) this.#finish();
  }

  stop(): void {
    this.#finish();
  }

  #hush(): void {
    this.#prompting = false;
    this.#playout.clear();
  }
}
