import { createHash } from 'node:crypto';
import { type Answered, notFound, type Parameters, page, refusal, rfc2822, type TwinResource, textOf, twilioSpec } from './twilio-spec.ts';

export interface TwinCall {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly url: string;
  readonly statusCallback: string | undefined;
  readonly dateCreated: Date;
  status: 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';
  duration: number | null;
}

const OVER = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];

/** Twilio's Calls resource. */
export class TwinCalls implements TwinResource {
  /** In the order in which they were created. */
  readonly calls: TwinCall[] = [];
  readonly #spec = twilioSpec('twilio-calls-api.json', 'CA');
  readonly #conforms = this.#spec.resource('api.v2010.account.call');
  readonly #accountSid: string;
  readonly #violations: string[];

  constructor(accountSid: string, violations: string[]) {
    this.#accountSid = accountSid;
    this.#violations = violations;
  }

  get operations() {
    return this.#spec.operations;
  }

  act(method: string, url: URL, parameters: Parameters): Answered {
    const text = (name: string) => textOf(parameters, name);
    const sid = /\/Calls\/(CA[0-9a-f]{32})\.json$/.exec(url.pathname)?.[1];
    if (sid) {
      const call = this.calls.find((candidate) => candidate.sid === sid);
      if (!call) return notFound(url);
      if (method === 'POST') {
        if (OVER.includes(call.status)) return refusal(400, 21220, 'Call is not in-progress. Cannot redirect.');
        if (text('Status') === 'completed') call.status = call.status === 'in-progress' ? 'completed' : 'canceled';
      }
      return [200, this.#resource(call)];
    }
    if (method === 'POST') return [201, this.#resource(this.#create(text))];
    const listed = this.calls.filter(({ to, from }) => to === text('To') && from === text('From')).toReversed();
    return page(
      'calls',
      url,
      listed.map((call) => this.#resource(call)),
      parameters,
    );
  }

  #create(text: (name: string) => string): TwinCall {
    for (const needed of ['To', 'From', 'Url']) if (!text(needed)) this.#violations.push(`a call needs ${needed}`);
    const call: TwinCall = {
      sid: `CA${createHash('md5').update(`${this.#accountSid}:${Math.random()}:${this.calls.length}`).digest('hex')}`,
      to: text('To'),
      from: text('From'),
      url: text('Url'),
      statusCallback: text('StatusCallback') || undefined,
      dateCreated: new Date(),
      status: 'queued',
      duration: null,
    };
    this.calls.push(call);
    return call;
  }

  #resource(call: TwinCall): object {
    const told = {
      sid: call.sid,
      account_sid: this.#accountSid,
      to: call.to,
      from: call.from,
      status: call.status,
      direction: 'outbound-api',
      api_version: '2010-04-01',
      date_created: rfc2822(call.dateCreated),
      date_updated: rfc2822(call.dateCreated),
      start_time: call.status === 'queued' ? null : rfc2822(call.dateCreated),
      end_time: OVER.includes(call.status) ? rfc2822(call.dateCreated) : null,
      duration: call.duration === null ? null : String(call.duration),
      answered_by: null,
      uri: `/2010-04-01/Accounts/${this.#accountSid}/Calls/${call.sid}.json`,
      subresource_uris: {},
    };
    if (!this.#conforms(told)) this.#violations.push(`an answer of the twin's own: ${JSON.stringify(this.#conforms.errors)}`);
    return told;
  }
}
