import type { XmlElement } from '../xml.ts';

/** Tells what the vendor would warn of and pass over (error 12200). */
export type Warn = (text: string) => void;

/** Warns of attributes that the vendor's element does not have. */
export function checkAttributes(element: XmlElement, known: readonly string[], warn: Warn): void {
  for (const name of Object.keys(element.attributes)) if (!known.includes(name)) warn(`<${element.name}> has no attribute ${name}`);
}

/** The vendor posts unless told to get. */
export const methodOf = (text: string | undefined): 'GET' | 'POST' => (text?.toUpperCase() === 'GET' ? 'GET' : 'POST');

/** A whole number, or `otherwise` with a warning where it is none. */
export function wholeNumber(element: XmlElement, name: string, otherwise: number, unit: string, warn: Warn): number {
  const text = element.attributes[name];
  if (text === undefined) return otherwise;
  if (/^\d+$/.test(text)) return Number(text);
  warn(`${element.name}: ${name} "${text}" is no whole number${unit ? ` of ${unit}` : ''}`);
  return otherwise;
}
