/** An element of a document; text and comments beside child elements are kept as `text`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const NAME = '[A-Za-z_][\\w:.-]*';
const TOKEN = new RegExp(
  [
    '<!--(?:(?!--)[^])*-->',
    '<\\?[^]*?\\?>',
    '<!\\[CDATA\\[(?<cdata>[^]*?)\\]\\]>',
    `</(?<closes>${NAME})\\s*>`,
    `<(?<opens>${NAME})(?<attributes>(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);

/** Reads the part of XML that call instructions are written in: elements, attributes, text, comments, CDATA. @throws XmlError */
export function parseXml(source: string): XmlElement {
  type Open = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string };
  const document: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [document];
  const input = source.replace(/^\uFEFF/, '');
  for (let at = 0; at < input.length; ) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(input);
    if (!token) throw new XmlError(`cannot be read at character ${at}`);
    at = TOKEN.lastIndex;
    const { cdata, closes, opens, attributes = '', empty, text } = token.groups ?? {};
    const current = open.at(-1) ?? document;
    if (cdata !== undefined) current.text += cdata;
    else if (text !== undefined) current.text += unescapeXml(text);
    else if (opens !== undefined) {
      const element: Open = { name: opens, attributes: readAttributes(attributes), children: [], text: '' };
      current.children.push(element);
      if (!empty) open.push(element);
    } else if (closes !== undefined) {
      if (closes !== current.name) throw new XmlError(`</${closes}> closes <${current.name}>`);
      open.pop();
    }
  }
  if (open.length > 1) throw new XmlError(`<${open.at(-1)?.name}> is not closed`);
  const [root, ...others] = document.children;
  if (!root || others.length > 0 || document.text.trim() !== '') throw new XmlError('one root element is required');
  return root;
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of source.matchAll(new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g'))) {
    if (name in attributes) throw new XmlError(`attribute ${name} twice`);
    attributes[name] = unescapeXml(double ?? single ?? '');
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);?/gi, (whole, entity: string) => {
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : /^#/.test(entity) ? Number(entity.slice(1)) : null;
    const character = code !== null && code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES[entity];
    if (character === undefined || !whole.endsWith(';')) throw new XmlError(`unknown entity ${whole}`);
    return character;
  });
