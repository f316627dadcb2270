import type { Clock } from '../../kit/clock.ts';
import type { Caller } from '../callers/caller.ts';
import type { CarrierFaults } from './faults.ts';
import type { CarrierLog } from './log.ts';
import type { SimulatedRecording } from './recording.ts';

/** What all calls of one carrier share. */
export interface Exchange {
  readonly clock: Clock;
  readonly accountSid: string;
  readonly authToken: string;
  /** Who answers at a number. */
  readonly callee: (number: string) => Caller;
  readonly log: CarrierLog;
  readonly faults: CarrierFaults;
  /** All that were made, by their ids. */
  readonly recordings: Map<string, SimulatedRecording>;
  /** Keeps the audio of every stream in the log. */
  readonly record: boolean;
}

/** A date as the vendor writes it, e.g. `Thu, 20 Nov 2025 13:00:00 +0000`. */
export const rfc2822 = (date: Date): string => date.toUTCString().replace('GMT', '+0000');
