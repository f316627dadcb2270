import type { Exchange } from '../exchange.ts';
import type { CallLog, CallStatus } from '../log.ts';
import type { RecordingCallback, SimulatedRecording } from '../recording.ts';
import type { StatusEvent } from '../reports.ts';

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
  /** Records from now on; the call's end ends it too. */
  record(callback: RecordingCallback | null, channels: 1 | 2): SimulatedRecording;
  stopRecording(recording: SimulatedRecording): void;
  /** Tells the vendor's debugger. */
  notify(code: number, message: string): void;
  /** Calls somebody else on behalf of this call. */
  ring(options: LegOptions): Leg;
  /** An address of a document, which may be relative to where the document came from. */
  resolve(url: string): string;
}

export interface LegOptions {
  readonly to: string;
  readonly from: string;
  readonly instructions: Instruction;
  readonly status: { readonly url: string; readonly events: readonly StatusEvent[] } | null;
  readonly ringSeconds: number;
  readonly maximumSeconds: number;
  /** What happens when its instructions were carried out and it was not hung up. */
  readonly join: (leg: Line) => Promise<void>;
}

/** A call that another one has placed. */
export interface Leg {
  readonly log: CallLog;
  readonly ended: Promise<CallLog>;
  end(status: Extract<CallStatus, 'completed' | 'canceled'>, by: CallLog['endedBy']): void;
}
