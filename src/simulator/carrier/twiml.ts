import { parseXml, type XmlElement, XmlError } from './xml.ts';

/** What a document tells the carrier to do, in order. */
export type Verb =
  | { readonly type: 'stream'; readonly url: string; readonly parameters: Readonly<Record<string, string>>; readonly name: string | null }
  | { readonly type: 'redirect'; readonly url: string; readonly method: 'GET' | 'POST' }
  | { readonly type: 'pause'; readonly seconds: number }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'hangup' };

export interface Instructions {
  readonly verbs: readonly Verb[];
  /** What the carrier would warn of and pass over (error 12200). */
  readonly warnings: readonly string[];
}

/** The document cannot be used at all (error 12100). */
export class TwimlError extends Error {
  override readonly name = 'TwimlError';
}

/** The vendor's limit on a document, 64 KB. */
const MAXIMUM_BYTES = 65_536;
/** On the name and value of one parameter together. */
const PARAMETER_CHARACTERS = 500;

/** Attributes that the vendor knows for each verb that is understood here. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  Connect: ['action', 'method'],
  Stream: ['url', 'name', 'track', 'statusCallback', 'statusCallbackMethod'],
  Parameter: ['name', 'value'],
  Redirect: ['method'],
  Pause: ['length'],
  Say: ['voice', 'language', 'loop'],
  Hangup: [],
  Response: [],
};

/** Reads call instructions. An empty text is an empty response: the carrier hangs up. @throws TwimlError */
export function parseTwiml(source: string): Instructions {
  if (Buffer.byteLength(source) > MAXIMUM_BYTES) throw new TwimlError('the document is longer than 64 KB');
  if (source.trim() === '') return { verbs: [], warnings: [] };
  const root = readDocument(source);
  if (root.name !== 'Response') throw new TwimlError(`the root element is <${root.name}>, not <Response>`);
  const warnings: string[] = [];
  const verbs = root.children.flatMap((element) => readVerb(element, warnings) ?? []);
  return { verbs, warnings: [...warnings, ...attributeWarnings(root)] };
}

function readDocument(source: string): XmlElement {
  try {
    return parseXml(source);
  } catch (error) {
    throw error instanceof XmlError ? new TwimlError(error.message) : error;
  }
}

function readVerb(element: XmlElement, warnings: string[]): Verb | null {
  warnings.push(...attributeWarnings(element));
  switch (element.name) {
    case 'Connect':
      return readConnect(element, warnings);
    case 'Redirect': {
      const method = element.attributes.method?.toUpperCase() === 'GET' ? 'GET' : 'POST';
      return { type: 'redirect', url: element.text.trim(), method };
    }
    case 'Pause': {
      const length = element.attributes.length ?? '1';
      if (!/^\d+$/.test(length)) warnings.push(`Pause: length "${length}" is no whole number of seconds`);
      return { type: 'pause', seconds: /^\d+$/.test(length) ? Number(length) : 1 };
    }
    case 'Say':
      return { type: 'say', text: element.text.trim() };
    case 'Hangup':
      return { type: 'hangup' };
    default:
      warnings.push(`<${element.name}> is no verb that is known here`);
      return null;
  }
}

function readConnect(element: XmlElement, warnings: string[]): Verb | null {
  const [stream, ...others] = element.children;
  if (stream?.name !== 'Stream' || others.length > 0) {
    warnings.push('<Connect> holds one <Stream>');
    return null;
  }
  warnings.push(...attributeWarnings(stream));
  const parameters: Record<string, string> = {};
  for (const child of stream.children) {
    const { name = '', value = '' } = child.attributes;
    if (child.name !== 'Parameter' || name === '') warnings.push('<Stream> holds <Parameter name="" value=""> alone');
    else if (name.length + value.length >= PARAMETER_CHARACTERS)
      warnings.push(`Parameter ${name} is longer than ${PARAMETER_CHARACTERS} characters with its name`);
    else parameters[name] = value;
    warnings.push(...attributeWarnings(child));
  }
  return { type: 'stream', url: stream.attributes.url ?? '', parameters, name: stream.attributes.name ?? null };
}

const attributeWarnings = (element: XmlElement): string[] =>
  Object.keys(element.attributes)
    .filter((name) => ATTRIBUTES[element.name] && !ATTRIBUTES[element.name]?.includes(name))
    .map((name) => `<${element.name}> has no attribute ${name}`);
