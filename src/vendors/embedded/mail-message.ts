import { createHash } from 'node:crypto';
import type { Mail } from '../../ports/mailer.ts';

/** The mail as it would go over the wire (RFC 5322, RFC 2045 to 2047). */
export function writeMessage(mail: Mail, from: string, at: Date): string {
  const id = createHash('sha256').update(mail.key).digest('hex').slice(0, 32);
  const boundary = `callgraph-${id}`;
  const { name, address } = mail.to;
  const header = [
    `From: ${mailbox(from)}`,
    `To: ${name ? `${word(name)} <${oneLine(address)}>` : oneLine(address)}`,
    `Subject: ${word(mail.subject)}`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@callgraph>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
  ];
  const parts = [
    part(['Content-Type: text/plain; charset=utf-8'], mail.text),
    ...(mail.attachments ?? []).map(({ fileName, contentType, content }) =>
      part([`Content-Type: ${oneLine(contentType)}`, `Content-Disposition: attachment; filename="${fileName.replace(/[^\w.-]/g, '-')}"`], content),
    ),
  ];
  return `${header.join('\r\n')}\r\n\r\n${parts.map((text) => `--${boundary}\r\n${text}`).join('')}--${boundary}--\r\n`;
}

/** A file name that tells the mail's key as far as a file name can. */
export const mailFileName = (key: string): string =>
  `${key.replace(/[^\w.-]+/g, '-').slice(0, 120)}-${createHash('sha256').update(key).digest('hex').slice(0, 8)}.eml`;

const part = (headers: readonly string[], content: string): string =>
  `${[...headers, 'Content-Transfer-Encoding: base64'].join('\r\n')}\r\n\r\n${inLines(Buffer.from(content).toString('base64'), 76).join('\r\n')}\r\n`;

function mailbox(text: string): string {
  const [, name, address] = /^(.*?)\s*<([^<>]+)>$/.exec(text.trim()) ?? [];
  return address ? (name ? `${word(name)} <${oneLine(address)}>` : oneLine(address)) : oneLine(text);
}

/** Text in a header: as it stands, quoted where a sign has a meaning there, or encoded. */
function word(text: string): string {
  const line = oneLine(text);
  if (/^[\w !#$%&'*+/=?^`{|}~-]*$/.test(line) && line.length <= 70) return line;
  // An encoded word has at most 75 characters and holds whole ones.
  const words: string[] = [];
  let piece = '';
  for (const sign of line) {
    if (Buffer.byteLength(piece + sign) > 42) {
      words.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return [...words, piece].map((encoded) => `=?utf-8?B?${Buffer.from(encoded).toString('base64')}?=`).join('\r\n ');
}

/** No value can begin a header of its own. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

const inLines = (text: string, length: number): string[] => text.match(new RegExp(`.{1,${length}}`, 'g')) ?? [];
