import type { z } from 'zod';
import type { RootDb } from '../../../db/client.ts';
import { type TenantDb, tenantDb } from '../../../db/tenant.ts';
import type { EventSink } from '../../../db/transaction.ts';
import type { ToolCallStatus } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { unreachable } from '../../../kit/errors.ts';
import { newId } from '../../../kit/ids.ts';
import type { Logger } from '../../../kit/logger.ts';
import type { TextModel } from '../../../ports/text-model.ts';
import type { KeptTimes } from '../../bookings/taken-times.ts';
import type { PriceList } from '../costs/pricing.ts';
import { INTERVIEW_TOOLS } from '../interview/interview-arguments.ts';
import { scheduleCallback, skipQuestion, takeAnswer } from '../interview/interview-tools.ts';
import { releaseLateHolds } from '../release-late-holds.ts';
import { switchLanguage, transferToHuman } from './call-actions.ts';
import { cancelAppointment, rescheduleAppointment } from './change-appointment.ts';
import { bookAppointment, checkAvailability, passMessage, type ToolContext, type ToolOutput } from './tool-actions.ts';
import { consequenceOf } from './tool-consequence.ts';
import { findTool, TOOLS, type Tool, type ToolName } from './tools.ts';

export interface ToolApp {
  readonly root: RootDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly keptTimes?: KeptTimes;
  /** Left out or null: nobody reads what rules cannot. */
  readonly textModel?: TextModel | null;
  readonly config?: { readonly prices: PriceList };
}

export interface ToolRequest {
  readonly workspaceId: string;
  readonly callId: string;
  /** Null where none of the workspace's talks. */
  readonly assistantId: string | null;
  /** The assistant's, as the call's plan froze it. */
  readonly timeZone: string;
  /** The model's own id of this use of the tool: the same id again gets the stored answer. */
  readonly modelCallId: string;
  readonly name: string;
  /** JSON text as the model wrote it; anything may stand here. */
  readonly arguments: string;
  /** The last complete turn when the tool was called. */
  readonly afterSequence: number;
  /** E.164; looked up in the call's row when it is not given. */
  readonly callerNumber?: string | null;
}

export interface ToolAnswer {
  /** JSON text for the model. */
  readonly output: string;
  /** `transfer`: the call is put through to a person as soon as the assistant lets go of it. */
  readonly then: 'answer' | 'end-call' | 'transfer';
  /** Keys to press. */
  readonly press?: string;
  /** The language to go on in, BCP 47. */
  readonly language?: string;
  /** The last words of the call. */
  readonly farewell?: string;
}

type Outcome = { readonly status: ToolCallStatus; readonly output: ToolOutput };

/** Tools that may keep a time for the caller. */
const HOLDS: ReadonlySet<ToolName> = new Set(['check_availability', 'book_appointment']);
const UNKNOWN_DEADLINE_MS = 5_000;
const LONGEST_ARGUMENTS = 20_000;

/**
 * Runs a tool that the model called, and keeps a row of it. Whatever the model wrote and whatever fails, it answers and
 * never throws: what went wrong is in the answer, in words that can be said. What a tool writes is written once however
 * often it runs, so a repeat after a crash finds what was done.
 *
 * @param signal aborts the wait when the bridge lets go of the call; what has begun goes on and is recorded.
 */
