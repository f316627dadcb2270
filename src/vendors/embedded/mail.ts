import fs from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../kit/clock.ts';
import { newId } from '../../kit/ids.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Mailer } from '../../ports/mailer.ts';
import { mailFileName, writeMessage } from './mail-message.ts';

/** Mail for where no service sends it: each lands as a file that mail programs open, and is told in the log. */
export function embeddedMailer({ folder, from, clock, logger }: { folder: string; from: string; clock: Clock; logger: Logger }): Mailer {
  return {
    async send(mail) {
      const file = path.join(folder, mailFileName(mail.key));
      await fs.mkdir(folder, { recursive: true });
      // Whole or not at all, and once: a file that is there already is the same mail.
      const draft = `${file}.${newId()}`;
      await fs.writeFile(draft, writeMessage(mail, from, clock.now()));
      try {
        await fs.link(draft, file);
        logger.info({ to: mail.to.address, subject: mail.subject, file }, 'a mail was written');
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      } finally {
        await fs.rm(draft, { force: true });
      }
    },
  };
}
