/** Sends mail. */
export interface Mailer {
  /** Rejects where the mail was not taken; it may be handed over again. */
  send(mail: Mail): Promise<void>;
}

export interface Mail {
  /** The same for every attempt to send the same mail: what is handed over twice under one key is sent once, where the service can tell. */
  readonly key: string;
  readonly to: { readonly address: string; readonly name?: string | null };
  readonly subject: string;
  /** Plain text, in lines of any length. */
  readonly text: string;
  readonly attachments?: readonly MailAttachment[];
}

export interface MailAttachment {
  readonly fileName: string;
  /** With its parameters, e.g. `text/calendar; method=REQUEST; charset=utf-8`. */
  readonly contentType: string;
  readonly content: string;
}
