import type { XmlElement } from '../xml.ts';
import { checkAttributes, type Warn, wholeNumber } from './attributes.ts';
import type { Line, Next } from './line.ts';

export interface PauseVerb {
  readonly type: 'pause';
  readonly seconds: number;
}

export function readPause(element: XmlElement, warn: Warn): PauseVerb {
  checkAttributes(element, ['length'], warn);
  return { type: 'pause', seconds: wholeNumber(element, 'length', 1, 'seconds', warn) };
}

export async function pause({ seconds }: PauseVerb, line: Line): Promise<Next> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = line.exchange.clock.after(seconds * 1_000, resolve);
  await line.attach({ tick: () => null, stop: resolve, done: promise });
  timer.cancel();
  return 'go-on';
}
