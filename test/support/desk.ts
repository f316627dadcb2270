import { runTool, type ToolApp, type ToolRequest } from '../../src/domain/calls/tools/run-tool.ts';
import { type BookingApp, bookingApp } from './booking-app.ts';
import { quiet } from './quiet.ts';

/** A call in progress, and the tools as the bridge runs them. */
export interface Desk extends AsyncDisposable {
  readonly app: BookingApp;
  readonly callId: string;
  /** Runs a tool as the bridge does; the answer's output is parsed. */
  use(
    name: string,
    given: unknown,
    more?: Partial<ToolRequest> & { parts?: Partial<ToolApp>; signal?: AbortSignal },
  ): Promise<{ output: Record<string, unknown>; then: string }>;
}

export async function desk(...settings: Parameters<typeof bookingApp>): Promise<Desk> {
  const app = await bookingApp(...settings);
  const callId = await app.newCall();
  let uses = 0;
  return {
    app,
    callId,
    async use(name, given, { parts, signal = new AbortController().signal, ...more } = {}) {
      const request = {
        workspaceId: app.workspaceId,
        callId,
        assistantId: app.assistantId,
        timeZone: 'America/Chicago',
        modelCallId: `call_${++uses}`,
        name,
        arguments: typeof given === 'string' ? given : JSON.stringify(given),
        afterSequence: 3,
        ...more,
      };
      const { root } = app.database;
      const { output, then } = await runTool({ root, clock: app.clock, events: app.events, logger: quiet().logger, ...parts }, request, signal);
      return { output: JSON.parse(output), then };
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}
