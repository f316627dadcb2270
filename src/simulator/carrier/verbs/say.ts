import { speak } from '../../audio/modem.ts';
import { Playout } from '../playout.ts';
import type { XmlElement } from '../xml.ts';
import { checkAttributes, type Warn } from './attributes.ts';
import type { Attachment, Line, Next } from './line.ts';

export interface SayVerb {
  readonly type: 'say';
  readonly text: string;
}

export function readSay(element: XmlElement, warn: Warn): SayVerb {
  checkAttributes(element, ['voice', 'language', 'loop'], warn);
  return { type: 'say', text: element.text.trim() };
}

/** It is over when the person has heard it. */
export async function say({ text }: SayVerb, line: Line): Promise<Next> {
  await line.attach(announcement(text));
  return 'go-on';
}

/** Words in the carrier's own voice. */
export function announcement(text: string): Attachment {
  const { promise, resolve } = Promise.withResolvers<void>();
  const playout = new Playout();
  playout.addAudio(speak(text).audio);
  playout.addMark('end');
  return {
    tick() {
      const { frame, marks } = playout.next();
      if (marks.length > 0) resolve();
      return frame;
    },
    stop: resolve,
    done: promise,
  };
}
