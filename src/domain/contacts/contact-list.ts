import { isTimeZone } from '../../kit/time-zone.ts';
import { type ContactColumns, guessColumns, looksLikeContact } from './contact-columns.ts';
import type { FileRecord } from './contact-file.ts';
import { type NumberProblem, readContactNumber } from './contact-number.ts';

/** A person of a list, as the rows will have them. */
export interface ListedContact {
  readonly line: number;
  readonly name: string | null;
  /** E.164. */
  readonly phoneNumber: string;
  readonly email: string | null;
  readonly timeZone: string | null;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

export type ListLine =
  | { readonly type: 'contact'; readonly contact: ListedContact; readonly extension: string | null }
  /** The number stood in the list before; what the earlier line lacks is taken from this one. */
  | { readonly type: 'duplicate'; readonly of: number; readonly contact: ListedContact }
  | { readonly type: 'rejected'; readonly line: number; readonly reason: NumberProblem; readonly value: string }
  /** Empty, or delimiters alone. */
  | { readonly type: 'ignored'; readonly line: number };

export interface ContactListOptions {
  /** ISO 3166-1 alpha-2 of numbers without a country. */
  readonly country: string;
  /** What the columns mean; guessed where it is not told. */
  readonly columns?: Partial<ContactColumns> | null;
}

/** A header, and lines to guess from. */
const SAMPLE = 100;
const LONGEST_VALUE = 1_000;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const EXTENSION_KEY = 'extension';

/** Reads a list of contacts, line after line. `columns` and `header` are known once the first line has been read. */
export class ContactList {
  readonly #options: ContactListOptions;
  readonly #lines = new Map<string, number>();
  #header: readonly string[] = [];
  #columns: ContactColumns = { name: [], phone: [], email: null, timeZone: null };

  constructor(options: ContactListOptions) {
    this.#options = options;
  }

  get header(): readonly string[] {
    return this.#header;
  }

  get columns(): ContactColumns {
    return this.#columns;
  }

  async *read(records: AsyncIterable<FileRecord>): AsyncGenerator<ListLine> {
    let sample: FileRecord[] | null = [];
    try {
      for await (const record of records) {
        if (sample === null) yield this.#line(record);
        else if (sample.push(record) > SAMPLE) {
          yield* this.#begin(sample);
          sample = null;
        }
      }
    } finally {
      // Also where the rest cannot be read.
      if (sample) yield* this.#begin(sample);
    }
  }

  *#begin(sample: readonly FileRecord[]): Generator<ListLine> {
    const { country, columns } = this.#options;
    const first = sample.findIndex(({ cells }) => !isEmpty(cells));
    for (const { line } of first === -1 ? sample : sample.slice(0, first)) yield { type: 'ignored', line };
    const head = sample[first];
    if (!head) return;
    const headless = looksLikeContact(head.cells, country);
    const rest = sample.slice(headless ? first : first + 1);
    this.#header = headless ? head.cells.map((_, index) => `Column ${index + 1}`) : head.cells;
    const cells = rest.filter((record) => !isEmpty(record.cells)).map((record) => record.cells);
    this.#columns = { ...guessColumns(this.#header, cells, country), ...columns };
    for (const record of rest) yield this.#line(record);
  }

  #line({ line, cells }: FileRecord): ListLine {
    if (isEmpty(cells)) return { type: 'ignored', line };
    const { name, phone, email, timeZone } = this.#columns;
    const cell = (column: string | null) => (column === null ? '' : (cells[this.#header.indexOf(column)] ?? ''));
    const number = readContactNumber(phone.map(cell), this.#options.country);
    if (!number.ok) return { type: 'rejected', line, reason: number.reason, value: number.value };
    const used = new Set([...name, ...phone, email, timeZone]);
    const extra = this.#header.flatMap((key, index) => (used.has(key) || !key.trim() ? [] : attribute(key, cells[index])));
    const contact: ListedContact = {
      line,
      name: tidy(name.map(cell).join(' ')) || null,
      phoneNumber: number.phoneNumber,
      email: EMAIL.test(cell(email).trim()) ? cell(email).trim() : null,
      timeZone: isTimeZone(cell(timeZone).trim()) ? cell(timeZone).trim() : null,
      attributes: [...extra, ...(number.extension ? [{ key: EXTENSION_KEY, value: number.extension }] : [])],
    };
    const of = this.#lines.get(contact.phoneNumber);
    if (of !== undefined) return { type: 'duplicate', of, contact };
    this.#lines.set(contact.phoneNumber, line);
    return { type: 'contact', contact, extension: number.extension };
  }
}

const isEmpty = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');
const tidy = (text: string): string => text.replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, LONGEST_VALUE);

function attribute(key: string, cell: string | undefined): { key: string; value: string }[] {
  const value = (cell ?? '').replaceAll('\0', '').trim().slice(0, LONGEST_VALUE);
  return value === '' ? [] : [{ key: tidy(key), value }];
}
