import type { CallTicket } from '../fakes/caller.ts';

/** A bridge that can be measured. */
export interface Contestant {
  readonly name: string;
  /** Starts it fresh, so that one run's memory and compiled code say nothing of another's. */
  start(ground: Ground): Promise<RunningBridge>;
}

export interface Ground {
  readonly port: number;
  readonly modelUrl: string;
  readonly bridgeCpu: string;
  readonly accountSid: string;
  readonly authToken: string;
}

export interface RunningBridge extends AsyncDisposable {
  readonly pid: number;
  /** Where the carrier opens its sockets. */
  readonly url: string;
  /** Calls that the bridge will take; `calls` of them, numbered from 0. */
  admit(calls: number): Promise<CallTicket[]>;
}

/** A service beside the bridge, measured apart. */
export interface Neighbour {
  readonly name: string;
  readonly pid: number;
}
