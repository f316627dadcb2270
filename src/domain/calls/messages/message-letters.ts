import type { Mail } from '../../../ports/mailer.ts';

export interface MessageFacts {
  readonly id: string;
  readonly callerName: string | null;
  readonly callbackNumber: string | null;
  readonly body: string;
  readonly urgent: boolean;
  readonly createdAt: Date;
}

export interface MessagePlace {
  readonly business: string;
  readonly timeZone: string;
  readonly frontendUrl: string;
  /** Where a spoken one can be heard for a while. */
  readonly audioUrl: string | null;
}

/** Tells an owner of a message. Plain text: what a caller said stands in it as it is, and can be nothing but words. */
export function messageMail(
  message: MessageFacts,
  place: MessagePlace,
  to: { readonly userId: string; readonly address: string; readonly name: string | null },
): Mail {
  const from = message.callerName ?? message.callbackNumber ?? 'somebody who gave no name';
  const at = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeStyle: 'short', timeZone: place.timeZone }).format(message.createdAt);
  const lines = [
    `${message.urgent ? 'An urgent message' : 'A message'} was left for ${place.business} on ${at} (${place.timeZone}).`,
    '',
    `From: ${message.callerName ? oneLine(message.callerName) : 'not said'}`,
    `Call back: ${message.callbackNumber ?? 'the number was withheld'}`,
    '',
    ...message.body.split(/\r\n?|[\n\u2028\u2029]/).map((line) => `> ${line}`),
    '',
    ...(place.audioUrl ? [`Hear it, within 15 minutes of this mail: ${place.audioUrl}`, 'Later, open the message in the inbox.'] : []),
    `All messages: ${place.frontendUrl}/messages`,
  ];
  return {
    key: `message:${message.id}:${to.userId}`,
    to: { address: to.address, name: to.name },
    subject: `${message.urgent ? 'Urgent: message' : 'Message'} from ${shortened(from)}`,
    text: `${lines.join('\n')}\n`,
  };
}

/** No name can begin a line of its own. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

const SUBJECT_CHARACTERS = 80;

function shortened(text: string): string {
  const line = oneLine(text);
  return line.length <= SUBJECT_CHARACTERS ? line : `${line.slice(0, SUBJECT_CHARACTERS - 1).toWellFormed()}…`;
}
