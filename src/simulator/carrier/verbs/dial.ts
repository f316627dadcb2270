import type { StatusEvent } from '../reports.ts';
import type { XmlElement } from '../xml.ts';
import { checkAttributes, methodOf, type Warn, wholeNumber } from './attributes.ts';
import type { Attachment, Line, Next } from './line.ts';

export interface DialVerb {
  readonly type: 'dial';
  readonly number: string;
  readonly callerId: string | null;
  readonly action: string | null;
  readonly method: 'GET' | 'POST';
  readonly ringSeconds: number;
  readonly maximumSeconds: number;
  /** Carried out on the side of whoever is called, before the two are joined. */
  readonly instructions: { readonly url: string; readonly method: 'GET' | 'POST' } | null;
  readonly status: { readonly url: string; readonly events: readonly StatusEvent[] } | null;
}

const EVENTS = ['initiated', 'ringing', 'answered', 'completed'] as const satisfies readonly StatusEvent[];
const E164 = /^\+[1-9]\d{6,14}$/;
/** Frames that one side may be ahead of the other. */
const AHEAD = 5;

export function readDial(element: XmlElement, warn: Warn): DialVerb | null {
  checkAttributes(element, ['action', 'method', 'callerId', 'timeout', 'timeLimit', 'answerOnBridge', 'ringTone', 'hangupOnStar', 'record'], warn);
  const [number, ...others] = element.children;
  if (number?.name !== 'Number' || others.length > 0) {
    warn('<Dial> holds one <Number>');
    return null;
  }
  checkAttributes(number, ['url', 'method', 'sendDigits', 'statusCallback', 'statusCallbackMethod', 'statusCallbackEvent'], warn);
  const { url, method, statusCallback, statusCallbackEvent = 'completed' } = number.attributes;
  const events = EVENTS.filter((event) => statusCallbackEvent.split(' ').includes(event));
  return {
    type: 'dial',
    number: number.text.trim(),
    callerId: element.attributes.callerId ?? null,
    action: element.attributes.action ?? null,
    method: methodOf(element.attributes.method),
    ringSeconds: wholeNumber(element, 'timeout', 30, 'seconds', warn),
    maximumSeconds: wholeNumber(element, 'timeLimit', 14_400, 'seconds', warn),
    instructions: url === undefined ? null : { url, method: methodOf(method) },
    status: statusCallback === undefined ? null : { url: statusCallback, events },
  };
}

/** Rings somebody and joins the two; it is over when one of them hangs up, or nobody answers. */
export async function dial(verb: DialVerb, line: Line): Promise<Next> {
  const next = (form: Readonly<Record<string, string>>): Next =>
    verb.action === null ? 'go-on' : { url: line.resolve(verb.action), method: verb.method, form };
  if (!E164.test(verb.number)) {
    line.notify(13_224, `${verb.number} is no telephone number`);
    return next({ DialCallStatus: 'failed' });
  }
  const join = new Join();
  const leg = line.ring({
    to: verb.number,
    from: verb.callerId ?? line.log.from,
    instructions: verb.instructions ? { url: line.resolve(verb.instructions.url), method: verb.instructions.method } : { twiml: '<Response/>' },
    status: verb.status && { url: line.resolve(verb.status.url), events: verb.status.events },
    ringSeconds: verb.ringSeconds,
    maximumSeconds: verb.maximumSeconds,
    join: (other) => other.attach(join.end(1)),
  });
  void leg.ended.then(() => join.part());
  await line.attach(join.end(0));
  join.part();
  leg.end(leg.log.answeredAt ? 'completed' : 'canceled', 'program');
  const { sid, status, durationSeconds } = await leg.ended;
  return next({ DialCallSid: sid, DialCallStatus: status, DialCallDuration: String(durationSeconds ?? 0), DialBridged: String(join.joined) });
}

/** Two ends, each of which hears what is said at the other. */
class Join {
  readonly #said: [(Buffer | null)[], (Buffer | null)[]] = [[], []];
  readonly #over = Promise.withResolvers<void>();
  /** Both have been there. */
  joined = false;

  end(side: 0 | 1): Attachment {
    const mine = this.#said[side];
    const theirs = this.#said[side === 0 ? 1 : 0];
    if (side === 1) this.joined = true;
    return {
      tick(voice) {
        mine.push(voice);
        if (mine.length > AHEAD) mine.shift();
        return theirs.shift() ?? null;
      },
      stop: () => this.part(),
      done: this.#over.promise,
    };
  }

  part(): void {
    this.#over.resolve();
  }
}
