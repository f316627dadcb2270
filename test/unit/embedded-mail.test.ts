import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../src/kit/logger.ts';
import type { Mail } from '../../src/ports/mailer.ts';
import { embeddedMailer } from '../../src/vendors/embedded/mail.ts';
import { writeMessage } from '../../src/vendors/embedded/mail-message.ts';
import { manualClock } from '../support/manual-clock.ts';

let folder: string;
beforeEach(() => {
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'callgraph-mail-')), 'mail');
});
afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true, force: true }));

const MAIL: Mail = {
  key: 'booking-1/2',
  to: { address: 'ada@example.com', name: 'Ada Byron' },
  subject: 'Ihr Termin – Müller & Söhne',
  text: 'Grüße,\n.\nbis Donnerstag.',
  attachments: [{ fileName: 'appointment.ics', contentType: 'text/calendar; charset=utf-8; method=PUBLISH', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' }],
};
const FROM = 'Callgraph <no-reply@example.com>';
const AT = new Date('2026-09-01T14:00:00Z');

/** The decoded parts of a message. */
function read(message: string) {
  const [head = '', ...rest] = message.split('\r\n\r\n');
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? '';
  const parts = rest.join('\r\n\r\n').split(`--${boundary}`).slice(1, -1);
  return {
    headers: Object.fromEntries(
      head
        .replace(/\r\n /g, ' ')
        .split('\r\n')
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    ),
    parts: parts.map((part) => {
      const [type = '', body = ''] = part.trimStart().split('\r\n\r\n');
      return { type: type.split('\r\n')[0], content: Buffer.from(body, 'base64').toString('utf8') };
    }),
  };
}
const decoded = (header = '') => header.replace(/\s*=\?utf-8\?B\?([^?]*)\?=/g, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'));

test('a mail is written as a file that mail programs open, and told in the log', async () => {
  const lines: string[] = [];
  const logger = createLogger('info', {}, { write: (line) => void lines.push(line) });
  await embeddedMailer({ folder, from: FROM, clock: manualClock(AT), logger }).send(MAIL);
  const [file = ''] = fs.readdirSync(folder);
  expect(file).toMatch(/^booking-1-2-[0-9a-f]{8}\.eml$/);
  const { headers, parts } = read(fs.readFileSync(path.join(folder, file), 'utf8'));
  expect(headers).toMatchObject({ From: FROM, To: 'Ada Byron <ada@example.com>', Date: 'Tue, 01 Sep 2026 14:00:00 +0000' });
  expect(decoded(headers.Subject)).toBe(MAIL.subject);
  expect(parts).toEqual([
    { type: 'Content-Type: text/plain; charset=utf-8', content: MAIL.text },
    { type: 'Content-Type: text/calendar; charset=utf-8; method=PUBLISH', content: MAIL.attachments?.[0]?.content },
  ]);
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ to: 'ada@example.com', subject: MAIL.subject, msg: 'a mail was written' });
});

test('what is handed over twice is there once, by however many at a time', async () => {
  const mailer = embeddedMailer({ folder, from: FROM, clock: manualClock(AT), logger: createLogger('silent') });
  await Promise.all(Array.from({ length: 10 }, () => mailer.send(MAIL)));
  await mailer.send({ ...MAIL, key: 'booking-1-2' });
  expect(fs.readdirSync(folder)).toHaveLength(2);
});

test('no name or subject can write a header or name another recipient', () => {
  const name = 'Eve\r\nBcc: everybody@example.com" <eve@example.com>, ';
  const { headers } = read(
    writeMessage({ ...MAIL, to: { address: 'eve@example.com\r\nBcc: x@example.com', name }, subject: `Hello\r\n\r\n${'long '.repeat(50)}` }, FROM, AT),
  );
  expect(Object.keys(headers)).toEqual(['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type']);
  expect(headers.To).toMatch(/^(=\?utf-8\?B\?[^?]+\?= ?)+ <eve@example\.com Bcc: x@example\.com>$/);
  expect(decoded(headers.Subject)).toBe(`Hello ${'long '.repeat(50)}`.trim());
});
