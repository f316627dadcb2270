import { MediaStream } from '../stream.ts';
import type { XmlElement } from '../xml.ts';
import { checkAttributes, type Warn } from './attributes.ts';
import type { Line, Next } from './line.ts';

export interface StreamVerb {
  readonly type: 'stream';
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly name: string | null;
}

/** On the name and value of one parameter together. */
const PARAMETER_CHARACTERS = 500;

export function readConnect(element: XmlElement, warn: Warn): StreamVerb | null {
  checkAttributes(element, ['action', 'method'], warn);
  const [stream, ...others] = element.children;
  if (stream?.name !== 'Stream' || others.length > 0) {
    warn('<Connect> holds one <Stream>');
    return null;
  }
  checkAttributes(stream, ['url', 'name', 'track', 'statusCallback', 'statusCallbackMethod'], warn);
  const parameters: Record<string, string> = {};
  for (const child of stream.children) {
    const { name = '', value = '' } = child.attributes;
    if (child.name !== 'Parameter' || name === '') warn('<Stream> holds <Parameter name="" value=""> alone');
    else if (name.length + value.length >= PARAMETER_CHARACTERS) warn(`Parameter ${name} is longer than ${PARAMETER_CHARACTERS} characters with its name`);
    else parameters[name] = value;
    checkAttributes(child, ['name', 'value'], warn);
  }
  return { type: 'stream', url: stream.attributes.url ?? '', parameters, name: stream.attributes.name ?? null };
}

/** It is over when the socket is gone, whoever ended it. */
export async function connect(verb: StreamVerb, line: Line): Promise<Next> {
  const url = mediaUrl(verb.url);
  if (!url) {
    line.notify(31941, `${verb.url} is no address of a media stream`);
    return 'go-on';
  }
  if (url.search) line.notify(12200, 'the query of a stream address is left out');
  url.search = '';
  const { clock, accountSid, authToken, faults, record } = line.exchange;
  const notify = (code: number, message: string) => line.notify(code, message);
  const stream = new MediaStream({ clock, accountSid, authToken, callSid: line.sid, url: url.href, parameters: verb.parameters, notify, record });
  line.log.streams.push(stream.log);
  const breakAfterMs = faults.breakStreamsAfterMs.shift();
  const fault = breakAfterMs === undefined ? null : clock.after(breakAfterMs, () => stream.break());
  await line.attach({ tick: (voice) => stream.tick(voice), press: (digit) => stream.press(digit), stop: () => stream.stop(), done: stream.closed });
  fault?.cancel();
  return 'go-on';
}

/** The vendor takes wss alone; a lab on one machine has no certificates, so names without a dot and loopback may use ws. */
function mediaUrl(text: string): URL | null {
  const url = URL.parse(text);
  if (url?.protocol === 'wss:') return url;
  const local = url && (!url.hostname.includes('.') || /^127\.\d+\.\d+\.\d+$/.test(url.hostname));
  return local && url.protocol === 'ws:' ? url : null;
}
