import { unreachable } from '../../../kit/errors.ts';
import type { XmlElement } from '../xml.ts';
import { checkAttributes, type Warn } from './attributes.ts';
import { connect, readConnect, type StreamVerb } from './connect.ts';
import { type DialVerb, dial, readDial } from './dial.ts';
import { type GatherVerb, gather, readGather } from './gather.ts';
import type { Line, Next } from './line.ts';
import { type PauseVerb, pause, readPause } from './pause.ts';
import { type RecordVerb, readRecord, record } from './record.ts';
import { type RedirectVerb, readRedirect, redirect } from './redirect.ts';
import { readSay, type SayVerb, say } from './say.ts';

/** What a document tells the carrier to do. A verb is a file: how it is read, and how it is carried out. */
export type Verb = StreamVerb | DialVerb | GatherVerb | RecordVerb | RedirectVerb | PauseVerb | SayVerb | { readonly type: 'hangup' };

/** @returns null where the carrier would pass over it. */
export function readVerb(element: XmlElement, warn: Warn): Verb | null {
  switch (element.name) {
    case 'Connect':
      return readConnect(element, warn);
    case 'Dial':
      return readDial(element, warn);
    case 'Gather':
      return readGather(element, warn);
    case 'Record':
      return readRecord(element, warn);
    case 'Redirect':
      return readRedirect(element, warn);
    case 'Pause':
      return readPause(element, warn);
    case 'Say':
      return readSay(element, warn);
    case 'Hangup':
      checkAttributes(element, [], warn);
      return { type: 'hangup' };
    default:
      warn(`<${element.name}> is no verb that is known here`);
      return null;
  }
}

/** A pause that comes first lets it ring on; everything else picks up. */
export const picksUp = ({ type }: Verb): boolean => type !== 'pause' && type !== 'redirect';

export async function perform(verb: Verb, line: Line): Promise<Next> {
  switch (verb.type) {
    case 'stream':
      return connect(verb, line);
    case 'dial':
      return dial(verb, line);
    case 'gather':
      return gather(verb, line);
    case 'record':
      return record(verb, line);
    case 'redirect':
      return redirect(verb, line);
    case 'pause':
      return pause(verb, line);
    case 'say':
      return say(verb, line);
    case 'hangup':
      return 'hang-up';
    default:
      return unreachable(verb);
  }
}
