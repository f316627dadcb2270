import type { XmlElement } from '../xml.ts';
import { checkAttributes, methodOf, type Warn } from './attributes.ts';
import type { Line, Next } from './line.ts';

export interface RedirectVerb {
  readonly type: 'redirect';
  readonly url: string;
  readonly method: 'GET' | 'POST';
}

export function readRedirect(element: XmlElement, warn: Warn): RedirectVerb {
  checkAttributes(element, ['method'], warn);
  return { type: 'redirect', url: element.text.trim(), method: methodOf(element.attributes.method) };
}

export const redirect = ({ url, method }: RedirectVerb, line: Line): Next => ({ url: line.resolve(url), method });
