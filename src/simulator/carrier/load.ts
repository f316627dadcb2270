import { parseTwiml, TwimlError } from './twiml.ts';
import type { Instruction } from './verbs/line.ts';
import type { Verb } from './verbs/verbs.ts';
import type { WebhookAnswer } from './webhook.ts';

interface Asker {
  voice(url: string, method: 'GET' | 'POST', form?: Readonly<Record<string, string>>): Promise<WebhookAnswer>;
}

/**
 * Asks for instructions, unless they are given, and reads them. What the vendor would show in its debugger is told.
 *
 * @returns null where they cannot be had or understood; the carrier then gives up the call.
 */
export async function loadVerbs(instruction: Instruction, asker: Asker, notify: (code: number, message: string) => void): Promise<readonly Verb[] | null> {
  const giveUp = (code: number, message: string): null => {
    notify(code, message);
    return null;
  };
  let source = 'twiml' in instruction ? instruction.twiml : '';
  if ('url' in instruction) {
    const answer = await asker.voice(instruction.url, instruction.method, instruction.form);
    if (answer.status === null) return giveUp(11205, answer.error ?? 'no connection');
    if (answer.status < 200 || answer.status > 299) return giveUp(11200, `${instruction.url} answered ${answer.status}`);
    if (answer.body.trim() !== '' && !/^(text|application)\/xml\b/.test(answer.contentType)) return giveUp(12300, `content type ${answer.contentType}`);
    source = answer.body;
  }
  try {
    const { verbs, warnings } = parseTwiml(source);
    for (const warning of warnings) notify(12200, warning);
    return verbs;
  } catch (error) {
    if (error instanceof TwimlError) return giveUp(12100, error.message);
    throw error;
  }
}
