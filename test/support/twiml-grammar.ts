/**
 * A grammar of TwiML, as far as we speak it, made from Twilio's documentation of each verb. It stands apart from the
 * SDK that writes the documents and from the simulator that reads them.
 *
 * @see https://www.twilio.com/docs/voice/twiml
 */
interface Rule {
  readonly attributes?: Readonly<Record<string, RegExp>>;
  readonly required?: readonly string[];
  readonly children?: readonly string[];
  /** What its text must be; none where missing. */
  readonly text?: RegExp;
}

const URL_TEXT = /^https?:\/\/[^\s#]+$/;
const METHOD = /^(GET|POST)$/;
const COUNT = /^\d{1,5}$/;
const FLAG = /^(true|false)$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const E164 = /^\+[1-9]\d{6,14}$/;
const LISTED = (...words: string[]) => new RegExp(`^(${words.join('|')})( (${words.join('|')}))*$`);
const CALL_EVENTS = LISTED('initiated', 'ringing', 'answered', 'completed');
const RECORDING_EVENTS = LISTED('in-progress', 'completed', 'absent');
/** `<Say>` takes 4096 characters. */
const SPOKEN = /^[\s\S]{1,4096}$/;
const VERBS = ['Connect', 'Redirect', 'Pause', 'Say', 'Play', 'Hangup', 'Gather', 'Dial', 'Record', 'Reject', 'Start', 'Stop'];

const GRAMMAR: Readonly<Record<string, Rule>> = {
  Response: { children: VERBS },
  Connect: { attributes: { action: URL_TEXT, method: METHOD }, children: ['Stream'] },
  Start: { attributes: { action: URL_TEXT, method: METHOD }, children: ['Stream'] },
  Stop: { children: ['Stream'] },
  Stream: {
    // Twilio strips the query of a stream's address; plain ws is for a carrier on this machine.
    attributes: { url: /^wss?:\/\/[^\s?#]+$/, name: /./, track: /^(inbound|outbound|both)_track$/, statusCallback: URL_TEXT, statusCallbackMethod: METHOD },
    required: ['url'],
    children: ['Parameter'],
  },
  Parameter: { attributes: { name: /^.{1,499}$/, value: /^.{0,499}$/ }, required: ['name', 'value'] },
  Redirect: { attributes: { method: METHOD }, text: URL_TEXT },
  Pause: { attributes: { length: COUNT } },
  Say: { attributes: { voice: /./, language: LANGUAGE, loop: COUNT }, text: SPOKEN },
  Play: { attributes: { loop: COUNT, digits: /^[0-9*#wWABCD]{1,32}$/ }, text: /^(https?:\/\/\S+)?$/ },
  Hangup: {},
  Reject: { attributes: { reason: /^(rejected|busy)$/ } },
  Gather: {
    attributes: {
      input: LISTED('dtmf', 'speech'),
      action: URL_TEXT,
      method: METHOD,
      timeout: COUNT,
      speechTimeout: /^(auto|\d+)$/,
      maxSpeechTime: COUNT,
      finishOnKey: /^[0-9*#]?$/,
      numDigits: COUNT,
      language: LANGUAGE,
      hints: /^.{1,1000}$/s,
      actionOnEmptyResult: FLAG,
      bargeIn: FLAG,
      profanityFilter: FLAG,
      enhanced: FLAG,
      speechModel: /^[a-z_0-9-]+$/,
      partialResultCallback: URL_TEXT,
      partialResultCallbackMethod: METHOD,
    },
    children: ['Say', 'Play', 'Pause'],
  },
  Record: {
    attributes: {
      action: URL_TEXT,
      method: METHOD,
      timeout: COUNT,
      finishOnKey: /^[0-9*#]*$/,
      maxLength: COUNT,
      playBeep: FLAG,
      trim: /^(trim-silence|do-not-trim)$/,
      recordingStatusCallback: URL_TEXT,
      recordingStatusCallbackMethod: METHOD,
      recordingStatusCallbackEvent: RECORDING_EVENTS,
    },
  },
  Dial: {
    attributes: {
      action: URL_TEXT,
      method: METHOD,
      timeout: COUNT,
      timeLimit: COUNT,
      callerId: E164,
      answerOnBridge: FLAG,
      hangupOnStar: FLAG,
      ringTone: /^[a-z]{2}$/,
      record: /^(do-not-record|record-from-(answer|ringing)(-dual)?)$/,
      recordingStatusCallback: URL_TEXT,
      recordingStatusCallbackMethod: METHOD,
      recordingStatusCallbackEvent: RECORDING_EVENTS,
    },
    children: ['Number'],
  },
  Number: {
    attributes: {
      url: URL_TEXT,
      method: METHOD,
      sendDigits: /^[0-9*#w]+$/,
      statusCallback: URL_TEXT,
      statusCallbackMethod: METHOD,
      statusCallbackEvent: CALL_EVENTS,
    },
    text: E164,
  },
};

const LARGEST_DOCUMENT = 64 * 1024;
/** On the name and value of a parameter, each. */
const LARGEST_PARAMETER = 500;

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** What is wrong with a document; nothing where Twilio would carry it out as it stands. */
export function twimlProblems(source: string): string[] {
  if (Buffer.byteLength(source) > LARGEST_DOCUMENT) return ['the document is larger than 64 KB'];
  try {
    const root = readXml(source);
    if (root.name !== 'Response') return [`the root is <${root.name}>`];
    return [...check(root), ...reachable(root)];
  } catch (error) {
    return [String(error)];
  }
}

function check(element: Element): string[] {
  const rule = GRAMMAR[element.name];
  const said = (problem: string) => `<${element.name}>: ${problem}`;
  if (!rule) return [said('no such element')];
  const problems = Object.entries(element.attributes).flatMap(([name, value]) => {
    const allowed = rule.attributes?.[name];
    if (!allowed) return [said(`no attribute ${name}`)];
    return allowed.test(value) ? [] : [said(`${name} cannot be ${JSON.stringify(value)}`)];
  });
  problems.push(...(rule.required ?? []).filter((name) => !(name in element.attributes)).map((name) => said(`${name} is missing`)));
  problems.push(...element.children.filter(({ name }) => !rule.children?.includes(name)).map(({ name }) => said(`no place for <${name}>`)));
  const text = element.text.trim();
  if (!(rule.text ?? /^$/).test(text)) problems.push(said(`text ${JSON.stringify(text.slice(0, 80))}`));
  const { name = '', value = '' } = element.attributes;
  if (element.name === 'Parameter' && name.length + value.length >= LARGEST_PARAMETER) problems.push(said('longer than 500 characters'));
  return [...problems, ...element.children.flatMap(check)];
}

/** Whatever follows these is never carried out. */
function reachable({ children }: Element): string[] {
  const last = children.findIndex(({ name }) => name === 'Hangup' || name === 'Redirect' || name === 'Reject');
  const dead = last === -1 ? [] : children.slice(last + 1);
  return dead.map(({ name }) => `<${name}> is never reached`);
}

const TOKEN = /<\?xml[^?]*\?>|<(\/?)([A-Za-z]+)((?:\s+[A-Za-z]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Elements, attributes and text; nothing else of XML stands in TwiML. @throws where it is not well-formed */
function readXml(source: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    at = match.index + match[0].length;
    const [, closing, name, attributes = '', alone, text] = match;
    const parent = open.at(-1) ?? top;
    if (text !== undefined) parent.text += unescaped(text);
    if (!name) continue;
    if (closing) {
      if (open.pop()?.name !== name || open.length === 0) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const given = [...attributes.matchAll(/([A-Za-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescaped(value)] as const);
    const element: Element = { name, attributes: Object.fromEntries(given), children: [], text: '' };
    parent.children.push(element);
    if (!alone) open.push(element);
  }
  if (at !== source.length) throw new Error(`not XML at ${JSON.stringify(source.slice(at, at + 40))}`);
  const [root, ...more] = top.children;
  if (!root || more.length > 0 || open.length > 1) throw new Error('not one root that is closed');
  return root;
}

function unescaped(text: string): string {
  const bad = text.search(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u);
  if (bad !== -1) throw new Error('a character that XML does not have');
  return text.replace(/&(#\d+|#x[0-9a-fA-F]+|\w+);|&/g, (whole, entity: string | undefined) => {
    if (entity?.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity?.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)));
    const character = entity && ENTITIES[entity];
    if (!character) throw new Error(`${whole} is no entity`);
    return character;
  });
}
