import type { Exchange } from '../exchange.ts';
import type { CallLog } from '../log.ts';

/** Instructions to be asked for, or given. `form` is what is told along with the question, e.g. `Digits`. */
export type Instruction =
  | { readonly url: string; readonly method: 'GET' | 'POST'; readonly form?: Readonly<Record<string, string>> }
  | { readonly twiml: string };

/** What follows a verb: the next one, the end of the call, or other instructions. */
export type Next = 'go-on' | 'hang-up' | Instruction;

/** What the person on the line is connected to for a while. */
export interface Attachment {
  /** Takes the person's next 20 ms and gives the next 20 ms to them; null is silence in either direction. */
  tick(voice: Buffer | null): Buffer | null;
  press?(digit: string): void;
  /** The call is over, or is sent elsewhere: `done` has to come soon. */
  stop(): void;
  /** Resolves when there is nothing more to do. */
  readonly done: Promise<void>;
}

/** The call, as the verbs that are carried out on it see it. */
export interface Line {
  readonly sid: string;
  readonly log: CallLog;
  readonly exchange: Exchange;
  readonly over: boolean;
  /** Connects the person to something until that is done, the call is over or it is sent elsewhere. */
  attach(attachment: Attachment): Promise<void>;
  /** Tells the vendor's debugger. */
  notify(code: number, message: string): void;
  /** An address of a document, which may be relative to where the document came from. */
  resolve(url: string): string;
}
