import { checkAttributes } from './verbs/attributes.ts';
import { readVerb, type Verb } from './verbs/verbs.ts';
import { parseXml, type XmlElement, XmlError } from './xml.ts';

export interface Instructions {
  /** What a document tells the carrier to do, in order. */
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

/** Reads call instructions. An empty text is an empty response: the carrier hangs up. @throws TwimlError */
export function parseTwiml(source: string): Instructions {
  if (Buffer.byteLength(source) > MAXIMUM_BYTES) throw new TwimlError('the document is longer than 64 KB');
  if (source.trim() === '') return { verbs: [], warnings: [] };
  const root = readDocument(source);
  if (root.name !== 'Response') throw new TwimlError(`the root element is <${root.name}>, not <Response>`);
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const verbs = root.children.flatMap((element) => readVerb(element, warn) ?? []);
  checkAttributes(root, [], warn);
  return { verbs, warnings };
}

function readDocument(source: string): XmlElement {
  try {
    return parseXml(source);
  } catch (error) {
    throw error instanceof XmlError ? new TwimlError(error.message) : error;
  }
}
