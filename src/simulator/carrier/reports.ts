import { keep } from '../keep.ts';
import { type Exchange, rfc2822 } from './exchange.ts';
import type { CallLog, WebhookLog } from './log.ts';
import type { SimulatedRecording } from './recording.ts';
import { sendWebhook, type WebhookAnswer } from './webhook.ts';

export type StatusEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

/** What the carrier tells and asks the program about one call. Status callbacks go out in order, without holding the call up. */
export class Reports {
  readonly #exchange: Exchange;
  readonly #log: CallLog;
  readonly #status: { readonly url: string; readonly events: readonly StatusEvent[] } | null;
  #delivered = Promise.resolve();
  #number = 0;
  readonly #held: (() => Promise<void>)[] = [];

  constructor(exchange: Exchange, log: CallLog, status: { url: string; events: readonly StatusEvent[] } | null) {
    this.#exchange = exchange;
    this.#log = log;
    this.#status = status;
  }

  /** Asks for instructions. @param extra what is told along with it, e.g. `Digits`. */
  voice(url: string, method: 'GET' | 'POST', extra?: Readonly<Record<string, string>>): Promise<WebhookAnswer> {
    return this.#send('voice', url, method, this.#form(extra));
  }

  callback(event: StatusEvent, extra: Readonly<Record<string, string>> = {}): void {
    const status = this.#status;
    if (!status?.events.includes(event)) return;
    const form = this.#form({
      ...(event === 'initiated' && { CallStatus: 'initiated' }),
      Timestamp: rfc2822(this.#exchange.clock.now()),
      CallbackSource: 'call-progress-events',
      SequenceNumber: String(this.#number++),
      ...extra,
    });
    const { faults } = this.#exchange;
    const deliver = async () => {
      if (faults.loseCallbacks > 0) {
        faults.loseCallbacks -= 1;
        return;
      }
      const { idempotencyToken } = await this.#send('status', status.url, 'POST', form);
      if (faults.repeatCallbacks) await this.#send('status', status.url, 'POST', form, idempotencyToken);
    };
    if (faults.reverseCallbacks) this.#held.push(deliver);
    else this.#delivered = this.#delivered.then(deliver);
  }

  /** The callback that ends them. @returns when all have been sent. */
  last(sipCode: number): Promise<void> {
    const seconds = this.#log.durationSeconds ?? 0;
    this.callback('completed', { CallDuration: String(seconds), Duration: String(Math.ceil(seconds / 60)), SipResponseCode: String(sipCode) });
    for (const held of this.#held.splice(0).reverse()) this.#delivered = this.#delivered.then(held);
    return this.#delivered;
  }

  /** What is told of a call in every webhook. */
  #form(extra: Readonly<Record<string, string>> = {}): URLSearchParams {
    const { sid, status, from, to, direction, parentSid } = this.#log;
    return new URLSearchParams({
      AccountSid: this.#exchange.accountSid,
      ApiVersion: '2010-04-01',
      CallSid: sid,
      CallStatus: status,
      Called: to,
      CalledCountry: 'US',
      Caller: from,
      CallerCountry: 'US',
      Direction: direction,
      From: from,
      FromCountry: 'US',
      To: to,
      ToCountry: 'US',
      ...(parentSid && { ParentCallSid: parentSid }),
      ...extra,
    });
  }

  /** What picked up. */
  answeredBy(url: string, answeredBy: string, afterMs: number): void {
    this.#deliver(
      'amd',
      url,
      new URLSearchParams({ CallSid: this.#log.sid, AccountSid: this.#exchange.accountSid, AnsweredBy: answeredBy, MachineDetectionDuration: String(afterMs) }),
    );
  }

  /** A recording that can be fetched, or came to nothing. */
  recording(recording: SimulatedRecording): void {
    const { sid, state, durationSeconds, startedAt, callback, channels } = recording;
    if (!callback?.events.includes(state)) return;
    const { accountSid } = this.#exchange;
    const form = {
      AccountSid: accountSid,
      CallSid: this.#log.sid,
      RecordingSid: sid,
      RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`,
      RecordingStatus: state,
      RecordingDuration: String(durationSeconds),
      RecordingChannels: String(channels),
      RecordingStartTime: rfc2822(startedAt),
      RecordingSource: channels === 1 ? 'RecordVerb' : 'StartCallRecordingAPI',
      RecordingTrack: channels === 1 ? 'inbound' : 'both',
    };
    this.#deliver('recording', callback.url, new URLSearchParams(form));
  }

  #deliver(kind: 'amd' | 'recording', url: string, form: URLSearchParams): void {
    void this.#send(kind, url, 'POST', form).then(({ idempotencyToken }) => {
      if (this.#exchange.faults.repeatCallbacks) void this.#send(kind, url, 'POST', form, idempotencyToken);
    });
  }

  async #send(kind: WebhookLog['kind'], url: string, method: 'GET' | 'POST', form: URLSearchParams, idempotencyToken?: string): Promise<WebhookAnswer> {
    const { clock, log } = this.#exchange;
    const at = clock.now();
    const startedMs = clock.monotonicMs();
    const callSid = this.#log.sid;
    const answer = await sendWebhook(this.#exchange, { url, method, form, ...(idempotencyToken && { idempotencyToken }) });
    keep(log.webhooks, { kind, callSid, url, form: Object.fromEntries(form), at, durationMs: clock.monotonicMs() - startedMs, ...answer });
    if (kind !== 'voice' && (answer.status === null || answer.status >= 400)) {
      keep(log.notifications, { code: 11200, message: `${url}: ${answer.error ?? answer.status}`, callSid, at: clock.now() });
    }
    return answer;
  }
}