export async function runTool(app: ToolApp, request: ToolRequest, signal: AbortSignal): Promise<ToolAnswer> {
  const name = findTool(request.name);
  const then = name === 'end_call' ? 'end-call' : 'answer';
  const cutOff: ToolAnswer = { output: told({ error: 'CUT_OFF', say: 'That was cut off.' }), then: 'answer' };
  if (signal.aborted) return cutOff;

  const run = new ToolRun(app, request, name);
  const { promise: overdue, resolve } = Promise.withResolvers<ToolAnswer>();
  using _deadline = app.clock.after(name ? TOOLS[name].deadlineMs : UNKNOWN_DEADLINE_MS, () => {
    const output: ToolOutput = { error: 'TIMED_OUT', say: lateSentence(name) };
    void run.finish({ status: 'TIMED_OUT', output });
    resolve({ output: told(output), then });
  });
  const stop = () => resolve(cutOff);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([run.answer(), overdue]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

class ToolRun {
  readonly #app: ToolApp;
  readonly #request: ToolRequest;
  readonly #name: ToolName | null;
  readonly #db: TenantDb;
  readonly #modelCallId: string;
  readonly #startedMs: number;

  constructor(app: ToolApp, request: ToolRequest, name: ToolName | null) {
    this.#app = app;
    this.#request = request;
    this.#name = name;
    this.#db = tenantDb(app.root, request.workspaceId);
    this.#modelCallId = storable(request.modelCallId, 200);
    this.#startedMs = app.clock.monotonicMs();
  }

  async answer(): Promise<ToolAnswer> {
    try {
      const before = await this.#begin();
      if (before?.result) return { output: before.result, ...consequenceOf(this.#name, before.status, parseJson(before.result)) };
      const outcome = await this.#perform();
      await Promise.all([this.finish(outcome), this.#letGo()]);
      return { output: told(outcome.output), ...consequenceOf(this.#name, outcome.status, outcome.output) };
    } catch (error) {
      const { callId } = this.#request;
      this.#app.logger.error({ err: error, callId, tool: this.#name }, 'a tool failed');
      // Hanging up needs no database.
      if (this.#name === 'end_call') return { output: told({ ended: true, say: 'Goodbye.' }), then: 'end-call' };
      const output: ToolOutput = { error: 'UNAVAILABLE', say: failureSentence(this.#name) };
      await this.finish({ status: 'FAILED', output });
      return { output: told(output), then: 'answer' };
    }
  }

  /** Never rejects: a hold that stays is gone by itself soon. */
  async #letGo(): Promise<void> {
    if (!this.#name || !HOLDS.has(this.#name)) return;
    const { callId } = this.#request;
    await releaseLateHolds({ db: this.#db, events: this.#app.events }, { callId }).catch((error: unknown) =>
      this.#app.logger.warn({ err: error, callId }, 'a hold of a call that is over could not be released'),
    );
  }

  /** Writes how it went, unless that is written already. Never rejects: the answer does not depend on its row. */
  async finish({ status, output }: Outcome): Promise<void> {
    try {
      const durationMs = Math.round(this.#app.clock.monotonicMs() - this.#startedMs);
      const where = { callId: this.#request.callId, modelCallId: this.#modelCallId, status: 'RUNNING' as const };
      await this.#db.toolCall.updateMany({ where, data: { status, result: told(output), durationMs } });
    } catch (error) {
      this.#app.logger.error({ err: error, callId: this.#request.callId, tool: this.#name }, 'the result of a tool could not be stored');
    }
  }

  /** @returns the row of an earlier run with the same id, if there is one. One that is still running is run again: it acts once all the same. */
  async #begin(): Promise<{ status: ToolCallStatus; result: string | null } | null> {
    const { workspaceId, callId, name, arguments: given, afterSequence } = this.#request;
    const row = {
      id: newId(),
      workspaceId,
      callId,
      modelCallId: this.#modelCallId,
      name: storable(name, 100),
      arguments: storable(given, LONGEST_ARGUMENTS),
      status: 'RUNNING' as const,
      afterSequence,
      startedAt: this.#app.clock.now(),
    };
    const { count } = await this.#db.toolCall.createMany({ data: [row], skipDuplicates: true });
    return count === 1 ? null : this.#db.toolCall.findFirst({ where: { callId, modelCallId: this.#modelCallId } });
  }

  #perform(): Promise<Outcome> {
    const { callId, assistantId, timeZone, callerNumber, afterSequence } = this.#request;
    const { clock, events, keptTimes, logger, textModel = null, config } = this.#app;
    const context: ToolContext = {
      db: this.#db,
      clock,
      events,
      ...(keptTimes && { keptTimes }),
      callId,
      // Of no assistant there are no appointments: the tools that need one find none.
      assistantId: assistantId ?? '',
      timeZone,
      modelCallId: this.#modelCallId,
      callerNumber,
      afterSequence,
      logger,
      textModel,
      prices: config?.prices ?? null,
    };
    switch (this.#name) {
      case 'check_availability':
        return this.#with(TOOLS.check_availability, (given) => checkAvailability(context, given));
      case 'book_appointment':
        return this.#with(TOOLS.book_appointment, (given) => bookAppointment(context, given));
      case 'reschedule_appointment':
        return this.#with(TOOLS.reschedule_appointment, (given) => rescheduleAppointment(context, given));
      case 'cancel_appointment':
        return this.#with(TOOLS.cancel_appointment, (given) => cancelAppointment(context, given));
      case 'take_message':
        return this.#with(TOOLS.take_message, (given) => passMessage(context, given));
      case 'transfer_to_human':
        return this.#with(TOOLS.transfer_to_human, (given) => transferToHuman(context, given));
      case 'send_dtmf':
        return this.#with(TOOLS.send_dtmf, async ({ digits }) => ({ pressed: digits, say: '' }));
      case 'switch_language':
        return this.#with(TOOLS.switch_language, (given) => switchLanguage(context, given));
      case 'record_answer':
        return this.#with(TOOLS.record_answer, (given) => takeAnswer(context, given));
      case 'skip_question':
        return this.#with(TOOLS.skip_question, (given) => skipQuestion(context, given));
      case 'schedule_callback':
        return this.#with(TOOLS.schedule_callback, (given) => scheduleCallback(context, given));
      case 'end_call':
        return this.#with(TOOLS.end_call, async () => ({ ended: true, say: 'Goodbye.' }));
      case null: {
        const tools = Object.keys(TOOLS);
        return Promise.resolve({ status: 'FAILED', output: { error: 'UNKNOWN_TOOL', tools, say: 'I cannot do that. I can take a message instead.' } });
      }
      default:
        return unreachable(this.#name);
    }
  }

  async #with<Schema extends z.ZodType>(tool: Tool<Schema>, act: (given: z.output<Schema>) => Promise<ToolOutput>): Promise<Outcome> {
    const parsed = tool.arguments.safeParse(parseJson(this.#request.arguments));
    if (parsed.success) return { status: 'SUCCEEDED', output: await act(parsed.data) };
    const fields = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), problem: issue.message }));
    return { status: 'FAILED', output: { error: 'INVALID_ARGUMENTS', fields, say: 'Sorry, I did not get all of that. Could you say it again?' } };
  }
}

const told = (output: ToolOutput): string => JSON.stringify(output);

/** Postgres stores any character but NUL. */
const storable = (text: string, maximum: number) => text.replaceAll('\0', '').slice(0, maximum);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.trim() || '{}', (_key, value) => (typeof value === 'string' ? value.replaceAll('\0', '') : value));
  } catch {
    return undefined;
  }
}

const CHANGES: ReadonlySet<ToolName | null> = new Set<ToolName | null>(['reschedule_appointment', 'cancel_appointment']);

function lateSentence(name: ToolName | null): string {
  if (name !== null && Object.hasOwn(INTERVIEW_TOOLS, name)) return 'One moment, please. Could you say that once more?';
  if (name === 'book_appointment')
    return 'The calendar takes too long to answer, so I cannot yet say whether that was booked. Ask me for the same time again in a moment.';
  if (CHANGES.has(name)) return 'The calendar takes too long to answer, so I cannot yet say whether that was changed. Let me try once more.';
  if (name === 'transfer_to_human') return 'I cannot put you through right now. I can take a message instead.';
  if (name === 'take_message') return 'I cannot yet say whether the message was taken. Let me try once more.';
  return 'I cannot look that up right now. I can take a message instead.';
}

function failureSentence(name: ToolName | null): string {
  if (name !== null && Object.hasOwn(INTERVIEW_TOOLS, name)) return 'Sorry, I could not take that down. Could you say it once more?';
  if (name === 'book_appointment') return 'I cannot reach the calendar right now, so nothing has been confirmed. Please try again in a moment.';
  if (CHANGES.has(name)) return 'I cannot reach the calendar right now, so nothing has been changed. Please try again in a moment.';
  if (name === 'take_message') return 'I could not store the message. Please try again in a moment.';
  return 'I cannot reach the calendar right now. Please try again in a moment.';
}
