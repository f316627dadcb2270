import { Demodulator, type HeardWord, wordsToText } from '../audio/demodulator.ts';
import { KeypadEar } from '../audio/keypad-ear.ts';
import { silence, speak } from '../audio/modem.ts';
import { FRAME_BYTES, SAMPLES_PER_MS, SILENCE } from '../audio/mulaw.ts';
import { VoiceActivity } from '../audio/voice-activity.ts';
import type { Caller, Reaction } from './caller.ts';

/** How long people wait until they are sure that the other side has finished. */
const POLITE_MS = 600;
const PATIENCE_MS = 20_000;
/** Asked like this, and with nothing better to answer, people say again what they said last. */
const SAY_AGAIN = /\bgo on\b|did not catch|say (?:that|it) again|still there/i;
const FRAME_MS = FRAME_BYTES / SAMPLES_PER_MS;

/** What a person can do to a telephone besides speaking. */
export interface Telephone {
  press(digit: string): void;
  hangUp(): void;
}

/** A person on the phone. Time is the audio's own: 20 ms pass with each frame. */
export class Person {
  readonly #caller: Caller;
  readonly #telephone: Telephone;
  readonly #demodulator = new Demodulator();
  readonly #keypad = new KeypadEar();
  readonly #vad = new VoiceActivity({ silenceMs: POLITE_MS });
  readonly #left: { reaction: Reaction; times: number }[];
  #elapsedMs = 0;
  /** Frames still to be said. */
  #speech = Buffer.alloc(0);
  #spoken = 0;
  #hangUpAtMs = Number.POSITIVE_INFINITY;
  #hangUpAfterSpeech = false;
  /** What was heard since they last began to speak. */
  #heard: HeardWord[] = [];
  #heardStartedMs: number | null = null;
  #quietSinceMs = 0;
  #lastSays: NonNullable<Reaction['says']> = [];
  readonly #words: HeardWord[] = [];
  readonly #said: string[] = [];

  constructor(caller: Caller, telephone: Telephone) {
    this.#caller = caller;
    this.#telephone = telephone;
    this.#left = caller.reactions.map((reaction) => ({ reaction, times: reaction.times ?? 1 }));
    if (caller.hangsUpAfterMs !== undefined) this.#hangUpAtMs = caller.hangsUpAfterMs;
  }

  /** All words that reached them. */
  get heard(): string {
    return wordsToText(this.#words);
  }

  /** All they have begun to say. */
  get said(): string {
    return this.#said.join(' ');
  }

  /** The keys that sounded at their ear. */
  keysHeard = '';

  get speaking(): boolean {
    return this.#spoken < this.#speech.length;
  }

  /** The next 20 ms of their voice; null while they say nothing. */
  speak(): Buffer | null {
    if (!this.speaking) return null;
    const frame = this.#speech.subarray(this.#spoken, this.#spoken + FRAME_BYTES);
    this.#spoken += FRAME_BYTES;
    return frame.length === FRAME_BYTES ? frame : Buffer.concat([frame, Buffer.alloc(FRAME_BYTES - frame.length, SILENCE)]);
  }

  /** The next 20 ms from the other side. */
  hear(frame: Uint8Array): void {
    this.#elapsedMs += FRAME_MS;
    this.keysHeard += this.#keypad.push(frame);
    const words = this.#demodulator.push(frame);
    this.#heard.push(...words);
    this.#words.push(...words);
    let finished = false;
    for (const change of this.#vad.push(frame)) {
      if (change.type === 'started') this.#heardStartedMs ??= change.atMs;
      else finished = true;
    }
    if (this.speaking || this.#vad.speaking) this.#quietSinceMs = this.#elapsedMs;
    this.#react(finished);
    if (this.#elapsedMs >= this.#hangUpAtMs || (this.#hangUpAfterSpeech && !this.speaking)) return this.#telephone.hangUp();
    if (this.#elapsedMs - this.#quietSinceMs >= (this.#caller.patienceMs ?? PATIENCE_MS)) this.#telephone.hangUp();
  }

  #react(finished: boolean): void {
    const text = wordsToText(this.#heard);
    const listeningMs = this.#heardStartedMs === null ? 0 : this.#elapsedMs - this.#heardStartedMs;
    const quietMs = this.#elapsedMs - this.#quietSinceMs;
    const chosen = this.#left.find(({ reaction, times }) => {
      if (times === 0 || (reaction.hears && !reaction.hears.test(text))) return false;
      if (reaction.interruptsAfterMs !== undefined) return this.#vad.speaking && !this.speaking && listeningMs >= reaction.interruptsAfterMs;
      if (this.speaking) return false;
      if (reaction.afterSilenceMs !== undefined) return quietMs >= reaction.afterSilenceMs;
      return finished;
    });
    if (!chosen) {
      if (finished && !this.speaking && SAY_AGAIN.test(text)) this.#say(this.#lastSays);
      return;
    }
    chosen.times -= 1;
    if (chosen.reaction.opens) for (const other of this.#left) if (other.reaction.opens) other.times = 0;
    this.#act(chosen.reaction);
  }

  #act(reaction: Reaction): void {
    for (const digit of reaction.presses ?? '') this.#telephone.press(digit);
    this.#say(reaction.says ?? []);
    if (reaction.hangsUp === true) this.#hangUpAfterSpeech = true;
    else if (reaction.hangsUp) this.#hangUpAtMs = this.#elapsedMs + reaction.hangsUp.midSentenceMs;
  }

  #say(says: NonNullable<Reaction['says']>): void {
    this.#said.push(...says.filter((part) => typeof part === 'string'));
    this.#speech = Buffer.concat(says.map((part) => (typeof part === 'string' ? speak(part).audio : typeof part === 'number' ? silence(part) : part)));
    this.#spoken = 0;
    this.#heard = [];
    this.#heardStartedMs = null;
    this.#quietSinceMs = this.#elapsedMs;
    this.#lastSays = says;
  }
}
