import { noteCall } from '../domain/calls/note-call.ts';
import type { CallNote, ClaimedCall } from '../domain/calls/records.ts';
import { SECOND } from '../kit/time.ts';
import type { MediaApp } from './media-app.ts';

/** A database that restarts, or a carrier that is slow, is back after some of these. */
const ATTEMPTS_MS = [0, 250, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 20 * SECOND] as const;

/** What a bridge finds out about its call, kept in order beside the talk: nobody waits for it but the call's release. */
export class CallNotes {
  readonly #app: MediaApp;
  readonly #call: ClaimedCall;
  #kept: Promise<void> = Promise.resolve();

  constructor(app: MediaApp, call: ClaimedCall) {
    this.#app = app;
    this.#call = call;
  }

  keep(note: CallNote): void {
    this.#kept = this.#kept.then(() => this.#keep(note));
  }

  /** Resolves when all that was noted is kept, or given up. */
  get kept(): Promise<void> {
    return this.#kept;
  }

  async #keep(note: CallNote): Promise<void> {
    const { callId, workspaceId } = this.#call;
    for (const waitMs of ATTEMPTS_MS) {
      try {
        await this.#app.clock.sleep(waitMs);
        return await noteCall(this.#app, { workspaceId, callId, note });
      } catch (error) {
        this.#app.logger.warn({ err: error, callId, note: note.type }, 'a note on a call could not be kept; trying again');
      }
    }
  }
}
